"""The day on the official client: ibapi 9.81, 10.46 (nautilus-ibapi) and 10.51 (ibapi-latest)."""

import logging
import threading

import ibapi.client
from ibapi.contract import Contract
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.wrapper import EWrapper

import day
from day import Unseen, price

try:
    from ibapi.order_cancel import OrderCancel
except ImportError:
    OrderCancel = None

WORKING = ("PreSubmitted", "Submitted")
ASK = 2


class Client(EWrapper, ibapi.client.EClient):
    """Keeps what the callbacks say. It has no books of its own, as every user of it has not."""

    def __init__(self):
        ibapi.client.EClient.__init__(self, self)
        self.heard = threading.Condition()
        self.next_id = None
        self.is_closed = False
        self.contracts, self.bars, self.ends = [], [], set()
        self.ask = 0
        self.errors, self.open_orders, self.statuses = [], {}, {}
        self.executions, self.commissions = [], []
        self.accounts, self.held, self.listed, self.profits = [], {}, {}, {}
        self.summary, self.values, self.portfolio = {}, {}, {}

    def note(self, act):
        with self.heard:
            act()
            self.heard.notify_all()

    def error(self, req_id, *rest):
        # 10.x puts the time of the error in front and the rejection's JSON behind.
        code, text = rest if len(rest) == 2 else rest[1:3]
        self.note(lambda: self.errors.append((req_id, code, text)))

    def connectionClosed(self):
        self.note(lambda: setattr(self, "is_closed", True))

    def nextValidId(self, order_id):
        self.note(lambda: setattr(self, "next_id", order_id))

    def contractDetails(self, req_id, details):
        self.note(lambda: self.contracts.append(details.contract))

    def contractDetailsEnd(self, req_id):
        self.note(lambda: self.ends.add("details"))

    def historicalData(self, req_id, bar):
        self.note(lambda: self.bars.append(bar))

    def historicalDataEnd(self, req_id, start, end):
        self.note(lambda: self.ends.add("history"))

    def tickPrice(self, req_id, kind, value, attributes):
        if kind == ASK:
            self.note(lambda: setattr(self, "ask", value))

    def openOrder(self, order_id, contract, order, state):
        self.note(lambda: self.open_orders.setdefault(order_id, []).append(order.totalQuantity))

    def openOrderEnd(self):
        self.note(lambda: self.ends.add("open orders"))

    def orderStatus(self, order_id, status, filled, remaining, *_):
        self.note(lambda: self.statuses.setdefault(order_id, []).append((status, remaining)))

    def execDetails(self, req_id, contract, execution):
        kept = self.executions if req_id == -1 else self.listed.setdefault(req_id, [])
        self.note(lambda: kept.append(execution))

    def execDetailsEnd(self, req_id):
        self.note(lambda: self.ends.add(f"executions {req_id}"))

    def managedAccounts(self, accounts):
        self.note(lambda: self.accounts.extend(name for name in accounts.split(",") if name))

    def position(self, account, contract, position, average_cost):
        self.note(lambda: self.held.update({contract.conId: (position, average_cost)}))

    def positionEnd(self):
        self.note(lambda: self.ends.add("positions"))

    def accountSummary(self, req_id, account, tag, value, currency):
        self.note(lambda: self.summary.update({tag: value}))

    def accountSummaryEnd(self, req_id):
        self.note(lambda: self.ends.add("summary"))

    def updateAccountValue(self, tag, value, currency, account):
        if currency != "BASE":
            self.note(lambda: self.values.update({tag: value}))

    def updatePortfolio(self, contract, position, market_price, *_):
        self.note(lambda: self.portfolio.update({contract.conId: (position, market_price)}))

    def accountDownloadEnd(self, account):
        self.note(lambda: self.ends.add("account"))

    def pnl(self, req_id, daily, unrealised, realised):
        self.note(lambda: self.profits.update({req_id: (daily,)}))

    def pnlSingle(self, req_id, position, daily, unrealised, realised, value):
        self.note(lambda: self.profits.update({req_id: (daily, position, value)}))

    def commissionReport(self, report):
        self.note(lambda: self.commissions.append(report.execId))

    def commissionAndFeesReport(self, report):
        self.commissionReport(report)


class Bot:
    def __init__(self, host, port, client_id, max_version, symbol):
        self.address = (host, port, client_id)
        if max_version:
            ibapi.client.MAX_CLIENT_VER = max_version
        self.contract = Contract()
        self.contract.symbol, self.contract.secType = symbol, "STK"
        self.contract.exchange, self.contract.currency = "SMART", "USD"
        self.pace = day.Pace()

    def wait(self, condition, what):
        with self.client.heard:
            if not self.client.heard.wait_for(condition, day.PATIENCE):
                raise Unseen(f"{what}; errors: {self.client.errors}")

    def dial(self):
        self.client = Client()
        self.client.connect(*self.address)
        self.loop = threading.Thread(target=self.client.run, daemon=True)
        self.loop.start()
        self.wait(lambda: self.client.next_id is not None or self.client.is_closed, "an answer")
        if self.client.next_id is None:
            raise Unseen(f"a next valid id; errors: {self.client.errors}")

    def new_id(self):
        order_id, self.client.next_id = self.client.next_id, self.client.next_id + 1
        return order_id

    def send(self, order_id, kind, action, quantity, limit, **more):
        order = Order()
        order.action, order.orderType, order.totalQuantity = action, kind, quantity
        setattr(order, "auxPrice" if kind == "STP" else "lmtPrice", limit)
        # In protobuf, no time in force is none, and a Gateway refuses it (10052).
        order.tif = "DAY"
        # 9.81 sets these by default, and a Gateway has long refused them.
        order.eTradeOnly = order.firmQuoteOnly = False
        for name, value in more.items():
            setattr(order, name, value)
        self.pace.take()
        self.client.placeOrder(order_id, self.contract, order)
        return order_id

    def send_cancel(self, order_id):
        if OrderCancel:
            self.client.cancelOrder(order_id, OrderCancel())
        else:
            self.client.cancelOrder(order_id)

    def status(self, order_id):
        return self.client.statuses.get(order_id, [("none", None)])[-1][0]

    def told(self, order_id):
        return [f"{code} {text}" for told, code, text in self.client.errors if told == order_id]

    def await_status(self, order_id, *statuses):
        is_refused = lambda: any(text.startswith("201 ") for text in self.told(order_id))
        self.wait(lambda: self.status(order_id) in statuses or is_refused(),
                  f"{statuses} of order {order_id}")
        if self.status(order_id) not in statuses:
            raise Unseen(f"{statuses}; errors: {self.client.errors[-4:]}")

    def connect(self):
        self.dial()
        return f"server version {self.client.serverVersion()}"

    def details(self):
        self.client.reqContractDetails(901, self.contract)
        self.wait(lambda: "details" in self.client.ends, "the end of the details")
        [self.contract] = self.client.contracts
        return f"conId {self.contract.conId}"

    def history(self):
        self.client.reqHistoricalData(
            902, self.contract, "", "1 D", "5 mins", "TRADES", 1, 1, False, [])
        self.wait(lambda: "history" in self.client.ends, "the end of the bars")
        bars = self.client.bars
        if not bars or any(bar.high < bar.low for bar in bars):
            raise Unseen(f"sound bars, but {bars}")
        return f"{len(bars)} bars"

    def quotes(self):
        self.client.reqMktData(903, self.contract, "", False, False, [])
        self.wait(lambda: self.client.ask > 0, "an ask")
        self.ask = self.client.ask
        return f"ask {self.ask}"

    def place(self):
        quantity, share = day.RESTING
        self.resting = self.send(
            self.new_id(), "LMT", "BUY", quantity, price(self.ask, share), tif="GTC")
        self.await_status(self.resting, "Submitted")
        return self.status(self.resting)

    def refused_modify(self):
        quantity, share = day.RESTING
        with self.client.heard:
            n_statuses = len(self.client.statuses[self.resting])
            n_opens = len(self.client.open_orders[self.resting])
        self.send(self.resting, "LMT", "BUY", day.TOO_LARGE, price(self.ask, share), tif="GTC")
        self.wait(lambda: any(text.startswith("399 ") for text in self.told(self.resting)), "399")
        self.wait(lambda: len(self.client.open_orders[self.resting]) > n_opens, "openOrder again")
        self.wait(lambda: len(self.client.statuses[self.resting]) > n_statuses, "its status again")
        now = (self.client.open_orders[self.resting][-1], *self.client.statuses[self.resting][-1])
        if now != (quantity, "Submitted", quantity):
            raise Unseen(f"the order as before, but {now}")
        return f"{self.told(self.resting)}; then openOrder for {now[0]} and {now[1]}"

    def modify(self):
        quantity, share = day.CHANGED
        self.send(self.resting, "LMT", "BUY", quantity, price(self.ask, share), tif="GTC")
        self.wait(lambda: self.client.statuses[self.resting][-1] == ("Submitted", quantity),
                  "the new quantity")
        return f"{self.client.statuses[self.resting][-1]}"

    def cancel(self):
        self.send_cancel(self.resting)
        self.await_status(self.resting, "Cancelled")
        return self.status(self.resting)

    def refused(self):
        order_id = self.send(self.new_id(), "LMT", "BUY", day.TOO_LARGE, price(self.ask, 1))
        self.wait(lambda: self.told(order_id), "an error with the order's id")
        if not self.told(order_id)[0].startswith("201 "):
            raise Unseen(f"error 201, but {self.told(order_id)}")
        return self.told(order_id)

    def fill(self):
        quantity, share = day.FILLING
        order_id = self.send(self.new_id(), "LMT", "BUY", quantity, price(self.ask, share))
        self.await_status(order_id, "Filled")
        fills = lambda: [e for e in self.client.executions if e.orderId == order_id]
        self.wait(lambda: sum(fill.shares for fill in fills()) == quantity, "executions")
        self.wait(lambda: all(fill.execId in self.client.commissions for fill in fills()),
                  "commissions")
        return f"{quantity} at {fills()[-1].avgPrice}"

    def positions(self):
        quantity, _ = day.FILLING
        self.client.reqPositions()
        self.wait(lambda: "positions" in self.client.ends, "the end of the positions")
        position, average_cost = self.client.held.get(self.contract.conId, (0, 0))
        self.client.cancelPositions()
        if position != quantity or average_cost <= 0:
            raise Unseen(f"{quantity} shares, but {self.client.held}")
        return f"{position} at {average_cost}"

    def list_executions(self, req_id, side):
        asked = ExecutionFilter()
        asked.symbol, asked.secType, asked.side = self.contract.symbol, "STK", side
        self.client.reqExecutions(req_id, asked)
        self.wait(lambda: f"executions {req_id}" in self.client.ends, "the end of the executions")
        return self.client.listed.get(req_id, [])

    def executions(self):
        fills = self.list_executions(904, "BUY")
        if sum(fill.shares for fill in fills) != day.FILLING[0]:
            raise Unseen(f"{day.FILLING[0]} shares, but {fills}")
        others = self.list_executions(905, "SELL")
        if others:
            raise Unseen(f"no sales, but {others}")
        return f"{len(fills)} executions"

    def account(self):
        client, [account] = self.client, self.client.accounts
        client.reqAccountSummary(906, "All", ",".join(day.WORTH))
        self.wait(lambda: "summary" in client.ends, "the end of the summary")
        client.cancelAccountSummary(906)
        client.reqAccountUpdates(True, account)
        self.wait(lambda: "account" in client.ends, "the end of the account")
        client.reqAccountUpdates(False, account)
        for lines in (client.summary, client.values):
            if not all(float(lines.get(tag, 0)) > 0 for tag in day.WORTH):
                raise Unseen(f"{day.WORTH}, but {lines}")
        position, market_price = client.portfolio.get(self.contract.conId, (0, 0))
        if position != day.FILLING[0] or market_price <= 0:
            raise Unseen(f"the shares with a price, but {client.portfolio}")
        worth = client.values["NetLiquidation"]
        return f"{len(client.summary)} and {len(client.values)} values, worth {worth}"

    def pnl(self):
        client, [account] = self.client, self.client.accounts
        client.reqPnL(907, account, "")
        client.reqPnLSingle(908, account, "", self.contract.conId)
        self.wait(lambda: 907 in client.profits and 908 in client.profits, "both")
        client.cancelPnL(907)
        client.cancelPnLSingle(908)
        [total], (daily, position, value) = client.profits[907], client.profits[908]
        if position != day.FILLING[0] or value <= 0 or abs(total) > 1e300:
            raise Unseen(f"the shares with a value, but {client.profits}")
        return f"{total}, of it {daily} for {position} shares"

    def send_bracket(self, stop_quantity):
        quantity, entry, profit, loss = day.BRACKET
        parent = self.send(
            self.new_id(), "LMT", "BUY", quantity, price(self.ask, entry), transmit=False)
        return [
            parent,
            self.send(self.new_id(), "LMT", "SELL", quantity, price(self.ask, profit),
                      parentId=parent, transmit=False),
            self.send(self.new_id(), "STP", "SELL", stop_quantity, price(self.ask, loss),
                      parentId=parent, transmit=True),
        ]

    def bracket(self):
        family = self.send_bracket(day.BRACKET[0])
        for order_id in family:
            self.await_status(order_id, *WORKING)
        statuses = [self.status(order_id) for order_id in family]
        self.send_cancel(family[0])
        for order_id in family:
            self.await_status(order_id, "Cancelled")
        return f"{statuses}, and cancelled together"

    def refused_bracket(self):
        *held, stop = self.send_bracket(day.TOO_LARGE)
        self.wait(lambda: any(text.startswith("201 ") for text in self.told(stop)), "error 201")
        for order_id in held:
            self.await_status(order_id, "Cancelled")
        return self.told(stop)

    def reconnect(self):
        quantity, share = day.LEFT_OPEN
        left = self.send(self.new_id(), "LMT", "BUY", quantity, price(self.ask, share), tif="GTC")
        self.await_status(left, "Submitted")
        self.leave()
        self.dial()
        self.client.reqOpenOrders()
        self.wait(lambda: "open orders" in self.client.ends, "the end of the open orders")
        if left not in self.client.open_orders:
            raise Unseen(f"order {left}, but {list(self.client.open_orders)}")
        self.send_cancel(left)
        self.await_status(left, "Cancelled")
        return f"order {left} found open, and cancelled"

    def leave(self):
        self.client.disconnect()
        self.loop.join(day.PATIENCE)


logging.disable(logging.CRITICAL)
day.run(Bot)
