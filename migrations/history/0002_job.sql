-- What is still to be fetched, so that a restart goes on where it ended, and what the broker said
-- about an instrument's days.

-- Bars that are wanted, from inclusive to exclusive, in seconds since 1970. What of them is there is
-- in `coverage`.
CREATE TABLE job (
    job_id    INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series,
    from_at   INTEGER NOT NULL,
    to_at     INTEGER NOT NULL,
    -- screen, person or repair: what comes first.
    urgency   TEXT    NOT NULL,
    asked_at  INTEGER NOT NULL
) STRICT;

-- Sessions of an instrument by trade date, in regular hours.
CREATE TABLE session (
    con_id   INTEGER NOT NULL,
    -- Days since 1970.
    day      INTEGER NOT NULL,
    open_at  INTEGER NOT NULL,
    close_at INTEGER NOT NULL,
    PRIMARY KEY (con_id, day)
) STRICT, WITHOUT ROWID;

-- The span about whose sessions the broker was asked.
CREATE TABLE calendar (
    con_id  INTEGER PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL
) STRICT;

-- Where the history of a series begins, seconds since 1970.
CREATE TABLE head (
    series_id INTEGER PRIMARY KEY REFERENCES series,
    head_at   INTEGER NOT NULL
) STRICT;
