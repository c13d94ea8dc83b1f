"""A bot on ib_async 2.1.0 that lives on a bad day: no subscriptions, questions too fast, orders
above its limits.

Prints one JSON object per code that it heard, in their order, and exits 0.
"""

import argparse
import json

from ib_async import IB, LimitOrder, Stock


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", type=int, required=True)
    args = parser.parse_args()

    ib = IB()
    heard = []
    ib.errorEvent += lambda req, code, text, contract: heard.append((code, text))
    ib.RequestTimeout = 10
    ib.connect("127.0.0.1", args.port, clientId=args.client_id, timeout=15)
    contracts = [Stock(symbol, "SMART", "USD") for symbol in ("SPY", "NVDA", "QQQ", "AAPL", "MSFT")]
    ib.qualifyContracts(*contracts)

    def until(code, n_times):
        """Waits until a code came this often."""
        for _ in range(200):
            if sum(1 for came, _ in heard if came == code) >= n_times:
                return
            ib.sleep(0.05)

    for contract in contracts:
        ib.reqMktData(contract)
    until(354, 3)
    ib.sleep(1)
    for _ in range(3):
        ib.reqHistoricalData(contracts[0], "", "1 D", "5 mins", "TRADES", useRTH=True)
    until(162, 3)
    until(10197, 2)
    for quantity in (50_000, 60_000, 70_000):
        ib.placeOrder(contracts[0], LimitOrder("BUY", quantity, 1))
    until(201, 3)
    ib.disconnect()
    for code, text in heard:
        print(json.dumps({"code": code, "text": text}), flush=True)


if __name__ == "__main__":
    main()
