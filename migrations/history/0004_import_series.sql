-- Which series a file has bars of, so that it is read again when bars of it were taken away.
CREATE TABLE import_series (
    path      TEXT    NOT NULL,
    series_id INTEGER NOT NULL REFERENCES series,
    PRIMARY KEY (path, series_id)
) STRICT, WITHOUT ROWID;
