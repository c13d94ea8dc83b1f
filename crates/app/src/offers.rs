//! What a person reviewed, kept until it is done once or a minute has passed.
//!
//! A token names one review. Nothing that was not reviewed, was reviewed long ago, or was done
//! already is found here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gatehouse_types::Mono;

/// How long a review is good for: prices and limits move on.
const GOOD_FOR: Duration = Duration::from_secs(60);

struct Kept<T> {
    offers: BTreeMap<u64, (T, Mono)>,
    n_made: u64,
}

/// Reviews of one kind.
pub(crate) struct Offers<T>(Mutex<Kept<T>>);

impl<T> Default for Offers<T> {
    fn default() -> Self {
        Self(Mutex::new(Kept { offers: BTreeMap::new(), n_made: 0 }))
    }
}

impl<T: Clone + PartialEq> Offers<T> {
    /// Keeps a review, and returns the token that names it.
    pub(crate) fn make(&self, offer: T, now: Mono) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.offers.retain(|_, (_, at)| now.since(*at) < GOOD_FOR);
        kept.n_made += 1;
        let token = kept.n_made;
        kept.offers.insert(token, (offer, now));
        token.to_string()
    }

    /// Returns what a token names, and keeps it.
    pub(crate) fn look(&self, token: &str, now: Mono) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (offer, at) = kept.offers.get(&token.parse().ok()?)?;
        (now.since(*at) < GOOD_FOR).then(|| offer.clone())
    }

    /// Takes what a token names, once.
    pub(crate) fn take(&self, token: &str, now: Mono) -> Option<T> {
        let offer = self.look(token, now)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.offers.remove(&token.parse().ok()?).map(|_| offer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Mono {
        Mono::new(Duration::from_secs(seconds))
    }

    #[test]
    fn a_review_is_good_once_and_for_a_minute() {
        let offers = Offers::default();
        let token = offers.make("buy 8 SPY", at(0));
        assert_eq!(offers.take("99", at(1)), None);
        assert_eq!(offers.take("?", at(1)), None);
        assert_eq!(offers.look(&token, at(59)), Some("buy 8 SPY"));
        assert_eq!(offers.take(&token, at(59)), Some("buy 8 SPY"));
        assert_eq!(offers.take(&token, at(59)), None, "was good twice");
        let old = offers.make("buy 9 SPY", at(100));
        assert_eq!(offers.take(&old, at(160)), None, "was good for ever");
    }
}
