//! One entry of every kind, for the tests of this crate.

use std::time::Duration;

use gatehouse_types::{
    Actor, BotConfig, BotName, ClientId, ConId, Contract, Currency, DataType, Decimal, Entry,
    EntryKind, EntrySeq, ExecId, Execution, Family, Feature, Finding, Inputs, Intent, KillOrder,
    LimitChange, LimitId, LimitValue, Mode, Money, OrderId, OrderKind, OrderRef, OrderStatus,
    PermId, Price, Qty, Refusal, Scope, SecType, Seen, SeenInstrument, SeenMoney, SeenQuote,
    SessionPhase, Severity, Side, SignedQty, Stamp, Tif, TradingHours, TradingState, Utc, Verdict,
    Weight,
};

pub(crate) fn bot() -> BotName {
    "momentum-spy".parse().expect("is a name")
}

pub(crate) fn order_ref() -> OrderRef {
    OrderRef { bot: bot(), order_id: OrderId::new(1190) }
}

fn dec(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("is a decimal")
}

fn px(text: &str) -> Price {
    Price::new(dec(text))
}

fn qty(text: &str) -> Qty {
    Qty::try_new(dec(text)).expect("is a quantity")
}

fn usd(text: &str) -> Money {
    Money::new(dec(text), Currency::USD)
}

/// An entry whose times follow from its place.
pub(crate) fn entry(seq: u64, actor: Actor, kind: EntryKind) -> Entry {
    let second = i64::try_from(seq).expect("is small");
    let utc = Utc::from_nanos(1_790_000_000_000_000_007 + second * 1_000_000_000);
    let market = (!seq.is_multiple_of(3))
        .then(|| Utc::from_nanos(1_767_623_400_000_000_000 + second * 1_000_000_000));
    Entry { seq: EntrySeq::new(seq), stamp: Stamp { utc, market }, actor, kind }
}

pub(crate) fn intent() -> Intent {
    Intent {
        order_id: OrderId::new(1190),
        contract: Contract {
            con_id: Some(ConId::new(756_733)),
            symbol: "SPY".to_owned(),
            sec_type: SecType::Stock,
            exchange: "SMART".to_owned(),
            primary_exchange: "ARCA".to_owned(),
            currency: "USD".to_owned(),
            local_symbol: "SPY".to_owned(),
            trading_class: "SPY".to_owned(),
        },
        account: Some(gatehouse_types::AccountId::new("DU1234567")),
        side: Side::Buy,
        quantity: qty("15"),
        kind: OrderKind::Limit { limit: Some(px("663.84")) },
        tif: Tif::Day,
        outside_rth: false,
        what_if: false,
        order_ref: "entry \"1\"\n\u{0}\u{7f}é".to_owned(),
        family: Family::alone(),
        features: vec![],
    }
}

pub(crate) fn verdict(findings: Vec<Finding>) -> Verdict {
    Verdict { findings, is_exit: false, n_controls: 15 }
}

pub(crate) fn judged(intent: Intent, verdict: Verdict, frame: Vec<u8>) -> EntryKind {
    EntryKind::Judged {
        bot: bot(),
        intent: Box::new(intent),
        replaces: None,
        verdict,
        policy_version: 418,
        frame,
        inputs: None,
    }
}

/// An allowed order of the bot, with a frame of 150 bytes.
pub(crate) fn allowed(seq: u64) -> Entry {
    let frame = (0..150).map(|i: u8| i.wrapping_mul(7)).collect();
    entry(seq, Actor::Bot(bot()), judged(intent(), verdict(vec![]), frame))
}

pub(crate) fn features() -> Vec<Feature> {
    vec![
        Feature::Algo,
        Feature::Hedge,
        Feature::Scale,
        Feature::Conditions,
        Feature::ComboLegs,
        Feature::CashQuantity,
        Feature::Parent,
        Feature::OcaGroup,
        Feature::NotTransmitted,
        Feature::AttachedOrders,
        Feature::Adjusted,
        Feature::Trailing,
        Feature::DeltaNeutral,
        Feature::FinancialAdvisor,
        Feature::Field("hidden"),
    ]
}

pub(crate) fn refusals() -> Vec<Refusal> {
    let second = Duration::from_secs(1);
    vec![
        Refusal::Senseless { field: "quantity", value: "-0".to_owned() },
        Refusal::ContractUnknown { symbol: "SPX".to_owned() },
        Refusal::ContractAmbiguous { symbol: "SPX".to_owned() },
        Refusal::AccountForeign,
        Refusal::QuantityAbove { quantity: dec("50000"), limit: dec("500") },
        Refusal::QuantityNear { quantity: dec("450"), limit: dec("500.00") },
        Refusal::ValueAbove { value: usd("91200.00"), limit: usd("50000") },
        Refusal::ValueUnknown { missing: "live price" },
        Refusal::CollarAbove {
            price: px("-37.63"),
            reference: px("0.0001"),
            percent: dec("3.4"),
            limit: dec("3"),
        },
        Refusal::PennyValueAbove { price: px("0.42"), value: usd("501"), limit: usd("500") },
        Refusal::QuoteStale { age: Duration::from_millis(5001), limit: 5 * second },
        Refusal::QuoteMissing { side: "ask" },
        Refusal::SecurityTypeNotAllowed { sec_type: "OPT".to_owned() },
        Refusal::OrderTypeNotAllowed { name: "TRAIL".to_owned() },
        Refusal::FeatureNotAllowed { feature: Feature::Field("allOrNone") },
        Refusal::SameOrderAgain { ago: Duration::from_nanos(1), limit: 10 * second },
        Refusal::RateAbove { orders: 6, limit: dec("5"), per: second },
        Refusal::PositionAbove {
            held: usd("-1"),
            working: usd("2"),
            order: usd("3.50"),
            limit: usd("4"),
            would_pass: dec("28"),
        },
        Refusal::PositionUnknown { missing: "position" },
        Refusal::NotConnected { state: "restarting" },
        Refusal::ModeNotTraded { mode: Mode::Live },
        Refusal::BotUnknown,
        Refusal::AccountUnknown,
        Refusal::StateForbids { state: TradingState::ReduceOnly },
        Refusal::LedgerNotWritable,
        Refusal::NotUnderstood { detail: "field 33 is left over".to_owned() },
        Refusal::OrderIdUsed { order_id: -4 },
        Refusal::ChangeForbidden { field: "side" },
        Refusal::FateUnknown,
        Refusal::NotRecordedInTime,
        Refusal::TakenBack,
        Refusal::MessageNotAllowed { message: "exerciseOptions".to_owned() },
    ]
}

/// Refusals that came with books and families.
pub(crate) fn refusals_of_books() -> Vec<Refusal> {
    vec![
        Refusal::UnexecutedAbove {
            working: usd("200000"),
            order: usd("50000.01"),
            limit: usd("250000"),
        },
        Refusal::UnexecutedUnknown { missing: "live ask price" },
        Refusal::GrossExposureAbove { exposure: usd("1000001"), limit: usd("1000000") },
        Refusal::NetExposureAbove { exposure: usd("1000001"), limit: usd("1000000") },
        Refusal::ExposureUnknown { missing: "recent price of every position" },
        Refusal::BatchValueAbove { value: usd("25000.01"), limit: usd("25000") },
        Refusal::DayValueAbove { value: usd("50000.01"), limit: usd("50000") },
        Refusal::TradedUnknown { missing: "exchange rate" },
        Refusal::DayLossAbove { loss: usd("10000"), limit: usd("10000") },
        Refusal::DayLossNear { loss: usd("5000"), limit: usd("10000") },
        Refusal::DayLossUnknown { missing: "recent price of every position" },
        Refusal::RefusedInARow { refused: 5, limit: dec("5") },
        Refusal::RefusedWithin { refused: 10, limit: dec("10"), per: Duration::from_secs(300) },
        Refusal::ParentNotWorking { parent_id: 7, state: "not known" },
        Refusal::FamilyRefused { order_id: 8 },
        Refusal::TieNotAllowed { what: "on the side of its parent" },
    ]
}

/// Refusals that came with prices, hours, lists and counts.
pub(crate) fn refusals_of_rules() -> Vec<Refusal> {
    let (percent, limit) = (dec("2.01"), dec("2"));
    vec![
        Refusal::AlgoValueAbove { value: usd("20000.01"), limit: usd("20000") },
        Refusal::OptionCollarAbove {
            price: px("2.00"),
            reference: px("1.50"),
            distance: px("0.50"),
            limit: px("0.3"),
        },
        Refusal::MarketOrderOutsideHours { hours: "closed" },
        Refusal::MarketOrderMayTradeOutside,
        Refusal::MarketSpreadAbove { percent, limit },
        Refusal::DataNotLive { data: "delayed" },
        Refusal::QuoteCrossed { bid: px("10.01"), ask: px("10") },
        Refusal::QuoteNotPositive { side: "bid", price: px("-1") },
        Refusal::PriceJumped { percent, limit },
        Refusal::MoveUnknown,
        Refusal::SpreadAbove { percent, limit },
        Refusal::SpreadUnknown { missing: "live bid price" },
        Refusal::OutsideHours { hours: "in extended hours" },
        Refusal::AsksOutsideHours,
        Refusal::HoursUnknown { missing: "hours of this day" },
        Refusal::SymbolNotAllowed { symbol: "TSLA".to_owned() },
        Refusal::SymbolsNotNamed,
        Refusal::SymbolRestricted { symbol: "TSLA".to_owned() },
        Refusal::CurrencyNotAllowed { currency: "EUR".to_owned() },
        Refusal::BaseCurrencyUnknown,
        Refusal::ExchangeNotAllowed { exchange: "IBKRATS".to_owned() },
        Refusal::ShortSale { selling: dec("12.5"), held: dec("10") },
        Refusal::HoldingUnknown { missing: "account position" },
        Refusal::ChangeRateAbove { changes: 11, limit: dec("10") },
        Refusal::ChangesAbove { changes: 21, limit: dec("20") },
        Refusal::OrdersTodayAbove { orders: 101, limit: dec("100") },
        Refusal::DayUnknown,
        Refusal::WorkingAbove { orders: 21, limit: dec("20") },
        Refusal::WorkingSideAbove { orders: 16, side: Side::Sell, limit: dec("15") },
    ]
}

/// An order that is refused for every reason of prices, hours, lists and counts; and limits that
/// are no numbers.
fn rules() -> Vec<EntryKind> {
    let found = |refusal| Finding { weight: Weight::Refuse, scope: Scope::Account, refusal };
    let findings = refusals_of_rules().into_iter().map(found).collect();
    let names = LimitId::Symbols.parse("SPY,BRK B").ok();
    let change = |limit, old, new| LimitChange { scope: Scope::Bot(bot()), limit, old, new };
    vec![
        judged(intent(), verdict(findings), vec![3]),
        EntryKind::LimitChanged { change: change(LimitId::Symbols, None, Some(names)) },
        EntryKind::LimitChanged {
            change: change(LimitId::RthOnly, Some(None), Some(Some(LimitValue::On))),
        },
    ]
}

/// A family member that is refused for every reason that came with books and families.
fn member() -> EntryKind {
    let family = Family {
        parent_id: Some(OrderId::new(8)),
        oca_group: "one".to_owned(),
        oca_type: Some(1),
        transmit: false,
    };
    let found = |refusal| Finding { weight: Weight::Refuse, scope: Scope::Account, refusal };
    let findings = refusals_of_books().into_iter().map(found).collect();
    judged(Intent { family, ..intent() }, verdict(findings), vec![3])
}

pub(crate) fn statuses() -> Vec<OrderStatus> {
    vec![
        OrderStatus::Recording,
        OrderStatus::Sent,
        OrderStatus::PendingSubmit,
        OrderStatus::PreSubmitted,
        OrderStatus::Submitted,
        OrderStatus::PendingCancel,
        OrderStatus::Inactive,
        OrderStatus::Filled,
        OrderStatus::Cancelled,
        OrderStatus::Rejected,
        OrderStatus::Withdrawn,
        OrderStatus::Unknown,
    ]
}

pub(crate) fn judgements() -> Vec<EntryKind> {
    let weighed = |weight, scope, refusal| Finding { weight, scope, refusal };
    let near = Refusal::QuantityNear { quantity: dec("450"), limit: dec("500") };
    let mut option = intent();
    option.contract.con_id = None;
    option.contract.sec_type = SecType::Other("OPT".to_owned());
    option.account = None;
    option.side = Side::Sell;
    option.kind = OrderKind::StopLimit { trigger: Some(px("660")), limit: None };
    option.tif = Tif::Other("GTX".to_owned());
    option.outside_rth = true;
    option.features = features();
    let with = |kind: OrderKind, tif: Tif| Intent { kind, tif, ..intent() };
    let all_refused = refusals()
        .into_iter()
        .map(|refusal| weighed(Weight::Refuse, Scope::Symbol("SPY".to_owned()), refusal))
        .collect();
    let question = Intent { what_if: true, ..with(OrderKind::Market, Tif::GoodTillCancelled) };
    vec![
        judged(intent(), verdict(vec![]), b"3\x001190\x00".to_vec()),
        judged(
            with(OrderKind::Stop { trigger: None }, Tif::ImmediateOrCancel),
            verdict(vec![weighed(Weight::Warn, Scope::Account, near.clone())]),
            vec![0, 255],
        ),
        judged(question, verdict(vec![weighed(Weight::Hold, Scope::Bot(bot()), near)]), vec![]),
        judged(option, verdict(all_refused), vec![]),
        EntryKind::Judged {
            bot: BotName::desk(),
            intent: Box::new(with(OrderKind::Other { name: "MOC".to_owned() }, Tif::FillOrKill)),
            replaces: Some(EntrySeq::new(4)),
            verdict: Verdict { findings: vec![], is_exit: true, n_controls: 15 },
            policy_version: u64::MAX,
            frame: vec![],
            inputs: None,
        },
    ]
}

fn sessions() -> Vec<EntryKind> {
    vec![
        EntryKind::Started { version: "0.1.0".to_owned() },
        EntryKind::Stopped,
        EntryKind::BotRegistered {
            bot: BotConfig { name: bot(), port: 7601, client_id: ClientId::new(7) },
        },
        EntryKind::BotRemoved { bot: bot() },
        EntryKind::BotConnected {
            bot: bot(),
            server_version: 178,
            peer: "python3 (4242)".to_owned(),
        },
        EntryKind::BotDisconnected { bot: bot(), why: "it closed the connection".to_owned() },
        EntryKind::DoorRefused { bot: bot(), why: "client id 8 is not 7".to_owned() },
        EntryKind::GatewayConnected {
            address: "127.0.0.1:4002".to_owned(),
            mode: Mode::Paper,
            account: "DU1234567".to_owned(),
        },
        EntryKind::GatewayLost { why: "1100".to_owned() },
        EntryKind::Reconciled { differences: vec!["SPY: 10 here, 12 there".to_owned()] },
        EntryKind::Reconciled { differences: vec![] },
    ]
}

fn orders() -> Vec<EntryKind> {
    let execution = Execution {
        exec_id: ExecId::new("0000e0d5.68f1a2b3.01.01"),
        order: Some(order_ref()),
        perm_id: PermId::new(1_978_000_001),
        con_id: ConId::new(756_733),
        symbol: "SPY".to_owned(),
        currency: Currency::USD,
        side: Side::Sell,
        quantity: qty("6.5"),
        price: px("662.42"),
        at: Some(Utc::from_nanos(-1)),
    };
    vec![
        EntryKind::NotJudged {
            bot: bot(),
            order_id: None,
            refusal: Refusal::NotUnderstood { detail: "tag 99".to_owned() },
            frame: vec![3, 0],
        },
        EntryKind::RefusalsCounted { bot: bot(), count: 80, last: Refusal::TakenBack },
        EntryKind::Withdrawn {
            order: order_ref(),
            intent: EntrySeq::new(12),
            why: Refusal::NotRecordedInTime,
        },
        EntryKind::FateUnknown { order: order_ref(), intent: EntrySeq::new(12) },
        EntryKind::CancelSent { order: order_ref(), frame: vec![4, 0] },
        EntryKind::BrokerMessage { order: None, code: 2104, text: "usfarm".to_owned() },
        EntryKind::BrokerMessage { order: Some(order_ref()), code: 201, text: "no".to_owned() },
        EntryKind::ForeignOrder { description: "BUY 1 IBM".to_owned(), perm_id: PermId::new(-1) },
        EntryKind::Filled { execution: Execution { order: None, at: None, ..execution.clone() } },
        EntryKind::Filled { execution },
        EntryKind::Commission {
            exec_id: ExecId::new("0000e0d5.68f1a2b3.01.01"),
            commission: usd("1.00"),
            realised: None,
        },
        EntryKind::Commission {
            exec_id: ExecId::new("x"),
            commission: usd("0.35"),
            realised: Some(usd("-212.40")),
        },
        EntryKind::OrderIdMark { bot: bot(), next: OrderId::new(i32::MAX) },
    ]
}

fn settings() -> Vec<EntryKind> {
    let change = |scope, old, new| LimitChange { scope, limit: LimitId::OrderValue, old, new };
    vec![
        EntryKind::StateChanged {
            scope: Scope::Bot(bot()),
            from: TradingState::Active,
            to: TradingState::Paused,
            why: "day loss".to_owned(),
            until: Some(Utc::from_nanos(1_790_000_000_000_000_000)),
        },
        EntryKind::StateChanged {
            scope: Scope::Account,
            from: TradingState::Halted,
            to: TradingState::Killed,
            why: String::new(),
            until: None,
        },
        EntryKind::LimitChanged {
            change: change(
                Scope::Account,
                Some(Some(dec("12000").into())),
                Some(Some(dec("10000.50").into())),
            ),
        },
        EntryKind::LimitScheduled {
            change: change(Scope::Bot(bot()), None, Some(None)),
            delay: Duration::from_secs(60),
        },
        EntryKind::LimitDiscarded { change: change(Scope::Symbol("BRK B".to_owned()), None, None) },
        EntryKind::KillEngaged { reason: "held for 1 s".to_owned() },
        EntryKind::KillOrder { order: order_ref(), did: KillOrder::CancelSent },
        EntryKind::KillOrder { order: order_ref(), did: KillOrder::Dropped },
        EntryKind::KillOrder {
            order: order_ref(),
            did: KillOrder::Kept { protects: "10 SPY".to_owned() },
        },
        EntryKind::KillOrder { order: order_ref(), did: KillOrder::NoLink },
        EntryKind::KillReleased,
        EntryKind::Verified { n_entries: 1_284_331, broken_at: None },
        EntryKind::Verified { n_entries: 3, broken_at: Some(EntrySeq::new(4)) },
        EntryKind::FlattenAsked {
            scope: Scope::Account,
            closes: vec!["SELL 10 SPY".to_owned(), "BUY 34 ORCL".to_owned()],
        },
    ]
}

/// The Gateway's life, what was told of it, and settings that are no limits.
fn gateway() -> Vec<EntryKind> {
    let alarm = || "disconnected".to_owned();
    vec![
        EntryKind::SessionMoved {
            from: SessionPhase::Connecting,
            to: SessionPhase::Reconciling,
            why: "an account is connected".to_owned(),
            is_planned: false,
        },
        EntryKind::AlarmRaised {
            alarm: alarm(),
            severity: Severity::Critical,
            sentence: "There is no connection to the Gateway.".to_owned(),
        },
        EntryKind::AlarmAcknowledged { alarm: alarm() },
        EntryKind::AlarmEnded { alarm: alarm() },
        EntryKind::SettingChanged {
            setting: "gateway.restart-at".to_owned(),
            old: None,
            new: Some("23:45".to_owned()),
        },
    ]
}

/// What a person did at the broker's own program, and a cancel that waits.
fn hands() -> Vec<EntryKind> {
    vec![
        EntryKind::CancelAsked { order: order_ref() },
        EntryKind::TermsSeen {
            order: order_ref(),
            quantity: qty("15"),
            kind: OrderKind::StopLimit { trigger: Some(px("660")), limit: Some(px("659.5")) },
        },
    ]
}

/// Everything that a verdict can have looked at.
pub(crate) fn inputs() -> Inputs {
    let quote = SeenQuote {
        bid: Some(px("663.83")),
        ask: Some(px("663.84")),
        last: None,
        age: Duration::from_millis(200),
        data: DataType::Live,
    };
    Inputs {
        instrument: Some(SeenInstrument {
            con_id: ConId::new(756_733),
            symbol: "SPY".to_owned(),
            sec_type: SecType::Stock,
            currency: Currency::USD,
            min_tick: dec("0.01"),
            multiplier: dec("1"),
        }),
        quote: Some(quote),
        hours: Some(TradingHours::Regular),
        price_move: Some(dec("0.02")),
        position: Seen {
            bot: Some(SignedQty::new(dec("14"))),
            account: Some(SignedQty::new(dec("-3.5"))),
        },
        working: Seen { bot: Some(qty("6")), account: Some(qty("8.25")) },
        net_liquidation: Some(SeenMoney {
            value: usd("104218.46"),
            age: Duration::from_nanos(61_000_000_001),
        }),
        orders_today: Some(12),
        day_result: Seen { bot: Some(usd("-212.40")), account: Some(usd("412.37")) },
    }
}

/// Verdicts with what they were judged by: all of it, other prices and hours, and nothing known.
fn seen() -> Vec<EntryKind> {
    let with = |data, hours| {
        let full = inputs();
        let quote = full.quote.map(|quote| SeenQuote { data, last: Some(px("-1.5")), ..quote });
        Inputs { quote, hours, ..full }
    };
    let all = [
        inputs(),
        with(DataType::Delayed, Some(TradingHours::Extended)),
        with(DataType::Frozen, Some(TradingHours::Closed)),
        with(DataType::Other, None),
        Inputs::default(),
    ];
    all.into_iter()
        .map(|inputs| judged_by(judged(intent(), verdict(vec![]), vec![3]), inputs))
        .collect()
}

/// Puts what it was judged by into a verdict.
pub(crate) fn judged_by(mut kind: EntryKind, by: Inputs) -> EntryKind {
    if let EntryKind::Judged { inputs, .. } = &mut kind {
        *inputs = Some(Box::new(by));
    }
    kind
}

/// Every kind at least once, with every form that its fields can take; dense from entry 1.
pub(crate) fn every_kind() -> Vec<Entry> {
    let updates = statuses().into_iter().map(|status| EntryKind::OrderUpdate {
        order: order_ref(),
        perm_id: Some(PermId::new(7)),
        status,
        filled: qty("0.5"),
        remaining: Qty::ZERO,
        average_price: Some(px("662.4200")),
    });
    let actors = [Actor::Bot(bot()), Actor::Person, Actor::Gatehouse, Actor::Broker];
    let kinds = sessions().into_iter().chain(judgements()).chain(updates);
    let kinds = kinds.chain(orders()).chain(settings()).chain([member()]).chain(rules());
    let kinds = kinds.chain(hands()).chain(seen()).chain(gateway());
    (1..)
        .zip(kinds)
        .zip(actors.into_iter().cycle())
        .map(|((seq, kind), actor)| entry(seq, actor, kind))
        .collect()
}
