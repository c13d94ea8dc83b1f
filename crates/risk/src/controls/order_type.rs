//! GH-22, order types: MKT, LMT, STP and STP LMT that work DAY, GTC, IOC or FOK, and ask for
//! nothing that is not judged yet.
//!
//! Reaches everything: a question about margin may be forwarded because it is understood in full.

use gatehouse_types::{ControlId, OrderKind, Refusal, Tif};

use super::{Control, Reach};
use crate::case::{Case, Findings};

pub(super) const CONTROL: Control =
    Control { id: ControlId::new(22), reach: Reach::Everything, limits: &[], check };

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
    for feature in &case.intent.features {
        findings.refuse(Refusal::FeatureNotAllowed { feature: feature.clone() });
    }
}
