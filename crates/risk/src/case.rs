//! One intent with everything that its judgement may look at, and the list of what was found.
//!
//! It must never decide: deciding is the controls' task. Made by `evaluate`, read by the controls.

use std::cell::OnceCell;
use std::time::Duration;

use gatehouse_types::{
    DataType, Decimal, Finding, Instrument, Intent, Layers, Limit, LimitId, Names, Now, Policy,
    Price, Quote, Refusal, Scope, ScopeRef, Side, TradingHours, Weight,
};

use crate::change::only_softens;
use crate::exit::is_exit_beside;
use crate::sums::Sums;
use crate::tally::Tally;
use crate::value::Missing;
use crate::{Lookup, View};

/// What the controls judge.
///
/// What several of them look at is measured when the first asks, and kept.
pub(crate) struct Case<'a> {
    limits: Layers<'a>,
    quote: Option<&'a Quote>,
    touch: Option<Price>,
    hours: OnceCell<Result<TradingHours, Missing>>,
    /// The price and the value of the order, the price of a position after it.
    pub(crate) order_price: OnceCell<Result<Price, Missing>>,
    pub(crate) order_value: OnceCell<Result<Decimal, Missing>>,
    pub(crate) position_price: OnceCell<Result<Price, Missing>>,
    /// Net liquidation, when it is recent; never below zero.
    pub(crate) worth: OnceCell<Result<Decimal, Missing>>,
    /// Of the account and of the bot, without and with the order.
    pub(crate) sums: [OnceCell<Result<Sums, Missing>>; 4],
    pub(crate) tally: Tally,
    pub(crate) view: &'a View<'a>,
    pub(crate) intent: &'a Intent,
    pub(crate) now: Now,
    /// `None` when the contract is not known for certain.
    pub(crate) instrument: Option<&'a Instrument>,
    pub(crate) is_exit: bool,
    /// Whether the intent, once sent, could leave more at risk than there is without it.
    pub(crate) adds_risk: bool,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        policy: &'a Policy,
        view: &'a View<'a>,
        intent: &'a Intent,
        now: Now,
    ) -> Self {
        let instrument = match view.instrument {
            Lookup::Found(instrument) => Some(instrument),
            Lookup::Unknown | Lookup::Ambiguous => None,
        };
        let tally = Tally::of(view, intent);
        let is_exit = is_exit_beside(&tally, view, intent);
        let adds_risk = !is_exit && !only_softens(view, intent);
        // The symbol is the broker's where it is known: a bot's spelling must not choose the limit.
        let symbol = instrument.map_or(intent.contract.symbol.as_str(), |it| it.symbol.as_str());
        let limits = policy.layers(view.bot, symbol);
        let quote = view.quote.filter(|quote| is_believed(quote.data, &limits));
        let touch = quote.and_then(|quote| match intent.side {
            Side::Buy => quote.ask,
            Side::Sell => quote.bid,
        });
        Self {
            limits,
            quote,
            touch: touch.filter(|price| is_positive(*price)),
            hours: OnceCell::new(),
            order_price: OnceCell::new(),
            order_value: OnceCell::new(),
            position_price: OnceCell::new(),
            worth: OnceCell::new(),
            sums: [const { OnceCell::new() }; 4],
            tally,
            view,
            intent,
            now,
            instrument,
            is_exit,
            adds_risk,
        }
    }

    /// Returns the strictest value of a limit, `None` when it is off.
    pub(crate) fn limit(&self, id: LimitId) -> Option<Limit<'a>> {
        self.limits.limit(id)
    }

    /// Returns the value of each scope that has one, for a measure that differs by scope.
    pub(crate) fn each_limit(&self, id: LimitId) -> impl Iterator<Item = Limit<'a>> {
        self.limits.each(id)
    }

    /// Returns the scope that has switched a rule on, `None` when it is off.
    pub(crate) fn switched_on(&self, id: LimitId) -> Option<ScopeRef<'a>> {
        self.limits.switched_on(id)
    }

    /// Returns the lists of every scope that has one.
    pub(crate) fn names(&self, id: LimitId) -> impl Iterator<Item = (ScopeRef<'a>, &'a Names)> {
        self.limits.names(id)
    }

    /// Returns the quote, when its kind of prices is believed.
    pub(crate) fn live_quote(&self) -> Option<&'a Quote> {
        self.quote
    }

    /// Returns the part of the trading day in which it is judged.
    pub(crate) fn trading_hours(&self) -> Result<TradingHours, Missing> {
        *self.hours.get_or_init(|| {
            let hours = &self.instrument.ok_or("contract details")?.hours;
            let now = self.now.market.ok_or("time of the Gateway")?;
            hours.at(now).ok_or("hours of this day")
        })
    }

    /// Returns the reason for a contract that is not known for certain.
    pub(crate) fn contract_unknown(&self) -> Refusal {
        let contract = &self.intent.contract;
        let symbol = match contract.con_id {
            Some(con_id) if contract.symbol.is_empty() => con_id.to_string(),
            Some(_) | None => contract.symbol.clone(),
        };
        match self.view.instrument {
            Lookup::Ambiguous | Lookup::Found(_) => Refusal::ContractAmbiguous { symbol },
            Lookup::Unknown => Refusal::ContractUnknown { symbol },
        }
    }

    /// Returns the price that the intent would trade at if it traded this instant: the ask for a
    /// buy, the bid for a sell. Zero and less is no price of a stock, and so unknown.
    pub(crate) fn touch(&self) -> Option<Price> {
        self.touch
    }

    /// Returns the name of the price that `touch` looks for.
    pub(crate) fn touch_name(&self) -> &'static str {
        match self.intent.side {
            Side::Buy => "ask",
            Side::Sell => "bid",
        }
    }
}

/// Returns whether a kind of prices is believed: live ones, others only where GH-13 is off, those
/// of an unknown kind never.
fn is_believed(data: DataType, limits: &Layers<'_>) -> bool {
    match data {
        DataType::Live => true,
        DataType::Delayed | DataType::Frozen => limits.switched_on(LimitId::LiveDataOnly).is_none(),
        DataType::Other => false,
    }
}

/// Returns whether a price is above zero.
pub(crate) fn is_positive(price: Price) -> bool {
    price.value().is_sign_positive() && !price.value().is_zero()
}

/// Returns a span of time in exact seconds, for a comparison with a limit.
pub(crate) fn seconds(span: Duration) -> Decimal {
    i128::try_from(span.as_nanos())
        .ok()
        .and_then(|nanos| Decimal::try_from_i128_with_scale(nanos, NANO_PLACES).ok())
        .unwrap_or(Decimal::MAX)
}

/// Returns a limit in seconds as a span of time, to be shown.
pub(crate) fn duration_of(seconds: Decimal) -> Duration {
    seconds
        .checked_mul(Decimal::from(NANOS_PER_SECOND))
        .and_then(|nanos| u64::try_from(nanos.floor()).ok())
        .map_or(Duration::MAX, Duration::from_nanos)
}

const NANO_PLACES: u32 = 9;
const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// What the controls found, each reason once.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a reason that a rule without a scope of its own gives.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.refuse_in(Scope::Account, refusal);
    }

    /// Adds a reason, and the scope whose limit or state gives it.
    pub(crate) fn refuse_in(&mut self, scope: impl Into<Scope>, refusal: Refusal) {
        self.add(Finding { weight: Weight::Refuse, scope: scope.into(), refusal });
    }

    /// Adds something worth a look.
    pub(crate) fn warn_in(&mut self, scope: impl Into<Scope>, refusal: Refusal) {
        self.add(Finding { weight: Weight::Warn, scope: scope.into(), refusal });
    }

    /// Returns the findings by the number of the control that the reason names: a control that
    /// misses a quote reports GH-12's reason.
    pub(crate) fn into_vec(mut self) -> Vec<Finding> {
        self.0.sort_by_key(|finding| finding.refusal.control());
        self.0
    }

    /// Two controls that miss the same input say so once.
    fn add(&mut self, finding: Finding) {
        let is_known =
            self.0.iter().any(|it| it.weight == finding.weight && it.refusal == finding.refusal);
        if !is_known {
            self.0.push(finding);
        }
    }
}
