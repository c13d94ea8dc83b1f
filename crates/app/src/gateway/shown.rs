//! What the keeper shows of its work. Written by the keeper and the desk, read by whoever asks.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatehouse_gateway::doctor::Notice;
use gatehouse_gateway::health::{Condition, Fact, Lane, RoundTrips, Timeline};
use gatehouse_gateway::launch::Usage;
use gatehouse_gateway::probe::Finding;
use gatehouse_gateway::session::Session;
use gatehouse_types::{Actor, BotName, Entry, EntryKind, Mono, Now, SessionPhase, Severity, Utc};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::calendar::{Calendar, in_words};
use super::memory::Memory;
use super::process::Facts;
use super::source::Choice;

/// The alarms of a broken farm begin like this; the rest is the farm's name.
pub(crate) const FARM_ALARM: &str = "data.";

/// Behind a lock, for all threads.
#[derive(Debug, Default)]
pub(crate) struct Shown(Mutex<State>);

/// A phase that was entered since the session was last begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entered {
    pub(crate) phase: SessionPhase,
    pub(crate) at: Now,
}

/// The process, as it is shown.
#[derive(Debug, Clone)]
pub(crate) struct ShownProcess {
    pub(crate) pid: u32,
    pub(crate) since: Mono,
    pub(crate) facts: Facts,
    pub(crate) memory: Memory,
    next_sample: Mono,
    /// Processor time by then, and the share since the look before.
    cpu: Option<(Mono, Duration)>,
    pub(crate) cpu_percent: Option<u32>,
}

/// All of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) choice: Option<Choice>,
    pub(crate) entered: Vec<Entered>,
    pub(crate) why: String,
    pub(crate) deadline: Option<Mono>,
    pub(crate) address: Option<String>,
    pub(crate) server_version: Option<i32>,
    pub(crate) process: Option<ShownProcess>,
    pub(crate) round_trips: RoundTrips,
    pub(crate) timeline: Timeline,
    pub(crate) last_look: Option<(Utc, Finding)>,
    pub(crate) is_quiet: bool,
    /// This computer is kept from sleep at this moment.
    pub(crate) is_awake: bool,
    notices: VecDeque<Notice>,
    n_bots: usize,
    /// When the person last did something, by hand or through the desk.
    acted_at: Option<Utc>,
}

/// Messages of the Gateway that are kept for the doctor.
const N_NOTICES: usize = 64;

/// One sample of memory a minute.
const SAMPLE_EVERY: Duration = Duration::from_secs(60);

impl ShownProcess {
    pub(crate) fn new(pid: u32, now: Now, facts: Facts) -> Self {
        Self {
            pid,
            since: now.mono,
            facts,
            memory: Memory::default(),
            next_sample: now.mono,
            cpu: None,
            cpu_percent: None,
        }
    }

    fn used(&mut self, usage: Usage, now: Now) {
        if self.next_sample <= now.mono {
            self.next_sample = now.mono.plus(SAMPLE_EVERY);
            self.memory.add(now.utc, usage.memory);
        }
        if let Some((at, before)) = self.cpu.replace((now.mono, usage.cpu)) {
            let (passed, spent) = (now.mono.since(at), usage.cpu.saturating_sub(before));
            let share = spent.as_millis() * 100 / passed.as_millis().max(1);
            self.cpu_percent = u32::try_from(share).ok();
        }
    }
}

impl State {
    /// Returns where the session is.
    pub(crate) fn phase(&self) -> SessionPhase {
        self.entered.last().map_or(SessionPhase::Stopped, |last| last.phase)
    }

    /// Returns what the Gateway said of late, oldest first.
    pub(crate) fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.iter()
    }
}

impl Shown {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a copy of everything.
    pub(crate) fn state(&self) -> State {
        self.lock().clone()
    }

    pub(crate) fn chose(&self, choice: &Choice) {
        let mut state = self.lock();
        state.address = choice.address().map(str::to_owned);
        state.server_version = None;
        state.choice = Some(choice.clone());
    }

    pub(crate) fn version(&self, version: i32) {
        self.lock().server_version = Some(version);
    }

    pub(crate) fn address(&self, address: Option<String>) {
        self.lock().address = address;
    }

    /// Takes where the session is. What came before a new beginning is forgotten.
    pub(crate) fn session(&self, session: &Session, now: Now) {
        let mut state = self.lock();
        let phase = session.phase();
        if state.entered.last().is_none_or(|last| last.phase != phase) {
            let is_beginning = matches!(phase, SessionPhase::Starting | SessionPhase::Stopped)
                || phase == SessionPhase::Connecting
                    && state.entered.iter().all(|it| it.phase != SessionPhase::ApiStarting);
            if is_beginning {
                state.entered.retain(|it| {
                    it.phase == SessionPhase::Stopped && phase != SessionPhase::Stopped
                });
            }
            state.entered.push(Entered { phase, at: now });
            if !phase.is_connected() {
                state.round_trips.clear();
            }
        }
        session.why().clone_into(&mut state.why);
        state.deadline = session.deadline();
    }

    pub(crate) fn process(&self, process: Option<ShownProcess>) {
        self.lock().process = process;
    }

    pub(crate) fn usage(&self, usage: Usage, now: Now) {
        if let Some(process) = &mut self.lock().process {
            process.used(usage, now);
        }
    }

    pub(crate) fn round_trip(&self, took: Duration) {
        self.lock().round_trips.add(took);
    }

    pub(crate) fn looked(&self, finding: Finding, now: Now) {
        self.lock().last_look = Some((now.utc, finding));
    }

    /// Returns whether the person wants this computer awake while a bot is connected.
    pub(crate) fn keeps_awake(&self) -> bool {
        self.lock().choice.as_ref().is_some_and(|choice| choice.settings.keep_awake)
    }

    pub(crate) fn awake(&self, is_awake: bool) {
        self.lock().is_awake = is_awake;
    }

    /// Takes what the Gateway said outside of any order.
    pub(crate) fn notice(&self, code: i32, text: &str) {
        let mut state = self.lock();
        if state.notices.len() == N_NOTICES {
            state.notices.pop_front();
        }
        state.notices.push_back(Notice { code, text: text.to_owned() });
    }

    pub(crate) fn quiet(&self, is_quiet: bool) {
        self.lock().is_quiet = is_quiet;
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.lock().is_quiet
    }

    /// Takes an entry of the ledger, of this life or an earlier one, in order.
    pub(crate) fn learn(&self, entry: &Entry) {
        let mut state = self.lock();
        let at = entry.stamp.utc;
        let State { timeline, n_bots, .. } = &mut *state;
        if let EntryKind::SessionMoved { to, why, is_planned, .. } = &entry.kind {
            timeline.moved(at, *to, *is_planned, why);
        }
        if matches!(entry.kind, EntryKind::Started { .. } | EntryKind::Stopped) {
            *n_bots = 0;
            timeline.interrupted(at);
        }
        if let EntryKind::AlarmRaised { alarm, sentence, .. } = &entry.kind
            && alarm.starts_with(FARM_ALARM)
        {
            let words = sentence.clone();
            timeline.note(Lane::Data, Fact { at, condition: Condition::Partial, words });
        }
        if let EntryKind::AlarmEnded { alarm } = &entry.kind
            && alarm.starts_with(FARM_ALARM)
        {
            let words = "the farm is back".to_owned();
            timeline.note(Lane::Data, Fact { at, condition: Condition::Up, words });
        }
        if is_of_person(&entry.actor) {
            state.acted_at = Some(at);
        }
        let State { timeline, n_bots, .. } = &mut *state;
        // The person's own orders have a place among the bots, and no socket.
        let is_bot = |bot: &BotName| *bot != BotName::desk();
        if let EntryKind::BotConnected { bot, .. } = &entry.kind
            && is_bot(bot)
        {
            *n_bots += 1;
            let words = format!("{bot} connected");
            timeline.note(Lane::Bots, Fact { at, condition: Condition::Up, words });
        }
        if let EntryKind::BotDisconnected { bot, why } = &entry.kind
            && is_bot(bot)
        {
            *n_bots = n_bots.saturating_sub(1);
            let condition = if *n_bots == 0 { Condition::Unknown } else { Condition::Partial };
            let words = format!("{bot} left: {why}");
            timeline.note(Lane::Bots, Fact { at, condition, words });
        }
    }

    /// Returns whether the Gateway is better off with a restart now: its memory is crowded, it has
    /// run for hours, no bot is connected, the exchanges are closed, and the person did nothing for
    /// a while.
    pub(crate) fn wants_refresh(&self, Now { mono: now, utc, .. }: Now) -> bool {
        let state = self.lock();
        let is_quiet = state.acted_at.is_none_or(|at| utc.since(at) >= QUIET_FOR);
        state.n_bots == 0
            && is_quiet
            && !is_open(utc)
            && state.process.as_ref().is_some_and(|process| {
                let crowded_in = process.memory.crowded_in(process.facts.heap_max_mb);
                crowded_in == Some(Duration::ZERO) && now.since(process.since) >= REFRESH_AFTER
            })
    }

    /// Returns a sentence when the Gateway's memory is crowded before its next restart.
    pub(crate) fn memory_warning(&self, calendar: &Calendar, now: Utc) -> Option<String> {
        let state = self.lock();
        let process = state.process.as_ref()?;
        let crowded_in = process.memory.crowded_in(process.facts.heap_max_mb)?;
        let restart_in = calendar.restart_in(now);
        if restart_in.is_some_and(|restart| restart <= crowded_in) || crowded_in > HEAP_SOON {
            return None;
        }
        Some(if crowded_in.is_zero() {
            "The Gateway's memory is more than 80 % full. Restart it at a quiet moment: it gets \
             slow, and then stops."
                .to_owned()
        } else {
            format!(
                "At this pace the Gateway's memory is 80 % full in {}. Restart it at a quiet \
                 moment before then, or set a daily restart.",
                in_words(crowded_in)
            )
        })
    }
}

/// A Gateway whose memory is crowded soon after its start is not restarted over and over.
const REFRESH_AFTER: Duration = Duration::from_secs(6 * 3600);

/// Nobody's Gateway is restarted so soon after he did something.
const QUIET_FOR: Duration = Duration::from_secs(30 * 60);

/// Where most of what is traded here trades; its regular hours.
const EXCHANGE: &str = "America/New_York";
const OPENS: Time = Time::constant(9, 30, 0, 0);
const CLOSES: Time = Time::constant(16, 0, 0, 0);

fn is_of_person(actor: &Actor) -> bool {
    match actor {
        Actor::Person => true,
        Actor::Bot(bot) => *bot == BotName::desk(),
        Actor::Gatehouse | Actor::Broker => false,
    }
}

/// Returns whether the exchanges are in regular hours, but for holidays; unknown is open.
fn is_open(now: Utc) -> bool {
    let Ok(zone) = TimeZone::get(EXCHANGE) else { return true };
    let Ok(at) = Timestamp::from_second(now.secs()) else { return true };
    let there = zone.to_datetime(at);
    let is_weekend = matches!(there.weekday(), Weekday::Saturday | Weekday::Sunday);
    !is_weekend && (OPENS..CLOSES).contains(&there.time())
}

/// Returns whether a restart takes nothing from anybody's hands: no order of the desk or of a person
/// at the broker is at work (their owner is `None`), and after a kill none at all.
pub(crate) fn is_at_rest<'a>(
    is_killed: bool,
    mut working: impl Iterator<Item = Option<&'a BotName>>,
) -> bool {
    !working.any(|bot| is_killed || bot.is_none_or(|bot| *bot == BotName::desk()))
}

/// A crowd that is further away is not told yet.
const HEAP_SOON: Duration = Duration::from_secs(6 * 3600);

/// Returns how loud a broken farm is: it comes back by itself, most nights.
pub(crate) const FARM_SEVERITY: Severity = Severity::Info;

#[cfg(test)]
mod tests {
    use gatehouse_types::{EntrySeq, Stamp};

    use super::*;

    fn at(secs: u64) -> Now {
        let nanos = i64::try_from(secs).expect("is small") * 1_000_000_000;
        Now {
            mono: Mono::new(Duration::from_secs(secs)),
            utc: Utc::from_nanos(nanos),
            market: None,
        }
    }

    fn bot(shown: &Shown, kind: EntryKind) {
        let stamp = Stamp::from(at(0));
        shown.learn(&Entry { seq: EntrySeq::new(1), stamp, actor: Actor::Gatehouse, kind });
    }

    #[test]
    fn a_crowded_gateway_is_refreshed_after_hours_and_when_no_bot_is_there() {
        let shown = Shown::default();
        let facts = Facts { heap_max_mb: Some(1000), ..Facts::default() };
        shown.process(Some(ShownProcess::new(7, at(0), facts)));
        let used = |megabytes: u64, secs| {
            let usage = Usage { memory: megabytes * 1_048_576, cpu: Duration::ZERO };
            shown.usage(usage, at(secs));
        };
        let hours = |n: u64| n * 3600;
        used(790, hours(5));
        assert!(!shown.wants_refresh(at(hours(7))), "it has room");
        used(800, hours(5) + 61);
        assert!(!shown.wants_refresh(at(hours(6) - 1)), "it was started lately");
        assert!(shown.wants_refresh(at(hours(6))));
        let name: BotName = "mine".parse().expect("is a name");
        let peer = "127.0.0.1:50000".to_owned();
        bot(&shown, EntryKind::BotConnected { bot: name.clone(), peer, server_version: 226 });
        assert!(!shown.wants_refresh(at(hours(7))), "a bot is connected");
        bot(&shown, EntryKind::BotDisconnected { bot: name, why: "it left".to_owned() });
        assert!(shown.wants_refresh(at(hours(7))));
        // 1 January 1970 was a Thursday; New York was five hours behind.
        assert!(!shown.wants_refresh(at(hours(15))), "the exchanges are open");
        assert!(shown.wants_refresh(at(hours(21))));
        let stamp = Stamp::from(at(hours(21)));
        let kind = EntryKind::KillReleased;
        shown.learn(&Entry { seq: EntrySeq::new(2), stamp, actor: Actor::Person, kind });
        assert!(!shown.wants_refresh(at(hours(21) + 1799)), "somebody is at work");
        assert!(shown.wants_refresh(at(hours(21) + 1800)));
    }

    #[test]
    fn orders_of_the_desk_and_cancels_of_a_kill_keep_the_gateway_up() {
        let (desk, bot) = (BotName::desk(), "mine".parse::<BotName>().expect("is a name"));
        for (is_killed, working, expected) in [
            (false, vec![], true),
            (true, vec![], true),
            (false, vec![Some(&bot)], true),
            (true, vec![Some(&bot)], false),
            (false, vec![Some(&bot), Some(&desk)], false),
            (false, vec![None], false),
        ] {
            assert_eq!(is_at_rest(is_killed, working.clone().into_iter()), expected, "{working:?}");
        }
    }
}
