"""Times TA-Lib's studies on the bars of a file; prints one object, in ns."""

import json
import sys
import time

import numpy as np
import talib

file, n_rounds = sys.argv[1], int(sys.argv[2])
open_, high, low, close, volume = np.fromfile(file).reshape(5, -1)

studies = {
    "sma": lambda: talib.SMA(close, 20),
    "ema": lambda: talib.EMA(close, 20),
    "bollinger": lambda: talib.BBANDS(close, 20, 2.0, 2.0),
    "rsi": lambda: talib.RSI(close, 14),
    "macd": lambda: talib.MACD(close, 12, 26, 9),
    "atr": lambda: talib.ATR(high, low, close, 14),
    "stochastic": lambda: talib.STOCH(high, low, close, 14, 3, 0, 3, 0),
    "obv": lambda: talib.OBV(close, volume),
    "donchian": lambda: (talib.MAX(high, 20), talib.MIN(low, 20)),
}


def p50(act):
    times = []
    for _ in range(n_rounds):
        begin = time.perf_counter_ns()
        act()
        times.append(time.perf_counter_ns() - begin)
    return sorted(times)[n_rounds // 2]


print(json.dumps({name: p50(act) for name, act in studies.items()}))
