//! Everything that an order says about how it is to be worked, read once when it is taken.
//!
//! It must never know the market or the account. Called by the order desk.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, Side};

use super::adjusted::Adjusted;
use super::algos::{self, Algo};
use super::checks::message;
use super::combos;
use super::conditions::{self, Conditions};
use super::kind::{Refused, WorkKind, set};
use super::lifetime::{Lifetime, stamp};
use super::triggers::TriggerMethod;
use crate::world::catalog::Listing;
use crate::world::time::wire_time;

/// How an order is to be worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    pub kind: WorkKind,
    pub lifetime: Lifetime,
    /// When it begins at the earliest (goodAfterTime), in seconds.
    pub not_before: Option<i64>,
    pub method: TriggerMethod,
    pub conditions: Conditions,
    pub algo: Option<Algo>,
    pub adjusted: Option<Adjusted>,
    /// How far beyond its limit it would still trade, unseen.
    pub discretion: Decimal,
    pub all_or_none: bool,
    /// The least that its first fill may be.
    pub least: Decimal,
    /// It never takes what is displayed.
    pub post_only: bool,
    /// It is kept, but put aside.
    pub is_idle: bool,
}

impl Manner {
    /// Reads the manner of an order.
    ///
    /// # Errors
    /// What the broker says about fields that cannot be, as a message about the order.
    pub fn read(
        asked: &PlaceOrder,
        side: Side,
        listing: &Listing,
        now: i64,
    ) -> Result<Self, ErrorReport> {
        Self::from_order(&asked.order, side, listing, now)
            .map_err(|why| message(asked.order_id, why.code, why.text))
    }

    fn from_order(order: &Order, side: Side, listing: &Listing, now: i64) -> Result<Self, Refused> {
        let kind = WorkKind::read(order, side, listing)?;
        combos::check(&kind, listing)?;
        let lifetime = Lifetime::read(order, &kind, now)?;
        let after = order.good_after_time.trim();
        let manner = Self {
            not_before: if after.is_empty() { None } else { Some(stamp(after, now)?) },
            method: TriggerMethod::read(order.trigger_method, listing)?,
            conditions: Conditions::read(order, &kind, now)?,
            algo: Algo::read(order, &kind, listing, now)?,
            adjusted: Adjusted::read(order, &kind, side, listing)?,
            discretion: set(order.discretionary_amt).unwrap_or_default(),
            all_or_none: order.all_or_none,
            least: Decimal::from(order.min_qty.unwrap_or(0)),
            post_only: order.post_only,
            is_idle: order.deactivate,
            kind,
            lifetime,
        };
        manner.check_sizes(order)?;
        manner.check_discretion(order, listing)?;
        Ok(manner)
    }

    fn check_sizes(&self, order: &Order) -> Result<(), Refused> {
        if Decimal::from(order.display_size.unwrap_or(0)) > order.total_quantity {
            return Err(Refused::new(10020, "Display size should be smaller than order size."));
        }
        if order.block_order && order.total_quantity < Decimal::from(50) {
            return Err(Refused::new(117, "The block order size must be at least 50."));
        }
        if self.least > order.total_quantity {
            return Err(Refused::cause("Minimum quantity is larger than the order size"));
        }
        Ok(())
    }

    fn check_discretion(&self, order: &Order, listing: &Listing) -> Result<(), Refused> {
        if self.discretion.is_zero() {
            return Ok(());
        }
        if order.display_size.is_some_and(|shown| shown != 0) {
            let text = "An order can be EITHER Iceberg or Discretionary. Please remove either the Discretionary amount or the Display size.";
            return Err(Refused::new(157, text));
        }
        let is_limit = matches!(self.kind, WorkKind::Limit { .. } | WorkKind::Pegged(_));
        if !is_limit || self.discretion.is_sign_negative() {
            let text = "Discretionary orders are not supported for this combination of exchange and order type.";
            return Err(Refused::new(325, text));
        }
        if (self.discretion % listing.min_tick()).is_zero() {
            return Ok(());
        }
        let text = "Discretionary amount does not conform to the minimum price variation for this contract.";
        Err(Refused::new(168, text))
    }

    /// Returns when its first session begins at the earliest, in seconds: now, but for an algorithm
    /// whose times were moved.
    pub(super) fn session_from(&self, now: i64) -> i64 {
        let moved = self.algo.as_ref().filter(|algo| algo.is_moved);
        moved.and_then(|algo| algo.starts).map_or(now, |starts| starts.max(now))
    }

    /// Writes into an order what the broker echoes of its manner: every time as New York writes it.
    /// Source: what a paper Gateway echoes at server version 225.
    pub(super) fn echo(&self, order: &mut Order, now: i64) {
        if let (Lifetime::Until(at), false) = (self.lifetime, order.good_till_date.is_empty()) {
            order.good_till_date = wire_time(at);
        }
        if let Some(at) = self.not_before {
            order.good_after_time = wire_time(at);
        }
        conditions::echo(order, now);
        algos::echo(self.algo.as_ref(), order);
    }
}
