"""ib_async: the time from its first tick to the sentinel, or orders as fast as it writes them."""

import sys
import time

from ib_async import IB, Contract, LimitOrder
from ib_async.ib import StartupFetchNONE

job, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ib = IB()
ib.client.MaxRequests = 0
ib.connect("127.0.0.1", port, clientId=1, timeout=20, fetchFields=StartupFetchNONE)
spy = Contract(conId=756733, symbol="SPY", secType="STK", exchange="SMART", currency="USD")

if job == "ticks":
    ticker = ib.reqMktData(spy)
    began = None
    arrived = ib.client._tcpDataArrived

    # Its event comes when the ticks of a whole read are done; the time begins before them.
    def on_data():
        global began
        if began is None:
            began = time.perf_counter_ns()
        arrived()

    ib.client._tcpDataArrived = on_data

    def on_tickers(_):
        if ticker.last == 77777.0:
            print(time.perf_counter_ns() - began)
            ib.disconnect()
            sys.exit(0)

    ib.pendingTickersEvent += on_tickers
    ib.run()
else:
    for _ in range(count):
        ib.placeOrder(spy, LimitOrder("BUY", 10, 660.0))
    ib.sleep(60)
