//! The Gateway screen: steps with their times, the process, the calendar, the timeline.

use std::time::Duration;

use gatehouse_gateway::health::{Condition, LANES, Lane, Span, Timeline};
use gatehouse_ipc::{
    ConnectionLane, ConnectionSpan, ConnectionTimeline, CredentialsView, GatewayProcess,
    GatewayView, RoundTripView, SessionStep, StepState,
};
use gatehouse_types::{Mono, Now, SessionPhase, Utc};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::gateway::{Calendar, ShownProcess, Source, State, in_words, may_start};
use crate::view::words::sentence;

/// What the keeper does not know.
pub(crate) struct Outside {
    pub(crate) clock_offset_ms: Option<i32>,
    pub(crate) credentials: CredentialsView,
}

/// The steps of the screen, and the phases that belong to each.
const STEPS: [(&str, &str, &[SessionPhase]); 7] = [
    ("stopped", "Stopped", &[SessionPhase::Stopped]),
    ("starting", "Starting", &[SessionPhase::Starting]),
    ("login", "Login", &[SessionPhase::LoginNeeded, SessionPhase::LoggingIn]),
    ("second-factor", "2FA", &[SessionPhase::SecondFactor]),
    ("api", "API", &[SessionPhase::ApiStarting, SessionPhase::Connecting]),
    ("reconciling", "Reconciling", &[SessionPhase::Reconciling]),
    ("ready", "Ready", &[SessionPhase::Ready, SessionPhase::Degraded]),
];

/// Makes the view.
pub(crate) fn view(state: &State, now: Now, outside: Outside) -> GatewayView {
    let phase = state.phase();
    let choice = state.choice.as_ref();
    let settings = choice.map_or_else(crate::gateway::default_settings, |it| it.settings.clone());
    let source = choice.map(|it| &it.source);
    let is_real = source.is_some_and(|it| *it != Source::Simulator);
    let is_stopped = phase == SessionPhase::Stopped;
    GatewayView {
        is_by_command_line: choice.is_some_and(|it| it.is_by_command_line),
        phase: phase.name().to_owned(),
        title: title(phase).to_owned(),
        sentence: sentence(&state.why),
        next: next(phase).map(str::to_owned),
        steps: steps(state, now.mono),
        may_start: may_start(phase),
        may_restart: !is_stopped,
        may_stop: !is_stopped,
        address: state.address.clone(),
        server_version: state.server_version,
        process: state.process.as_ref().map(|it| process(it, state, now)),
        schedule: if is_real { Calendar::of(&settings).view(now.utc) } else { None },
        credentials: outside.credentials,
        round_trip: state.round_trips.spread().map(|spread| RoundTripView {
            last_ms: millis(spread.last),
            p50_ms: millis(spread.p50),
            p99_ms: millis(spread.p99),
            n: u32::try_from(spread.n).unwrap_or(u32::MAX),
        }),
        clock_offset_ms: outside.clock_offset_ms,
        n_lines: None,
        settings,
    }
}

fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

const fn title(phase: SessionPhase) -> &'static str {
    match phase {
        SessionPhase::Stopped => "Stopped",
        SessionPhase::Starting => "Starting",
        SessionPhase::LoginNeeded => "Waiting for your login",
        SessionPhase::LoggingIn => "Logging in",
        SessionPhase::SecondFactor => "Waiting for your phone",
        SessionPhase::ApiStarting => "Waiting for the API",
        SessionPhase::Connecting => "Connecting",
        SessionPhase::Reconciling => "Reconciling",
        SessionPhase::Ready => "Ready",
        SessionPhase::Restarting => "Restarting",
        SessionPhase::Degraded => "Connected, not usable",
        SessionPhase::NeedsUser => "Needs you",
        SessionPhase::Failed => "Failed",
    }
}

const fn next(phase: SessionPhase) -> Option<&'static str> {
    match phase {
        SessionPhase::Stopped => Some("Start the Gateway when you want to trade."),
        SessionPhase::LoginNeeded => Some("Log in to the Gateway in its own window."),
        SessionPhase::SecondFactor => Some("Approve the login on your phone."),
        SessionPhase::NeedsUser => {
            Some("Do what the sentence says, then start the Gateway again here.")
        }
        SessionPhase::Failed => Some("Run the doctor, then start the Gateway again."),
        SessionPhase::Starting
        | SessionPhase::LoggingIn
        | SessionPhase::ApiStarting
        | SessionPhase::Connecting
        | SessionPhase::Reconciling
        | SessionPhase::Ready
        | SessionPhase::Restarting
        | SessionPhase::Degraded => None,
    }
}

/// Returns the steps. One that ended in trouble is the last that was reached.
fn steps(state: &State, now: Mono) -> Vec<SessionStep> {
    let phase = state.phase();
    let of = |phase: SessionPhase| STEPS.iter().position(|(_, _, all)| all.contains(&phase));
    let reached = state.entered.iter().rev().find_map(|it| of(it.phase)).unwrap_or(0);
    STEPS
        .iter()
        .enumerate()
        .map(|(i, (name, title, phases))| {
            let spent = spent(state, phases, now);
            let step = if i > reached {
                StepState::Ahead
            } else if i < reached {
                if spent.is_some() { StepState::Done } else { StepState::Skipped }
            } else {
                current(phase)
            };
            let text = match (step, spent) {
                (StepState::Ahead, _) => String::new(),
                (StepState::Skipped, _) => "not needed".to_owned(),
                (StepState::Failed, _) => title_of_trouble(phase).to_owned(),
                (StepState::Now, _) => waiting(state, phase, now),
                (StepState::Done, spent) if i + 1 < STEPS.len() && i > 0 => {
                    spent.map_or_else(String::new, seconds)
                }
                (StepState::Done, _) => since(state, phases, i + 1 == STEPS.len()),
            };
            SessionStep { name: (*name).to_owned(), title: (*title).to_owned(), state: step, text }
        })
        .collect()
}

const fn current(phase: SessionPhase) -> StepState {
    match phase {
        SessionPhase::Ready | SessionPhase::Stopped => StepState::Done,
        SessionPhase::NeedsUser | SessionPhase::Failed | SessionPhase::Degraded => {
            StepState::Failed
        }
        SessionPhase::Starting
        | SessionPhase::LoginNeeded
        | SessionPhase::LoggingIn
        | SessionPhase::SecondFactor
        | SessionPhase::ApiStarting
        | SessionPhase::Connecting
        | SessionPhase::Reconciling
        | SessionPhase::Restarting => StepState::Now,
    }
}

const fn title_of_trouble(phase: SessionPhase) -> &'static str {
    if matches!(phase, SessionPhase::Failed) {
        "failed"
    } else if matches!(phase, SessionPhase::Degraded) {
        "not usable"
    } else {
        "needs you"
    }
}

/// Returns the time spent in some phases since the session was begun; `None` when there was none.
fn spent(state: &State, phases: &[SessionPhase], now: Mono) -> Option<Duration> {
    let ends = state.entered.iter().skip(1).map(|it| it.at.mono).chain([now]);
    let parts: Vec<Duration> = state
        .entered
        .iter()
        .zip(ends)
        .filter(|(it, _)| phases.contains(&it.phase))
        .map(|(it, end)| end.since(it.at.mono))
        .collect();
    (!parts.is_empty()).then(|| parts.iter().sum())
}

fn seconds(spent: Duration) -> String {
    format!("{}.{} s", spent.as_secs(), spent.subsec_millis() / 100)
}

fn waiting(state: &State, phase: SessionPhase, now: Mono) -> String {
    let left = state.deadline.map(|deadline| deadline.since(now).as_secs());
    let left = left.map(|left| format!("{}:{:02} left", left / 60, left % 60));
    match (phase, left) {
        (SessionPhase::SecondFactor, Some(left)) => format!("waiting for your phone, {left}"),
        (SessionPhase::Restarting, _) => "restarting".to_owned(),
        (_, Some(left)) => left,
        (_, None) => "waiting".to_owned(),
    }
}

fn since(state: &State, phases: &[SessionPhase], is_last: bool) -> String {
    let at = state.entered.iter().rev().find(|it| phases.contains(&it.phase));
    let Some(at) = at.map(|it| clock(it.at.utc)) else { return String::new() };
    if is_last { format!("since {at}") } else { at }
}

fn clock(at: Utc) -> String {
    let at = Timestamp::from_second(at.secs()).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string()
}

fn process(it: &ShownProcess, state: &State, now: Now) -> GatewayProcess {
    let crowded = it.memory.crowded_in(it.facts.heap_max_mb);
    let restart =
        state.choice.as_ref().and_then(|choice| Calendar::of(&choice.settings).restart_in(now.utc));
    let forecast = crowded.map(|crowded| {
        if crowded.is_zero() {
            return "The heap is more than 80 % full. Restart at a quiet moment.".to_owned();
        }
        let first = match restart {
            Some(restart) if restart <= crowded => " The next restart comes first.",
            Some(_) | None => " Restart before then.",
        };
        format!("At this pace it reaches 80 % in {}.{first}", in_words(crowded))
    });
    GatewayProcess {
        pid: it.pid,
        memory_mb: it.memory.last().unwrap_or(0),
        heap_max_mb: it.facts.heap_max_mb,
        mb_per_hour: it.memory.per_hour(),
        memory: it.memory.samples(),
        forecast,
        cpu_percent: it.cpu_percent,
        uptime_s: u32::try_from(now.mono.since(it.since).as_secs()).unwrap_or(u32::MAX),
        version: it.facts.version.clone(),
        java: it.facts.java.clone(),
    }
}

/// Makes the timeline of the last hours.
pub(crate) fn timeline(facts: &Timeline, to: Utc, hours: u32) -> ConnectionTimeline {
    let from = to.minus(Duration::from_secs(u64::from(hours) * 3600));
    let percent = facts
        .uptime(Lane::Process, from, to)
        .map(|thousandths| format!("{}.{}", thousandths / 10, thousandths % 10));
    ConnectionTimeline {
        from: from.secs(),
        to: to.secs(),
        up_percent: percent,
        n_drops: u32::try_from(facts.n_drops(Lane::Process, from, to)).unwrap_or(u32::MAX),
        lanes: LANES.iter().map(|lane| self::lane(facts, *lane, from, to)).collect(),
    }
}

fn lane(facts: &Timeline, lane: Lane, from: Utc, to: Utc) -> ConnectionLane {
    let (name, title) = match lane {
        Lane::Process => ("process", "Gateway process"),
        Lane::Broker => ("broker", "Broker link"),
        Lane::Data => ("data", "Market data"),
        Lane::Bots => ("bots", "Bot sockets"),
    };
    let spans = facts.spans(lane, from, to).into_iter().map(span).collect();
    ConnectionLane { name: name.to_owned(), title: title.to_owned(), spans }
}

fn span(span: Span) -> ConnectionSpan {
    let state = match span.condition {
        Condition::Unknown => "unknown",
        Condition::Up => "up",
        Condition::Planned => "planned",
        Condition::Lost => "lost",
        Condition::Partial => "partial",
    };
    ConnectionSpan {
        from: span.from.secs(),
        to: span.to.secs(),
        state: state.to_owned(),
        note: (!span.words.is_empty()).then_some(span.words),
    }
}
