//! The day report.
