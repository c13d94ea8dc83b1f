//! Lives of a session, as tables: at which second what happens, where it stands then, what is done.

use std::time::Duration;

use gatehouse_types::{Mono, SessionPhase};
use proptest::prelude::*;

use super::*;

/// A word for each effect, without its sentences.
fn word(effect: &Effect) -> String {
    match effect {
        Effect::Launch => "launch".to_owned(),
        Effect::EndProcess => "end".to_owned(),
        Effect::AskRestart => "ask-restart".to_owned(),
        Effect::Probe => "probe".to_owned(),
        Effect::Open => "open".to_owned(),
        Effect::Hold => "hold".to_owned(),
        Effect::Close => "close".to_owned(),
        Effect::Record(_) => "record".to_owned(),
        Effect::Raise { kind, severity, .. } => format!("raise {kind:?} {severity:?}"),
        Effect::Clear(kind) => format!("clear {kind:?}"),
    }
}

struct Life {
    session: Session,
    now: Mono,
    moves: Vec<Moved>,
}

impl Life {
    fn of(origin: Origin) -> Self {
        let now = Mono::new(Duration::ZERO);
        Self { session: Session::new(Plan::new(origin, 7), now), now, moves: Vec::new() }
    }

    /// Lets time pass to `secs`, with every tick that is asked for, and returns what was done.
    fn pass_to(&mut self, secs: f64) -> Vec<String> {
        let end = Mono::new(Duration::from_secs_f64(secs));
        let mut done = Vec::new();
        let mut n_ticks = 0;
        while let Some(at) = self.session.next_tick().filter(|&at| at <= end) {
            n_ticks += 1;
            assert!(n_ticks < 100_000, "it never rests: {at:?} {:?}", self.session);
            self.now = at.max(self.now);
            let effects = self.session.step(self.now, Event::Tick);
            done.extend(self.keep(effects));
        }
        self.now = end;
        done
    }

    fn tell(&mut self, event: Event) -> Vec<String> {
        let effects = self.session.step(self.now, event);
        self.keep(effects)
    }

    fn keep(&mut self, effects: Vec<Effect>) -> Vec<String> {
        self.moves.extend(effects.iter().filter_map(|effect| match effect {
            Effect::Record(moved) => Some(moved.clone()),
            Effect::Launch
            | Effect::EndProcess
            | Effect::AskRestart
            | Effect::Probe
            | Effect::Open
            | Effect::Hold
            | Effect::Close
            | Effect::Raise { .. }
            | Effect::Clear(_) => None,
        }));
        let words = effects.iter().map(word);
        words.filter(|word| word != "record").collect()
    }

    /// Walks rows of second, event, phase afterwards, and what was done at this instant.
    #[track_caller]
    fn check(&mut self, rows: &[(f64, Event, SessionPhase, &[&str])]) {
        for (secs, event, phase, done) in rows {
            self.pass_to(*secs);
            let told = self.tell(event.clone());
            assert_eq!(self.session.phase(), *phase, "at {secs} after {event:?}");
            assert_eq!(told, *done, "at {secs} after {event:?}");
        }
    }
}

use Event::{Connected, Ended, LinkLost, Reconciled, Restart, Start, Stop};
use SessionPhase as P;

const YES: Event = Event::Probed(Probed::Speaks { version: 226 });
const OURS: Event = Connected { refusal: None };

fn no() -> Event {
    Event::Probed(Probed::No { why: "nothing listens on 127.0.0.1:4002".to_owned() })
}

fn helper(event: HelperEvent) -> Event {
    Event::Helper(event)
}

fn ended() -> Event {
    Ended { how: "it was killed".to_owned() }
}

fn lost() -> Event {
    LinkLost { why: "the connection ended".to_owned() }
}

fn keychain() -> Life {
    Life::of(Origin::Launched(Login::Keychain))
}

/// A life up to Ready, which takes four seconds.
fn ready() -> Life {
    let mut life = keychain();
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (0.1, Event::Launched, P::Starting, &[]),
        (1.0, helper(HelperEvent::LoginShown), P::LoggingIn, &[]),
        (1.1, helper(HelperEvent::LoginStarted), P::LoggingIn, &[]),
        (2.0, helper(HelperEvent::LoggedIn), P::ApiStarting, &["probe"]),
        (2.1, YES, P::Connecting, &["open"]),
        (3.0, OURS, P::Reconciling, &[]),
        (4.0, Reconciled, P::Ready, &[]),
    ]);
    life
}

#[test]
fn credentials_of_the_keychain_lead_to_ready_and_every_step_is_recorded() {
    let life = ready();
    let path: Vec<_> = life.moves.iter().map(|moved| moved.to.name()).collect();
    let expected = ["starting", "logging-in", "api-starting", "connecting", "reconciling", "ready"];
    assert_eq!(path, expected);
    assert!(life.moves.iter().all(|moved| !moved.why.is_empty() && !moved.why.ends_with('.')));
}

#[test]
fn the_simulator_needs_no_login() {
    Life::of(Origin::Simulator).check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (0.1, Event::Launched, P::ApiStarting, &["probe"]),
        (0.2, YES, P::Connecting, &["open"]),
        (0.3, OURS, P::Reconciling, &[]),
        (0.4, Reconciled, P::Ready, &[]),
    ]);
}

#[test]
fn a_person_who_logs_in_is_waited_for_without_end_and_noticed_by_the_port() {
    let mut life = Life::of(Origin::Launched(Login::Person));
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (0.1, Event::Launched, P::LoginNeeded, &["raise NeedsUser Warning"]),
    ]);
    for hour in 1..4 {
        life.pass_to(f64::from(hour) * 3600.0);
        life.check(&[(f64::from(hour) * 3600.0, no(), P::LoginNeeded, &[])]);
    }
    life.pass_to(10_802.0);
    life.check(&[(10_802.0, YES, P::Connecting, &["clear NeedsUser", "open"])]);
}

#[test]
fn a_gateway_that_runs_is_looked_for_patiently_and_told_about_after_three_seconds() {
    let mut life = Life::of(Origin::Running);
    life.check(&[
        (0.0, Start, P::Connecting, &["probe"]),
        (0.0, no(), P::Connecting, &[]),
        (1.0, no(), P::Connecting, &[]),
    ]);
    assert!(life.pass_to(4.0).contains(&"raise Disconnected Critical".to_owned()));
    life.check(&[
        (5.0, YES, P::Connecting, &["open"]),
        (5.1, OURS, P::Reconciling, &["clear Disconnected"]),
    ]);
}

#[test]
fn a_refused_password_is_never_entered_again_by_itself() {
    let mut life = keychain();
    let refused = helper(HelperEvent::LoginRefused { why: "invalid".to_owned() });
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (1.0, helper(HelperEvent::LoginStarted), P::LoggingIn, &[]),
        (2.0, refused, P::NeedsUser, &["end", "close", "raise NeedsUser Critical"]),
        (3.0, ended(), P::NeedsUser, &[]),
    ]);
    assert_eq!(life.pass_to(1_000_000.0), Vec::<String>::new());
    life.check(&[(1_000_001.0, Start, P::Starting, &["clear NeedsUser", "launch"])]);
}

#[test]
fn a_phone_that_nobody_takes_is_asked_three_times() {
    let mut life = keychain();
    life.tell(Start);
    let mut n_asked = 0;
    while life.session.phase() != P::NeedsUser {
        n_asked += 1;
        life.tell(helper(HelperEvent::LoginStarted));
        let raised = life.tell(helper(HelperEvent::SecondFactorAsked));
        assert_eq!(raised, ["raise NeedsUser Warning"]);
        let until = life.session.deadline().expect("a deadline");
        assert_eq!(until.since(life.now), Duration::from_secs(180));
        let secs = life.now.since(Mono::new(Duration::ZERO)).as_secs_f64();
        life.pass_to(secs + 180.0);
        life.tell(ended());
        life.pass_to(secs + 180.0 + 20.0);
    }
    assert_eq!(n_asked, 3);
    assert_eq!(life.session.why(), "nobody approved the login, 3 times");
}

#[test]
fn another_session_is_left_to_the_person_unless_told_otherwise() {
    let there = || helper(HelperEvent::ExistingSession { why: "logged in elsewhere".to_owned() });
    let cases: [(ExistingSession, P, &[&str]); 3] = [
        (ExistingSession::Ask, P::NeedsUser, &["raise NeedsUser Critical"]),
        (ExistingSession::TakeOver, P::LoggingIn, &[]),
        (ExistingSession::Yield, P::NeedsUser, &["end", "close", "raise NeedsUser Critical"]),
    ];
    for (policy, phase, done) in cases {
        let mut life = keychain();
        life.session.plan.existing_session = policy;
        life.check(&[
            (0.0, Start, P::Starting, &["launch"]),
            (1.0, helper(HelperEvent::LoginStarted), P::LoggingIn, &[]),
            (2.0, there(), phase, done),
        ]);
    }
}

#[test]
fn a_crash_is_told_and_started_again_later_and_later_and_then_no_more() {
    let mut life = ready();
    let mut waits = Vec::new();
    for n in 1..=4 {
        life.tell(ended());
        assert_eq!(life.session.phase(), P::Restarting, "{n}");
        let before = life.now;
        while life.session.phase() == P::Restarting {
            let at = life.session.next_tick().expect("a next attempt");
            life.now = at;
            life.tell(Event::Tick);
        }
        assert_eq!(life.session.phase(), P::Starting);
        waits.push(life.now.since(before).as_secs());
    }
    assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
    assert!(life.session.alarms.contains(&AlarmKind::Disconnected));
    assert!(life.tell(ended()).contains(&"raise Failed Critical".to_owned()));
    assert_eq!(life.session.phase(), P::Failed);
    let end = life.now.plus(Duration::from_secs(100_000));
    let done = life.pass_to(end.since(Mono::new(Duration::ZERO)).as_secs_f64());
    assert_eq!(done, Vec::<String>::new());
    assert!(life.tell(Start).contains(&"launch".to_owned()), "a person may try again");
}

#[test]
fn the_daily_restart_is_no_surprise_and_needs_no_login() {
    let mut life = ready();
    let going = helper(HelperEvent::Restarting { needs_login: false });
    life.check(&[
        (100.0, going, P::Restarting, &["close"]),
        (101.0, ended(), P::Starting, &["launch"]),
        (120.0, helper(HelperEvent::LoggedIn), P::ApiStarting, &["probe"]),
        (121.0, YES, P::Connecting, &["open"]),
        (122.0, OURS, P::Reconciling, &[]),
        (123.0, Reconciled, P::Ready, &[]),
    ]);
}

#[test]
fn a_restart_that_is_heard_of_after_the_lost_connection_or_after_our_own_wish_is_no_failure() {
    let going = || helper(HelperEvent::Restarting { needs_login: false });
    let mut life = ready();
    life.check(&[
        (100.0, lost(), P::Connecting, &["hold"]),
        (100.1, going(), P::Restarting, &["close"]),
        (101.0, ended(), P::Starting, &["launch"]),
    ]);
    let mut life = ready();
    life.check(&[
        (100.0, Restart, P::Restarting, &["close", "ask-restart"]),
        (100.1, going(), P::Restarting, &["close"]),
        (101.0, ended(), P::Starting, &["launch"]),
    ]);
}

#[test]
fn a_planned_restart_that_does_not_come_back_is_told() {
    let mut life = ready();
    life.check(&[
        (100.0, helper(HelperEvent::Restarting { needs_login: false }), P::Restarting, &["close"]),
        (101.0, ended(), P::Starting, &["launch"]),
        (120.0, helper(HelperEvent::LoggedIn), P::ApiStarting, &["probe"]),
        (121.0, YES, P::Connecting, &["open"]),
        (130.0, lost(), P::Connecting, &["hold"]),
    ]);
    assert!(!life.pass_to(390.0).iter().any(|word| word.starts_with("raise")));
    assert!(life.pass_to(402.0).contains(&"raise Disconnected Critical".to_owned()));
}

#[test]
fn a_gateway_that_restarts_for_ever_without_use_is_given_up() {
    let mut life = keychain();
    life.tell(Start);
    let mut n_launched = 1;
    for _ in 0..50 {
        life.tell(helper(HelperEvent::Restarting { needs_login: true }));
        life.tell(ended());
        let secs = life.now.since(Mono::new(Duration::ZERO)).as_secs_f64();
        let done = life.pass_to(secs + 100.0);
        n_launched += done.iter().filter(|word| *word == "launch").count();
    }
    assert_eq!(life.session.phase(), P::Failed);
    assert!(n_launched <= 5, "{n_launched}");
}

#[test]
fn a_restart_by_a_person_keeps_the_token_where_there_is_one() {
    let mut life = ready();
    life.check(&[
        (10.0, Restart, P::Restarting, &["close", "ask-restart"]),
        (20.0, ended(), P::Starting, &["launch"]),
    ]);
    let mut life = Life::of(Origin::Simulator);
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (0.1, Restart, P::Restarting, &["close", "end"]),
        (0.2, ended(), P::Starting, &["launch"]),
    ]);
}

#[test]
fn a_restart_that_the_process_ignores_is_enforced() {
    let mut life = ready();
    life.check(&[(10.0, Restart, P::Restarting, &["close", "ask-restart"])]);
    assert!(life.pass_to(311.0).contains(&"end".to_owned()));
    life.check(&[(312.0, ended(), P::Starting, &["launch"])]);
}

#[test]
fn stop_ends_the_process_before_it_is_stopped_and_nobody_is_alarmed() {
    let mut life = ready();
    life.check(&[(10.0, Stop, P::Ready, &["close", "end"]), (12.0, ended(), P::Stopped, &[])]);
    assert_eq!(life.pass_to(100_000.0), Vec::<String>::new());
}

#[test]
fn a_lost_connection_is_tried_again_and_told_after_three_seconds() {
    let mut life = ready();
    life.check(&[
        (10.0, lost(), P::Connecting, &["hold"]),
        (10.5, no(), P::Connecting, &[]),
        (11.0, no(), P::Connecting, &[]),
        (12.9, no(), P::Connecting, &[]),
    ]);
    assert!(life.pass_to(13.0).contains(&"raise Disconnected Critical".to_owned()));
    life.check(&[
        (40.0, YES, P::Connecting, &["open"]),
        (40.1, OURS, P::Reconciling, &["clear Disconnected"]),
    ]);
}

#[test]
fn a_loss_of_a_moment_is_not_told() {
    let mut life = ready();
    life.check(&[
        (10.0, lost(), P::Connecting, &["hold"]),
        (11.0, YES, P::Connecting, &["open"]),
        (12.0, OURS, P::Reconciling, &[]),
    ]);
    let raised = life.pass_to(30.0);
    assert!(!raised.iter().any(|word| word.starts_with("raise")), "{raised:?}");
}

#[test]
fn a_broker_out_of_reach_degrades_and_matching_comes_before_ready() {
    let mut life = ready();
    life.check(&[
        (10.0, Event::BrokerLost, P::Degraded, &["raise BrokerLost Critical"]),
        (11.0, Event::BrokerLost, P::Degraded, &[]),
        (12.0, Reconciled, P::Degraded, &[]),
        (20.0, Event::BrokerBack, P::Reconciling, &["clear BrokerLost"]),
        (21.0, Reconciled, P::Ready, &[]),
    ]);
}

#[test]
fn an_account_that_cannot_be_matched_is_told_and_heals() {
    let mut life = keychain();
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (1.0, helper(HelperEvent::LoggedIn), P::ApiStarting, &["probe"]),
        (2.0, YES, P::Connecting, &["open"]),
        (3.0, OURS, P::Reconciling, &[]),
    ]);
    assert_eq!(life.pass_to(63.0), ["raise NotMatched Critical"]);
    life.check(&[(70.0, Reconciled, P::Ready, &["clear NotMatched"])]);
}

#[test]
fn an_account_of_another_mode_is_refused_and_waits_for_a_person() {
    let why = "it is a live account, and this is the paper mode".to_owned();
    let mut life = ready();
    life.check(&[
        (10.0, lost(), P::Connecting, &["hold"]),
        (11.0, YES, P::Connecting, &["open"]),
        (
            12.0,
            Connected { refusal: Some(why) },
            P::NeedsUser,
            &["close", "raise NeedsUser Critical"],
        ),
    ]);
    assert!(!life.pass_to(10_000.0).contains(&"open".to_owned()));
}

#[test]
fn a_login_without_a_port_names_the_setting_and_goes_on_when_it_opens() {
    let mut life = keychain();
    life.check(&[
        (0.0, Start, P::Starting, &["launch"]),
        (1.0, helper(HelperEvent::LoggedIn), P::ApiStarting, &["probe"]),
        (1.1, no(), P::ApiStarting, &[]),
    ]);
    assert!(life.pass_to(61.0).contains(&"raise NeedsUser Critical".to_owned()));
    assert!(life.session.why().contains("Enable ActiveX and Socket Clients"));
    life.check(&[(70.0, YES, P::Connecting, &["clear NeedsUser", "open"])]);
}

#[test]
fn an_update_that_is_demanded_halts_and_nothing_is_clicked() {
    let mut life = ready();
    let update = helper(HelperEvent::UpdateDemanded { title: "Update your software".to_owned() });
    life.check(&[(10.0, update, P::NeedsUser, &["close", "raise NeedsUser Critical"])]);
    assert_eq!(life.pass_to(10_000.0), Vec::<String>::new());
}

#[test]
fn what_a_connection_waits_for_is_said_and_told_with_the_loss() {
    let mut life = ready();
    let waits = Event::LinkWaits { why: "client id 7001 is in use".to_owned() };
    life.tell(lost());
    life.pass_to(10.0);
    life.tell(YES);
    assert_eq!(life.session.phase(), P::Connecting);
    assert_eq!(life.tell(waits.clone()), Vec::<String>::new());
    assert_eq!(life.session.why(), "client id 7001 is in use");
    life.tell(OURS);
    life.tell(waits);
    assert_eq!(life.session.why(), "an account is connected");
}

#[test]
fn a_refresh_is_a_planned_restart_of_what_stands_and_nothing_else() {
    let refresh = || Event::Refresh { why: "its memory is full".to_owned() };
    let mut life = ready();
    life.check(&[(10.0, refresh(), P::Restarting, &["close", "ask-restart"])]);
    assert!(life.moves.last().is_some_and(|moved| moved.is_planned));
    // It is on its way already.
    life.check(&[(11.0, refresh(), P::Restarting, &[])]);
    let mut life = keychain();
    life.check(&[(0.0, refresh(), P::Stopped, &[])]);
    life.check(&[(1.0, Start, P::Starting, &["launch"]), (2.0, refresh(), P::Starting, &[])]);
}

#[test]
fn what_is_missing_is_left_to_the_person_and_what_fails_is_tried_again() {
    let not = |is_lasting| Event::NotLaunched { why: "no Java".to_owned(), is_lasting };
    let mut life = Life::of(Origin::Launched(Login::Keychain));
    life.check(&[(0.0, Start, P::Starting, &["launch"])]);
    life.check(&[(1.0, not(true), P::NeedsUser, &["close", "raise NeedsUser Critical"])]);
    assert_eq!(life.pass_to(10_000.0), Vec::<String>::new());
    life.check(&[(10_001.0, Start, P::Starting, &["clear NeedsUser", "launch"])]);
    life.check(&[(10_002.0, not(false), P::Restarting, &["close"])]);
    assert!(life.pass_to(10_100.0).contains(&"launch".to_owned()));
}

fn events() -> impl Strategy<Value = Event> {
    let title = || "t".to_owned();
    prop::sample::select(vec![
        Start,
        Stop,
        Restart,
        Event::Launched,
        Event::NotLaunched { why: title(), is_lasting: false },
        Event::NotLaunched { why: title(), is_lasting: true },
        ended(),
        YES,
        no(),
        OURS,
        Connected { refusal: Some(title()) },
        lost(),
        Event::LinkWaits { why: title() },
        Event::Refresh { why: title() },
        Reconciled,
        Event::BrokerLost,
        Event::BrokerBack,
        Event::RestartPlanned,
        Event::Tick,
        helper(HelperEvent::LoginShown),
        helper(HelperEvent::LoginStarted),
        helper(HelperEvent::SecondFactorAsked),
        helper(HelperEvent::SecondFactorTimedOut),
        helper(HelperEvent::LoginRefused { why: title() }),
        helper(HelperEvent::TooManyAttempts { why: title() }),
        helper(HelperEvent::ExistingSession { why: title() }),
        helper(HelperEvent::LoggedIn),
        helper(HelperEvent::Restarting { needs_login: true }),
        helper(HelperEvent::UnknownWindow { title: title() }),
        helper(HelperEvent::UpdateDemanded { title: title() }),
    ])
}

fn origins() -> impl Strategy<Value = Origin> {
    prop::sample::select(vec![
        Origin::Simulator,
        Origin::Running,
        Origin::Launched(Login::Keychain),
        Origin::Launched(Login::Person),
    ])
}

proptest! {
    /// One process and one try of the port at most; steps chain; a loss that lasts is told.
    #[test]
    fn whatever_happens(
        origin in origins(),
        happened in prop::collection::vec((0_u32..20_000, events()), 1..120),
    ) {
        let mut life = Life::of(origin);
        let mut n_processes = 0_i32;
        let mut n_probes = 0_i32;
        let mut secs = 0.0;
        for (after, event) in happened {
            secs += f64::from(after) / 1000.0;
            let mut done = life.pass_to(secs);
            let is_end = matches!(event, Event::Ended { .. } | Event::NotLaunched { .. });
            let is_answer = matches!(event, Event::Probed(_));
            if is_end && n_processes == 0 || is_answer && n_probes == 0 {
                continue;
            }
            n_processes -= i32::from(is_end);
            n_probes -= i32::from(is_answer);
            done.extend(life.tell(event));
            n_processes += i32::try_from(done.iter().filter(|it| *it == "launch").count()).unwrap();
            n_probes += i32::try_from(done.iter().filter(|it| *it == "probe").count()).unwrap();
            prop_assert!((0..=1).contains(&n_processes), "{n_processes} processes");
            prop_assert!((0..=1).contains(&n_probes), "{n_probes} tries of the port");
            prop_assert!(origin.is_ours() || n_processes == 0);
        }
        for pair in life.moves.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        life.pass_to(secs + 10_000.0);
        let is_lost = life.session.is_wanted && !life.session.phase.is_connected();
        prop_assert!(!is_lost || !life.session.alarms.is_empty() || is_on_the_way(&life.session));
    }
}

/// Nothing answers in this world but what the table says, so a start may still be under way.
fn is_on_the_way(session: &Session) -> bool {
    session.process == Process::Ends || session.is_probing
}
