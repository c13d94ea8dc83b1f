"""A bot on ib_async whose strings a test pulls: commands as lines of JSON on standard input, and
everything that the library tells as lines of JSON on standard output.

{"do":"connect"} · {"do":"place","ref":"a","side":"BUY","quantity":1,"symbol":"SPY","limit":100.25}
{"do":"cancel","ref":"a"} · {"do":"price","symbol":"SPY"} · {"do":"ids"}
"""

import argparse
import asyncio
import json
import sys

from ib_async import IB, LimitOrder, Stock


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Puppet:
    def __init__(self, port, client_id):
        self.port, self.client_id = port, client_id
        self.ib = IB()
        self.trades = {}
        self.contracts = {}
        self.ib.disconnectedEvent += lambda: say("disconnected")
        self.ib.errorEvent += self.error
        self.ib.orderStatusEvent += self.status

    def ref(self, order_id):
        refs = [ref for ref, trade in self.trades.items() if trade.order.orderId == order_id]
        return refs[-1] if refs else None

    def error(self, req_id, code, text, _contract):
        say("error", ref=self.ref(req_id), code=code, text=text)

    def status(self, trade):
        state = trade.orderStatus
        say("status", ref=self.ref(trade.order.orderId), status=state.status, filled=float(state.filled))

    async def contract(self, symbol):
        if symbol not in self.contracts:
            (self.contracts[symbol],) = await self.ib.qualifyContractsAsync(Stock(symbol, "SMART", "USD"))
        return self.contracts[symbol]

    async def connect(self):
        await self.ib.connectAsync("127.0.0.1", self.port, clientId=self.client_id, timeout=60)
        say("connected", server_version=self.ib.client.serverVersion())

    async def place(self, ref, side, quantity, symbol, limit):
        trade = self.ib.placeOrder(await self.contract(symbol), LimitOrder(side, quantity, limit))
        self.trades[ref] = trade
        say("placed", ref=ref, order_id=trade.order.orderId)

    async def cancel(self, ref):
        self.ib.cancelOrder(self.trades[ref].order)

    async def price(self, symbol):
        ticker = self.ib.reqMktData(await self.contract(symbol))
        while not ticker.ask > 0:
            await ticker.updateEvent
        say("price", ask=ticker.ask)

    async def ids(self):
        say("ids", next=self.ib.client.getReqId())

    async def pull(self, line):
        command = json.loads(line)
        try:
            await getattr(self, command.pop("do"))(**command)
        except Exception as error:
            say("failed", why=repr(error))


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", type=int, required=True)
    args = parser.parse_args()
    puppet = Puppet(args.port, args.client_id)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    # One string after another: the library says what became of each.
    while line := await reader.readline():
        await puppet.pull(line)


asyncio.run(main())
