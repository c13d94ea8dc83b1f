//! The true range: how far the price went since the last close.
//!
//! J. Welles Wilder, "New Concepts in Technical Trading Systems" (1978): the largest of high − low,
//! |high − last close| and |low − last close|.

/// The true range, bar by bar.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrueRange {
    last_close: Option<f64>,
}

impl TrueRange {
    /// Takes the next bar and returns its true range; the first bar has no close before it.
    pub(crate) fn push(&mut self, high: f64, low: f64, close: f64) -> Option<f64> {
        let before = self.last_close.replace(close)?;
        Some((high - low).max((high - before).abs()).max((low - before).abs()))
    }
}
