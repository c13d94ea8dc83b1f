"""Measures one store of Python in one round, and prints the figures as JSON.

Takes the folder with spike.bin, nine columns of 64-bit integers one after the other: series, time,
open, high, low, close, volume, average and trades."""

import json
import pathlib
import random
import shutil
import sys
import time

import numpy

NAMES = ["series", "begins", "open", "high", "low", "close", "volume", "average", "trades"]
N_DAYS = 100


def columns(folder):
    raw = numpy.fromfile(folder / "spike.bin", dtype="<i8").reshape(len(NAMES), -1)
    return dict(zip(NAMES, raw))


def size(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def took(work):
    begin = time.perf_counter()
    value = work()
    return time.perf_counter() - begin, value


def report(n, ingest, path, read, days):
    days.sort()
    figures = {
        "bars_per_second": n / ingest,
        "bytes_per_bar": size(path) / n,
        "read_ms": read * 1000,
        "day_p50_us": days[len(days) // 2] * 1e6,
        "day_p99_us": days[int(len(days) * 0.99)] * 1e6,
    }
    print(json.dumps(figures))


def some_days(data):
    starts = numpy.flatnonzero(numpy.diff(data["begins"], prepend=0) != 60)
    chance = random.Random(7)
    return [int(chance.choice(starts)) for _ in range(N_DAYS)]


def of_duckdb(folder, data):
    import duckdb
    import pyarrow

    path = folder / "peer.duckdb"
    path.unlink(missing_ok=True)
    table = pyarrow.table(data)
    connection = duckdb.connect(str(path))

    def ingest():
        connection.execute("CREATE TABLE bar AS SELECT * FROM source ORDER BY series, begins")
        connection.execute("CHECKPOINT")

    connection.register("source", table)
    ingest_s, _ = took(ingest)
    connection.close()
    read_s, _ = took(lambda: duckdb.connect(str(path), read_only=True).execute("SELECT * FROM bar ORDER BY series, begins").fetchnumpy())
    connection = duckdb.connect(str(path), read_only=True)
    days = []
    for first in some_days(data):
        series, at = int(data["series"][first]), int(data["begins"][first])
        query = "SELECT * FROM bar WHERE series = ? AND begins BETWEEN ? AND ? ORDER BY begins"
        day_s, found = took(lambda: connection.execute(query, [series, at, at + 86_000]).fetchnumpy())
        assert len(found["begins"]) == 390
        days.append(day_s)
    report(len(data["begins"]), ingest_s, path, read_s, days)


def of_parquet(folder, data):
    import polars
    import pyarrow
    import pyarrow.parquet

    path = folder / "peer.parquet"
    table = pyarrow.table(data)
    ingest_s, _ = took(
        lambda: pyarrow.parquet.write_table(
            table,
            path,
            compression="zstd",
            use_dictionary=False,
            column_encoding="DELTA_BINARY_PACKED",
            row_group_size=100_230,
        )
    )
    read_s, _ = took(lambda: [polars.read_parquet(path)[name].to_numpy() for name in NAMES])
    days = []
    for first in some_days(data):
        series, at = int(data["series"][first]), int(data["begins"][first])
        lazy = polars.scan_parquet(path)
        wanted = (polars.col("series") == series) & polars.col("begins").is_between(at, at + 86_000)
        day_s, found = took(lambda: lazy.filter(wanted).collect())
        assert len(found) == 390
        days.append(day_s)
    report(len(data["begins"]), ingest_s, path, read_s, days)


def of_feather(folder, data):
    import pyarrow
    import pyarrow.feather

    path = folder / "peer.feather"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()

    def ingest():
        for series in range(10):
            own = data["series"] == series
            table = pyarrow.table({name: column[own] for name, column in data.items()})
            pyarrow.feather.write_feather(table, path / f"{series}.feather", compression="lz4")

    def read():
        for series in range(10):
            table = pyarrow.feather.read_table(path / f"{series}.feather", memory_map=False)
            for name in NAMES:
                table[name].to_numpy()

    ingest_s, _ = took(ingest)
    read_s, _ = took(read)
    days = []
    for first in some_days(data)[:20]:
        series, at = int(data["series"][first]), int(data["begins"][first])

        def day():
            table = pyarrow.feather.read_table(path / f"{series}.feather", memory_map=False)
            times = table["begins"].to_numpy()
            begin, end = numpy.searchsorted(times, [at, at + 86_000])
            return [table[name].slice(begin, end - begin).to_numpy() for name in NAMES]

        day_s, found = took(day)
        assert len(found[0]) == 390
        days.append(day_s)
    report(len(data["begins"]), ingest_s, path, read_s, days)


def main():
    peer, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    {"duckdb": of_duckdb, "parquet": of_parquet, "feather": of_feather}[peer](folder, columns(folder))


if __name__ == "__main__":
    main()
