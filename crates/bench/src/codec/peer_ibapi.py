"""The official client: the time from its first tick to the sentinel, or orders as fast as it
writes them."""

import sys
import threading
import time

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.order import Order
from ibapi.wrapper import EWrapper

job, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


class Client(EWrapper, EClient):
    def __init__(self):
        EClient.__init__(self, self)
        self.began = None
        self.is_ready = threading.Event()

    def nextValidId(self, order_id):
        self.is_ready.set()
        if job == "ticks":
            self.reqMktData(7, spy(), "", False, False, [])

    def tickSize(self, req_id, tick_type, size):
        self.note()

    def tickPrice(self, req_id, tick_type, price, attributes):
        self.note()
        if price == 77777.0:
            print(time.perf_counter_ns() - self.began, flush=True)
            self.disconnect()

    def note(self):
        if self.began is None:
            self.began = time.perf_counter_ns()


def spy():
    contract = Contract()
    contract.conId, contract.symbol, contract.secType = 756733, "SPY", "STK"
    contract.exchange, contract.currency = "SMART", "USD"
    return contract


client = Client()
client.connect("127.0.0.1", port, 1)
if job == "ticks":
    client.run()
else:
    threading.Thread(target=client.run, daemon=True).start()
    client.is_ready.wait(20)
    order = Order()
    order.action, order.totalQuantity, order.orderType, order.lmtPrice = "BUY", 10, "LMT", 660.0
    for order_id in range(1, count + 1):
        client.placeOrder(order_id, spy(), order)
    time.sleep(60)
