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
    UNIQUE (con_id, what, bar_secs, regular)
) STRICT;

-- Bars of a day that is not over, one row each.
CREATE TABLE open_bar (
    series_id INTEGER NOT NULL REFERENCES series,
    -- Start of the bar, seconds since 1970.
    at        INTEGER NOT NULL,
    -- Exact decimals as text.
    open      TEXT NOT NULL,
    high      TEXT NOT NULL,
    low       TEXT NOT NULL,
    close     TEXT NOT NULL,
    volume    TEXT NOT NULL,
    average   TEXT NOT NULL,
    n_trades  INTEGER NOT NULL,
    PRIMARY KEY (series_id, at)
) STRICT, WITHOUT ROWID;

-- The bars of one day that is over, in columns. The figures in front are those of the whole day, so
-- that views of years never open a body.
CREATE TABLE chunk (
    -- series_id << 20 | day, where day counts from 1970.
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
    -- Where it came from, when (seconds since 1970), and how often it was replaced.
    source     TEXT    NOT NULL,
    fetched_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    -- How the body is written, and CRC-32 (IEEE 802.3) of it.
    codec      INTEGER NOT NULL,
    crc32      INTEGER NOT NULL,
    body       BLOB    NOT NULL
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
