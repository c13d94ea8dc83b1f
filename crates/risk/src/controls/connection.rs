//! GH-46, connection: no new risk while the Gateway is away, reconciling or about to restart.
//!
//! Exits pass: they are exits only while the position is known, with every working order counted.

use gatehouse_types::{ControlId, Refusal};

use super::{Control, Reach};
use crate::Connection;
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(46),
    reach: Reach::Entries,
    limits: &[],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    match case.view.connection {
        Connection::Ready => {}
        Connection::NotReady(state) => findings.refuse(Refusal::NotConnected { state }),
    }
}
