//! GH-12, age of the quote: an order that adds risk is judged by a live price of its own side that
//! is not older than the limit.
//!
//! Switching the limit off lifts the age only; a price that is absent, delayed or frozen refuses
//! whatever the limits say.

use std::time::Duration;

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings, duration_of, seconds};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(12),
    reach: Reach::Entries,
    limits: &[LimitId::QuoteAge],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.touch().is_none() {
        findings.refuse(Refusal::QuoteMissing { side: case.touch_name() });
    }
    let (Some(quote), Some(limit)) = (case.view.quote, case.limit(LimitId::QuoteAge)) else {
        return;
    };
    let age = case.now.mono.since(quote.at);
    if exact::is_above(seconds(age), limit.value) {
        let (age, limit_shown) = (whole_millis(age), duration_of(limit.value));
        findings.refuse_in(limit.scope, Refusal::QuoteStale { age, limit: limit_shown });
    }
}

/// Returns the age rounded up to what is shown, so that it is never shown as the limit itself.
fn whole_millis(age: Duration) -> Duration {
    let millis = seconds(age)
        .checked_mul(Decimal::ONE_THOUSAND)
        .map(|millis| millis.ceil())
        .and_then(|millis| u64::try_from(millis).ok());
    millis.map_or(age, Duration::from_millis)
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    case.limit(id).map_or_else(Gauge::default, |limit| {
        let age = case.view.quote.map(|quote| whole_millis(case.now.mono.since(quote.at)));
        let age = age.map(|age| Measure::Seconds(seconds(age)));
        Gauge::of_market(age, Measure::Seconds(limit.value))
    })
}
