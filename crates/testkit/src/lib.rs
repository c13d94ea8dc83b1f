//! Builders and a virtual clock for tests.
//!
//! Everything starts from one ordinary morning: the bot `momentum-spy` in the account DU1234567,
//! USD 1,000,000, flat, with a fresh quote of SPY at 659.98 / 660.00. A test changes the one thing
//! it is about. It must never be a dependency outside `[dev-dependencies]`.
//!
//! ```
//! use gatehouse_testkit::{facts, intent, Clock};
//! use gatehouse_types::Policy;
//!
//! let (facts, clock) = (facts(), Clock::new());
//! let buy = intent().buy(10).limit("660.00").build();
//! let verdict = gatehouse_risk::evaluate(&Policy::careful(), &facts.view(), &buy, clock.now());
//! assert!(verdict.may_send());
//! ```

mod clock;
mod facts;
mod intent;

pub use clock::{Clock, now};
pub use facts::{Contracted, Facts, facts, flat, monday, spy};
pub use intent::{IntentBuilder, intent};

use gatehouse_types::{BotName, Decimal, Price, Qty};

/// Returns the bot that the builders trade as.
///
/// # Panics
/// Never.
#[must_use]
pub fn bot() -> BotName {
    "momentum-spy".parse().expect("is a bot name")
}

/// Reads a decimal.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("is a decimal")
}

/// Reads a price.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn px(text: &str) -> Price {
    Price::new(dec(text))
}

/// Reads a quantity.
///
/// # Panics
/// When the text is none.
#[must_use]
pub fn qty(text: &str) -> Qty {
    Qty::try_new(dec(text)).expect("is a quantity")
}
