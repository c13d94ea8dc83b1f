-- Bars that were seen once. A cache: it can be fetched again, and nothing of it decides an order.

-- One kind of bars of one instrument.
CREATE TABLE series (
    series_id     INTEGER PRIMARY KEY,
    con_id        INTEGER NOT NULL,
    -- TRADES, BID, ASK, MIDPOINT, ADJUSTED_LAST, ... as the broker names them. Adjusted and
    -- unadjusted prices are series of their own.
    what          TEXT    NOT NULL,
    -- Seconds of a bar; 86400 a day, 604800 a week, 2592000 a month.
    bar_secs      INTEGER NOT NULL CHECK (bar_secs > 0),
    -- 1 when it holds regular trading hours only.
    regular       INTEGER NOT NULL CHECK (regular IN (0, 1)),
    -- For people and for exports.
    symbol        TEXT    NOT NULL,
    sec_type      TEXT    NOT NULL,
    currency      TEXT    NOT NULL,
    exchange      TEXT    NOT NULL,
    -- Zone of the exchange, whose days the chunks are.
    zone          TEXT    NOT NULL,
    -- One more with each change of its bars, and what it was when a chunk was last taken away: a
    -- reader that remembers them reads again what changed since, or everything.
    change        INTEGER NOT NULL DEFAULT 0,
    emptied       INTEGER NOT NULL DEFAULT 0,
    -- When it was last shown or asked for, seconds since 1970; 0 never. The one that was not for
    -- the longest is pruned first.
    used_at       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (con_id, what, bar_secs, regular)
) STRICT;

-- The bars of one day, month or year, whichever suits the length of a bar. The figures are those of
-- all its bars, so that views of years never open a body.
CREATE TABLE chunk (
    -- series_id << 20 | first day, where days count from 1970 and 524288 is added.
    chunk_id  INTEGER PRIMARY KEY,
    -- Start of the first and of the last bar, seconds since 1970.
    first_at  INTEGER NOT NULL,
    last_at   INTEGER NOT NULL,
    n_bars    INTEGER NOT NULL CHECK (n_bars > 0),
    -- Mantissas; the scales say how many digits are behind the point.
    px_scale     INTEGER NOT NULL,
    open_px      INTEGER NOT NULL,
    high_px      INTEGER NOT NULL,
    low_px       INTEGER NOT NULL,
    close_px     INTEGER NOT NULL,
    volume_scale INTEGER NOT NULL,
    volume       INTEGER NOT NULL,
    average_scale INTEGER NOT NULL,
    -- Where its newest bars came from, when they were fetched (seconds since 1970), and how often
    -- the bars changed, from 1.
    source     TEXT    NOT NULL,
    fetched_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    -- The series' change that wrote it.
    change     INTEGER NOT NULL,
    -- How the body is written, and CRC-32 (IEEE 802.3) of the figures and the body.
    codec      INTEGER NOT NULL,
    crc32      INTEGER NOT NULL
) STRICT;

-- The columns of a chunk, apart from its figures so that these lie close together.
CREATE TABLE body (
    chunk_id  INTEGER PRIMARY KEY REFERENCES chunk,
    body      BLOB    NOT NULL
) STRICT;

-- Which spans were asked for and answered, from inclusive to exclusive, in seconds since 1970;
-- `empty` where the answer was that there is nothing.
CREATE TABLE coverage (
    series_id INTEGER NOT NULL REFERENCES series,
    from_at   INTEGER NOT NULL,
    to_at     INTEGER NOT NULL CHECK (to_at > from_at),
    is_empty  INTEGER NOT NULL CHECK (is_empty IN (0, 1)),
    PRIMARY KEY (series_id, from_at)
) STRICT, WITHOUT ROWID;

-- Chunks that did not hold and were taken away, to be fetched again.
CREATE TABLE damage (
    series_id INTEGER NOT NULL REFERENCES series,
    -- First day of the chunk, counted from 1970.
    day       INTEGER NOT NULL,
    -- When it was found, seconds since 1970.
    found_at  INTEGER NOT NULL,
    why       TEXT    NOT NULL
) STRICT;

-- Files that were imported, or are being: how far, so that an import goes on where it stopped.
CREATE TABLE import (
    path        TEXT    PRIMARY KEY,
    -- Bytes, and seconds since 1970: another file of the same name begins anew.
    size        INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    -- What else decides what its rows mean: format and mapping.
    reading     TEXT    NOT NULL,
    -- Rows that are in the store, and whether these are all.
    n_rows      INTEGER NOT NULL,
    is_done     INTEGER NOT NULL CHECK (is_done IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
