"""A bot on ib_async 2.1.0 that knows nothing of Gatehouse: one life of each kind of order.

Prints one JSON object per step and exits 0 when every step ended as the library promises.
"""

import argparse
import json
import sys

from ib_async import IB, LimitOrder, MarketOrder, Stock


def say(step, is_right, **more):
    print(json.dumps({"step": step, "right": is_right, **more}), flush=True)
    if not is_right:
        sys.exit(1)


def wait(ib, seconds, condition):
    """Runs the library's loop until the condition holds or the time is over."""
    for _ in range(int(seconds * 20)):
        if condition():
            return True
        ib.sleep(0.05)
    return condition()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", type=int, required=True)
    parser.add_argument("--symbol", default="SPY")
    args = parser.parse_args()

    ib = IB()
    ib.connect("127.0.0.1", args.port, clientId=args.client_id, timeout=15)
    say("connect", ib.isConnected(), server_version=ib.client.serverVersion())

    (contract,) = ib.qualifyContracts(Stock(args.symbol, "SMART", "USD"))
    say("details", contract.conId > 0, con_id=contract.conId)

    ticker = ib.reqMktData(contract)
    is_quoted = wait(ib, 15, lambda: ticker.ask == ticker.ask and ticker.ask > 0)
    say("quotes", is_quoted, ask=ticker.ask)

    bars = ib.reqHistoricalData(contract, "", "1 D", "5 mins", "TRADES", useRTH=True)
    say("history", len(bars) > 0, bars=len(bars))

    fill = ib.placeOrder(contract, LimitOrder("BUY", 7, round(ticker.ask * 1.005, 2)))
    say("fill", wait(ib, 20, lambda: fill.orderStatus.status == "Filled"), status=fill.orderStatus.status)

    market = ib.placeOrder(contract, MarketOrder("SELL", 3))
    say("market", wait(ib, 20, lambda: market.orderStatus.status == "Filled"), status=market.orderStatus.status)

    large = ib.placeOrder(contract, LimitOrder("BUY", 50_000, round(ticker.ask, 2)))
    is_done = wait(ib, 10, large.isDone)
    messages = [entry.message for entry in large.log if entry.errorCode]
    is_idiom = large.orderStatus.status in ("Cancelled", "Inactive") and large.log[-1].errorCode == 201
    say("refused", is_done and is_idiom, status=large.orderStatus.status, messages=messages)

    rest = LimitOrder("BUY", 5, round(ticker.ask * 0.9, 2))
    resting = ib.placeOrder(contract, rest)
    is_working = lambda: resting.orderStatus.status in ("Submitted", "PreSubmitted")
    say("place", wait(ib, 10, is_working), status=resting.orderStatus.status)

    rest.totalQuantity = 40_000
    ib.placeOrder(contract, rest)
    was_told = lambda: any(entry.errorCode == 399 for entry in resting.log)
    is_alive = wait(ib, 10, was_told) and wait(ib, 5, is_working) and not resting.isDone()
    say("refused modify", is_alive, status=resting.orderStatus.status,
        messages=[entry.message for entry in resting.log if entry.errorCode])

    rest.totalQuantity = 4
    ib.placeOrder(contract, rest)
    say("modify", wait(ib, 10, lambda: resting.orderStatus.remaining == 4 and is_working()),
        status=resting.orderStatus.status)

    ib.cancelOrder(rest)
    say("cancel", wait(ib, 10, lambda: resting.orderStatus.status == "Cancelled"),
        status=resting.orderStatus.status)

    say("positions", any(p.contract.conId == contract.conId and p.position == 4 for p in ib.positions()),
        positions=[(p.contract.symbol, p.position) for p in ib.positions()])
    ib.disconnect()


if __name__ == "__main__":
    main()
