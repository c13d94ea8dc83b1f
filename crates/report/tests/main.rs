//! The report against ledgers that a test wrote.
