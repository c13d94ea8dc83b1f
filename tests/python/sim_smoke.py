"""Drives a running gatehouse-sim with ib_async 2.1.0 and asserts what a bot needs from it.

Usage: sim_smoke.py HOST:PORT [SYMBOL]. Exit code 0 when every assertion holds.
"""

import math
import sys

from ib_async import IB, LimitOrder, MarketOrder, Stock, StopOrder


def wait(ib, condition, what, seconds=10.0):
    deadline = seconds
    while not condition():
        assert deadline > 0, f"timed out: {what}"
        ib.waitOnUpdate(timeout=0.25)
        deadline -= 0.25


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    symbol = sys.argv[2] if len(sys.argv) > 2 else "SPY"
    ib = IB()
    errors = []
    ib.errorEvent += lambda req, code, text, contract: errors.append((req, code, text))
    ib.connect(host, int(port), clientId=71, timeout=10)
    assert ib.client.serverVersion() == 178, ib.client.serverVersion()
    account = ib.managedAccounts()[0]

    contract = Stock(symbol, "SMART", "USD")
    assert ib.qualifyContracts(contract), "contract does not qualify"
    assert contract.conId > 0
    details = ib.reqContractDetails(contract)[0]
    assert details.minTick == 0.01 and details.timeZoneId == "US/Eastern"
    assert any(s.contract.symbol == symbol for s in ib.reqMatchingSymbols(symbol))
    before = len(errors)
    assert ib.reqContractDetails(Stock("NOSUCHTHING", "SMART", "USD")) == []
    assert any(code == 200 for _, code, _ in errors[before:]), errors

    now = ib.reqCurrentTime()
    bars = ib.reqHistoricalData(contract, "", "1800 S", "1 min", "TRADES", False)
    assert 0 < len(bars) <= 30, len(bars)
    assert bars[-1].date <= now, (bars[-1].date, now)
    assert all(b.low <= b.open <= b.high and b.low <= b.close <= b.high for b in bars)
    daily = ib.reqHistoricalData(contract, "", "5 D", "1 day", "TRADES", True)
    assert daily, "no daily bars"
    assert ib.reqHistoricalData(contract, "", "1 D", "5 mins", "MIDPOINT", True)
    growing = ib.reqHistoricalData(contract, "", "600 S", "1 min", "TRADES", True, keepUpToDate=True)
    assert ib.reqHeadTimeStamp(contract, "TRADES", True, 1)

    ticker = ib.reqMktData(contract)
    wait(ib, lambda: ticker.bid > 0 and ticker.ask > ticker.bid and ticker.last > 0, "a quote")
    first = ib.ticker(contract).time
    wait(ib, lambda: ticker.time != first, "the next quote")
    assert ticker.bidSize > 0 and ticker.close > 0 and not math.isnan(ticker.volume)
    [picture] = ib.reqTickers(contract)
    assert picture.ask > picture.bid

    summary = {v.tag: v.value for v in ib.accountSummary()}
    assert float(summary["NetLiquidation"]) > 0 and "BuyingPower" in summary, summary
    assert any(v.tag == "NetLiquidation" for v in ib.accountValues())
    pnl = ib.reqPnL(account)
    held = next((p.position for p in ib.positions() if p.contract.conId == contract.conId), 0)

    bought = ib.placeOrder(contract, MarketOrder("BUY", 100))
    wait(ib, bought.isDone, "the market order to fill")
    assert bought.orderStatus.status == "Filled", bought
    assert bought.orderStatus.filled == 100 and bought.orderStatus.remaining == 0
    assert sum(f.execution.shares for f in bought.fills) == 100
    wait(ib, lambda: all(f.commissionReport.commission > 0 for f in bought.fills), "commissions")
    wait(ib, lambda: any(p.position == held + 100 for p in ib.positions()), "the position")
    single = ib.reqPnLSingle(account, "", contract.conId)
    wait(ib, lambda: single.position == held + 100, "profit of the position")
    wait(ib, lambda: not math.isnan(pnl.dailyPnL), "profit of the account")

    low = round(ticker.bid * 0.9, 2)
    resting = ib.placeOrder(contract, LimitOrder("BUY", 10, low, tif="GTC"))
    wait(ib, lambda: resting.orderStatus.status == "Submitted", "the limit order to rest")
    resting.order.lmtPrice = round(low + 0.05, 2)
    resting.order.totalQuantity = 20
    ib.placeOrder(contract, resting.order)
    wait(ib, lambda: resting.orderStatus.remaining == 20, "the change")
    assert not resting.isDone()
    listed = ib.reqAllOpenOrders()
    assert any(t.order.permId == resting.order.permId for t in listed)
    assert any(o.orderId == resting.order.orderId for o in ib.openOrders())
    ib.cancelOrder(resting.order)
    wait(ib, resting.isDone, "the cancel")
    assert resting.orderStatus.status == "Cancelled"

    stop = ib.placeOrder(contract, StopOrder("SELL", 100, low))
    wait(ib, lambda: stop.orderStatus.status == "PreSubmitted", "the stop to wait")
    ib.cancelOrder(stop.order)
    wait(ib, stop.isDone, "the cancel of the stop")

    refused = ib.placeOrder(contract, MarketOrder("BUY", 10_000_000))
    wait(ib, refused.isDone, "the rejection")
    is_told = lambda: any((req, code) == (refused.order.orderId, 201) for req, code, _ in errors)
    wait(ib, is_told, "the reason")

    large = ib.placeOrder(contract, MarketOrder("BUY", 2_000))
    wait(ib, large.isDone, "the large order to fill", 60)
    assert large.orderStatus.status == "Filled" and len(large.fills) >= 1
    sold = ib.placeOrder(contract, LimitOrder("SELL", 2_100, round(ticker.bid * 0.98, 2)))
    wait(ib, sold.isDone, "the sale", 60)
    assert sold.orderStatus.status == "Filled"

    state = ib.whatIfOrder(contract, LimitOrder("BUY", 100, low))
    assert float(state.initMarginChange) > 0 and state.commission > 0, state
    executions = ib.reqExecutions()
    assert sum(f.execution.shares for f in executions if f.execution.clientId == 71) == 4_200
    assert len({f.execution.execId for f in executions}) == len(executions)
    completed = {t.orderStatus.status for t in ib.reqCompletedOrders(False)}
    assert {"Filled", "Cancelled"} <= completed, completed
    assert len(growing) > 0
    wait(ib, lambda: not any(p.position for p in ib.positions()), "a flat position")

    partials = sum(1 for t in (bought, large, sold) if len(t.fills) > 1)
    print(f"ok {symbol} conId={contract.conId} bid={ticker.bid} ask={ticker.ask} "
          f"bars={len(bars)} partially_filled={partials} executions={len(executions)}")
    ib.disconnect()


if __name__ == "__main__":
    main()
