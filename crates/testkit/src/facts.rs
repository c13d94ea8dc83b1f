//! Owns what a `View` only borrows.

use gatehouse_risk::{Churn, Connection, Lookup, Recent, Refused, Standing, View};
use gatehouse_types::{
    AccountId, BotName, ConId, Currency, DataType, Decimal, EntrySeq, Hours, Instrument, Intent,
    Known, Mode, Money, Mono, OrderRef, OrderStatus, Qty, Quote, Scope, SecType, Side, SignedQty,
    Span, TradingState, Utc, WorkingOrder,
};

use crate::{bot, dec, now, px};

/// What is known about the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contracted {
    Found(Instrument),
    Unknown,
    Ambiguous,
}

/// Everything that a judgement may know, owned. Change the fields, then take a view.
#[derive(Debug, Clone)]
pub struct Facts {
    pub bot: BotName,
    pub is_registered: bool,
    pub mode: Mode,
    pub account: Option<AccountId>,
    pub state: (TradingState, Scope),
    pub connection: Connection,
    pub ledger_writable: bool,
    pub instrument: Contracted,
    pub quote: Option<Quote>,
    pub net_liquidation: Option<Known<Money>>,
    pub account_position: Option<SignedQty>,
    pub bot_position: SignedQty,
    pub working: Vec<WorkingOrder>,
    pub replaces: Option<(WorkingOrder, Intent)>,
    pub recent: Vec<Recent>,
    pub churn: Churn,
    pub standing: Standing,
    pub orders_today: Option<u32>,
    pub price_move: Option<Decimal>,
}

/// Returns the instrument SPY.
#[must_use]
pub fn spy() -> Instrument {
    Instrument {
        con_id: ConId::new(756_733),
        symbol: "SPY".to_owned(),
        sec_type: SecType::Stock,
        primary_exchange: "ARCA".to_owned(),
        currency: Currency::USD,
        min_tick: dec("0.01"),
        multiplier: Decimal::ONE,
        hours: monday(),
    }
}

/// Returns the hours of Monday 5 January 2026, on which the clock starts at the open: regular from
/// 09:30 to 16:00, extended from 04:00 to 20:00, New York.
#[must_use]
pub fn monday() -> Hours {
    let span = |from: i64, to: i64| {
        // Midnight in New York.
        let at = |minutes: i64| Utc::from_nanos((1_767_589_200 + minutes * 60) * 1_000_000_000);
        Span { from: at(from), to: at(to) }
    };
    Hours {
        days: vec![span(0, 24 * 60)],
        regular: vec![span(9 * 60 + 30, 16 * 60)],
        all: vec![span(4 * 60, 20 * 60)],
    }
}

/// Returns the sums of a bot and an account that did nothing today.
#[must_use]
pub fn flat() -> Standing {
    let nothing = Ok(Money::new(Decimal::ZERO, Currency::USD));
    Standing {
        holdings: Vec::new(),
        bot_day: nothing,
        account_day: nothing,
        bot_traded: nothing,
        account_traded: nothing,
        minute: nothing,
        refused: Refused::default(),
    }
}

/// Starts from the ordinary morning, learnt at the instant at which the clock starts.
#[must_use]
pub fn facts() -> Facts {
    let at = now().mono;
    Facts {
        bot: bot(),
        is_registered: true,
        mode: Mode::Sim,
        account: Some(AccountId::new("DU1234567")),
        state: (TradingState::Active, Scope::Account),
        connection: Connection::Ready,
        ledger_writable: true,
        instrument: Contracted::Found(spy()),
        quote: Some(Quote {
            bid: Some(px("659.98")),
            ask: Some(px("660.00")),
            last: Some(px("659.99")),
            at,
            data: DataType::Live,
        }),
        net_liquidation: Some(Known { value: Money::new(dec("1000000"), Currency::USD), at }),
        account_position: Some(SignedQty::FLAT),
        bot_position: SignedQty::FLAT,
        working: Vec::new(),
        replaces: None,
        recent: Vec::new(),
        churn: Churn::default(),
        standing: flat(),
        orders_today: Some(0),
        price_move: Some(Decimal::ZERO),
    }
}

impl Facts {
    /// Returns what the judgement sees.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View {
            bot: &self.bot,
            is_registered: self.is_registered,
            mode: self.mode,
            account: self.account.as_ref(),
            state: (self.state.0, &self.state.1),
            connection: self.connection,
            ledger_writable: self.ledger_writable,
            instrument: match &self.instrument {
                Contracted::Found(instrument) => Lookup::Found(instrument),
                Contracted::Unknown => Lookup::Unknown,
                Contracted::Ambiguous => Lookup::Ambiguous,
            },
            quote: self.quote.as_ref(),
            net_liquidation: self.net_liquidation,
            account_position: self.account_position,
            bot_position: self.bot_position,
            working: &self.working,
            replaces: self.replaces.as_ref().map(|(working, old)| (working, old)),
            recent: &self.recent,
            churn: self.churn,
            standing: &self.standing,
            orders_today: self.orders_today,
            price_move: self.price_move,
        }
    }

    /// Gives the account and the bot the same position.
    #[must_use]
    pub fn holding(mut self, position: i64) -> Self {
        let position = SignedQty::new(Decimal::from(position));
        (self.account_position, self.bot_position) = (Some(position), position);
        self
    }

    /// Sets both sides of the quote.
    #[must_use]
    pub fn quoted(mut self, bid: &str, ask: &str) -> Self {
        if let Some(quote) = &mut self.quote {
            (quote.bid, quote.ask) = (Some(px(bid)), Some(px(ask)));
        }
        self
    }

    /// Adds a working order in SPY of `owner`, or of nobody we know.
    #[must_use]
    pub fn working(mut self, owner: Option<&BotName>, side: Side, remaining: u32) -> Self {
        let order = crate::intent().build();
        let remaining = Decimal::from(remaining);
        let remaining = Qty::try_new(remaining).expect("an unsigned number is a quantity");
        let resting = resting(&order, owner);
        self.working.push(WorkingOrder { side, remaining, remaining_least: remaining, ..resting });
        self
    }

    /// Makes what is judged a modify of this order of the bot, nothing of which has filled.
    #[must_use]
    pub fn replacing(mut self, old: Intent) -> Self {
        let working = resting(&old, Some(&self.bot));
        self.replaces = Some((working, old));
        self
    }

    /// Adds an order that was allowed before.
    #[must_use]
    pub fn sent(mut self, at: Mono, intent: &Intent, is_new: bool) -> Self {
        self.recent.push(Recent {
            at,
            con_id: intent.contract.con_id,
            side: intent.side,
            kind: intent.kind.clone(),
            quantity: intent.quantity,
            is_new,
        });
        self
    }
}

fn resting(intent: &Intent, owner: Option<&BotName>) -> WorkingOrder {
    WorkingOrder {
        order: owner.map(|bot| OrderRef { bot: bot.clone(), order_id: intent.order_id }),
        entry: owner.map(|_| EntrySeq::new(1)),
        perm_id: None,
        con_id: intent.contract.con_id.unwrap_or_else(|| spy().con_id),
        side: intent.side,
        remaining: intent.quantity,
        remaining_least: intent.quantity,
        family: intent.family.clone(),
        kind: intent.kind.clone(),
        status: OrderStatus::Submitted,
    }
}
