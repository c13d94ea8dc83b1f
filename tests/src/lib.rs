//! Scenarios, end-to-end tests and real clients.
