//! What each bot holds, from its fills, and what the account holds, from the broker.
//!
//! A fill is counted once however often it is reported; a correction replaces what it corrects.
//! Called by the fold of entries and by reconciliation.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{
    BotName, ConId, Decimal, ExecId, Execution, Intent, OrderRef, Qty, Side, SignedQty,
};

#[derive(Debug, Clone)]
struct Fill {
    exec_id: ExecId,
    order: Option<OrderRef>,
    con_id: ConId,
    signed: Decimal,
}

/// How an execution changed what is held.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) order: Option<OrderRef>,
    /// Change of the order's executed quantity; negative when a correction shrank it.
    pub(crate) quantity: Decimal,
    /// False for a correction.
    pub(crate) is_new: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Positions {
    fills: BTreeMap<String, Fill>,
    bots: BTreeMap<(BotName, ConId), Decimal>,
    account: Option<BTreeMap<ConId, Decimal>>,
    /// Fills learnt since the last snapshot, which the next one may or may not contain.
    in_flight: BTreeMap<ConId, Decimal>,
    symbols: BTreeMap<ConId, String>,
    /// Executions whose commission has an entry.
    commissions: BTreeSet<ExecId>,
}

/// Splits `0000e0d5.6596b0d2.01.02` before its last part, which counts the corrections. Ids of
/// another shape are their own root.
///
/// Source: TWS API, "Executions": a correction differs in the digits after the final period.
pub(crate) fn root(exec_id: &ExecId) -> (&str, u32) {
    let text = exec_id.as_str();
    match text.rsplit_once('.') {
        Some((root, last)) if root.matches('.').count() == 2 => match last.parse() {
            Ok(version) => (root, version),
            Err(_) => (text, 0),
        },
        Some(_) | None => (text, 0),
    }
}

fn signed(side: Side, quantity: Qty) -> Decimal {
    match side {
        Side::Buy => quantity.value(),
        Side::Sell => -quantity.value(),
    }
}

impl Positions {
    /// Returns whether an execution was not counted before.
    pub(crate) fn is_news(&self, exec_id: &ExecId) -> bool {
        let (root, version) = root(exec_id);
        self.fills.get(root).is_none_or(|fill| self::root(&fill.exec_id).1 < version)
    }

    /// Counts an execution, once.
    pub(crate) fn fold(&mut self, execution: &Execution) -> Option<Change> {
        if !self.is_news(&execution.exec_id) {
            return None;
        }
        self.symbols.insert(execution.con_id, execution.symbol.clone());
        let fill = Fill {
            exec_id: execution.exec_id.clone(),
            order: execution.order.clone(),
            con_id: execution.con_id,
            signed: signed(execution.side, execution.quantity),
        };
        let key = root(&execution.exec_id).0.to_owned();
        let size = fill.signed.abs();
        let order = fill.order.clone();
        self.hold(&fill, fill.signed);
        let old = self.fills.insert(key, fill);
        let is_new = old.is_none();
        let old_size = old.map_or(Decimal::ZERO, |old| {
            self.hold(&old, -old.signed);
            old.signed.abs()
        });
        Some(Change { order, quantity: size.saturating_sub(old_size), is_new })
    }

    fn hold(&mut self, fill: &Fill, signed: Decimal) {
        let add = |held: &mut Decimal| *held = held.saturating_add(signed);
        if let Some(order) = &fill.order {
            add(self.bots.entry((order.bot.clone(), fill.con_id)).or_default());
        }
        if let Some(account) = &mut self.account {
            add(account.entry(fill.con_id).or_default());
            add(self.in_flight.entry(fill.con_id).or_default());
        }
    }

    pub(crate) fn is_first_commission(&self, exec_id: &ExecId) -> bool {
        !self.commissions.contains(exec_id)
    }

    pub(crate) fn fold_commission(&mut self, exec_id: &ExecId) {
        self.commissions.insert(exec_id.clone());
    }

    pub(crate) fn n_fills(&self) -> usize {
        self.fills.len()
    }

    /// Returns what the bot holds by its own fills.
    pub(crate) fn of_bot(&self, bot: &BotName, con_id: ConId) -> SignedQty {
        SignedQty::new(self.bots.get(&(bot.clone(), con_id)).copied().unwrap_or_default())
    }

    /// Returns everything that the bot holds, flat instruments left out.
    pub(crate) fn all_of_bot<'a>(
        &'a self,
        bot: &'a BotName,
    ) -> impl Iterator<Item = (ConId, SignedQty)> + 'a {
        self.bots
            .iter()
            .filter(move |((name, _), held)| name == bot && !held.is_zero())
            .map(|((_, con_id), held)| (*con_id, SignedQty::new(*held)))
    }

    /// Returns what the account holds; `None` until the broker said it.
    pub(crate) fn of_account(&self, con_id: ConId) -> Option<SignedQty> {
        let account = self.account.as_ref()?;
        Some(SignedQty::new(account.get(&con_id).copied().unwrap_or_default()))
    }

    /// Returns everything that the account holds, flat instruments left out.
    pub(crate) fn all_of_account(&self) -> impl Iterator<Item = (ConId, SignedQty)> + '_ {
        self.account
            .iter()
            .flatten()
            .filter(|(_, held)| !held.is_zero())
            .map(|(con_id, held)| (*con_id, SignedQty::new(*held)))
    }

    /// Returns the sum of what the bots hold.
    pub(crate) fn of_bots(&self, con_id: ConId) -> SignedQty {
        let held = self.bots.iter().filter(|((_, held_in), _)| *held_in == con_id);
        SignedQty::new(held.fold(Decimal::ZERO, |sum, (_, held)| sum.saturating_add(*held)))
    }

    /// Returns the sum of every fill that was learnt, whoever caused it.
    pub(crate) fn of_all_fills(&self, con_id: ConId) -> SignedQty {
        let fills = self.fills.values().filter(|fill| fill.con_id == con_id);
        SignedQty::new(fills.fold(Decimal::ZERO, |sum, fill| sum.saturating_add(fill.signed)))
    }

    pub(crate) fn instruments(&self) -> impl Iterator<Item = ConId> + '_ {
        let bots = self.bots.keys().map(|(_, con_id)| *con_id);
        bots.chain(self.account.iter().flatten().map(|(con_id, _)| *con_id))
    }

    pub(crate) fn symbol(&self, con_id: ConId) -> Option<&str> {
        self.symbols.get(&con_id).map(String::as_str)
    }

    pub(crate) fn name_symbol(&mut self, con_id: ConId, symbol: &str) {
        if !symbol.is_empty() && self.symbol(con_id) != Some(symbol) {
            self.symbols.insert(con_id, symbol.to_owned());
        }
    }

    pub(crate) fn name_symbol_of(&mut self, intent: &Intent) {
        if let Some(con_id) = intent.contract.con_id {
            self.name_symbol(con_id, &intent.contract.symbol);
        }
    }

    /// Forgets what the account holds: nothing is known until the next snapshot.
    pub(crate) fn forget_account(&mut self) {
        self.account = None;
        self.in_flight.clear();
    }

    /// Takes the broker's positions. A fill that was learnt since the last snapshot may be missing
    /// in this one, which was asked for earlier: then the counted position holds.
    pub(crate) fn take_account(&mut self, positions: &[(ConId, SignedQty)]) {
        let mut account: BTreeMap<ConId, Decimal> =
            positions.iter().map(|(con_id, held)| (*con_id, held.value())).collect();
        let counted = self.account.take().unwrap_or_default();
        for (con_id, in_flight) in std::mem::take(&mut self.in_flight) {
            let told = account.entry(con_id).or_default();
            let ours = counted.get(&con_id).copied().unwrap_or_default();
            if told.saturating_add(in_flight) == ours {
                *told = ours;
            }
        }
        self.account = Some(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::{Currency, OrderId, PermId};

    const SPY: ConId = ConId::new(756_733);

    fn execution(id: &str, quantity: i64) -> Execution {
        let side = if quantity < 0 { Side::Sell } else { Side::Buy };
        Execution {
            exec_id: ExecId::new(id),
            order: Some(OrderRef { bot: "a".parse().unwrap(), order_id: OrderId::new(1) }),
            perm_id: PermId::new(1),
            con_id: SPY,
            symbol: "SPY".to_owned(),
            currency: Currency::USD,
            side,
            quantity: Qty::try_new(Decimal::from(quantity.abs())).unwrap(),
            price: "100".parse().unwrap(),
            at: None,
        }
    }

    fn check(executions: &[(&str, i64)], held: i64) {
        let mut positions = Positions::default();
        for (id, quantity) in executions {
            positions.fold(&execution(id, *quantity));
        }
        let bot = "a".parse().unwrap();
        assert_eq!(positions.of_bot(&bot, SPY).value(), Decimal::from(held), "{executions:?}");
    }

    #[test]
    fn counts_every_execution_once_and_replaces_a_corrected_one() {
        check(&[("a.b.01.01", 10), ("a.b.01.01", 10)], 10);
        check(&[("a.b.01.01", 10), ("a.b.02.01", 10)], 20);
        check(&[("a.b.01.01", 10), ("a.b.01.02", 7)], 7);
        check(&[("a.b.01.02", 7), ("a.b.01.01", 10)], 7);
        check(&[("sim.1", 10), ("sim.2", -4)], 6);
    }

    #[test]
    fn keeps_a_fill_that_an_older_snapshot_does_not_contain() {
        let mut positions = Positions::default();
        positions.take_account(&[(SPY, SignedQty::new(Decimal::from(5)))]);
        positions.fold(&execution("a.b.01.01", 10));
        positions.take_account(&[(SPY, SignedQty::new(Decimal::from(5)))]);
        assert_eq!(positions.of_account(SPY), Some(SignedQty::new(Decimal::from(15))));
        positions.take_account(&[(SPY, SignedQty::new(Decimal::from(15)))]);
        assert_eq!(positions.of_account(SPY), Some(SignedQty::new(Decimal::from(15))));
        positions.take_account(&[(SPY, SignedQty::new(Decimal::from(5)))]);
        assert_eq!(positions.of_account(SPY), Some(SignedQty::new(Decimal::from(5))));
    }
}
