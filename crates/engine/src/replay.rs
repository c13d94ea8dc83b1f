//! Recorded requests, judged again by other limits and by what was recorded beside them.
//!
//! Only controls whose inputs are in the record are evaluated again; what any other rule found
//! stays as it was. Nothing of the engine's state but its limits and its mode is looked at, and
//! nothing changes.

use std::time::Duration;

use gatehouse_risk::{Churn, Connection, Lookup, Standing, View, evaluate_only};
use gatehouse_types::{
    BotName, ControlId, EntryKind, Family, Hours, Inputs, Instrument, Intent, Known, LimitId,
    LimitValue, Mode, Mono, Now, OrderId, OrderKind, OrderRef, OrderStatus, Policy, Qty, Quote,
    Scope, SeenInstrument, Span, Stamp, TradingHours, TradingState, Utc, Verdict, WorkingOrder,
};

use crate::{CommandError, Engine};

/// Controls whose inputs are recorded whole: quantity, value, algos, collars, market orders, penny
/// stocks, age, kind and sense of the quote, spread, hours, symbols, securities, currencies, order
/// types, short sales, orders of the day and position. The others look at what no entry holds: the
/// orders, positions and results of every instrument, the orders of the seconds before, states.
const REPLAYED: [u8; 20] =
    [3, 4, 5, 6, 7, 9, 10, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 32, 36];

/// Judges recorded requests by limits that are not in force.
#[derive(Debug, Clone)]
pub struct Replayer {
    policy: Policy,
    mode: Mode,
}

impl Engine {
    /// Returns a judge with the limits in force and these changes. Changes nothing.
    ///
    /// # Errors
    /// When a scope has no limits or a value makes no sense.
    pub fn replayer(
        &self,
        edits: Vec<(Scope, LimitId, Option<Option<LimitValue>>)>,
    ) -> Result<Replayer, CommandError> {
        let mut policy = self.policy.clone();
        for (scope, limit, value) in edits {
            let (change, _) = self.weigh_limit(scope, limit, value)?;
            policy.set(change.scope, change.limit, change.new);
        }
        Ok(Replayer { policy, mode: self.session.mode().unwrap_or(Mode::Live) })
    }
}

impl Replayer {
    /// Returns whether a limit belongs to a control that is evaluated again.
    #[must_use]
    pub fn covers(limit: LimitId) -> bool {
        gatehouse_risk::controls::ALL
            .iter()
            .any(|control| control.limits.contains(&limit) && is_replayed(control.id))
    }

    /// Returns the verdict on a recorded request; `None` when its record does not hold what the
    /// judgement needs: it has no inputs, or it is a change or a member of a family.
    #[must_use]
    pub fn judge(&self, kind: &EntryKind, stamp: Stamp) -> Option<Verdict> {
        let EntryKind::Judged { bot, intent, replaces, verdict, inputs, .. } = kind else {
            return None;
        };
        if replaces.is_some() || !intent.family.is_alone() {
            return None;
        }
        let past = Past::new(bot, intent, inputs.as_deref()?, stamp)?;
        let mut findings = self.found_again(&past, bot, intent);
        let kept = verdict.findings.iter().filter(|it| !is_replayed(it.refusal.control()));
        findings.extend(kept.cloned());
        Some(Verdict { findings, ..*verdict })
    }

    fn found_again(
        &self,
        past: &Past<'_>,
        bot: &BotName,
        intent: &Intent,
    ) -> Vec<gatehouse_types::Finding> {
        let inputs = past.inputs;
        let (standing, scope) = (Standing::default(), Scope::Account);
        let view = View {
            standing: &standing,
            bot,
            is_registered: true,
            mode: self.mode,
            account: None,
            state: (TradingState::Active, &scope),
            connection: Connection::Ready,
            ledger_writable: true,
            instrument: past.instrument.as_ref().map_or(Lookup::Unknown, Lookup::Found),
            quote: past.quote.as_ref(),
            net_liquidation: inputs
                .net_liquidation
                .map(|seen| Known { value: seen.value, at: past.before(seen.age) }),
            account_position: inputs.position.account,
            bot_position: inputs.position.bot.unwrap_or(gatehouse_types::SignedQty::FLAT),
            working: &past.working,
            replaces: None,
            recent: &[],
            churn: Churn::default(),
            orders_today: inputs.orders_today,
            price_move: inputs.price_move,
        };
        evaluate_only(&self.policy, &view, intent, past.now, is_replayed)
    }
}

fn is_replayed(control: ControlId) -> bool {
    REPLAYED.contains(&control.number())
}

/// The instant of a verdict, as far as its record goes.
struct Past<'a> {
    inputs: &'a Inputs,
    now: Now,
    instrument: Option<Instrument>,
    quote: Option<Quote>,
    working: Vec<WorkingOrder>,
}

impl<'a> Past<'a> {
    fn new(bot: &BotName, intent: &Intent, inputs: &'a Inputs, stamp: Stamp) -> Option<Self> {
        let quote_age = inputs.quote.map(|it| it.age);
        let ages = [quote_age, inputs.net_liquidation.map(|it| it.age)];
        let oldest = ages.into_iter().flatten().max().unwrap_or(Duration::ZERO);
        let now = Now { mono: Mono::new(oldest), utc: stamp.utc, market: stamp.market };
        let mut past = Self { inputs, now, instrument: None, quote: None, working: Vec::new() };
        past.quote = inputs.quote.map(|seen| Quote {
            bid: seen.bid,
            ask: seen.ask,
            last: seen.last,
            at: past.before(seen.age),
            data: seen.data,
        });
        if let Some(seen) = &inputs.instrument {
            past.instrument = Some(instrument(seen, inputs.hours, stamp.market));
            past.working = working(bot, intent, seen, inputs)?;
        }
        Some(past)
    }

    fn before(&self, age: Duration) -> Mono {
        Mono::new(self.now.mono.since(Mono::new(age)))
    }
}

/// Returns the instrument with hours that say of this instant what was known of it.
fn instrument(seen: &SeenInstrument, at: Option<TradingHours>, market: Option<Utc>) -> Instrument {
    let instant = market.map(|from| Span { from, to: from.plus(Duration::from_nanos(1)) });
    let within = |holds: bool| instant.filter(|_| holds).into_iter().collect();
    let hours = Hours {
        days: within(at.is_some()),
        regular: within(at == Some(TradingHours::Regular)),
        all: within(matches!(at, Some(TradingHours::Regular | TradingHours::Extended))),
    };
    Instrument {
        con_id: seen.con_id,
        symbol: seen.symbol.clone(),
        sec_type: seen.sec_type.clone(),
        primary_exchange: String::new(),
        currency: seen.currency,
        min_tick: seen.min_tick,
        multiplier: seen.multiplier,
        hours,
    }
}

/// Returns two orders that add up to what worked on the side of the intent: the bot's, and what
/// the account had beside it. `None` when the sums are not known.
fn working(
    bot: &BotName,
    intent: &Intent,
    seen: &SeenInstrument,
    inputs: &Inputs,
) -> Option<Vec<WorkingOrder>> {
    let (own, all) = (inputs.working.bot?, inputs.working.account?);
    let others = Qty::try_new(all.value().checked_sub(own.value())?).ok()?;
    let order = |order, remaining| WorkingOrder {
        order,
        entry: None,
        perm_id: None,
        con_id: seen.con_id,
        side: intent.side,
        remaining,
        remaining_least: remaining,
        family: Family::alone(),
        kind: OrderKind::Market,
        status: OrderStatus::Submitted,
    };
    let of_bot = OrderRef { bot: bot.clone(), order_id: OrderId::new(0) };
    Some(vec![order(Some(of_bot), own), order(None, others)])
}
