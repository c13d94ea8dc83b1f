//! Executions that are told again, corrected or busted.
//!
//! The account follows: a correction takes the fill back and books it anew. The order keeps the
//! state that it had. Part of the world.

use gatehouse_tws::answer::{CommissionReport, ExecutionReport};
use gatehouse_types::{Decimal, ExecId, Price, Side};

use crate::world::account::Booking;
use crate::world::catalog::{self, Kind, Listing};
use crate::world::drill::Correction;
use crate::world::orders::order::quantity;
use crate::world::{Event, Executed, Said, World};

/// No execution is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such execution")]
pub struct NoExecution;

impl World {
    /// Reports an execution once more, as it was.
    ///
    /// # Errors
    /// There is no such execution.
    pub fn repeat_execution(&self, exec_id: Option<&str>) -> Result<Vec<Event>, NoExecution> {
        let executed = self.meant(exec_id)?;
        Ok(events(executed.report.clone(), executed.commission.clone()))
    }

    /// Corrects an execution: its id ends in the next number, everything else but the correction is
    /// as it was.
    ///
    /// # Errors
    /// There is no such execution.
    pub fn correct_execution(&mut self, with: &Correction) -> Result<Vec<Event>, NoExecution> {
        let executed = self.meant(with.exec_id.as_deref())?.clone();
        let before = executed.report.execution.shares.value();
        let shares = with.shares.map_or(before, |shares| shares.0);
        let price = with.price.map(|price| Price::new(price.0));
        Ok(self.replace(&executed, shares, price.unwrap_or(executed.report.execution.price)))
    }

    /// Takes an execution back. An assumption: no page says how a bust looks in the API, so it
    /// comes as a correction to no shares.
    ///
    /// # Errors
    /// There is no such execution.
    pub fn bust_execution(&mut self, exec_id: Option<&str>) -> Result<Vec<Event>, NoExecution> {
        let executed = self.meant(exec_id)?.clone();
        let price = executed.report.execution.price;
        Ok(self.replace(&executed, Decimal::ZERO, price))
    }

    /// The execution with an id, or the latest; of one that was corrected the latest correction.
    fn meant(&self, exec_id: Option<&str>) -> Result<&Executed, NoExecution> {
        let is_it = |executed: &&Executed| {
            exec_id.is_none_or(|id| root(executed.report.execution.exec_id.as_str()) == root(id))
        };
        self.executions().iter().rev().find(is_it).ok_or(NoExecution)
    }

    fn replace(&mut self, executed: &Executed, shares: Decimal, price: Price) -> Vec<Event> {
        let execution = &executed.report.execution;
        let before = execution.shares.value();
        let mut report = executed.report.clone();
        report.execution.exec_id = next_version(&execution.exec_id);
        report.execution.price = price;
        report.execution.shares = quantity(shares);
        report.execution.cumulative = quantity(execution.cumulative.value() - before + shares);
        let exec_id = report.execution.exec_id.clone();
        let commission = executed.commission.clone().map(|before| CommissionReport {
            exec_id,
            realised: None,
            ..before
        });
        let listing = report.contract.con_id.and_then(catalog::by_con_id);
        // Of a combination the account holds the legs, whose executions are corrected by themselves.
        let booked = listing.filter(|listing| !matches!(listing.kind, Kind::Combo(_)));
        if let Some(listing) = booked {
            // The commission is charged once and belongs to the cost of what is held; of a bust it
            // stays charged.
            let charged = commission.as_ref().filter(|_| !shares.is_zero());
            let fee = charged.map_or(Decimal::ZERO, |charged| charged.commission.amount());
            let back = opposite(execution.side);
            self.rebook(listing, (back, before), execution.price, -fee);
            self.rebook(listing, (execution.side, shares), price, fee);
        }
        let at = self.now();
        self.book.record(Executed { report: report.clone(), commission: commission.clone(), at });
        events(report, commission)
    }

    fn rebook(
        &mut self,
        listing: &'static Listing,
        (side, shares): (Side, Decimal),
        price: Price,
        commission: Decimal,
    ) {
        if shares.is_zero() {
            return;
        }
        let rate = self.rate(listing);
        let price = price.value();
        self.account.book(&Booking { listing, side, shares, price, commission, rate });
    }
}

fn events(report: ExecutionReport, commission: Option<CommissionReport>) -> Vec<Event> {
    let client_id = report.execution.client_id;
    let charged = commission.map(|commission| Said::Commission(Box::new(commission)));
    std::iter::once(Said::Execution(Box::new(report)))
        .chain(charged)
        .map(|said| Event { client_id, said })
        .collect()
}

fn opposite(side: Side) -> Side {
    match side {
        Side::Buy => Side::Sell,
        Side::Sell => Side::Buy,
    }
}

/// What stays of an id when the execution is corrected: all but its last number.
fn root(exec_id: &str) -> &str {
    exec_id.rsplit_once('.').map_or(exec_id, |(root, _)| root)
}

fn next_version(exec_id: &ExecId) -> ExecId {
    let text = exec_id.as_str();
    match text.rsplit_once('.').and_then(|(root, last)| Some((root, last.parse::<u32>().ok()?))) {
        Some((root, last)) => ExecId::new(format!("{root}.{:02}", last.saturating_add(1))),
        None => ExecId::new(format!("{text}.02")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::drill::Amount;
    use crate::world::tests::{CLIENT, asked, world};

    #[test]
    fn a_correction_keeps_the_commission_in_the_cost_and_a_bust_keeps_it_charged() {
        let mut world = world();
        world.place(CLIENT, asked(1, "BUY", 100, "MKT", None));
        let held = |world: &World| {
            let holding = world.holdings().next().expect("is held");
            // To the cent: below it are the fees that regulators take.
            (holding.shares, holding.average_cost.round_dp(2), holding.realised.round_dp(2))
        };
        let price = Some(Amount(Decimal::new(60_025, 2)));
        let correction = Correction { exec_id: None, price, shares: None };
        for _ in 0..2 {
            world.correct_execution(&correction).expect("was executed");
            let cost = Decimal::new(60_026, 2);
            assert_eq!(held(&world), (Decimal::from(100), cost, Decimal::ZERO));
        }
        world.bust_execution(None).expect("was executed");
        assert_eq!(held(&world), (Decimal::ZERO, Decimal::ZERO, Decimal::NEGATIVE_ONE));
    }
}
