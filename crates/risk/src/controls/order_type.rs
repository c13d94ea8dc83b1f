//! GH-22, order types: MKT, LMT, STP and STP LMT that work DAY, GTC, IOC or FOK, and ask for
//! nothing that is not judged yet; of these, what the lists and rules leave.
//!
//! What is not understood is refused whatever it is, a question about margin too: that may be
//! forwarded because it is understood in full. What a person forbids is forbidden to entries.

use gatehouse_types::{ControlId, Feature, LimitId, OrderKind, Refusal, Tif};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(22),
    reach: Reach::Everything,
    limits: &[LimitId::OrderTypes, LimitId::NoGtc, LimitId::NoAlgos],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let kind = &case.intent.kind;
    match kind {
        OrderKind::Other { name } => {
            findings.refuse(Refusal::OrderTypeNotAllowed { name: name.clone() });
        }
        OrderKind::Market
        | OrderKind::Limit { .. }
        | OrderKind::Stop { .. }
        | OrderKind::StopLimit { .. } => {}
    }
    match &case.intent.tif {
        Tif::Other(tif) => {
            let name = format!("{} {tif}", kind.name());
            findings.refuse(Refusal::OrderTypeNotAllowed { name });
        }
        Tif::Day | Tif::GoodTillCancelled | Tif::ImmediateOrCancel | Tif::FillOrKill => {}
    }
    // Families are judged by what their members can do together.
    let is_judged =
        |it: &Feature| matches!(it, Feature::Parent | Feature::OcaGroup | Feature::NotTransmitted);
    for feature in case.intent.features.iter().filter(|it| !is_judged(it)) {
        if *feature != Feature::Algo {
            findings.refuse(Refusal::FeatureNotAllowed { feature: feature.clone() });
        } else if let Some(scope) = case.switched_on(LimitId::NoAlgos) {
            findings.refuse_in(scope, Refusal::FeatureNotAllowed { feature: Feature::Algo });
        }
    }
    if case.adds_risk && !case.intent.what_if {
        check_choice(case, findings);
    }
}

fn check_choice(case: &Case<'_>, findings: &mut Findings) {
    let kind = &case.intent.kind;
    for (scope, names) in case.names(LimitId::OrderTypes) {
        if !names.contains(kind.name()) {
            let name = kind.name().to_owned();
            findings.refuse_in(scope, Refusal::OrderTypeNotAllowed { name });
        }
    }
    if case.intent.tif == Tif::GoodTillCancelled
        && let Some(scope) = case.switched_on(LimitId::NoGtc)
    {
        let name = format!("{} GTC", kind.name());
        findings.refuse_in(scope, Refusal::OrderTypeNotAllowed { name });
    }
}
