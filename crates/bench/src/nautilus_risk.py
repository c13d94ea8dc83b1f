"""Times NautilusTrader's RiskEngine on orders that it allows; prints one object, in ns."""

import gc
import json
import time

import nautilus_trader
from nautilus_trader.accounting.factory import AccountFactory
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.common.component import LiveClock, MessageBus
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.messages import SubmitOrder
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import AccountId, StrategyId, TraderId
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.portfolio.portfolio import Portfolio
from nautilus_trader.risk.config import RiskEngineConfig
from nautilus_trader.risk.engine import RiskEngine
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.test_kit.stubs.events import TestEventStubs

N_WARM, N_ORDERS = 2_000, 20_000

clock = LiveClock()
trader_id = TraderId("BENCH-001")
bus = MessageBus(trader_id=trader_id, clock=clock)
cache = Cache(database=None)
portfolio = Portfolio(msgbus=bus, cache=cache, clock=clock)
instrument = TestInstrumentProvider.equity(symbol="SPY", venue="XNAS")
cache.add_instrument(instrument)
account_id = AccountId("XNAS-001")
cache.add_account(AccountFactory.create(TestEventStubs.margin_account_state(account_id)))
assert cache.account_for_venue(instrument.id.venue), "without an account it checks nothing"
passed, denied = [], []
bus.register(endpoint="ExecEngine.execute", handler=passed.append)
bus.register(endpoint="ExecEngine.process", handler=denied.append)
config = RiskEngineConfig(
    max_order_submit_rate="1000000/00:00:01",
    max_order_modify_rate="1000000/00:00:01",
    max_notional_per_order={str(instrument.id): 10_000},
)
engine = RiskEngine(portfolio=portfolio, msgbus=bus, cache=cache, clock=clock, config=config)

strategy_id = StrategyId("S-001")
factory = OrderFactory(trader_id=trader_id, strategy_id=strategy_id, clock=clock)


def command():
    order = factory.limit(
        instrument.id, OrderSide.BUY, Quantity.from_int(1), Price.from_str("100.00")
    )
    return SubmitOrder(
        trader_id=trader_id,
        strategy_id=strategy_id,
        order=order,
        command_id=UUID4(),
        ts_init=clock.timestamp_ns(),
    )


commands = [command() for _ in range(N_WARM + N_ORDERS)]
for warm in commands[:N_WARM]:
    engine.execute(warm)
# A pause of the collector is not the engine.
gc.collect()
gc.disable()
times = []
for measured in commands[N_WARM:]:
    begin = time.perf_counter_ns()
    engine.execute(measured)
    times.append(time.perf_counter_ns() - begin)
assert len(passed) == N_WARM + N_ORDERS and not denied, (len(passed), denied[:1])
times.sort()
print(
    json.dumps(
        {
            "version": nautilus_trader.__version__,
            "mean": sum(times) // len(times),
            "p50": times[len(times) // 2],
            "p99": times[len(times) * 99 // 100],
        }
    )
)
