"""The day on ib_async and ib_insync, which share their interface."""

import logging

try:
    import ib_async as library
except ImportError:
    import ib_insync as library

import day
from day import Unseen, price

WORKING = ("PreSubmitted", "Submitted")

# The libraries wait for so long even when the other side has closed; 4 is their own default.
CONNECT_WITHIN = 8.0


class Bot:
    def __init__(self, host, port, client_id, max_version, symbol):
        self.address = (host, port, client_id)
        self.max_version = max_version
        self.contract = library.Stock(symbol, "SMART", "USD")
        self.pace = day.Pace()
        self.ask = None
        self.resting = None

    def wait(self, condition, what):
        """Runs the library's loop until the condition holds or patience ends."""
        deadline = day.time.monotonic() + day.PATIENCE
        while not condition():
            left = deadline - day.time.monotonic()
            if left <= 0:
                raise Unseen(what() if callable(what) else what)
            self.ib.waitOnUpdate(timeout=min(left, 0.5))

    def dial(self):
        self.ib = library.IB()
        self.errors = []
        self.ib.errorEvent += lambda order_id, code, text, _: self.errors.append((order_id, code, text))
        if self.max_version:
            self.ib.client.MaxClientVersion = self.max_version
        host, port, client_id = self.address
        try:
            self.ib.connect(host, port, clientId=client_id, timeout=CONNECT_WITHIN)
        except (ConnectionError, TimeoutError) as error:
            raise Unseen(f"a connection ({error!r}); errors: {self.errors}") from error

    def place_order(self, order):
        self.pace.take(self.ib.sleep)
        return self.ib.placeOrder(self.contract, order)

    def told(self, trade):
        """Returns the errors that the library raised for an order."""
        order_id = trade.order.orderId
        return [f"{code} {text}" for told, code, text in self.errors if told == order_id]

    def await_status(self, trade, *statuses):
        self.wait(lambda: trade.orderStatus.status in statuses or trade.isDone(), f"{statuses}")
        if trade.orderStatus.status not in statuses:
            raise Unseen(f"{statuses}, but {trade.orderStatus.status}; errors: {self.errors[-4:]}")

    def connect(self):
        self.dial()
        return f"server version {self.ib.client.serverVersion()}"

    def details(self):
        [details] = self.ib.reqContractDetails(self.contract)
        self.contract = details.contract
        return f"conId {details.contract.conId}"

    def history(self):
        bars = self.ib.reqHistoricalData(self.contract, "", "1 D", "5 mins", "TRADES", useRTH=True)
        if not bars or any(bar.high < bar.low for bar in bars):
            raise Unseen(f"sound bars, but {bars}")
        return f"{len(bars)} bars"

    def quotes(self):
        ticker = self.ib.reqMktData(self.contract)
        self.wait(lambda: ticker.ask == ticker.ask and ticker.ask > 0, "an ask")
        self.ask = ticker.ask
        return f"ask {ticker.ask}"

    def place(self):
        quantity, share = day.RESTING
        order = library.LimitOrder("BUY", quantity, price(self.ask, share), tif="GTC")
        self.resting = self.place_order(order)
        self.await_status(self.resting, "Submitted")
        return self.resting.orderStatus.status

    def refused_modify(self):
        order, trade = self.resting.order, self.resting
        before, order.totalQuantity = order.totalQuantity, day.TOO_LARGE
        self.place_order(order)
        self.wait(lambda: any(text.startswith("399 ") for text in self.told(trade)), "error 399")
        self.wait(lambda: trade.order.totalQuantity == before, "the quantity as before")
        self.await_status(trade, "Submitted")
        if trade not in self.ib.openTrades() or trade.orderStatus.remaining != before:
            raise Unseen(f"the order as before, but {trade}")
        return f"{self.told(trade)}; then {trade.orderStatus.status} for {trade.order.totalQuantity}"

    def modify(self):
        quantity, share = day.CHANGED
        order = self.resting.order
        order.totalQuantity, order.lmtPrice = quantity, price(self.ask, share)
        self.place_order(order)
        self.wait(lambda: self.resting.orderStatus.remaining == quantity, "the new quantity")
        self.await_status(self.resting, "Submitted")
        return f"remaining {self.resting.orderStatus.remaining}"

    def cancel(self):
        self.ib.cancelOrder(self.resting.order)
        self.await_status(self.resting, "Cancelled")
        return self.resting.orderStatus.status

    def refused(self):
        order = library.LimitOrder("BUY", day.TOO_LARGE, price(self.ask, 1))
        trade = self.place_order(order)
        # After 201 the broker says Inactive once more, which ib_insync takes for not done.
        self.wait(lambda: trade.isDone() or trade.orderStatus.status == "Inactive", "the end")
        self.wait(lambda: self.told(trade), "the reason")
        if not any(text.startswith("201 ") for text in self.told(trade)):
            raise Unseen(f"error 201, but {self.told(trade)} and {trade.log}")
        return f"{trade.orderStatus.status}, {self.told(trade)}"

    def fill(self):
        quantity, share = day.FILLING
        trade = self.place_order(library.LimitOrder("BUY", quantity, price(self.ask, share)))
        self.await_status(trade, "Filled")
        self.wait(lambda: sum(f.execution.shares for f in trade.fills) == quantity, "executions")
        self.wait(lambda: all(f.commissionReport.commission > 0 for f in trade.fills), "commission")
        return f"{trade.orderStatus.filled} at {trade.orderStatus.avgFillPrice}"

    def positions(self):
        quantity, _ = day.FILLING
        self.ib.reqPositions()
        [held] = [p for p in self.ib.positions() if p.contract.conId == self.contract.conId]
        if held.position != quantity or held.avgCost <= 0:
            raise Unseen(f"{quantity} shares, but {held}")
        return f"{held.position} at {held.avgCost}"

    def executions(self):
        quantity, _ = day.FILLING
        symbol = self.contract.symbol
        asked = library.ExecutionFilter(symbol=symbol, secType="STK", side="BUY")
        fills = self.ib.reqExecutions(asked)
        if sum(fill.execution.shares for fill in fills) != quantity:
            raise Unseen(f"{quantity} shares, but {fills}")
        # What is listed again carries no commission; the library's own book does.
        charged = {fill.commissionReport.execId for fill in self.ib.fills()}
        if not charged.issuperset(fill.execution.execId for fill in fills):
            raise Unseen(f"commissions, but {self.ib.fills()}")
        others = self.ib.reqExecutions(library.ExecutionFilter(symbol=symbol, side="SELL"))
        if others:
            raise Unseen(f"no sales, but {others}")
        return f"{len(fills)} executions"

    def account(self):
        summary = {line.tag: line.value for line in self.ib.accountSummary()}
        self.wait(lambda: self.ib.portfolio(), "a portfolio")
        values = {line.tag: line.value for line in self.ib.accountValues() if line.currency != "BASE"}
        for lines in (summary, values):
            if not all(float(lines[tag]) > 0 for tag in day.WORTH):
                raise Unseen(f"{day.WORTH}, but {lines}")
        [item] = [i for i in self.ib.portfolio() if i.contract.conId == self.contract.conId]
        if item.position != day.FILLING[0] or item.marketPrice <= 0:
            raise Unseen(f"the shares with a price, but {item}")
        return f"{len(summary)} and {len(values)} values, worth {values['NetLiquidation']}"

    def pnl(self):
        [account] = self.ib.managedAccounts()
        total = self.ib.reqPnL(account)
        single = self.ib.reqPnLSingle(account, "", self.contract.conId)
        is_said = lambda pnl: pnl.dailyPnL == pnl.dailyPnL
        self.wait(lambda: is_said(total) and is_said(single), "both")
        if single.position != day.FILLING[0] or single.value <= 0:
            raise Unseen(f"the shares with a value, but {single}")
        self.ib.cancelPnL(account)
        self.ib.cancelPnLSingle(account, "", self.contract.conId)
        return f"{total.dailyPnL}, of it {single.dailyPnL} for {single.position} shares"

    def bracket(self):
        quantity, entry, profit, loss = day.BRACKET
        orders = self.ib.bracketOrder(
            "BUY", quantity, *(price(self.ask, share) for share in (entry, profit, loss)))
        trades = [self.place_order(order) for order in orders]
        for trade in trades:
            self.await_status(trade, *WORKING)
        statuses = [trade.orderStatus.status for trade in trades]
        self.ib.cancelOrder(trades[0].order)
        for trade in trades:
            self.await_status(trade, "Cancelled")
        return f"{statuses}, and cancelled together"

    def refused_bracket(self):
        quantity, entry, profit, loss = day.BRACKET
        orders = self.ib.bracketOrder(
            "BUY", quantity, *(price(self.ask, share) for share in (entry, profit, loss)))
        orders.stopLoss.totalQuantity = day.TOO_LARGE
        trades = [self.place_order(order) for order in orders]
        for trade in trades:
            self.await_status(trade, "Cancelled")
        if not any(text.startswith("201 ") for text in self.told(trades[-1])):
            raise Unseen(f"error 201 for the stop; errors: {self.errors}")
        return [self.told(trade) for trade in trades]

    def reconnect(self):
        quantity, share = day.LEFT_OPEN
        order = library.LimitOrder("BUY", quantity, price(self.ask, share), tif="GTC")
        left = self.place_order(order)
        self.await_status(left, "Submitted")
        order_id = left.order.orderId
        self.ib.disconnect()
        self.dial()
        [found] = [t for t in self.ib.openTrades() if t.order.orderId == order_id]
        self.ib.cancelOrder(found.order)
        self.await_status(found, "Cancelled")
        return f"order {order_id} found open, and cancelled"

    def leave(self):
        self.ib.disconnect()


# The libraries print what the driver reports as its outcome.
logging.disable(logging.CRITICAL)
day.run(Bot)
