//! Orders and audit entries in SQLite, hash-chained; the only writer.
