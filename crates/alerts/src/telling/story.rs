//! What is known of one alarm: how often it began, and what was told of it.

use std::time::Duration;

use gatehouse_types::{Mono, Now, Severity};

use super::{Alert, Channel, Channels, Settings, Telling, What};

/// An alarm that came again and stays this long does not flap: it is told before the time of
/// counting is over, once.
const SETTLES_AFTER: Duration = Duration::from_secs(60);

/// The last telling of a beginning, from which the time of counting runs.
#[derive(Debug, Clone, Copy)]
struct Told {
    at: Mono,
    severity: Severity,
}

/// One alarm, from its first beginning until it is over and was not counted for a while.
#[derive(Debug)]
pub(super) struct Story {
    alert: Alert,
    is_open: bool,
    is_acknowledged: bool,
    /// How often it began.
    count: u32,
    raised_at: Mono,
    told: Option<Told>,
    /// The last telling, repeats included.
    last_at: Mono,
    /// Whether this beginning was told, in the window at least.
    is_begin_told: bool,
    /// Where this beginning was told.
    told_on: Channels,
    /// Something of it waits for the end of the time of counting.
    is_counted: bool,
    /// It was told early in this time of counting.
    has_settled: bool,
    /// Something of it waits for the end of quiet hours.
    is_held: bool,
}

impl Story {
    pub(super) fn new(alert: Alert, now: Now) -> Self {
        Self {
            alert,
            is_open: false,
            is_acknowledged: false,
            count: 0,
            raised_at: now.mono,
            told: None,
            last_at: now.mono,
            is_begin_told: false,
            told_on: Channels::new(),
            is_counted: false,
            has_settled: false,
            is_held: false,
        }
    }

    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    pub(super) fn raise(&mut self, alert: Alert, now: Now, settings: &Settings) -> Option<Telling> {
        if !self.is_open {
            self.is_open = true;
            self.is_begin_told = false;
            self.raised_at = now.mono;
            self.count = self.count.saturating_add(1);
        }
        self.alert = alert;
        self.is_acknowledged = false;
        let is_worse = self.told.is_none_or(|told| self.alert.severity > told.severity);
        if is_worse || self.counting_left(now, settings).is_none() {
            return Some(self.begin(now, settings));
        }
        self.is_counted = true;
        None
    }

    pub(super) fn end(&mut self, now: Now, settings: &Settings) -> Option<Telling> {
        if !self.is_open {
            return None;
        }
        self.is_open = false;
        if !self.is_begin_told {
            return None;
        }
        let told_on = self.told_on.clone();
        Some(self.over(told_on, now, settings))
    }

    pub(super) const fn acknowledge(&mut self) {
        self.is_acknowledged = true;
        self.is_counted = false;
        self.is_held = false;
    }

    /// Returns what is to be told because its time has come.
    pub(super) fn due(&mut self, now: Now, settings: &Settings) -> Option<Telling> {
        if self.wait(now, settings)? > Duration::ZERO {
            return None;
        }
        if self.is_open {
            let begins = [self.counted_wait(now, settings), self.held_wait(now, settings)];
            let is_begin = begins.contains(&Some(Duration::ZERO));
            return Some(if is_begin {
                self.begin(now, settings)
            } else {
                self.tell(What::StillOpen, now, settings)
            });
        }
        if self.is_held {
            let told_on = self.told_on.clone();
            return Some(self.over(told_on, now, settings));
        }
        // It came and went without being told.
        let severity = self.alert.severity;
        self.told = Some(Told { at: now.mono, severity });
        let wanted = settings.channels(&self.alert.alarm, severity);
        Some(self.over(wanted, now, settings))
    }

    /// Returns how long nothing of it is due; `None` is for ever.
    pub(super) fn wait(&self, now: Now, settings: &Settings) -> Option<Duration> {
        let counted = self.counted_wait(now, settings);
        let held = self.held_wait(now, settings);
        [counted, held, self.repeat_left(now, settings)].into_iter().flatten().min()
    }

    /// Returns how long what was counted waits.
    fn counted_wait(&self, now: Now, settings: &Settings) -> Option<Duration> {
        self.is_counted.then(|| {
            let left = self.counting_left(now, settings).unwrap_or_default();
            let may_settle = self.is_open && !self.is_begin_told && !self.has_settled;
            let settled = SETTLES_AFTER.saturating_sub(now.mono.since(self.raised_at));
            if may_settle { left.min(settled) } else { left }
        })
    }

    /// Returns how long what quiet hours hold back waits.
    fn held_wait(&self, now: Now, settings: &Settings) -> Option<Duration> {
        self.is_held.then(|| self.quiet_left(now, settings).unwrap_or_default())
    }

    /// Returns whether it is over, and so long that the next one is a new one.
    pub(super) fn is_past(&self, now: Now, settings: &Settings) -> bool {
        let is_waiting = self.is_open || self.is_counted || self.is_held;
        !is_waiting && self.counting_left(now, settings).is_none()
    }

    /// Tells that it began, and counts from here on.
    fn begin(&mut self, now: Now, settings: &Settings) -> Telling {
        self.has_settled = self.is_counted && self.counting_left(now, settings).is_some();
        self.told = Some(Told { at: now.mono, severity: self.alert.severity });
        self.tell(What::Began, now, settings)
    }

    fn tell(&mut self, what: What, now: Now, settings: &Settings) -> Telling {
        let mut channels = settings.channels(&self.alert.alarm, self.alert.severity);
        let is_quiet = self.quiet_left(now, settings).is_some();
        self.is_held = is_quiet && !channels.is_empty();
        if is_quiet {
            channels.clear();
        }
        self.is_counted = false;
        self.is_begin_told = true;
        self.last_at = now.mono;
        self.told_on.extend(channels.iter().copied());
        Telling { alert: self.alert.clone(), what, count: self.count, channels }
    }

    /// Tells that it is over, where that is of interest.
    fn over(&mut self, mut channels: Channels, now: Now, settings: &Settings) -> Telling {
        channels.remove(&Channel::Sound);
        let is_quiet = self.quiet_left(now, settings).is_some();
        self.is_held = is_quiet && !channels.is_empty();
        self.is_counted = false;
        let later = if is_quiet { std::mem::take(&mut channels) } else { Channels::new() };
        self.told_on = later;
        Telling { alert: self.alert.clone(), what: What::Ended, count: self.count, channels }
    }

    /// Returns how long it is counted instead of told; `None` when it is not.
    fn counting_left(&self, now: Now, settings: &Settings) -> Option<Duration> {
        let left = settings.same_within.saturating_sub(now.mono.since(self.told?.at));
        (!left.is_zero()).then_some(left)
    }

    /// Returns how long quiet hours hold it back; `None` when they do not.
    fn quiet_left(&self, now: Now, settings: &Settings) -> Option<Duration> {
        let passes = settings.quiet_critical && self.alert.severity == Severity::Critical;
        if passes { None } else { settings.quiet_hours.as_ref()?.left(now.utc) }
    }

    /// Returns how long until it is told again because nobody has seen it.
    fn repeat_left(&self, now: Now, settings: &Settings) -> Option<Duration> {
        let is_unseen = self.is_open && self.is_begin_told && !self.is_acknowledged;
        let after = settings.repeat_after.filter(|_| is_unseen)?;
        let is_critical = self.alert.severity == Severity::Critical;
        is_critical.then(|| after.saturating_sub(now.mono.since(self.last_at)))
    }
}
