//! What one fault does to the words about one order.
//!
//! It must never know other orders. Called for each batch of words of one step.

use gatehouse_tws::answer::{BrokerStatus, ErrorReport, OpenOrder, OrderStatusReport};
use gatehouse_types::{Decimal, PermId};

use super::usual_hold;
use crate::world::drill::{OrderFault, OrderWay};
use crate::world::orders::order::quantity;
use crate::world::time::Step;
use crate::world::{Event, Said};

/// The hold of one fault on one order.
#[derive(Debug)]
pub(super) struct Bending {
    way: OrderWay,
    hold: i64,
    /// Of `status_missing`: the status that is left out; `None` for each.
    missing: Option<String>,
    began: Step,
    held: Vec<Event>,
    /// When what is held is said at the latest.
    until: Option<Step>,
    /// The fault had its effect.
    is_done: bool,
    /// A fill was seen.
    is_filling: bool,
    /// When the last of the words that were put off is due.
    put_off_to: Option<Step>,
    /// The status that was said last.
    last: Option<OrderStatusReport>,
}

/// What becomes of a batch.
#[derive(Debug, Default)]
pub(super) struct Bent {
    pub(super) now: Vec<Event>,
    pub(super) later: Vec<(Step, Event)>,
    /// A second order came into being.
    pub(super) second_id: Option<PermId>,
}

impl Bent {
    fn at_once(now: Vec<Event>) -> Self {
        Self { now, ..Self::default() }
    }
}

impl Bending {
    pub(super) fn new(fault: &OrderFault, now: Step) -> Self {
        Self {
            way: fault.way,
            hold: fault.hold.unwrap_or(usual_hold(fault.way)).steps(),
            missing: fault.status.clone(),
            began: now,
            held: Vec::new(),
            until: None,
            is_done: false,
            is_filling: false,
            put_off_to: None,
            last: None,
        }
    }

    pub(super) fn n_held(&self) -> usize {
        self.held.len()
    }

    /// Returns whether words of the order are still to come.
    pub(super) fn is_waiting(&self, now: Step) -> bool {
        !self.held.is_empty() || self.put_off_to.is_some_and(|last| last > now)
    }

    pub(super) fn due_at(&self) -> Option<Step> {
        self.until.filter(|_| !self.held.is_empty())
    }

    /// Bends what the broker says about the order at a step. `is_over`: the fault was ended;
    /// `is_changed`: the order was placed more than once.
    pub(super) fn bend(
        &mut self,
        batch: Vec<Event>,
        (is_over, is_changed): (bool, bool),
        now: Step,
    ) -> Bent {
        if is_over {
            let all: Vec<Event> = self.held.drain(..).chain(batch).collect();
            return self.put_off_or_say(all, now, now);
        }
        let bent = match self.way {
            OrderWay::SlowAck => self.put_off_or_say(batch, self.began.plus(self.hold), now),
            OrderWay::SlowFill => self.slow_fill(batch, now),
            OrderWay::FillFirst => Bent::at_once(self.fill_first(batch)),
            OrderWay::FillAfterCancel => Bent::at_once(self.fill_after_cancel(batch, now)),
            OrderWay::StatusSwapped => Bent::at_once(self.swap(batch, now)),
            OrderWay::StatusMissing => {
                let stays = |event: &Event| {
                    let Said::Status(report) = &event.said else { return true };
                    let status = report.status.to_string();
                    self.missing.as_ref().is_some_and(|one| *one != status)
                };
                Bent::at_once(batch.into_iter().filter(stays).collect())
            }
            OrderWay::StatusDoubled => {
                Bent::at_once(doubled(batch, |said| matches!(said, Said::Status(_))))
            }
            OrderWay::ExecutionDoubled => {
                Bent::at_once(doubled(batch, |said| matches!(said, Said::Execution(_))))
            }
            OrderWay::SecondPermId if is_changed => second_order(batch),
            OrderWay::SecondPermId => Bent::at_once(batch),
        };
        for event in &bent.now {
            if let Said::Status(report) = &event.said {
                self.last = Some(report.as_ref().clone());
            }
        }
        bent
    }

    /// Returns what was held long enough.
    pub(super) fn overdue(&mut self, is_over: bool, now: Step) -> Vec<Event> {
        if !is_over && self.until.is_none_or(|until| until > now) {
            return Vec::new();
        }
        self.until = None;
        self.is_done = true;
        let held = std::mem::take(&mut self.held);
        if self.way == OrderWay::FillAfterCancel && !held.is_empty() {
            return self.cancelled(&held).into_iter().chain(held).collect();
        }
        held
    }

    /// Words never overtake those of the same order that wait already.
    fn put_off_or_say(&mut self, events: Vec<Event>, due: Step, now: Step) -> Bent {
        let due = self.put_off_to.map_or(due, |last| last.max(due));
        if due <= now {
            return Bent::at_once(events);
        }
        self.put_off_to = Some(due);
        let later = events.into_iter().map(|event| (due, event)).collect();
        Bent { later, ..Bent::default() }
    }

    fn slow_fill(&mut self, mut batch: Vec<Event>, now: Step) -> Bent {
        let fill = batch.iter().position(is_execution);
        let from = if self.is_filling { 0 } else { fill.unwrap_or(batch.len()) };
        self.is_filling |= fill.is_some();
        let late = batch.split_off(from);
        let bent = self.put_off_or_say(late, now.plus(self.hold), now);
        Bent { now: batch.into_iter().chain(bent.now).collect(), ..bent }
    }

    fn fill_first(&mut self, batch: Vec<Event>) -> Vec<Event> {
        if self.is_done {
            return batch;
        }
        let is_fill = batch.iter().any(is_execution);
        if is_fill || batch.iter().any(is_end) {
            self.is_done = true;
            let (fills, rest): (Vec<Event>, Vec<Event>) = batch
                .into_iter()
                .partition(|event| matches!(event.said, Said::Execution(_) | Said::Commission(_)));
            return fills.into_iter().chain(self.held.drain(..)).chain(rest).collect();
        }
        self.until = Some(self.began.plus(self.hold));
        let (held, rest): (Vec<Event>, Vec<Event>) = batch
            .into_iter()
            .partition(|event| matches!(event.said, Said::Open(_) | Said::Status(_)));
        self.held.extend(held);
        rest
    }

    fn fill_after_cancel(&mut self, mut batch: Vec<Event>, now: Step) -> Vec<Event> {
        if self.is_done {
            return batch;
        }
        if self.held.is_empty() {
            let Some(at) = batch.iter().position(is_execution) else { return batch };
            self.held = batch.split_off(at);
            self.until = Some(now.plus(self.hold));
            return batch;
        }
        let too_late = |event: &Event| {
            matches!(&event.said, Said::Message(report)
                if matches!(report.code, 10147 | 10148 | 161))
        };
        if batch.iter().any(too_late) {
            // The order is filled, so the desk refused to cancel it; the client hears otherwise.
            return self.overdue(true, now);
        }
        if batch.iter().any(is_end) {
            self.is_done = true;
            return batch.into_iter().chain(self.held.drain(..)).collect();
        }
        self.held.extend(batch);
        Vec::new()
    }

    /// Says that the broker cancelled the order, before the fills that are held.
    fn cancelled(&self, held: &[Event]) -> Vec<Event> {
        let Some(client_id) = held.first().map(|event| event.client_id) else { return Vec::new() };
        let found = held.iter().find_map(|event| {
            let Said::Status(report) = &event.said else { return None };
            Some(report.as_ref().clone())
        });
        let unfilled = found.map(|report| OrderStatusReport {
            remaining: quantity(report.filled.value() + report.remaining.value()),
            filled: quantity(Decimal::ZERO),
            ..report
        });
        let Some(before) = self.last.clone().or(unfilled) else { return Vec::new() };
        let id = before.order_id.get();
        let report = OrderStatusReport { status: BrokerStatus::Cancelled, ..before };
        let text = "Order Canceled - reason:".to_owned();
        let message = ErrorReport { id, code: 202, text, ..ErrorReport::default() };
        [Said::Status(Box::new(report)), Said::Message(message)]
            .map(|said| Event { client_id, said })
            .into()
    }

    fn swap(&mut self, batch: Vec<Event>, now: Step) -> Vec<Event> {
        let mut said = Vec::new();
        for event in batch {
            let Said::Status(report) = &event.said else {
                said.push(event);
                continue;
            };
            let works =
                matches!(report.status, BrokerStatus::Submitted | BrokerStatus::PendingCancel);
            if self.held.is_empty() && works {
                self.until = Some(now.plus(self.hold));
                self.held.push(event);
            } else {
                said.push(event);
                said.append(&mut self.held);
                self.until = None;
            }
        }
        said
    }
}

fn is_execution(event: &Event) -> bool {
    matches!(event.said, Said::Execution(_))
}

/// Whether nothing more is to come of the order.
fn is_end(event: &Event) -> bool {
    matches!(&event.said, Said::Status(report)
        if matches!(report.status, BrokerStatus::Cancelled | BrokerStatus::Inactive))
}

fn doubled(batch: Vec<Event>, is_it: fn(&Said) -> bool) -> Vec<Event> {
    batch
        .into_iter()
        .flat_map(|event| {
            let again = is_it(&event.said).then(|| event.clone());
            std::iter::once(event).chain(again)
        })
        .collect()
}

/// Every word comes twice: under the old permId and under a new one. Only the first of the two
/// fills; the second is cancelled then.
fn second_order(batch: Vec<Event>) -> Bent {
    let mut bent = Bent::default();
    for event in batch {
        let client_id = event.client_id;
        let twin = match &event.said {
            Said::Open(open) => {
                let second = second_id(open.order.perm_id.map(PermId::new));
                bent.second_id = Some(second);
                Some(Said::Open(Box::new(with_perm_id(open, second))))
            }
            Said::Status(report) => {
                let second = second_id(Some(report.perm_id));
                bent.second_id = Some(second);
                let is_filled = report.status == BrokerStatus::Filled;
                let status = if is_filled { BrokerStatus::Cancelled } else { report.status };
                let remaining = quantity(report.filled.value() + report.remaining.value());
                let filled = quantity(Decimal::ZERO);
                let twin = OrderStatusReport {
                    perm_id: second,
                    status,
                    filled,
                    remaining,
                    ..report.as_ref().clone()
                };
                Some(Said::Status(Box::new(twin)))
            }
            Said::Bound(_) | Said::Execution(_) | Said::Commission(_) | Said::Message(_) => None,
        };
        bent.now.push(event);
        bent.now.extend(twin.map(|said| Event { client_id, said }));
    }
    bent
}

/// Returns an id that no order of the run has: the desk's stay below 2,001,000,000.
fn second_id(first: Option<PermId>) -> PermId {
    let first = first.map_or(0, PermId::get);
    PermId::new(2_100_000_000 + first.rem_euclid(10_000_000))
}

/// Returns the same open order under another permanent id.
pub(super) fn with_perm_id(open: &OpenOrder, perm_id: PermId) -> OpenOrder {
    let mut twin = open.clone();
    twin.order.perm_id = Some(perm_id.get());
    twin
}
