"""Writes the values that kept libraries give for a made-up series, which the studies are held to.

    python3 -m venv DIR && DIR/bin/pip install -r requirements.txt && DIR/bin/python make.py

The files beside this one are then equal to what is committed. A column is KIND(PARAMS).LINE, empty
where the library has no value. Nothing here knows the Rust code.
"""

import math
import pathlib

import numpy as np
import pandas as pd
import pandas_ta_classic as ta
import talib
from talipp.indicators import RSI, Stoch, SuperTrend
from talipp.indicators.SuperTrend import Trend
from talipp.ohlcv import OHLCV

N_BARS = 380
BARS_PER_SESSION = 78
HERE = pathlib.Path(__file__).parent


def dice(seed):
    """Yields whole numbers below 2**31, the same on every machine (Numerical Recipes' generator)."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state >> 1


def series():
    """Bars of five minutes in sessions of one day: trends, gaps over night, bars that stand still."""
    die = dice(20240607)
    rows, close = [], 18_250
    for index in range(N_BARS):
        day, bar = divmod(index, BARS_PER_SESSION)
        open_ = close + (next(die) % 301 - 150 if bar == 0 and day > 0 else next(die) % 7 - 3)
        drift = round(9 * math.sin(index / 23.0))
        close = open_ + drift + next(die) % 81 - 40
        high = max(open_, close) + next(die) % 25
        low = min(open_, close) - next(die) % 25
        volume = next(die) % 90_000 + 1_000
        if index % 97 == 50:
            open_ = high = low = close
            volume = 0
        time = pd.Timestamp("2024-06-03 13:30") + pd.Timedelta(days=day, minutes=5 * bar)
        rows.append([time, open_ / 100, high / 100, low / 100, close / 100, float(volume)])
    names = ["time", "open", "high", "low", "close", "volume"]
    return pd.DataFrame(rows, columns=names).set_index("time")


def of_talib(bars):
    high, low, close = (bars[name].to_numpy() for name in ("high", "low", "close"))
    volume = bars["volume"].to_numpy()
    columns = {}
    columns["sma(20).sma"] = talib.SMA(close, 20)
    for period in (20, 7):
        columns[f"ema({period}).ema"] = talib.EMA(close, period)
    for period, deviations in ((20, 2.0), (10, 1.5)):
        bands = talib.BBANDS(close, period, deviations, deviations, talib.MA_Type.SMA)
        for line, values in zip(("upper", "middle", "lower"), bands):
            columns[f"bollinger({period},{deviations:g}).{line}"] = values
    for period in (14, 2):
        columns[f"rsi({period}).rsi"] = talib.RSI(close, period)
    for period in (14, 5):
        columns[f"atr({period}).atr"] = talib.ATR(high, low, close, period)
    macd, signal, _ = talib.MACD(close, 12, 26, 9)
    columns |= {"macd(12,26,9).macd": macd, "macd(12,26,9).signal": signal}
    sma = talib.MA_Type.SMA
    for line, values in zip("kd", talib.STOCH(high, low, close, 14, 3, sma, 3, sma)):
        columns[f"stochastic(14,3,3).{line}"] = values
    columns["obv().obv"] = talib.OBV(close, volume)
    return columns


def of_talib_averages(bars):
    """MACD put together of TA-Lib's averages, each seeded with its own first closes."""
    close = bars["close"].to_numpy()
    columns = {}
    for fast, slow, signal in ((12, 26, 9), (5, 35, 5)):
        macd = talib.EMA(close, fast) - talib.EMA(close, slow)
        smooth = np.concatenate([macd[: slow - 1], talib.EMA(macd[slow - 1 :], signal)])
        name = f"macd({fast},{slow},{signal})"
        columns |= {f"{name}.macd": macd, f"{name}.signal": smooth, f"{name}.histogram": macd - smooth}
    return columns


def of_pandas_ta(bars):
    open_, high, low, close, volume = (bars[name] for name in bars.columns)
    columns = {"vwap().vwap": ta.vwap(high, low, close, volume, anchor="D")}
    channel = ta.donchian(high, low, 20, 20)
    for line, start in (("upper", "DCU"), ("middle", "DCM"), ("lower", "DCL")):
        columns[f"donchian(20).{line}"] = channel[f"{start}_20_20"]
    for conversion, base, span in ((9, 26, 52), (7, 22, 44)):
        cloud = ta.ichimoku(
            high, low, close, conversion, base, span, as_dataframe=True, append_span=True
        )
        name = f"ichimoku({conversion},{base},{span},{base})"
        # The library moves lines by a whole displacement, Hosoda counts the bar itself.
        moved = {
            "conversion": cloud[f"ITS_{conversion}"],
            "base": cloud[f"IKS_{base}"],
            "span-a": cloud[f"ISA_{conversion}"].shift(-1),
            "span-b": cloud[f"ISB_{base}"].shift(-1),
            "lagging": cloud[f"ICS_{base}"].shift(1),
        }
        columns |= {f"{name}.{line}": values[:N_BARS] for line, values in moved.items()}
    candles = ta.ha(open_, high, low, close)
    for line in ("open", "high", "low", "close"):
        columns[f"heikin-ashi().{line}"] = candles[f"HA_{line}"]
    return columns


def of_talipp(bars):
    ohlcv = [OHLCV(*row) for row in bars.itertuples(index=False)]
    columns = {}
    for period, factor in ((10, 3), (7, 1.5)):
        # The first value is a zero, which stands for a line that has not begun.
        values = [v if v is not None and v.value else None for v in SuperTrend(period, factor, ohlcv)]
        name = f"supertrend({period},{factor:g})"
        for line, trend in (("up", Trend.UP), ("down", Trend.DOWN)):
            columns[f"{name}.{line}"] = [v.value if v and v.trend == trend else None for v in values]
    columns["rsi(14).rsi"] = list(RSI(14, [bar.close for bar in ohlcv]))
    stochastic = list(Stoch(14, 3, ohlcv))
    # Its %K is the fast one and its %D the mean of it: the slow %K.
    columns["stochastic(14,3,3).k"] = [v.d if v else None for v in stochastic]
    return columns


def written(value):
    return "" if value is None or math.isnan(value) else f"{value:.11g}"


def write(name, columns):
    rows = zip(*columns.values(), strict=True)
    lines = [";".join(columns), *(";".join(map(written, row)) for row in rows)]
    (HERE / name).write_text("\n".join(lines) + "\n")


def main():
    bars = series()
    starts = np.arange(N_BARS) % BARS_PER_SESSION == 0
    write("series.csv", {name: bars[name] for name in bars} | {"session-start": starts.astype(float)})
    write("talib.csv", of_talib(bars))
    write("talib-averages.csv", of_talib_averages(bars))
    write("pandas-ta.csv", of_pandas_ta(bars))
    write("talipp.csv", of_talipp(bars))


if __name__ == "__main__":
    main()
