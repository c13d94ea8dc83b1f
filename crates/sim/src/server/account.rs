//! The account, its positions and its profit, as messages.
//!
//! It must never compute money; the world's account does. Called by the hub.

mod values;

use gatehouse_tws::answer::{
    AccountDataEnd, AccountSummary, AccountSummaryEnd, AccountUpdateMulti, AccountUpdateMultiEnd,
    AccountUpdateTime, AccountValue, PnL, PnLSingle, PortfolioValue, Position, PositionEnd,
    PositionMulti, PositionMultiEnd,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{
    AccountDataRequest, AccountSummaryRequest, AccountUpdatesMultiRequest, PnLRequest,
    PnLSingleRequest, PositionsMultiRequest,
};
use gatehouse_types::{ConId, Decimal};

use self::values::{Asked, ledger_values, named_ledgers, summary_values, update_values};
use super::client::Client;
use super::hub::{Hub, SessionId};
use crate::world::account::{Marked, Valuation};
use crate::world::calendar::new_york;
use crate::world::orders::order::wire_contract;

/// Summaries that one client may have at a time, as at the real Gateway.
const SUMMARIES_MAX: usize = 2;

/// What reqAccountUpdatesMulti asked for.
#[derive(Debug, Clone)]
pub(super) struct WantedValues {
    model_code: String,
    /// Only the values of each currency.
    only_ledger: bool,
}

impl Hub {
    pub(super) fn account_data(&mut self, session: SessionId, asked: &AccountDataRequest) {
        if !self.is_own(session, -1, &asked.account) {
            return;
        }
        let subscribe = asked.subscribe;
        let was =
            self.with(session, |client| std::mem::replace(&mut client.wants.account, subscribe));
        if subscribe {
            self.say_account_data(session);
        } else if was == Some(true) {
            let text = "API client has been unsubscribed from account data.";
            self.complain(session, -1, 2100, text);
        }
    }

    /// Tells a client that asks for an account that this login does not have.
    fn is_own(&self, session: SessionId, id: i32, account: &str) -> bool {
        let is_own = account.is_empty() || account == self.world.account_id();
        if !is_own {
            let text = format!(
                "Error validating request.-'bL' : cause - Invalid account code '{account}'."
            );
            self.complain(session, id, 321, &text);
        }
        is_own
    }

    fn say_account_data(&mut self, session: SessionId) {
        let value = self.world.valuation();
        let account = self.world.account_id().to_owned();
        let time = new_york(self.world.now().secs()).strftime("%H:%M").to_string();
        let next = self.world.next_margin_change();
        let Some(client) = self.clients.get(&session) else { return };
        for (key, value, currency) in update_values(&value, &account, next) {
            let line = AccountValue { key, value, currency, account: account.clone() };
            client.say(line.encode(client.version));
        }
        for marked in &value.positions {
            client.say(portfolio(marked, &account).encode(client.version));
        }
        client.say(AccountUpdateTime { time }.encode(client.version));
        client.say(AccountDataEnd { account }.encode(client.version));
    }

    pub(super) fn account_summary(&mut self, session: SessionId, asked: &AccountSummaryRequest) {
        let (req_id, tags) = (asked.req_id, asked.tags.clone());
        if !asked.group.eq_ignore_ascii_case("All") {
            // No page says with which words a login without groups is told.
            let text = format!(
                "Error validating request.-'bZ' : cause - Group '{}' does not exist",
                asked.group
            );
            return self.complain(session, req_id.get(), 321, &text);
        }
        let Some(client) = self.clients.get_mut(&session) else { return };
        let others = client.wants.summaries.keys().filter(|other| **other != req_id).count();
        if others >= SUMMARIES_MAX {
            let text = "Error processing request.-'bZ' : cause - Maximum number of account summary requests exceeded";
            client.complain(req_id.get(), 322, text);
            return;
        }
        client.wants.summaries.insert(req_id, tags);
        self.say_summary(session, req_id, &asked.tags);
        if let Some(client) = self.clients.get(&session) {
            client.say(AccountSummaryEnd { req_id }.encode(client.version));
        }
    }

    fn say_summary(&mut self, session: SessionId, req_id: ReqId, tags: &str) {
        let value = self.world.valuation();
        let next = self.world.next_margin_change();
        let account = self.world.account_id().to_owned();
        let Some(client) = self.clients.get(&session) else { return };
        let wanted: Vec<&str> = tags.split(',').map(str::trim).collect();
        let everything = wanted.iter().any(|tag| tag.eq_ignore_ascii_case("all"));
        let summary = summary_values(&value, next)
            .into_iter()
            .filter(|(tag, _, _)| everything || wanted.contains(tag));
        let ledgers = wanted.iter().filter_map(|tag| Asked::read(tag));
        let ledger = ledgers.flat_map(|asked| ledger_values(&value, &asked));
        for (tag, value, currency) in summary.chain(ledger) {
            let line = AccountSummary {
                req_id,
                account: account.clone(),
                tag: tag.to_owned(),
                value,
                currency,
            };
            client.say(line.encode(client.version));
        }
    }

    pub(super) fn account_updates_multi(
        &mut self,
        session: SessionId,
        asked: &AccountUpdatesMultiRequest,
    ) {
        let req_id = asked.req_id;
        if !self.is_own(session, req_id.get(), &asked.account) {
            return;
        }
        let wanted = WantedValues {
            model_code: asked.model_code.clone(),
            only_ledger: asked.ledger_and_nlv,
        };
        self.say_updates_multi(session, req_id, &wanted);
        self.with(session, |client| client.wants.updates_multi.insert(req_id, wanted));
        if let Some(client) = self.clients.get(&session) {
            client.say(AccountUpdateMultiEnd { req_id }.encode(client.version));
        }
    }

    /// Says the values; of a model nothing, because the simulated account holds none.
    fn say_updates_multi(&mut self, session: SessionId, req_id: ReqId, wanted: &WantedValues) {
        if !wanted.model_code.is_empty() {
            return;
        }
        let value = self.world.valuation();
        let next = self.world.next_margin_change();
        let account = self.world.account_id().to_owned();
        let Some(client) = self.clients.get(&session) else { return };
        let lines = if wanted.only_ledger {
            named_ledgers(&value)
        } else {
            update_values(&value, &account, next)
        };
        for (key, value, currency) in lines {
            let line = AccountUpdateMulti {
                req_id,
                account: account.clone(),
                model_code: String::new(),
                key,
                value,
                currency,
            };
            client.say(line.encode(client.version));
        }
    }

    pub(super) fn positions(&mut self, session: SessionId) {
        self.with(session, |client| client.wants.positions = true);
        self.say_positions(session);
        if let Some(client) = self.clients.get(&session) {
            client.say(PositionEnd.encode(client.version));
        }
    }

    fn say_positions(&mut self, session: SessionId) {
        let account = self.world.account_id().to_owned();
        let Some(client) = self.clients.get(&session) else { return };
        for holding in self.world.holdings() {
            let line = Position {
                account: account.clone(),
                contract: wire_contract(holding.listing, ""),
                position: holding.shares,
                average_cost: holding.average_cost,
            };
            client.say(line.encode(client.version));
        }
    }

    pub(super) fn positions_multi(&mut self, session: SessionId, asked: &PositionsMultiRequest) {
        let (req_id, model_code) = (asked.req_id, asked.model_code.clone());
        if !self.is_own(session, req_id.get(), &asked.account) {
            return;
        }
        self.with(session, |client| client.wants.positions_multi.insert(req_id, model_code));
        self.say_positions_multi(session, req_id, &asked.model_code);
        if let Some(client) = self.clients.get(&session) {
            client.say(PositionMultiEnd { req_id }.encode(client.version));
        }
    }

    /// Says the positions; of a model nothing, because the simulated account holds none.
    fn say_positions_multi(&mut self, session: SessionId, req_id: ReqId, model_code: &str) {
        if !model_code.is_empty() {
            return;
        }
        let account = self.world.account_id().to_owned();
        let Some(client) = self.clients.get(&session) else { return };
        for holding in self.world.holdings() {
            let line = PositionMulti {
                req_id,
                account: account.clone(),
                contract: wire_contract(holding.listing, ""),
                position: holding.shares,
                average_cost: holding.average_cost,
                model_code: String::new(),
            };
            client.say(line.encode(client.version));
        }
    }

    pub(super) fn pnl(&mut self, session: SessionId, asked: &PnLRequest) {
        if !self.is_own(session, asked.req_id.get(), &asked.account) {
            return;
        }
        self.with(session, |client| client.wants.pnl.insert(asked.req_id, None));
        self.push_profit();
    }

    pub(super) fn pnl_single(&mut self, session: SessionId, asked: &PnLSingleRequest) {
        if !self.is_own(session, asked.req_id.get(), &asked.account) {
            return;
        }
        let con_id = ConId::new(asked.con_id);
        self.with(session, |client| {
            client.wants.pnl_single.insert(asked.req_id, (con_id, None));
        });
        self.push_profit();
    }

    /// After a fill: tells every subscriber of the account.
    pub(super) fn push_account(&mut self) {
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        for session in sessions {
            let Some(client) = self.clients.get(&session) else { continue };
            let (account, positions) = (client.wants.account, client.wants.positions);
            let summaries = client.wants.summaries.clone();
            let updates = client.wants.updates_multi.clone();
            let multi = client.wants.positions_multi.clone();
            if account {
                self.say_account_data(session);
            }
            if positions {
                self.say_positions(session);
            }
            for (req_id, tags) in &summaries {
                self.say_summary(session, *req_id, tags);
            }
            for (req_id, wanted) in &updates {
                self.say_updates_multi(session, *req_id, wanted);
            }
            for (req_id, model_code) in &multi {
                self.say_positions_multi(session, *req_id, model_code);
            }
        }
    }

    /// Sends profit and loss where it changed.
    pub(super) fn push_profit(&mut self) {
        let wanted =
            |client: &Client| !client.wants.pnl.is_empty() || !client.wants.pnl_single.is_empty();
        if !self.clients.values().any(wanted) {
            return;
        }
        let value = self.world.valuation();
        for client in self.clients.values_mut() {
            let mut totals = std::mem::take(&mut client.wants.pnl);
            for (req_id, said) in &mut totals {
                let pnl = total(*req_id, &value);
                if said.as_ref() != Some(&pnl) {
                    client.say(pnl.encode(client.version));
                    *said = Some(pnl);
                }
            }
            client.wants.pnl = totals;
            let mut singles = std::mem::take(&mut client.wants.pnl_single);
            for (req_id, (con_id, said)) in &mut singles {
                let pnl = single(*req_id, *con_id, &value);
                if said.as_ref() != Some(&pnl) {
                    client.say(pnl.encode(client.version));
                    *said = Some(pnl);
                }
            }
            client.wants.pnl_single = singles;
        }
    }
}

fn total(req_id: ReqId, value: &Valuation) -> PnL {
    let daily = Some(value.daily.round_dp(4).normalize());
    let (unrealized, realized) = (value.base.unrealised, value.base.realised.round_dp(4));
    PnL { req_id, daily, unrealized: Some(unrealized), realized: Some(realized) }
}

fn single(req_id: ReqId, con_id: ConId, value: &Valuation) -> PnLSingle {
    let marked = value.positions.iter().find(|one| one.holding.listing.con_id() == con_id);
    let Some(marked) = marked else {
        let zero = Some(Decimal::ZERO);
        let position = Decimal::ZERO;
        return PnLSingle {
            req_id,
            position,
            daily: zero,
            unrealized: zero,
            realized: zero,
            value: zero,
        };
    };
    let realised = marked.holding.realised.round_dp(4).normalize();
    PnLSingle {
        req_id,
        position: marked.holding.shares,
        daily: Some(marked.daily.round_dp(4).normalize()),
        unrealized: Some(marked.unrealised),
        realized: Some(realised),
        value: Some(marked.value),
    }
}

fn portfolio(marked: &Marked, account: &str) -> PortfolioValue {
    let listing = marked.holding.listing;
    let mut contract = wire_contract(listing, "");
    listing.primary_exchange.clone_into(&mut contract.primary_exchange);
    PortfolioValue {
        contract,
        position: marked.holding.shares,
        market_price: marked.price,
        market_value: marked.value,
        average_cost: marked.holding.average_cost,
        unrealized_pnl: marked.unrealised,
        realized_pnl: marked.holding.realised.round_dp(4).normalize(),
        account: account.to_owned(),
    }
}
