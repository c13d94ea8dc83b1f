//! Plays ledger, writer and Gateway for an engine, in virtual time, and checks at every effect
//! what must hold always.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_tws::answer::{
    BrokerStatus, ErrorReport, ExecutionReport, Observation, OpenOrder, OrderStatusReport,
    WireExecution,
};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order as WireOrder;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{
    AccountId, BotConfig, BotName, ClientId, ConId, Contract, Currency, DataType, Decimal, Entry,
    EntryKind, EntrySeq, ExecId, GatewayKind, Hours, Instrument, Money, Mono, Now, OrderId,
    OrderKind, OrderRef, OrderStatus, PermId, Price, Qty, Quote, SecType, Side, SignedQty, Span,
    TradingState, Utc,
};

use crate::{
    BrokerOrder, BrokerSnapshot, Command, CommandError, DeskNews, Done, Effect, Engine,
    EngineConfig, Epochs, Input, Ticket,
};

pub(crate) const SPY: ConId = ConId::new(756_733);
pub(crate) const A: &str = "momentum-spy";
pub(crate) const B: &str = "other";

pub(crate) fn bot(name: &str) -> BotName {
    name.parse().unwrap()
}

pub(crate) fn client(name: &str) -> i32 {
    if name == A { 11 } else { 12 }
}

pub(crate) fn order(name: &str, id: i32) -> OrderRef {
    OrderRef { bot: bot(name), order_id: OrderId::new(id) }
}

pub(crate) fn qty(n: i64) -> Qty {
    Qty::try_new(Decimal::from(n)).unwrap()
}

pub(crate) fn limit(price: &str) -> OrderKind {
    OrderKind::Limit { limit: Some(price.parse().unwrap()) }
}

pub(crate) fn stop(price: &str) -> OrderKind {
    OrderKind::Stop { trigger: Some(price.parse().unwrap()) }
}

pub(crate) fn spy() -> WireContract {
    WireContract {
        con_id: Some(SPY),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

pub(crate) fn placed(id: i32, side: Side, quantity: i64, kind: &OrderKind) -> PlaceOrder {
    let mut wire = WireOrder {
        action: side.to_string(),
        total_quantity: Decimal::from(quantity),
        tif: "DAY".to_owned(),
        transmit: true,
        ..WireOrder::default()
    };
    wire.set_kind(kind);
    PlaceOrder { order_id: OrderId::new(id), contract: spy(), order: wire, attached: None }
}

pub(crate) fn instrument() -> Instrument {
    Instrument {
        con_id: SPY,
        symbol: "SPY".to_owned(),
        sec_type: SecType::Stock,
        primary_exchange: "ARCA".to_owned(),
        currency: Currency::USD,
        min_tick: Decimal::new(1, 2),
        multiplier: Decimal::ONE,
        hours: always_open(),
    }
}

/// Regular hours at any time.
fn always_open() -> Hours {
    let always = Span { from: Utc::from_nanos(0), to: Utc::from_nanos(i64::MAX) };
    Hours { days: vec![always], regular: vec![always], all: vec![always] }
}

/// An engine with everything around it.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) ms: u64,
    /// What the ledger was given, in order.
    pub(crate) entries: Vec<Entry>,
    /// Effects of the last input, and of what the ledger and the writer answered to it.
    pub(crate) effects: Vec<Effect>,
    pub(crate) commits: bool,
    pub(crate) writes: bool,
    pub(crate) committed: EntrySeq,
    approved: BTreeMap<EntrySeq, (BotName, Epochs)>,
    pub(crate) released: BTreeSet<EntrySeq>,
    pub(crate) voided: BTreeSet<EntrySeq>,
    epochs: BTreeMap<gatehouse_types::Scope, u64>,
}

impl World {
    pub(crate) fn empty() -> Self {
        Self::from(Vec::new())
    }

    /// An engine that is restored from entries and started.
    pub(crate) fn from(entries: Vec<Entry>) -> Self {
        let mut engine = Engine::new(EngineConfig::new("test"));
        for entry in &entries {
            engine.restore(entry);
        }
        let committed = entries.last().map_or(EntrySeq::new(0), |entry| entry.seq);
        let mut world = Self {
            engine,
            ms: 1000,
            entries,
            effects: Vec::new(),
            commits: true,
            writes: true,
            committed,
            approved: BTreeMap::new(),
            released: BTreeSet::new(),
            voided: BTreeSet::new(),
            epochs: BTreeMap::new(),
        };
        let now = world.now();
        let effects = world.engine.start(now);
        world.carry_out(effects);
        world
    }

    /// Two bots attached, the account flat and reconciled, SPY quoted at 100.
    pub(crate) fn ready() -> Self {
        let mut world = Self::empty();
        for (name, port) in [(A, 7501), (B, 7502)] {
            let client_id = ClientId::new(client(name));
            let config = BotConfig { name: bot(name), port, client_id };
            world.does(Command::RegisterBot { bot: config }).unwrap();
        }
        world.connect();
        world.reconcile();
        world
    }

    /// Everything that a life needs before the first snapshot.
    pub(crate) fn connect(&mut self) {
        self.desk(DeskNews::Connected {
            address: "127.0.0.1:4002".to_owned(),
            kind: GatewayKind::OwnSimulator,
            account: AccountId::new("DU1234567"),
        });
        self.connect_rest();
    }

    /// What follows a connection: the account's worth, the instrument, the bots.
    pub(crate) fn connect_rest(&mut self) {
        let value = Money::new(Decimal::from(1_000_000), Currency::USD);
        self.desk(DeskNews::NetLiquidation { value });
        let asked = spy().to_contract();
        self.desk(DeskNews::Instrument { asked, found: Ok(instrument()) });
        for name in [A, B] {
            self.input(Input::LinkUp { bot: bot(name) });
            self.input(Input::BotAttached {
                bot: bot(name),
                server_version: 178,
                peer: "test".to_owned(),
            });
        }
    }

    pub(crate) fn reconcile(&mut self) {
        let snapshot = BrokerSnapshot { positions: self.held(), ..BrokerSnapshot::default() };
        self.desk(DeskNews::Snapshot(snapshot));
    }

    /// The account's position as the fills make it.
    pub(crate) fn held(&self) -> Vec<(ConId, SignedQty)> {
        vec![(SPY, self.engine.positions.of_bots(SPY))]
    }

    pub(crate) fn crash(self) -> Self {
        let durable = self.committed;
        Self::from(self.entries.into_iter().filter(|entry| entry.seq <= durable).collect())
    }

    pub(crate) fn now(&self) -> Now {
        let utc = Utc::from_nanos(1_770_000_000_000_000_000).plus(Duration::from_millis(self.ms));
        Now { mono: Mono::new(Duration::from_millis(self.ms)), utc, market: Some(utc) }
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        self.ms += ms;
        self.input(Input::Tick);
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.effects.clear();
        self.feed(input);
    }

    fn feed(&mut self, input: Input) {
        let now = self.now();
        let effects = self.engine.step(now, input);
        self.carry_out(effects);
    }

    pub(crate) fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut to_write = Vec::new();
        for effect in effects {
            match &effect {
                Effect::Append(entry) => self.write(entry),
                Effect::RecordApproved { entry, approved } => {
                    self.write(entry);
                    let EntryKind::Judged { verdict, frame, .. } = &entry.kind else {
                        panic!("an approval without a verdict: {entry:?}");
                    };
                    assert!(verdict.may_send(), "approved against the verdict");
                    assert_eq!(frame, approved.get().body(), "recorded other bytes");
                    assert_eq!(entry.seq, approved.entry());
                    let of = (approved.get().bot().clone(), approved.epochs());
                    self.approved.insert(entry.seq, of);
                }
                Effect::Release(entry) => {
                    self.check_release(*entry);
                    to_write.push(*entry);
                }
                Effect::Void(entry) => {
                    // A released one may be written already: the writer says what became of it.
                    if !self.released.contains(entry) {
                        self.voided.insert(*entry);
                    }
                }
                Effect::RaiseEpoch { scope, epoch } => {
                    self.epochs.insert(scope.clone(), *epoch);
                }
                Effect::ForwardCancel { .. }
                | Effect::Cancel { .. }
                | Effect::Answer { .. }
                | Effect::AnswerCancelled { .. }
                | Effect::AnswerChange { .. }
                | Effect::HighWater { .. }
                | Effect::OpenDoor(_)
                | Effect::CloseDoor(_)
                | Effect::Dial(_)
                | Effect::WantInstrument(_)
                | Effect::WantQuote(_)
                | Effect::WantSnapshot
                | Effect::Reply { .. } => {}
            }
            self.effects.push(effect);
        }
        if self.commits {
            self.commit();
        }
        if self.writes {
            for entry in to_write {
                self.feed(Input::Sent { entry });
            }
        }
    }

    fn write(&mut self, entry: &Entry) {
        let last = self.entries.last().map_or(0, |entry| entry.seq.get());
        assert_eq!(entry.seq.get(), last + 1, "a gap before {entry:?}");
        self.entries.push(entry.clone());
    }

    pub(crate) fn commit(&mut self) {
        let Some(last) = self.entries.last().map(|entry| entry.seq) else { return };
        if last > self.committed {
            self.committed = last;
            self.feed(Input::Committed { up_to: last });
        }
    }

    fn check_release(&mut self, entry: EntrySeq) {
        let (bot, epochs) = self.approved.get(&entry).expect("released without an approval");
        assert!(entry <= self.committed, "released before its record");
        assert!(!self.voided.contains(&entry), "released what was void");
        let raised = |scope| self.epochs.get(&scope).copied().unwrap_or(0);
        assert_eq!(raised(gatehouse_types::Scope::Account), epochs.account, "after a halt");
        assert_eq!(raised(gatehouse_types::Scope::Bot(bot.clone())), epochs.bot, "after a halt");
        assert!(self.released.insert(entry), "released twice");
    }

    pub(crate) fn desk(&mut self, news: DeskNews) {
        self.input(Input::Desk(news));
    }

    pub(crate) fn does(&mut self, command: Command) -> Result<Done, CommandError> {
        self.input(Input::Person { ticket: Ticket(1), command });
        let reply = self.effects.iter().find_map(|effect| {
            if let Effect::Reply { result, .. } = effect { Some(result.clone()) } else { None }
        });
        reply.expect("every command is answered")
    }

    pub(crate) fn quote(&mut self) {
        let price = |text: &str| Some(text.parse::<Price>().unwrap());
        let quote = Quote {
            bid: price("99.99"),
            ask: price("100.01"),
            last: price("100"),
            at: self.now().mono,
            data: DataType::Live,
        };
        self.desk(DeskNews::Quote { con_id: SPY, quote });
    }

    pub(crate) fn frame(&mut self, name: &str, placed: PlaceOrder) {
        let body = format!("{} {}", placed.order_id, placed.order.total_quantity).into_bytes();
        self.input(Input::Place { bot: bot(name), body, decoded: Ok(Box::new(placed)) });
    }

    /// Places an order with a fresh quote, and returns its entry when it was allowed.
    pub(crate) fn place(
        &mut self,
        name: &str,
        id: i32,
        side: Side,
        quantity: i64,
        kind: &OrderKind,
    ) -> Option<EntrySeq> {
        self.quote();
        self.frame(name, placed(id, side, quantity, kind));
        self.effects.iter().find_map(|effect| {
            if let Effect::RecordApproved { entry, .. } = effect { Some(entry.seq) } else { None }
        })
    }

    pub(crate) fn buy(&mut self, name: &str, id: i32, quantity: i64) -> Option<EntrySeq> {
        self.place(name, id, Side::Buy, quantity, &limit("100"))
    }

    pub(crate) fn cancel(&mut self, name: &str, id: i32) {
        let body = b"cancel".to_vec();
        self.input(Input::Cancel { bot: bot(name), order_id: OrderId::new(id), body });
    }

    pub(crate) fn observe(&mut self, name: &str, observation: Observation) {
        self.input(Input::Observed { bot: bot(name), observation });
    }

    pub(crate) fn status(&mut self, name: &str, id: i32, status: BrokerStatus, done: (i64, i64)) {
        self.observe(
            name,
            Observation::OrderStatus(OrderStatusReport {
                order_id: OrderId::new(id),
                status,
                filled: qty(done.0),
                remaining: qty(done.1),
                perm_id: PermId::new(i64::from(client(name)) * 1000 + i64::from(id)),
                client_id: ClientId::new(client(name)),
                ..OrderStatusReport::default()
            }),
        );
    }

    pub(crate) fn fill(&mut self, name: &str, id: i32, exec_id: &str, side: Side, quantity: i64) {
        let execution = WireExecution {
            order_id: OrderId::new(id),
            exec_id: ExecId::new(exec_id),
            side,
            shares: qty(quantity),
            price: "100".parse().unwrap(),
            client_id: ClientId::new(client(name)),
            ..WireExecution::default()
        };
        let report = ExecutionReport { contract: spy(), execution, ..ExecutionReport::default() };
        self.observe(name, Observation::Execution(Box::new(report)));
    }

    /// Buys and fills at once, so that the bot holds something.
    pub(crate) fn hold(&mut self, name: &str, id: i32, quantity: i64) {
        self.buy(name, id, quantity).expect("is allowed");
        self.status(name, id, BrokerStatus::Submitted, (0, quantity));
        self.fill(name, id, &format!("{name}{id}.0.01.01"), Side::Buy, quantity);
        self.status(name, id, BrokerStatus::Filled, (quantity, 0));
    }

    pub(crate) fn shown(&mut self, name: &str, id: i32, quantity: i64, kind: &OrderKind) {
        let mut wire = placed(id, Side::Buy, quantity, kind).order;
        wire.client_id = Some(client(name));
        let mut open = OpenOrder {
            order_id: OrderId::new(id),
            contract: spy(),
            order: wire,
            ..OpenOrder::default()
        };
        open.state.status = Some(BrokerStatus::Submitted);
        self.observe(name, Observation::OpenOrder(Box::new(open)));
    }

    /// The Gateway shows a child in the group that it gave the children of one parent.
    pub(crate) fn shown_in_group(&mut self, name: &str, id: i32, group: &str, oca_type: i32) {
        let known = self.engine.book.find(&order(name, id)).expect("is known").intent.clone();
        let mut wire = placed(id, known.side, 0, &known.kind).order;
        wire.total_quantity = known.quantity.value();
        wire.client_id = Some(client(name));
        wire.parent_id = known.family.parent_id.map(OrderId::get);
        (wire.oca_group, wire.oca_type) = (group.to_owned(), Some(oca_type));
        let order_id = OrderId::new(id);
        let open = OpenOrder { order_id, contract: spy(), order: wire, ..OpenOrder::default() };
        self.observe(name, Observation::OpenOrder(Box::new(open)));
    }

    pub(crate) fn error(&mut self, name: &str, id: i32, code: i32) {
        let report = ErrorReport { id, code, text: "said".to_owned(), ..ErrorReport::default() };
        self.observe(name, Observation::Error(report));
    }

    pub(crate) fn line(name: &str, id: i32, quantity: i64, status: OrderStatus) -> BrokerOrder {
        BrokerOrder {
            client_id: ClientId::new(client(name)),
            order_id: OrderId::new(id),
            perm_id: PermId::new(i64::from(client(name)) * 1000 + i64::from(id)),
            con_id: SPY,
            symbol: "SPY".to_owned(),
            side: Side::Buy,
            total: qty(quantity),
            filled: Qty::ZERO,
            kind: limit("100"),
            status,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.engine.status(self.now()).connection.is_ready
    }

    pub(crate) fn state(&self, name: &str) -> TradingState {
        self.engine.state_of(&bot(name)).0
    }

    pub(crate) fn status_of(&self, name: &str, id: i32) -> Option<OrderStatus> {
        self.engine.book.find(&order(name, id)).map(|order| order.status)
    }

    pub(crate) fn exposure(&self, name: &str, id: i32) -> Decimal {
        self.engine
            .book
            .find(&order(name, id))
            .map_or(Decimal::ZERO, |order| order.exposure().value())
    }

    pub(crate) fn answers(&self) -> Vec<(i32, i32, &str)> {
        let answers = self.effects.iter().filter_map(|effect| {
            if let Effect::Answer { order_id, code, text, .. } = effect {
                Some((order_id.get(), *code, &**text))
            } else if let Effect::AnswerCancelled { order_id, text, .. } = effect {
                Some((order_id.get(), 202, &**text))
            } else if let Effect::AnswerChange { order_id, text, .. } = effect {
                Some((order_id.get(), 399, &**text))
            } else {
                None
            }
        });
        answers.collect()
    }

    pub(crate) fn n_released(&self) -> usize {
        self.effects.iter().filter(|it| matches!(it, Effect::Release(_))).count()
    }

    pub(crate) fn cancels(&self) -> Vec<i32> {
        let cancels = self.effects.iter().filter_map(|effect| {
            if let Effect::Cancel { order_id, .. } | Effect::ForwardCancel { order_id, .. } = effect
            {
                Some(order_id.get())
            } else {
                None
            }
        });
        cancels.collect()
    }

    pub(crate) fn has(&self, is_wanted: impl Fn(&EntryKind) -> bool) -> bool {
        self.entries.iter().any(|entry| is_wanted(&entry.kind))
    }

    pub(crate) fn unknown_contract(symbol: &str) -> (WireContract, Contract) {
        let wire = WireContract { con_id: None, symbol: symbol.to_owned(), ..spy() };
        let contract = wire.to_contract();
        (wire, contract)
    }
}
