//! Builders, a virtual clock and an independent reference model for tests.
