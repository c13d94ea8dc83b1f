#!/usr/bin/env python3
"""Verifies a Gatehouse ledger without Gatehouse: Python's standard library and one rule.

    hash(entry) = sha256(hash of the entry before || seq as 8 bytes, big-endian || stored body)

The hash before entry 1 is 32 zero bytes; seq counts 1, 2, 3, ... without gaps.

    verify_chain.py ledger.sqlite     the file itself, open in Gatehouse or not
    verify_chain.py export.jsonl      a complete export: {"hash":"<64 hex>","entry":<stored body>}

Prints `ok N HEAD` and exits 0, or prints `broken SEQ WHY` and exits 1.
"""

import hashlib
import json
import pathlib
import sqlite3
import sys


def rows_of_database(path):
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield from connection.execute("SELECT seq, CAST(body AS BLOB), hash FROM entry ORDER BY seq")
    finally:
        connection.close()


def rows_of_export(path):
    head, middle = b'{"hash":"', b'","entry":'
    with path.open("rb") as lines:
        for line in lines:
            body_at = len(head) + 64 + len(middle)
            if not (line.startswith(head) and line[body_at - len(middle):body_at] == middle):
                raise ValueError("a line is not an exported entry")
            body = line[body_at:].removesuffix(b"\n").removesuffix(b"}")
            stored_hash = bytes.fromhex(line[len(head):len(head) + 64].decode())
            yield json.loads(body)["seq"], body, stored_hash


def verify(rows):
    """Returns (number of sound entries, last sound hash, why the next one is not)."""
    previous, expected = bytes(32), 1
    try:
        for seq, body, stored_hash in rows:
            if seq != expected:
                return expected - 1, previous, f"found entry {seq} in its place"
            computed = hashlib.sha256(previous + seq.to_bytes(8, "big") + body).digest()
            if computed != stored_hash:
                return expected - 1, previous, "its hash does not match"
            if json.loads(body)["seq"] != seq:
                return expected - 1, previous, "its body names another place"
            previous, expected = computed, expected + 1
    except (sqlite3.DatabaseError, ValueError, TypeError, KeyError) as error:
        return expected - 1, previous, f"it cannot be read: {error}"
    return expected - 1, previous, None


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    path = pathlib.Path(sys.argv[1])
    if not path.is_file():
        print(f"no file {path}", file=sys.stderr)
        return 3
    rows = rows_of_export(path) if path.suffix == ".jsonl" else rows_of_database(path)
    count, head, why = verify(rows)
    if why is None:
        print(f"ok {count} {head.hex()}")
        return 0
    print(f"broken {count + 1} {why}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
