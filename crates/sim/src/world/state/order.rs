//! Orders, executions and instructions as they are kept.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{BrokerStatus, CommissionReport, ExecutionReport};
use gatehouse_tws::request::{ExerciseAct, PlaceOrder};
use gatehouse_types::{ClientId, ConId, Decimal, OrderId, PermId, Price};
use serde::{Deserialize, Serialize};

use super::{Exact, FORM, Hex, StateError, listed};
use crate::world::World;
use crate::world::orders::manner::Manner;
use crate::world::orders::order::Ended;
use crate::world::orders::progress::Progress;
use crate::world::orders::{BookedOrder, Executed, Instruction};
use crate::world::time::Step;

/// One order: what was asked for, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderState {
    /// The placeOrder that would make it, with what the broker filled in.
    pub asked: Hex,
    pub client_id: i32,
    pub perm_id: i64,
    pub con_id: i32,
    pub quantity: Exact,
    pub filled: Exact,
    pub value: Exact,
    pub commission: Exact,
    pub last_fill: Option<Exact>,
    /// By contract id: what a combination traded of its leg, and price × shares of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub legs: BTreeMap<i32, (Exact, Exact)>,
    pub status: String,
    pub transmitted: bool,
    pub waits_for_parent: bool,
    pub triggered: bool,
    pub rested: bool,
    pub expires: Option<i64>,
    pub ended: Option<EndedState>,
    pub progress: ProgressState,
}

/// When and why an order was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndedState {
    pub at_ms: i64,
    pub sentence: String,
}

/// How far an order has come at the exchange; times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgressState {
    pub accepted_ms: i64,
    pub answers_ms: i64,
    pub is_announced: bool,
    pub began_ms: Option<i64>,
    pub volume_before: i64,
    pub conditions_met: bool,
    pub is_idle: bool,
    pub seen_once: bool,
    pub is_adjusted: bool,
    pub is_locating: bool,
    pub is_instruction: bool,
    pub stop: Option<Exact>,
    pub limit: Option<Exact>,
    pub reference: Option<Exact>,
    pub ahead: Option<Exact>,
    pub cap: Option<Exact>,
    pub auction_at: Option<i64>,
}

/// An execution and its commission, as messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionState {
    pub at_ms: i64,
    pub report: Hex,
    /// `None` of a combination, whose legs are charged.
    pub commission: Option<Hex>,
}

/// What waits for the clearing house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstructionState {
    pub place: usize,
    pub lapses: bool,
    pub due: i64,
}

fn priced(price: Option<Price>) -> Option<Exact> {
    price.map(|price| Exact(price.value()))
}

fn price(kept: Option<Exact>) -> Option<Price> {
    kept.map(|exact| Price::new(exact.0))
}

fn leg((con_id, (shares, value)): (&ConId, &(Decimal, Decimal))) -> (i32, (Exact, Exact)) {
    (con_id.get(), (Exact(*shares), Exact(*value)))
}

fn restored_leg((con_id, (shares, value)): (&i32, &(Exact, Exact))) -> (ConId, (Decimal, Decimal)) {
    (ConId::new(*con_id), (shares.0, value.0))
}

/// The simulator writes its own messages in a form that it knows; an empty body could not be read
/// again, and is then named.
fn body<E>(written: Result<Vec<u8>, E>) -> Hex {
    Hex(written.unwrap_or_default())
}

impl OrderState {
    pub(super) fn of(order: &BookedOrder) -> Self {
        let asked = PlaceOrder {
            order_id: order.order_id,
            contract: order.contract.clone(),
            order: order.order.clone(),
            attached: None,
        };
        Self {
            asked: body(asked.encode(FORM)),
            client_id: order.client_id.get(),
            perm_id: order.perm_id.get(),
            con_id: order.listing.con_id().get(),
            quantity: Exact(order.quantity),
            filled: Exact(order.filled),
            value: Exact(order.value),
            commission: Exact(order.commission),
            last_fill: priced(order.last_fill),
            legs: order.legs.iter().map(leg).collect(),
            status: order.status.as_wire().to_owned(),
            transmitted: order.transmitted,
            waits_for_parent: order.waits_for_parent,
            triggered: order.triggered,
            rested: order.rested,
            expires: order.expires,
            ended: order.ended.as_ref().map(|ended| EndedState {
                at_ms: ended.at.millis(),
                sentence: ended.sentence.clone(),
            }),
            progress: ProgressState::of(&order.progress),
        }
    }
}

impl ProgressState {
    fn of(progress: &Progress) -> Self {
        Self {
            accepted_ms: progress.accepted.millis(),
            answers_ms: progress.answers_at.millis(),
            is_announced: progress.is_announced,
            began_ms: progress.began.map(Step::millis),
            volume_before: progress.volume_before,
            conditions_met: progress.conditions_met,
            is_idle: progress.is_idle,
            seen_once: progress.seen_once,
            is_adjusted: progress.is_adjusted,
            is_locating: progress.is_locating,
            is_instruction: progress.is_instruction,
            stop: priced(progress.stop),
            limit: priced(progress.limit),
            reference: progress.reference.map(Exact),
            ahead: progress.ahead.map(Exact),
            cap: priced(progress.cap),
            auction_at: progress.auction_at,
        }
    }

    fn restored(&self) -> Progress {
        Progress {
            accepted: Step::of_millis(self.accepted_ms),
            answers_at: Step::of_millis(self.answers_ms),
            is_announced: self.is_announced,
            began: self.began_ms.map(Step::of_millis),
            volume_before: self.volume_before,
            conditions_met: self.conditions_met,
            is_idle: self.is_idle,
            seen_once: self.seen_once,
            is_adjusted: self.is_adjusted,
            is_locating: self.is_locating,
            is_instruction: self.is_instruction,
            stop: price(self.stop),
            limit: price(self.limit),
            reference: self.reference.map(|exact| exact.0),
            ahead: self.ahead.map(|exact| exact.0),
            cap: price(self.cap),
            auction_at: self.auction_at,
        }
    }
}

impl ExecutionState {
    pub(super) fn of(executed: &Executed) -> Self {
        Self {
            at_ms: executed.at.millis(),
            report: body(executed.report.encode(FORM)),
            commission: executed.commission.as_ref().map(|paid| body(paid.encode(FORM))),
        }
    }

    pub(super) fn restored(&self) -> Result<Executed, String> {
        Ok(Executed {
            report: ExecutionReport::decode(FORM, &self.report.0)
                .map_err(|error| error.to_string())?,
            commission: self
                .commission
                .as_ref()
                .map(|paid| CommissionReport::decode(FORM, &paid.0))
                .transpose()
                .map_err(|error| error.to_string())?,
            at: Step::of_millis(self.at_ms),
        })
    }
}

impl InstructionState {
    pub(super) fn of(instruction: &Instruction) -> Self {
        let lapses = match instruction.act {
            ExerciseAct::Exercise => false,
            ExerciseAct::Lapse => true,
        };
        Self { place: instruction.place, lapses, due: instruction.due }
    }

    pub(super) fn restored(&self) -> Instruction {
        let act = if self.lapses { ExerciseAct::Lapse } else { ExerciseAct::Exercise };
        Instruction { place: self.place, act, due: self.due }
    }
}

impl World {
    /// Makes an order again. How it is to be worked is read from what was asked for, at the time
    /// at which it was accepted.
    pub(super) fn restored(
        &self,
        place: usize,
        kept: &OrderState,
    ) -> Result<BookedOrder, StateError> {
        let wrong = |why: String| StateError::Order { place, why };
        let asked =
            PlaceOrder::decode(FORM, &kept.asked.0).map_err(|why| wrong(why.to_string()))?;
        // A combination has no id before somebody names its legs.
        let combo = self.combos.again(&asked.contract.legs, ConId::new(kept.con_id));
        let listing = combo.map_or_else(|| listed(kept.con_id), Ok)?;
        let intent = asked.intent().map_err(|why| wrong(why.to_string()))?;
        let progress = kept.progress.restored();
        let mut read = asked.clone();
        if progress.is_adjusted {
            // It is what it was to become; what is left of the wish has no meaning any more.
            read.order.adjusted_order_type.clear();
            read.order.trigger_price = None;
        }
        if progress.is_instruction {
            // It is shown with a price that no order could have.
            read.order.order_type = "MKT".to_owned();
            read.order.lmt_price = None;
        }
        let manner = Manner::read(&read, intent.side, listing, progress.accepted.secs())
            .map_err(|report| wrong(report.text))?;
        let status = BrokerStatus::from_wire(&kept.status)
            .ok_or_else(|| wrong(format!("{:?} is no status", kept.status)))?;
        Ok(BookedOrder {
            client_id: ClientId::new(kept.client_id),
            order_id: OrderId::new(asked.order_id.get()),
            perm_id: PermId::new(kept.perm_id),
            listing,
            contract: asked.contract,
            order: asked.order,
            side: intent.side,
            kind: intent.kind,
            manner,
            progress,
            quantity: kept.quantity.0,
            filled: kept.filled.0,
            value: kept.value.0,
            commission: kept.commission.0,
            last_fill: price(kept.last_fill),
            legs: kept.legs.iter().map(restored_leg).collect(),
            status,
            transmitted: kept.transmitted,
            waits_for_parent: kept.waits_for_parent,
            triggered: kept.triggered,
            rested: kept.rested,
            expires: kept.expires,
            ended: kept.ended.as_ref().map(|ended| Ended {
                at: Step::of_millis(ended.at_ms),
                sentence: ended.sentence.clone(),
            }),
        })
    }
}
