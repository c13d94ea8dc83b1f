//! What a limit measures: for bars and for the preview of an order, never for the judgement.

use gatehouse_types::{Decimal, Limit, LimitId, Measure};

use crate::case::Case;

/// What one limit measures without and with the order that is judged.
///
/// `None` is not a number: it is not known, or the limit measures nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gauge {
    /// Before the order.
    pub now: Option<Measure>,
    /// With it.
    pub after: Option<Measure>,
    /// What is held against it.
    pub allowed: Option<Measure>,
}

/// The gauge of a control that measures nothing.
pub(crate) fn nothing(_: &Case<'_>, _: LimitId) -> Gauge {
    Gauge::default()
}

impl Gauge {
    /// Returns a gauge of something that only the order itself has.
    pub(crate) fn of_order(after: Option<Measure>, allowed: Measure) -> Self {
        Self { now: None, after, allowed: Some(allowed) }
    }

    /// Returns a gauge of something that the order does not change.
    pub(crate) fn of_market(now: Option<Measure>, allowed: Measure) -> Self {
        Self { after: now.clone(), now, allowed: Some(allowed) }
    }

    /// Returns a gauge of a count that the order raises by `added`.
    pub(crate) fn of_count(
        unit: fn(Decimal) -> Measure,
        count: Option<u32>,
        added: u32,
        limit: &Limit<'_>,
    ) -> Self {
        let measured = |n: u32| unit(Decimal::from(n));
        Self {
            now: count.map(measured),
            after: count.map(|n| measured(n.saturating_add(added))),
            allowed: Some(unit(limit.value)),
        }
    }
}
