//! A ledger that a test fills, as a real file.

use gatehouse_ledger::{Callbacks, FILE_NAME, Opened, Reader, Writer};
use gatehouse_report::{Report, Said, Wanted, page};
use gatehouse_testkit::{bot, dec, intent, px, qty};
use gatehouse_types::{
    Actor, BotName, ConId, Currency, Entry, EntryKind, EntrySeq, ExecId, Execution, Finding,
    Intent, Mode, Money, OrderId, OrderRef, PermId, Refusal, Scope, Side, Stamp, Utc, Verdict,
    Weight,
};

/// 2026-01-05T05:00:00Z: midnight in New York.
const MONDAY: i64 = 1_767_589_200;
pub(crate) const DAY_S: i64 = 86_400;

#[derive(Default)]
pub(crate) struct World {
    entries: Vec<Entry>,
    n_fills: u32,
}

pub(crate) fn usd(amount: &str) -> Money {
    Money::new(dec(amount), currency("USD"))
}

pub(crate) fn currency(code: &str) -> Currency {
    code.parse().expect("is a currency")
}

pub(crate) fn named(name: &str) -> BotName {
    name.parse().expect("is a bot name")
}

/// Seconds after midnight on Monday.
pub(crate) fn at(hour: i64, minute: i64, second: i64) -> i64 {
    hour * 3600 + minute * 60 + second
}

pub(crate) fn refusal(scope: Refusal) -> Finding {
    Finding { weight: Weight::Refuse, scope: Scope::Account, refusal: scope }
}

pub(crate) fn too_many() -> Refusal {
    Refusal::QuantityAbove { quantity: dec("50000"), limit: dec("500") }
}

impl World {
    /// Adds an entry; `second` counts from midnight on Monday in New York, `None` when the Gateway
    /// has not said its time.
    pub(crate) fn add(&mut self, second: Option<i64>, kind: EntryKind) -> &mut Self {
        let seq = EntrySeq::new(u64::try_from(self.entries.len()).expect("fits") + 1);
        let instant = |second: i64| Utc::from_nanos((MONDAY + second) * 1_000_000_000);
        let stamp = Stamp { utc: instant(second.unwrap_or(0)), market: second.map(instant) };
        self.entries.push(Entry { seq, stamp, actor: Actor::Gatehouse, kind });
        self
    }

    pub(crate) fn gateway(&mut self, mode: Mode, account: &str) -> &mut Self {
        let (address, account) = ("127.0.0.1:4002".to_owned(), account.to_owned());
        self.add(Some(at(9, 29, 0)), EntryKind::GatewayConnected { address, mode, account })
    }

    pub(crate) fn judged(
        &mut self,
        second: i64,
        name: &BotName,
        of: Intent,
        findings: Vec<Finding>,
    ) -> &mut Self {
        let verdict = Verdict { findings, is_exit: false, n_controls: 30 };
        let kind = EntryKind::Judged {
            bot: name.clone(),
            intent: Box::new(of),
            replaces: None,
            verdict,
            policy_version: 1,
            frame: vec![1],
            inputs: None,
        };
        self.add(Some(second), kind)
    }

    pub(crate) fn allowed(&mut self, second: i64, name: &BotName) -> &mut Self {
        self.judged(second, name, intent().build(), Vec::new())
    }

    pub(crate) fn refused(&mut self, second: i64, name: &BotName) -> &mut Self {
        self.judged(second, name, intent().build(), vec![refusal(too_many())])
    }

    /// An execution, its commission report a second later.
    pub(crate) fn filled(
        &mut self,
        second: i64,
        name: &BotName,
        commission: Money,
        realised: Option<Money>,
    ) -> &mut Self {
        self.n_fills += 1;
        let exec_id = ExecId::new(format!("0000e1a7.{:08}.01", self.n_fills));
        let execution = execution(exec_id.clone(), Some(name));
        self.add(Some(second), EntryKind::Filled { execution });
        self.add(Some(second + 1), EntryKind::Commission { exec_id, commission, realised })
    }

    /// Writes the ledger and reads the wanted days of it back.
    pub(crate) fn report(&self, wanted: Wanted) -> Report {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let data_dir = folder.path().join("data");
        let Opened::ReadWrite(ledger) = gatehouse_ledger::open(&data_dir).expect("is opened")
        else {
            panic!("is damaged")
        };
        let callbacks = Callbacks {
            on_commit: Box::new(|_| {}),
            on_failure: Box::new(|failure| panic!("not written: {}", failure.why)),
            on_recovery: Box::new(|| {}),
        };
        let writer = Writer::start(ledger, callbacks).expect("a thread can be had");
        for entry in &self.entries {
            writer.append(entry.clone()).expect("is queued");
        }
        writer.close().expect("all is written");
        let mut reader = Reader::open(&data_dir.join(FILE_NAME)).expect("can be read");
        gatehouse_report::read(&mut reader, wanted, "0.1.0", &said).expect("is read")
    }

    pub(crate) fn page(&self) -> String {
        page(&self.report(Wanted::default())).expect("is drawn")
    }
}

pub(crate) fn execution(exec_id: ExecId, name: Option<&BotName>) -> Execution {
    let order = name.map(|bot| OrderRef { bot: bot.clone(), order_id: OrderId::new(1) });
    Execution {
        exec_id,
        order,
        perm_id: PermId::new(1),
        con_id: ConId::new(756_733),
        symbol: "SPY".to_owned(),
        currency: currency("USD"),
        side: Side::Buy,
        quantity: qty("10"),
        price: px("660.00"),
        at: None,
    }
}

fn said(entry: &Entry) -> Said {
    let sentence = if let EntryKind::KillEngaged { reason } = &entry.kind {
        format!("Kill switch is on: {reason}")
    } else if let EntryKind::StateChanged { from, to, why, .. } = &entry.kind {
        format!("{from} to {to}: {why}")
    } else {
        format!("{:?}", entry.kind)
    };
    Said { who: "you".to_owned(), subject: "account".to_owned(), sentence }
}

/// A day of two bots, one of which is refused.
pub(crate) fn two_bots() -> World {
    let (steady, wild) = (bot(), named("wild"));
    let mut world = World::default();
    world.gateway(Mode::Paper, "DU1234567");
    world.allowed(at(9, 31, 0), &steady).filled(at(9, 31, 1), &steady, usd("1.00"), None);
    world.allowed(at(9, 45, 0), &steady).filled(
        at(9, 45, 1),
        &steady,
        usd("1.10"),
        Some(usd("38.60")),
    );
    world.allowed(at(10, 5, 0), &wild).filled(
        at(10, 5, 1),
        &wild,
        usd("0.90"),
        Some(usd("-50.25")),
    );
    for second in 0..3 {
        world.refused(at(10, 40, second), &wild);
    }
    world.filled(at(11, 0, 0), &steady, usd("1.00"), Some(usd("-4.10")));
    world
}
