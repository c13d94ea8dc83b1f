//! Order efficiency: how many messages an account spends on one execution.
//!
//! Source: the broker's page on order management. The ratio of a day is (submissions + revisions +
//! cancellations) ÷ (executed orders + 1); above 20 it is called excessive, and the broker writes to
//! the client. No message of the API says so, so the count is for whoever runs the simulator. It
//! must never know an order's prices. Called by the order desk.

use gatehouse_types::Decimal;

/// From this ratio on the broker calls the use excessive.
const EXCESSIVE: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// What was counted in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Efficiency {
    pub n_submitted: u64,
    pub n_revised: u64,
    pub n_cancelled: u64,
    /// Orders that filled, in part or in full.
    pub n_executed: u64,
}

impl Efficiency {
    /// Returns the ratio, rounded to a hundredth.
    #[must_use]
    pub fn ratio(&self) -> Decimal {
        let spent = self.n_submitted + self.n_revised + self.n_cancelled;
        (Decimal::from(spent) / Decimal::from(self.n_executed + 1)).round_dp(2)
    }

    /// Returns whether the broker would write a letter.
    #[must_use]
    pub fn is_excessive(&self) -> bool {
        self.ratio() > EXCESSIVE
    }
}
