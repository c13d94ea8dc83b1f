//! Trading days as people know them, and what of each is missing.

use gatehouse_types::ConId;

use super::*;

const NEW_YORK: &str = "America/New_York";
const CHICAGO: &str = "America/Chicago";

fn secs(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().expect("is an instant").as_second()
}

fn key(bar_secs: u32) -> SeriesKey {
    SeriesKey { con_id: ConId::new(1), what: "TRADES".to_owned(), bar_secs, is_regular: true }
}

/// A session from one time on the wall to another, of the evening before when it opens later than it
/// closes.
fn session(zone: &str, date: &str, open: &str, close: &str) -> Session {
    let date: Date = date.parse().expect("is a date");
    let eve = if open < close { date } else { date.yesterday().expect("is a date") };
    let at = |day: Date, time: &str| {
        let wall = day.to_datetime(format!("{time}:00").parse().expect("is a time"));
        wall.in_tz(zone).expect("is a zone").timestamp().as_second()
    };
    Session { date, open: at(eve, open), close: at(date, close) }
}

struct Scene {
    bar_secs: u32,
    calendar: Calendar,
    sessions: Vec<Session>,
    covered: Vec<Span>,
    at: Vec<i64>,
    now: i64,
}

impl Scene {
    /// Sessions, all fetched and with all their bars.
    fn of(zone: &str, bar_secs: u32, days: &[(&str, &str, &str)]) -> Self {
        let sessions: Vec<Session> =
            days.iter().map(|(date, open, close)| session(zone, date, open, close)).collect();
        let mut calendar = Calendar::new(TimeZone::get(zone).expect("is a zone"));
        let (first, last) = (sessions[0], sessions[sessions.len() - 1]);
        calendar.learn(&sessions, first.open - 86_400, last.close + 86_400);
        let covered = calendar.days(i64::MIN, i64::MAX);
        let covered = covered.iter().fold(Vec::new(), |known, day| {
            coverage::laid(&known, Span { from: day.from, to: day.to, is_empty: false })
        });
        let step = usize::try_from(bar_secs).expect("fits");
        let at = sessions.iter().flat_map(|one| (one.open..one.close).step_by(step)).collect();
        let now = last.close + 10 * 86_400;
        Self { bar_secs, calendar, sessions, covered, at, now }
    }

    fn without_bars(mut self, from: &str, to: &str) -> Self {
        let span = secs(from)..secs(to);
        self.at.retain(|at| !span.contains(at));
        self
    }

    fn found(&self, span: (i64, i64)) -> (u32, Vec<(Why, String)>) {
        let key = key(self.bar_secs);
        let (mut lacks, open) = of_span(&key, &self.calendar, &self.covered, span, self.now);
        for day in open {
            let (from, to) = day.span(self.bar_secs).expect("is of days");
            let at: Vec<i64> =
                self.at.iter().copied().filter(|at| (from..to).contains(at)).collect();
            day.look(self.bar_secs, &at, &mut lacks.lacks);
        }
        let words = |lack: &Lack| {
            let instant = |at| jiff::Timestamp::from_second(at).expect("is an instant");
            let date = lack.date.map_or("-".to_owned(), |date| date.to_string());
            (lack.why, format!("{date} {} {}", instant(lack.from), instant(lack.to)))
        };
        (lacks.n_days, lacks.lacks.iter().map(words).collect())
    }

    /// Checks what is missing of the days of the sessions, a day around them left out.
    fn check(&self, n_days: u32, expected: &[(Why, &str)]) {
        let (first, last) = (self.sessions[0], self.sessions[self.sessions.len() - 1]);
        let (n_found, found) = self.found((first.open - 3_600, last.close + 3_600));
        let found: Vec<(Why, &str)> =
            found.iter().map(|(why, text)| (*why, text.as_str())).collect();
        assert_eq!((n_found, found), (n_days, expected.to_vec()));
    }
}

const DAY: (&str, &str) = ("09:30", "16:00");

/// A week with Thanksgiving, which is no day, and the half day behind it.
fn thanksgiving(bar_secs: u32) -> Scene {
    let whole = ["2025-11-24", "2025-11-25", "2025-11-26"].map(|date| (date, DAY.0, DAY.1));
    let days = [&whole[..], &[("2025-11-28", "09:30", "13:00"), ("2025-12-01", DAY.0, DAY.1)]];
    Scene::of(NEW_YORK, bar_secs, &days.concat())
}

#[test]
fn holidays_half_days_and_weekends_are_no_gaps() {
    for bar_secs in [5, 60, 300, 3_600] {
        thanksgiving(bar_secs).check(5, &[]);
    }
}

#[test]
fn the_change_of_clocks_is_no_gap() {
    for days in [["2026-03-06", "2026-03-09"], ["2026-10-30", "2026-11-02"]] {
        Scene::of(NEW_YORK, 60, &days.map(|date| (date, DAY.0, DAY.1))).check(2, &[]);
    }
}

#[test]
fn a_night_session_is_one_day_and_its_holes_are_found_on_both_sides_of_midnight() {
    let night = |date| (date, "17:00", "16:00");
    // The clocks change in the night to 8 March 2026, before the first session opens.
    let scene = || Scene::of(CHICAGO, 60, &["2026-03-09", "2026-03-10"].map(night));
    scene().check(2, &[]);
    scene()
        .without_bars("2026-03-10T03:50:00Z", "2026-03-10T05:10:00Z")
        .check(2, &[(Why::Hole, "2026-03-10 2026-03-10T03:50:00Z 2026-03-10T05:10:00Z")]);
    scene()
        .without_bars("2026-03-08T22:00:00Z", "2026-03-08T22:30:00Z")
        .check(2, &[(Why::Hole, "2026-03-09 2026-03-08T22:00:00Z 2026-03-08T22:30:00Z")]);
}

#[test]
fn a_hole_counts_from_the_length_on_that_the_planner_doubts() {
    let (ten, eleven) = ("2025-11-25T15:10:00Z", "2025-11-25T15:11:00Z");
    let scene = |bar_secs, to| thanksgiving(bar_secs).without_bars("2025-11-25T15:00:00Z", to);
    scene(60, ten).check(5, &[]);
    let hole = "2025-11-25 2025-11-25T15:00:00Z 2025-11-25T15:11:00Z";
    scene(60, eleven).check(5, &[(Why::Hole, hole)]);
    scene(300, "2025-11-25T15:15:00Z").check(5, &[]);
    let hole = "2025-11-25 2025-11-25T15:00:00Z 2025-11-25T15:20:00Z";
    scene(300, "2025-11-25T15:20:00Z").check(5, &[(Why::Hole, hole)]);
    // The open and the close of a half day.
    thanksgiving(60)
        .without_bars("2025-11-28T14:30:00Z", "2025-11-28T15:00:00Z")
        .check(5, &[(Why::Hole, "2025-11-28 2025-11-28T14:30:00Z 2025-11-28T15:00:00Z")]);
    thanksgiving(60)
        .without_bars("2025-11-28T17:00:00Z", "2025-11-28T18:00:00Z")
        .check(5, &[(Why::Hole, "2025-11-28 2025-11-28T17:00:00Z 2025-11-28T18:00:00Z")]);
    // A minute without a trade of a second is none.
    scene(1, "2025-11-25T15:01:00Z").check(5, &[]);
    let hole = "2025-11-25 2025-11-25T15:00:00Z 2025-11-25T15:11:00Z";
    scene(1, eleven).check(5, &[(Why::Hole, hole)]);
}

#[test]
fn a_day_that_nobody_asked_for_and_one_that_is_known_to_be_empty_are_told_apart() {
    let midnight = |day: &str| secs(&format!("{day}T05:00:00Z"));
    let mut scene = thanksgiving(60);
    let covered = coverage::without(&scene.covered, midnight("2025-11-25"), midnight("2025-11-26"));
    let empty = Span { from: midnight("2025-11-26"), to: midnight("2025-11-27"), is_empty: true };
    scene.covered = coverage::laid(&covered, empty);
    scene.covered = coverage::without(&scene.covered, secs("2025-12-01T20:00:00Z"), i64::MAX);
    let tuesday = "2025-11-25 2025-11-25T14:30:00Z 2025-11-25T21:00:00Z";
    let by_coverage = [
        (Why::KnownEmpty, "2025-11-26 2025-11-26T14:30:00Z 2025-11-26T21:00:00Z"),
        (Why::NotAsked, "2025-12-01 2025-12-01T20:00:00Z 2025-12-02T05:00:00Z"),
    ];
    scene.check(5, &[&by_coverage[..], &[(Why::OnlyFromFiles, tuesday)]].concat());
    let hole = "2025-11-25 2025-11-25T16:00:00Z 2025-11-25T21:00:00Z";
    let scene = scene.without_bars("2025-11-25T16:00:00Z", "2025-11-25T21:00:00Z");
    let of_file = [(Why::OnlyFromFiles, tuesday), (Why::Hole, hole)];
    scene.check(5, &[&by_coverage[..], &of_file].concat());
    let scene = scene.without_bars("2025-11-25T14:00:00Z", "2025-11-25T21:00:00Z");
    scene.check(5, &[&by_coverage[..], &[(Why::NeverFetched, tuesday)]].concat());
}

#[test]
fn a_bar_of_a_day_is_there_or_not() {
    let mut scene = thanksgiving(86_400);
    let midnight = |one: &Session| secs(&format!("{}T00:00:00Z", one.date));
    scene.at = scene.sessions.iter().map(midnight).collect();
    scene.check(5, &[]);
    scene.at.remove(3);
    scene.check(5, &[(Why::Hole, "2025-11-28 2025-11-28T14:30:00Z 2025-11-28T18:00:00Z")]);
}

#[test]
fn a_day_that_is_not_over_is_no_gap() {
    let mut scene = thanksgiving(60);
    scene.covered.clear();
    scene.at.clear();
    scene.now = secs("2025-11-26T20:00:00Z");
    let days = ["24", "25"]
        .map(|day| format!("2025-11-{day} 2025-11-{day}T14:30:00Z 2025-11-{day}T21:00:00Z"));
    scene.check(2, &days.each_ref().map(|day| (Why::NeverFetched, day.as_str())));
}

#[test]
fn where_no_schedule_is_known_it_is_said() {
    let scene = thanksgiving(60);
    let (n_days, found) = scene.found((secs("2025-11-20T00:00:00Z"), secs("2025-11-24T14:00:00Z")));
    let unknown = "- 2025-11-20T00:00:00Z 2025-11-23T14:30:00Z";
    let unasked = "- 2025-11-20T00:00:00Z 2025-11-23T14:30:00Z";
    let expected = [(Why::NoSchedule, unknown), (Why::NotAsked, unasked)];
    assert_eq!((n_days, found), (0, expected.map(|(why, text)| (why, text.to_owned())).to_vec()));
    let nothing = Scene { calendar: Calendar::new(TimeZone::UTC), ..thanksgiving(60) };
    let (n_days, found) =
        nothing.found((secs("2025-11-24T05:00:00Z"), secs("2025-12-01T05:00:00Z")));
    let unknown = "- 2025-11-24T05:00:00Z 2025-12-01T05:00:00Z";
    assert_eq!((n_days, found), (0, vec![(Why::NoSchedule, unknown.to_owned())]));
}

#[test]
fn a_hole_of_seconds_counts_by_how_quiet_the_rest_is() {
    let every = |secs: i64, from: i64, to: i64| (from..to).filter(move |at| at % secs == 0);
    for (secs, hole, counts) in [
        // From a minute on where each second has a bar, and in the quietest trading from ten on.
        (1, (500, 560), false),
        (1, (500, 561), true),
        (10, (500, 780), false),
        (10, (500, 820), true),
        (50, (500, 1_050), false),
        (50, (500, 1_150), true),
        (1, (0, 61), true),
        (1, (1_939, 2_000), true),
    ] {
        let (from, to) = hole;
        let at: Vec<i64> = every(secs, 0, from).chain(every(secs, to, 2_000)).collect();
        let holes = holes_of_seconds(0, 2_000, &at);
        assert_eq!(holes.len(), usize::from(counts), "{secs} {hole:?} {holes:?}");
    }
    assert_eq!(holes_of_seconds(0, 61, &[]), [(0, 61)]);
    assert_eq!(holes_of_seconds(0, 60, &[]), []);
    assert_eq!(holes_of_seconds(10, 10, &[]), []);
}
