//! What was up when, in lanes.

use std::collections::VecDeque;
use std::time::Duration;

use gatehouse_types::{SessionPhase, Utc};

/// How far back the timeline goes.
const KEPT: Duration = Duration::from_secs(31 * 24 * 3600);

/// Facts of one lane at most, so that a flapping farm cannot fill the memory.
const FACTS_MAX: usize = 10_000;

/// One thing that is up or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// The Gateway's process, or whatever listens on its port.
    Process,
    /// The Gateway's own line to the broker.
    Broker,
    /// Market data.
    Data,
    /// The bots' connections to Gatehouse.
    Bots,
}

/// All lanes, from the outside to the bots.
pub const LANES: [Lane; 4] = [Lane::Process, Lane::Broker, Lane::Data, Lane::Bots];

/// How a lane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is known: Gatehouse did not run, or nobody wanted it up.
    Unknown,
    Up,
    /// Down as it was planned.
    Planned,
    /// Down.
    Lost,
    /// Some of it is down.
    Partial,
}

/// From an instant on a lane is like this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub at: Utc,
    pub condition: Condition,
    pub words: String,
}

/// A stretch of one condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub from: Utc,
    pub to: Utc,
    pub condition: Condition,
    pub words: String,
}

/// What was up when.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    lanes: [VecDeque<Fact>; 4],
}

impl Timeline {
    /// Adds what is so from an instant on. One that is earlier than the last of its lane counts
    /// from there: a clock was set back.
    pub fn note(&mut self, lane: Lane, mut fact: Fact) {
        let facts = self.facts_mut(lane);
        if let Some(last) = facts.back_mut() {
            fact.at = fact.at.max(last.at);
            if last.condition == fact.condition {
                return;
            }
            if last.at == fact.at {
                *last = fact;
                return;
            }
        }
        let oldest = fact.at;
        facts.push_back(fact);
        // The last fact before the kept time says how that time began.
        while facts.len() > FACTS_MAX || facts.get(1).is_some_and(|it| it.at.plus(KEPT) <= oldest) {
            facts.pop_front();
        }
    }

    /// Adds a step of the session.
    pub fn moved(&mut self, at: Utc, to: SessionPhase, is_planned: bool, why: &str) {
        let down = if is_planned { Condition::Planned } else { Condition::Lost };
        let (process, broker, data) = match to {
            SessionPhase::Stopped => {
                (Condition::Unknown, Condition::Unknown, Some(Condition::Unknown))
            }
            SessionPhase::Reconciling => (Condition::Up, Condition::Up, None),
            SessionPhase::Ready => (Condition::Up, Condition::Up, Some(Condition::Up)),
            SessionPhase::Degraded => (Condition::Up, Condition::Lost, Some(down)),
            SessionPhase::NeedsUser | SessionPhase::Failed => (down, down, Some(down)),
            SessionPhase::Starting
            | SessionPhase::LoginNeeded
            | SessionPhase::LoggingIn
            | SessionPhase::SecondFactor
            | SessionPhase::ApiStarting
            | SessionPhase::Connecting
            | SessionPhase::Restarting => {
                let down = self.still(down);
                (down, down, Some(down))
            }
        };
        let lanes = [(Lane::Process, Some(process)), (Lane::Broker, Some(broker))];
        for (lane, condition) in lanes.into_iter().chain([(Lane::Data, data)]) {
            if let Some(condition) = condition {
                self.note(lane, Fact { at, condition, words: why.to_owned() });
            }
        }
    }

    /// The program began or ended: nothing is known from here on.
    pub fn interrupted(&mut self, at: Utc) {
        for lane in LANES {
            let words = "nothing is known".to_owned();
            self.note(lane, Fact { at, condition: Condition::Unknown, words });
        }
    }

    /// A planned end stays planned through the start that follows it, and a start from nothing
    /// loses nothing.
    fn still(&self, down: Condition) -> Condition {
        match self.facts(Lane::Process).back().map(|fact| fact.condition) {
            None | Some(Condition::Planned | Condition::Unknown) => Condition::Planned,
            Some(Condition::Up | Condition::Partial | Condition::Lost) => down,
        }
    }

    /// Returns what a lane was like between two instants, without holes.
    #[must_use]
    pub fn spans(&self, lane: Lane, from: Utc, to: Utc) -> Vec<Span> {
        let facts = self.facts(lane);
        let unknown = Fact { at: from, condition: Condition::Unknown, words: String::new() };
        let before = facts.iter().rev().find(|fact| fact.at <= from).unwrap_or(&unknown);
        let within = facts.iter().filter(|fact| fact.at > from && fact.at < to);
        let mut spans: Vec<Span> = Vec::new();
        for fact in std::iter::once(before).chain(within) {
            let at = fact.at.max(from);
            if let Some(last) = spans.last_mut() {
                last.to = at;
            }
            let Fact { condition, words, .. } = fact.clone();
            spans.push(Span { from: at, to, condition, words });
        }
        spans
    }

    /// Returns how much of the known time a lane was up, in thousandths, planned ends not counted;
    /// `None` when nothing is known.
    #[must_use]
    pub fn uptime(&self, lane: Lane, from: Utc, to: Utc) -> Option<u32> {
        let (mut up, mut known) = (0_i128, 0_i128);
        for span in self.spans(lane, from, to) {
            let length = i128::from(span.to.nanos()) - i128::from(span.from.nanos());
            match span.condition {
                Condition::Up => {
                    up += length;
                    known += length;
                }
                Condition::Lost | Condition::Partial => known += length,
                Condition::Unknown | Condition::Planned => {}
            }
        }
        // Rounded down, so that one loss is never 100 %.
        (known > 0).then(|| u32::try_from(up * 1000 / known).unwrap_or(1000))
    }

    /// Returns how often a lane was lost between two instants.
    #[must_use]
    pub fn n_drops(&self, lane: Lane, from: Utc, to: Utc) -> usize {
        let is_lost = |span: &Span| span.condition == Condition::Lost;
        self.spans(lane, from, to).iter().filter(|span| is_lost(span) && span.from > from).count()
    }

    fn facts(&self, lane: Lane) -> &VecDeque<Fact> {
        let [process, broker, data, bots] = &self.lanes;
        match lane {
            Lane::Process => process,
            Lane::Broker => broker,
            Lane::Data => data,
            Lane::Bots => bots,
        }
    }

    fn facts_mut(&mut self, lane: Lane) -> &mut VecDeque<Fact> {
        let [process, broker, data, bots] = &mut self.lanes;
        match lane {
            Lane::Process => process,
            Lane::Broker => broker,
            Lane::Data => data,
            Lane::Bots => bots,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Utc {
        Utc::from_nanos(secs * 1_000_000_000)
    }

    fn fact(secs: i64, condition: Condition) -> Fact {
        Fact { at: at(secs), condition, words: format!("{condition:?}") }
    }

    fn conditions(timeline: &Timeline, lane: Lane, from: i64, to: i64) -> Vec<(i64, Condition)> {
        let spans = timeline.spans(lane, at(from), at(to));
        assert_eq!(spans.last().map(|span| span.to), Some(at(to)));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "without holes");
        spans.iter().map(|span| (span.from.secs(), span.condition)).collect()
    }

    #[test]
    fn a_window_begins_with_what_was_so_before_it() {
        let mut timeline = Timeline::default();
        for (secs, condition) in [(10, Condition::Up), (20, Condition::Lost), (25, Condition::Up)] {
            timeline.note(Lane::Data, fact(secs, condition));
        }
        let seen = conditions(&timeline, Lane::Data, 15, 100);
        assert_eq!(seen, [(15, Condition::Up), (20, Condition::Lost), (25, Condition::Up)]);
        let seen = conditions(&timeline, Lane::Data, 0, 15);
        assert_eq!(seen, [(0, Condition::Unknown), (10, Condition::Up)]);
    }

    #[test]
    fn uptime_leaves_out_what_is_not_known_and_what_was_planned() {
        let mut timeline = Timeline::default();
        for (secs, condition) in [
            (100, Condition::Up),
            (190, Condition::Lost),
            (200, Condition::Planned),
            (500, Condition::Up),
        ] {
            timeline.note(Lane::Broker, fact(secs, condition));
        }
        // 90 and 100 s up, 10 s lost.
        assert_eq!(timeline.uptime(Lane::Broker, at(0), at(600)), Some(950));
        assert_eq!(timeline.n_drops(Lane::Broker, at(0), at(600)), 1);
        assert_eq!(timeline.uptime(Lane::Bots, at(0), at(600)), None);
    }

    #[test]
    fn a_crash_is_a_loss_and_a_planned_restart_is_none_until_it_is_up_again() {
        let mut timeline = Timeline::default();
        let steps = [
            (1, SessionPhase::Ready, false),
            (10, SessionPhase::Restarting, true),
            (11, SessionPhase::Starting, false),
            (20, SessionPhase::Reconciling, false),
            (30, SessionPhase::Degraded, false),
            (40, SessionPhase::Ready, false),
            (50, SessionPhase::Restarting, false),
            (60, SessionPhase::Stopped, true),
        ];
        for (secs, phase, is_planned) in steps {
            timeline.moved(at(secs), phase, is_planned, "why");
        }
        let process = [
            (1, Condition::Up),
            (10, Condition::Planned),
            (20, Condition::Up),
            (50, Condition::Lost),
            (60, Condition::Unknown),
        ];
        assert_eq!(conditions(&timeline, Lane::Process, 1, 70), process);
        assert_eq!(timeline.n_drops(Lane::Broker, at(0), at(70)), 2);
    }

    #[test]
    fn a_start_from_nothing_loses_nothing_and_one_that_fails_is_a_loss() {
        let mut timeline = Timeline::default();
        for (secs, phase) in [
            (1, SessionPhase::Starting),
            (2, SessionPhase::Ready),
            (10, SessionPhase::Stopped),
            (20, SessionPhase::Starting),
            (25, SessionPhase::Failed),
        ] {
            timeline.moved(at(secs), phase, false, "why");
        }
        for lane in [Lane::Process, Lane::Broker, Lane::Data] {
            let seen = [
                (0, Condition::Unknown),
                (1, Condition::Planned),
                (2, Condition::Up),
                (10, Condition::Unknown),
                (20, Condition::Planned),
                (25, Condition::Lost),
            ];
            assert_eq!(conditions(&timeline, lane, 0, 30), seen, "{lane:?}");
            assert_eq!(timeline.n_drops(lane, at(0), at(30)), 1);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_leaves_no_hole() {
        let mut timeline = Timeline::default();
        timeline.note(Lane::Bots, fact(100, Condition::Up));
        timeline.note(Lane::Bots, fact(50, Condition::Lost));
        timeline.note(Lane::Bots, fact(120, Condition::Up));
        let seen = conditions(&timeline, Lane::Bots, 0, 200);
        assert_eq!(seen, [(0, Condition::Unknown), (100, Condition::Lost), (120, Condition::Up)]);
    }

    #[test]
    fn a_month_is_kept_and_a_flapping_lane_is_bounded() {
        let mut timeline = Timeline::default();
        let day = 24 * 3600;
        for n in 0..80 {
            let condition = if n % 2 == 0 { Condition::Up } else { Condition::Lost };
            timeline.note(Lane::Process, fact(n * day, condition));
        }
        let facts = timeline.facts(Lane::Process);
        assert_eq!(facts.front().map(|it| it.at), Some(at(48 * day)));
        for n in 0..50_000 {
            let condition = if n % 2 == 0 { Condition::Up } else { Condition::Lost };
            timeline.note(Lane::Data, fact(n, condition));
        }
        assert_eq!(timeline.facts(Lane::Data).len(), FACTS_MAX);
    }
}
