//! Who is told of an alarm, and when: each story is a list of instants.

use std::time::Duration;

use gatehouse_alerts::telling::{Alert, Channel, Event, Setting, Settings, Teller, Telling, What};
use gatehouse_types::{Mono, Now, Severity, Utc};

use Severity::{Critical, Info, Warning};
use What::{Began, Ended, StillOpen};

/// 2026-01-05 12:00 UTC is second 0 of every story.
const BEGIN_S: i64 = 1_767_614_400;

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;

/// A teller, its clock and what it told: the second, what, the count and the channels.
struct Story {
    teller: Teller,
    at_s: u64,
    told: Vec<(u64, What, u32, &'static str)>,
}

impl Story {
    fn new(choices: &[(Setting, &str)]) -> Self {
        let mut settings = Settings::default();
        for (setting, value) in choices {
            settings.set(*setting, value).expect("a setting");
        }
        Self { teller: Teller::new(settings), at_s: 0, told: Vec::new() }
    }

    fn now(&self) -> Now {
        let begin = Utc::from_nanos(BEGIN_S * 1_000_000_000);
        let since = Duration::from_secs(self.at_s);
        Now { mono: Mono::new(since), utc: begin.plus(since), market: None }
    }

    fn note(&mut self, telling: Telling) {
        let Telling { what, count, channels, .. } = telling;
        let names = match channels.iter().map(|it| it.name()).collect::<Vec<_>>()[..] {
            [] => "window",
            ["desktop"] => "desktop",
            ["webhook"] => "webhook",
            ["desktop", "sound"] => "desktop sound",
            ["desktop", "webhook"] => "desktop webhook",
            ["desktop", "sound", "webhook"] => "all",
            _ => "others",
        };
        self.told.push((self.at_s, what, count, names));
    }

    /// Lets time pass; whatever is due is told in its second.
    fn until(&mut self, at_s: u64) {
        while let Some(wait) = self.teller.wait(self.now()) {
            let due_s = self.at_s + wait.as_secs();
            if due_s > at_s {
                break;
            }
            self.at_s = due_s;
            let due = self.teller.due(self.now());
            assert!(!due.is_empty(), "something was due at {due_s}");
            due.into_iter().for_each(|telling| self.note(telling));
        }
        self.at_s = at_s;
        assert_eq!(self.teller.due(self.now()), Vec::new(), "nothing is due at {at_s}");
    }

    fn hear(&mut self, at_s: u64, event: Event) {
        self.until(at_s);
        if let Some(telling) = self.teller.hear(self.now(), event) {
            self.note(telling);
        }
    }

    fn raise(&mut self, at_s: u64, severity: Severity) {
        self.say(at_s, severity, "The Gateway is lost");
    }

    fn say(&mut self, at_s: u64, severity: Severity, sentence: &str) {
        let (alarm, sentence) = ("disconnected".to_owned(), sentence.to_owned());
        self.until(at_s);
        let at = self.now().utc;
        self.hear(at_s, Event::Raised(Alert { alarm, severity, sentence, at }));
    }

    fn end(&mut self, at_s: u64) {
        self.hear(at_s, Event::Ended { alarm: "disconnected".to_owned() });
    }

    fn see(&mut self, at_s: u64) {
        self.hear(at_s, Event::Acknowledged { alarm: "disconnected".to_owned() });
    }

    #[track_caller]
    fn told(&mut self, until_s: u64, expected: &[(u64, What, u32, &'static str)]) {
        self.until(until_s);
        assert_eq!(self.told, expected);
    }
}

#[test]
fn each_severity_reaches_its_channels() {
    for (severity, channels) in [(Info, "window"), (Warning, "desktop"), (Critical, "all")] {
        let mut story = Story::new(&[]);
        story.raise(0, severity);
        story.see(1);
        story.told(HOUR, &[(0, Began, 1, channels)]);
    }
}

#[test]
fn every_threshold_can_be_set() {
    let mut story = Story::new(&[
        (Setting::Desktop, "off"),
        (Setting::Sound, "off"),
        (Setting::Webhook, "info"),
    ]);
    story.raise(0, Info);
    story.told(HOUR, &[(0, Began, 1, "webhook")]);
}

#[test]
fn an_end_is_told_once_where_its_beginning_was_and_without_a_sound() {
    let mut story = Story::new(&[]);
    story.raise(0, Critical);
    story.end(30);
    story.end(31);
    story.told(HOUR, &[(0, Began, 1, "all"), (30, Ended, 1, "desktop webhook")]);
}

#[test]
fn a_flapping_alarm_is_told_once_with_its_count() {
    let mut story = Story::new(&[]);
    for at in 0..5 {
        story.raise(at * 20, Warning);
        story.end(at * 20 + 5);
    }
    let expected = [(0, Began, 1, "desktop"), (5, Ended, 1, "desktop"), (600, Ended, 5, "desktop")];
    story.told(HOUR, &expected);
    // After a while without it, it is a new one.
    story.raise(2 * HOUR, Warning);
    assert_eq!(story.told.last(), Some(&(2 * HOUR, Began, 1, "desktop")));
}

#[test]
fn an_alarm_that_comes_again_and_stays_is_told_after_a_minute() {
    let mut story = Story::new(&[]);
    story.raise(0, Warning);
    story.end(5);
    story.raise(20, Warning);
    let expected = [(0, Began, 1, "desktop"), (5, Ended, 1, "desktop"), (80, Began, 2, "desktop")];
    story.told(HOUR, &expected);
}

#[test]
fn slow_flapping_is_told_twice_in_the_time_of_counting_at_most() {
    let mut story = Story::new(&[]);
    for at in 0..6 {
        story.raise(at * 100, Warning);
        story.end(at * 100 + 70);
    }
    let began = |story: &Story| story.told.iter().filter(|told| told.1 == Began).count();
    assert_eq!(began(&story), 2);
    // The last word is that it is over.
    story.until(HOUR);
    assert_eq!(began(&story), 2);
    assert_eq!(story.told.last().map(|told| (told.1, told.2)), Some((Ended, 6)));
}

#[test]
fn a_worse_severity_is_told_at_once_and_a_better_one_is_counted() {
    let mut story = Story::new(&[(Setting::RepeatMinutes, "0")]);
    story.raise(0, Warning);
    story.raise(10, Critical);
    story.raise(20, Warning);
    let expected = [(0, Began, 1, "desktop"), (10, Began, 1, "all"), (610, Began, 1, "desktop")];
    story.told(HOUR, &expected);
}

#[test]
fn another_sentence_of_an_open_alarm_is_told_when_the_counting_is_over() {
    let mut story = Story::new(&[]);
    story.raise(0, Warning);
    story.say(30, Warning, "Still trying");
    story.say(60, Warning, "Still trying, the third time");
    story.told(HOUR, &[(0, Began, 1, "desktop"), (600, Began, 1, "desktop")]);
}

#[test]
fn a_critical_alarm_is_repeated_until_somebody_has_seen_it() {
    let mut story = Story::new(&[]);
    story.raise(0, Critical);
    story.see(11 * MINUTE);
    story.end(30 * MINUTE);
    let expected = [
        (0, Began, 1, "all"),
        (300, StillOpen, 1, "all"),
        (600, StillOpen, 1, "all"),
        (1800, Ended, 1, "desktop webhook"),
    ];
    story.told(HOUR, &expected);
}

#[test]
fn a_warning_is_not_repeated_and_nothing_is_when_repeats_are_off() {
    let mut story = Story::new(&[]);
    story.raise(0, Warning);
    story.told(HOUR, &[(0, Began, 1, "desktop")]);
    let mut story = Story::new(&[(Setting::RepeatMinutes, "0")]);
    story.raise(0, Critical);
    story.told(HOUR, &[(0, Began, 1, "all")]);
}

/// From 11:00 to 13:00, so that every story begins in its middle.
const QUIET: (Setting, &str) = (Setting::QuietHours, "11:00-13:00 UTC");

#[test]
fn in_quiet_hours_a_warning_is_told_after_them_if_it_is_not_over() {
    let mut story = Story::new(&[QUIET]);
    story.raise(0, Warning);
    story.told(2 * HOUR, &[(0, Began, 1, "window"), (HOUR, Began, 1, "desktop")]);
}

#[test]
fn what_is_over_or_seen_before_quiet_hours_end_is_not_told_after_them() {
    let mut story = Story::new(&[QUIET]);
    story.raise(0, Warning);
    story.end(60);
    story.told(2 * HOUR, &[(0, Began, 1, "window"), (60, Ended, 1, "window")]);
    let mut story = Story::new(&[QUIET]);
    story.raise(0, Warning);
    story.see(60);
    story.told(2 * HOUR, &[(0, Began, 1, "window")]);
}

#[test]
fn the_end_of_what_was_told_before_quiet_hours_is_told_after_them() {
    let mut story = Story::new(&[(Setting::QuietHours, "12:30-13:00 UTC")]);
    story.raise(0, Warning);
    story.end(1900);
    let expected =
        [(0, Began, 1, "desktop"), (1900, Ended, 1, "window"), (HOUR, Ended, 1, "desktop")];
    story.told(2 * HOUR, &expected);
}

#[test]
fn a_critical_alarm_passes_quiet_hours_unless_it_was_told_not_to() {
    let mut story = Story::new(&[QUIET]);
    story.raise(0, Critical);
    story.see(1);
    story.told(2 * HOUR, &[(0, Began, 1, "all")]);
    let no = (Setting::QuietCritical, "off");
    let mut story = Story::new(&[QUIET, no, (Setting::RepeatMinutes, "50")]);
    story.raise(0, Critical);
    let expected = [
        (0, Began, 1, "window"),
        (3000, StillOpen, 1, "window"),
        (HOUR, Began, 1, "all"),
        (HOUR + 3000, StillOpen, 1, "all"),
    ];
    story.told(2 * HOUR, &expected);
}

#[test]
fn quiet_hours_that_are_switched_off_hold_nothing_back() {
    let mut story = Story::new(&[QUIET]);
    story.raise(0, Warning);
    story.teller.change(Settings::default());
    story.told(1, &[(0, Began, 1, "window"), (0, Began, 1, "desktop")]);
}

#[test]
fn a_channel_that_does_not_work_is_not_asked_to_tell_of_it() {
    let settings = Settings::default();
    let mut teller = Teller::new(settings);
    let now = Story::new(&[]).now();
    let alarm = Channel::Webhook.alarm().to_owned();
    let sentence = "The webhook answered 404".to_owned();
    let alert = Alert { alarm, severity: Critical, sentence, at: now.utc };
    let told = teller.hear(now, Event::Raised(alert)).expect("is told");
    assert!(!told.channels.contains(&Channel::Webhook) && told.channels.contains(&Channel::Sound));
}

#[test]
fn sentences_say_what_happened_and_how_often() {
    let at = Utc::from_nanos(0);
    let (alarm, sentence) = ("disconnected".to_owned(), "The Gateway is lost".to_owned());
    let alert = Alert { alarm, severity: Critical, sentence, at };
    let text = |what, count| {
        let channels = [].into();
        let telling = Telling { alert: alert.clone(), what, count, channels };
        format!("{}: {}", telling.title(), telling.text())
    };
    assert_eq!(text(Began, 1), "Gatehouse: act now: The Gateway is lost.");
    assert_eq!(
        text(StillOpen, 2),
        "Gatehouse: act now: Still so: The Gateway is lost. It began 2 times."
    );
    assert_eq!(text(Ended, 1), "Gatehouse: over: Over: The Gateway is lost.");
}
