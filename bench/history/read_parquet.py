"""Reads a Parquet file that Gatehouse wrote with pandas, polars and DuckDB, and compares each with
the CSV of the same bars, row by row and digit by digit."""

import csv
import sys
from datetime import datetime, timezone
from decimal import Decimal

import duckdb
import pandas
import polars

COLUMNS = ["time", "open", "high", "low", "close", "volume"]


def instant(value):
    """Returns seconds since 1970 of a time in any of the three libraries."""
    if not isinstance(value, datetime):
        value = value.to_pydatetime()
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.utc)
    return int(value.timestamp())


def number(value):
    return None if value is None or value != value else Decimal(value).normalize()


def rows(table):
    return [(instant(time), *map(number, cells)) for time, *cells in table]


def expected(path):
    def time(text):
        text = text.replace("Z", "+00:00") if "T" in text else text + "T00:00:00+00:00"
        return int(datetime.fromisoformat(text).timestamp())

    with open(path, newline="") as file:
        lines = csv.DictReader(file)
        return [(time(line["time"]), *(number(line[name] or None) for name in COLUMNS[1:])) for line in lines]


def main():
    parquet, text = sys.argv[1:3]
    wanted = expected(text)
    frame = pandas.read_parquet(parquet)
    found = {
        "pandas": rows(frame[COLUMNS].itertuples(index=False, name=None)),
        "polars": rows(polars.read_parquet(parquet).select(COLUMNS).iter_rows()),
        "DuckDB": rows(duckdb.sql(f"SELECT {', '.join(COLUMNS)} FROM '{parquet}'").fetchall()),
    }
    for name, table in found.items():
        if table != wanted:
            first = next((pair for pair in zip(table, wanted) if pair[0] != pair[1]), "another length")
            sys.exit(f"{name} reads other rows: {first}")
    mean = frame.astype({"close": float})["close"].mean()
    print(f"{', '.join(found)} read {len(wanted)} equal rows; as floats the mean close is {mean:.4f}")


if __name__ == "__main__":
    main()
