//! The answer of the judgement.

use crate::{Refusal, Scope};

/// How heavily one finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Allowed, and worth a look.
    Warn,
    /// A person decides.
    Hold,
    /// Not allowed.
    Refuse,
}

/// What one control found. A control that is satisfied finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub weight: Weight,
    /// The scope whose limit or state was the strictest.
    pub scope: Scope,
    pub refusal: Refusal,
}

/// The heaviest finding, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Allow,
    Warn,
    Hold,
    Refuse,
}

/// Every reason there is, not only the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In the order of the controls.
    pub findings: Vec<Finding>,
    /// Whether the order provably only reduces the account's and the bot's own position.
    pub is_exit: bool,
    /// How many controls were evaluated.
    pub n_controls: usize,
}

impl Verdict {
    /// Returns the outcome of the heaviest finding.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.findings.iter().map(|finding| finding.weight).max() {
            None => Outcome::Allow,
            Some(Weight::Warn) => Outcome::Warn,
            Some(Weight::Hold) => Outcome::Hold,
            Some(Weight::Refuse) => Outcome::Refuse,
        }
    }

    /// Returns whether the order may be recorded and sent.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.outcome() <= Outcome::Warn
    }

    /// Returns the first finding of the heaviest weight.
    #[must_use]
    pub fn leading(&self) -> Option<&Finding> {
        let heaviest = self.findings.iter().map(|finding| finding.weight).max()?;
        self.findings.iter().find(|finding| finding.weight == heaviest)
    }
}
