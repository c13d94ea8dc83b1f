//! The planner against a broker that is written down a second time, in virtual time.

mod broker;
mod seconds;

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_types::{ConId, Decimal, Mono};
use jiff::civil::{Date, Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::*;
use crate::bars::Bar;
use crate::coverage;
use broker::{Broker, Fault, Kept, instant, run, run_on};

const WEEK: u32 = 604_800;
const MONTH: u32 = 2_592_000;

fn key(con_id: i32, bar_secs: u32, is_regular: bool) -> SeriesKey {
    SeriesKey { con_id: ConId::new(con_id), what: "TRADES".to_owned(), bar_secs, is_regular }
}

/// A Thursday, in the middle of a session.
fn open() -> i64 {
    instant(date(2026, 3, 12), 11, 7)
}

fn jobs(series: &[(i32, u32, bool)]) -> Vec<Job> {
    let job = |(idx, (con_id, bar_secs, is_regular)): (usize, &(i32, u32, bool))| Job {
        id: JobId(i64::try_from(idx).expect("is small")),
        key: key(*con_id, *bar_secs, *is_regular),
        from: instant(date(2025, 11, 26), 0, 0),
        to: i64::MAX,
        urgency: Urgency::Person,
    };
    series.iter().enumerate().map(job).collect()
}

/// Asserts that everything that a job wants is kept, and nothing that the broker never said.
fn check(broker: &Broker, jobs: &[Job], kept: &Kept) {
    let none = BTreeMap::new();
    let truth: Vec<_> = jobs.iter().map(|job| (job, broker.truth(job))).collect();
    for (job, [least, most]) in &truth {
        let bars = kept.bars.get(&job.key).unwrap_or(&none);
        let missing: Vec<&i64> = least.keys().filter(|at| !bars.contains_key(at)).collect();
        assert!(missing.is_empty(), "{} of {} miss: {job:?}", missing.len(), least.len());
        // What grows is as it was when it was asked for.
        let is_true = |at: &i64, bar: &Bar| {
            most.get(at).is_none_or(|it| it == bar) || least.get(at) == Some(bar)
        };
        assert!(bars.iter().all(|(at, bar)| is_true(at, bar)), "bars are other: {job:?}");
        let of_series = truth.iter().filter(|(other, _)| other.key == job.key);
        let n_most: usize = of_series.map(|(_, [_, most])| most.len()).sum();
        assert!(bars.len() <= n_most, "{} and not {n_most} bars: {job:?}", bars.len());
    }
}

#[test]
fn every_bar_of_every_size_comes_and_no_question_is_asked_twice() {
    let series = [
        (1, 60, true),
        (2, 300, false),
        (3, 86_400, true),
        (4, 30, true),
        (5, WEEK, true),
        (6, MONTH, true),
    ];
    let jobs = jobs(&series);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut broker, &[]);
    check(&broker, &jobs, &kept);
    let mut whole: Vec<&String> = broker.asked.iter().map(|(_, asked)| &asked.whole).collect();
    let n_asked = whole.len();
    whole.sort_unstable();
    whole.dedup();
    assert_eq!(whole.len(), n_asked);
}

#[test]
fn a_week_and_a_month_are_one_bar_each_however_often_they_are_asked_for() {
    for (bar_secs, n_bars) in [(WEEK, 16), (MONTH, 5)] {
        let jobs = jobs(&[(1, bar_secs, true)]);
        let mut kept = Kept::default();
        // On a Thursday, on the next day, and in the next week.
        for (month, day) in [(3, 12), (3, 13), (3, 17)] {
            let mut broker = Broker::new(instant(date(2026, month, day), 11, 7), Vec::new());
            kept = run_on(kept, &jobs, &mut broker, &[]);
            check(&broker, &jobs, &kept);
            assert!(broker.asked.len() <= 4, "{:?}", broker.asked);
        }
        let n_kept = kept.bars.values().map(BTreeMap::len).sum::<usize>();
        assert_eq!(n_kept, n_bars + usize::from(bar_secs == WEEK));
    }
}

#[test]
fn a_job_up_to_now_ends_at_any_hour_and_asks_for_the_schedule_a_few_times() {
    for (day, hour, minute) in
        [(12, 11, 7), (12, 8, 0), (12, 9, 29), (12, 16, 5), (12, 23, 58), (14, 12, 0)]
    {
        let jobs = jobs(&[(1, 60, true), (1, 300, false), (1, 86_400, true)]);
        let mut broker = Broker::new(instant(date(2026, 3, day), hour, minute), Vec::new());
        let kept = run(&jobs, &mut broker, &[]);
        check(&broker, &jobs, &kept);
        let n_sessions =
            broker.asked.iter().filter(|(_, one)| one.kind.ends_with("SCHEDULE")).count();
        assert!(n_sessions <= 3, "{n_sessions} at {hour}:{minute}");
    }
}

#[test]
fn jobs_of_one_instrument_over_spans_that_do_not_touch_do_not_take_turns() {
    let mut jobs = jobs(&[(1, 300, true), (1, 300, true), (1, 86_400, true), (1, 60, true)]);
    jobs[1].from = instant(date(2025, 10, 6), 0, 0);
    jobs[1].to = instant(date(2025, 10, 18), 0, 0);
    jobs[3].from = instant(date(2025, 10, 8), 0, 0);
    jobs[3].to = instant(date(2025, 10, 9), 0, 0);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut broker, &[]);
    check(&broker, &jobs, &kept);
    let n_sessions = broker.asked.iter().filter(|(_, one)| one.kind.ends_with("SCHEDULE")).count();
    assert_eq!(n_sessions, 2);
}

#[test]
fn a_span_in_the_future_or_before_the_beginning_takes_nothing_away() {
    let whole = jobs(&[(1, 60, true)]);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&whole, &mut broker, &[]);
    for (from, to) in [
        (date(2027, 1, 4), date(2027, 1, 5)),
        (date(2026, 3, 13), date(2026, 3, 14)),
        (date(2024, 1, 4), date(2024, 1, 5)),
    ] {
        let mut other = jobs(&[(1, 60, true)]);
        (other[0].from, other[0].to) = (instant(from, 0, 0), instant(to, 0, 0));
        let mut broker = Broker::new(open(), Vec::new());
        let after = run_on(kept.clone(), &other, &mut broker, &[]);
        assert_eq!(broker.asked, [], "{from}");
        assert!(after.bars == kept.bars && after.covered == kept.covered, "{from}");
    }
}

#[test]
fn another_size_of_bar_does_not_ask_once_more_where_the_history_begins() {
    let jobs = jobs(&[(1, 300, false), (1, 60, false), (1, 60, true)]);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut broker, &[]);
    check(&broker, &jobs, &kept);
    let heads = broker.asked.iter().filter(|(_, asked)| asked.whole.starts_with("head"));
    assert_eq!(heads.count(), 2, "one for all hours, one for regular ones: {:?}", broker.asked);
}

#[test]
fn what_is_known_is_not_asked_again() {
    let jobs = jobs(&[(1, 60, true)]);
    let mut first = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut first, &[]);
    let mut again = kept.planner(&jobs, 100_000_000);
    let now = Mono::new(Duration::from_secs(100_000));
    // Only the day that is not over, a minute later.
    first.now += 60;
    let next = again.next(now, first.now);
    let Next::Ask(question) = next else { panic!("asks for today: {next:?}") };
    assert_eq!(question.what, Wanted::Bars { end: None, reach: Reach::Days(1) });
    let answer = first.answer(&question);
    again.answered(question.id, now, first.now + 2, answer);
    assert_eq!(again.next(now, first.now + 2), Next::Idle);
    assert_eq!(again.take_done(first.now + 3), [JobId(0)]);
}

#[test]
fn the_first_days_that_are_not_known_are_asked_for_with_the_one_before_them() {
    for (bar_secs, reach) in [(60, 4), (86_400, 4), (30, 1)] {
        let mut first = jobs(&[(1, bar_secs, true)]);
        first[0].to = instant(date(2026, 3, 10), 0, 0);
        let mut broker = Broker::new(open(), Vec::new());
        let kept = run(&first, &mut broker, &[]);
        // Tuesday to Thursday, and the Monday that shows whether prices were restated.
        let mut later = kept.planner(&jobs(&[(1, bar_secs, true)]), 100_000_000);
        let now = Mono::new(Duration::from_secs(100_000));
        let mut next = later.next(now, broker.now);
        while let Next::Ask(Question { what: Wanted::Sessions { .. }, .. }) = &next {
            let Next::Ask(question) = next else { unreachable!("matched") };
            let answer = broker.answer(&question);
            later.answered(question.id, now, broker.now, answer);
            next = later.next(now, broker.now);
        }
        let Next::Ask(question) = next else { panic!("asks for bars: {next:?}") };
        let wanted = Wanted::Bars { end: None, reach: Reach::Days(reach) };
        assert_eq!(question.what, wanted, "{bar_secs}");
    }
}

#[test]
fn seconds_come_in_pieces_that_the_broker_allows() {
    let mut jobs = jobs(&[(1, 1, true)]);
    jobs[0].from = instant(date(2026, 3, 11), 0, 0);
    jobs[0].to = instant(date(2026, 3, 12), 0, 0);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut broker, &[]);
    let n_bars: usize = kept.bars.values().map(BTreeMap::len).sum();
    assert_eq!(n_bars, 23_400);
    assert_eq!(broker.asked.len(), 2 + 12, "head, sessions and pieces of 2,000 s");
}

#[test]
fn seconds_of_today_come_from_the_open_to_the_latest_at_any_hour() {
    for (hour, minute, is_regular) in
        [(11, 7, true), (9, 31, true), (8, 0, true), (15, 59, true), (10, 30, false)]
    {
        let mut jobs = jobs(&[(1, 1, is_regular)]);
        jobs[0].from = instant(date(2026, 3, 11), 0, 0);
        let mut broker = Broker::new(instant(date(2026, 3, 12), hour, minute), Vec::new());
        let kept = run(&jobs, &mut broker, &[]);
        check(&broker, &jobs, &kept);
    }
}

#[test]
fn adjusted_prices_reach_up_to_now_whatever_span_is_wanted() {
    for (from, to) in [
        (date(2025, 10, 15), date(2025, 11, 15)),
        (date(2025, 11, 3), date(2026, 3, 10)),
        (date(2026, 3, 9), date(2027, 1, 1)),
    ] {
        for bar_secs in [3_600, 86_400, WEEK] {
            let mut jobs = jobs(&[(1, bar_secs, true)]);
            jobs[0].key.what = UP_TO_NOW.to_owned();
            (jobs[0].from, jobs[0].to) = (instant(from, 0, 0), instant(to, 0, 0));
            let mut broker = Broker::new(open(), Vec::new());
            let kept = run(&jobs, &mut broker, &[]);
            check(&broker, &jobs, &kept);
            assert_eq!(broker.asked.len(), 3, "head, sessions and all bars at once");
        }
    }
}

#[test]
fn adjusted_prices_that_no_question_can_bring_are_refused_with_a_sentence() {
    for (bar_secs, is_refused) in [(30, true), (1, true), (60, true), (300, false)] {
        let mut jobs = jobs(&[(1, bar_secs, true)]);
        jobs[0].key.what = UP_TO_NOW.to_owned();
        jobs[0].from = instant(date(2026, 2, 2), 0, 0);
        let mut planner = Kept::default().planner(&jobs, 0);
        let mut broker = Broker::new(open(), Vec::new());
        let now = Mono::new(Duration::ZERO);
        while let Next::Ask(question) = planner.next(now, broker.now) {
            let answer = broker.answer(&question);
            planner.answered(question.id, now, broker.now, answer);
        }
        let why = planner.why_blocked(JobId(0)).unwrap_or_default();
        assert_eq!(why.starts_with("ADJUSTED_LAST bars of"), is_refused, "{bar_secs}: {why}");
    }
}

#[test]
fn a_job_that_needs_a_person_stops_alone() {
    let jobs = jobs(&[(1, 60, true), (2, 60, true)]);
    let mut planner = Kept::default().planner(&jobs, 0);
    let mut broker = Broker::new(open(), Vec::new());
    let now = Mono::new(Duration::ZERO);
    let why = "You have no subscription.".to_owned();
    while let Next::Ask(question) = planner.next(now, broker.now) {
        let is_bars = matches!(question.what, Wanted::Bars { .. });
        let answer = if is_bars && question.key.con_id == ConId::new(1) {
            Answer::Trouble(Trouble::Blocked(why.clone()))
        } else {
            broker.answer(&question)
        };
        planner.answered(question.id, now, broker.now, answer);
        if is_bars && question.key.con_id == ConId::new(2) {
            break;
        }
    }
    assert_eq!(planner.why_blocked(JobId(0)), Some(why.as_str()));
    assert_eq!(planner.why_blocked(JobId(1)), None);
    assert!(!planner.is_idle(), "the other one goes on");
    planner.drop_job(JobId(1));
    assert!(planner.is_idle());
}

#[test]
fn after_too_many_questions_everything_waits_longer_each_time() {
    let jobs = jobs(&[(1, 60, true)]);
    let mut planner = Kept::default().planner(&jobs, 0);
    let mut broker = Broker::new(open(), Vec::new());
    let (mut millis, mut waits) = (0, Vec::new());
    while waits.len() < 3 {
        let now = Mono::new(Duration::from_millis(millis));
        match planner.next(now, broker.now) {
            Next::Ask(question) if matches!(question.what, Wanted::Bars { .. }) => {
                let pacing = Answer::Trouble(Trouble::Pacing);
                planner.answered(question.id, now, broker.now, pacing);
                let Next::Wait(wait) = planner.next(now, broker.now) else { panic!("waits") };
                waits.push(wait.as_secs());
            }
            Next::Ask(question) => {
                let answer = broker.answer(&question);
                planner.answered(question.id, now, broker.now, answer);
            }
            Next::Wait(wait) => millis += u64::try_from(wait.as_millis()).expect("is short"),
            Next::Idle => panic!("has work"),
        }
    }
    assert_eq!(waits, [20, 40, 80]);
}

/// Runs jobs for so long against answers of `answer`, and returns how many days each question for
/// bars asked for, of which series.
fn asked_within(
    planner: &mut Planner,
    broker: &mut Broker,
    secs: u64,
    answer: impl Fn(&mut Broker, &Question) -> Answer,
) -> Vec<(ConId, Reach)> {
    let begun = u64::try_from(broker.now - broker.start).expect("is later") * 1000;
    let (mut millis, mut asked) = (begun, Vec::new());
    while millis < begun + secs * 1000 {
        broker.tick(millis);
        let now = Mono::new(Duration::from_millis(millis));
        match planner.next(now, broker.now) {
            Next::Ask(question) => {
                if let Wanted::Bars { reach, .. } = question.what {
                    asked.push((question.key.con_id, reach));
                }
                let answer = answer(broker, &question);
                planner.answered(question.id, now, broker.now, answer);
            }
            Next::Wait(wait) => {
                millis += u64::try_from(wait.as_millis()).expect("is short").max(1);
            }
            Next::Idle => break,
        }
    }
    asked
}

#[test]
fn what_fails_again_and_again_is_halved_and_told_and_holds_nobody_else_up() {
    let jobs = jobs(&[(1, 60, true), (2, 60, true)]);
    let mut planner = Kept::default().planner(&jobs, 0);
    let mut broker = Broker::new(open(), Vec::new());
    let fails = |broker: &mut Broker, question: &Question| {
        let is_bars = matches!(question.what, Wanted::Bars { .. });
        if is_bars && question.key.con_id == ConId::new(1) {
            Answer::Trouble(Trouble::Later("No answer within a minute.".to_owned()))
        } else {
            broker.answer(question)
        }
    };
    let asked = asked_within(&mut planner, &mut broker, 600, fails);
    let of = |con_id: i32| asked.iter().filter(move |(it, _)| it.get() == con_id);
    let reaches: Vec<Reach> = of(1).map(|(_, reach)| *reach).take(5).collect();
    assert_eq!(reaches, [19, 9, 4, 2, 1].map(Reach::Days));
    assert!(of(1).count() <= 8, "{asked:?}");
    assert_eq!(planner.take_done(broker.now), [JobId(1)], "the other one is done");
    asked_within(&mut planner, &mut broker, 1_300, fails);
    assert_eq!(planner.why_blocked(JobId(0)), Some("No answer within a minute."));
    // Over another connection all begins anew.
    planner.disconnected(Mono::new(Duration::ZERO));
    assert_eq!(planner.why_blocked(JobId(0)), None);
    asked_within(&mut planner, &mut broker, 600, Broker::answer);
    assert_eq!(planner.take_done(broker.now), [JobId(0)]);
}

#[test]
fn an_instrument_without_sessions_is_asked_again_and_then_said_and_nothing_is_kept() {
    for none in [Answer::Trouble(Trouble::NoData), Answer::Sessions(Vec::new())] {
        let jobs = jobs(&[(1, 60, true)]);
        let mut planner = Kept::default().planner(&jobs, 0);
        let mut broker = Broker::new(open(), Vec::new());
        let mut n_asked = 0;
        let mut millis = 0;
        while planner.why_blocked(JobId(0)).is_none() {
            let now = Mono::new(Duration::from_millis(millis));
            match planner.next(now, broker.now) {
                Next::Ask(question) => {
                    let is_head = question.what == Wanted::Head;
                    n_asked += u32::from(!is_head);
                    let answer = if is_head { broker.answer(&question) } else { none.clone() };
                    let settled = planner.answered(question.id, now, broker.now, answer);
                    assert_eq!(settled.sessions, None);
                }
                Next::Wait(wait) => millis += u64::try_from(wait.as_millis()).expect("is short"),
                Next::Idle => panic!("has work"),
            }
        }
        assert_eq!(n_asked, 3);
        let why = planner.why_blocked(JobId(0)).unwrap_or_default();
        assert!(why.starts_with("The broker names no trading days"), "{why}");
    }
}

#[test]
fn nobody_walks_back_for_ever_where_the_broker_names_no_beginning() {
    let begins = instant(date(2026, 2, 2), 0, 0);
    let mut broker = Broker::new(open(), Vec::new());
    broker.head = Answer::Trouble(Trouble::NoData);
    broker.begins = begins;
    let mut planner = Kept::default().planner(&jobs(&[(1, 300, true)]), 0);
    planner.drop_job(JobId(0));
    let mut n_asked = Vec::new();
    // A chart at its left edge asks for a week more each time.
    for n_weeks in 1..30 {
        let [mut job] = <[Job; 1]>::try_from(jobs(&[(1, 300, true)])).expect("is one");
        job.from = open() - n_weeks * 7 * 86_400;
        job.urgency = Urgency::Screen;
        planner.want(job);
        n_asked.push(asked_within(&mut planner, &mut broker, 600, Broker::answer).len());
        assert_eq!(planner.take_done(broker.now), [JobId(0)], "{n_weeks}");
    }
    assert_eq!(planner.floor(&key(1, 300, true)), Some(begins - 2 * 86_400));
    assert!(n_asked[12..].iter().all(|n| *n <= 1), "only today: {n_asked:?}");
    assert_eq!(planner.floor(&key(1, 60, true)), None);
}

#[test]
fn a_progress_counts_days() {
    let jobs = jobs(&[(1, 60, true), (1, WEEK, true)]);
    let mut broker = Broker::new(open(), Vec::new());
    let kept = run(&jobs, &mut broker, &[]);
    let planner = kept.planner(&jobs, 100_000_000);
    let progress = planner.progress(JobId(0)).expect("is known");
    assert_eq!((progress.n_days, progress.n_days_done), (74, 73));
    let progress = planner.progress(JobId(1)).expect("is known");
    assert_eq!((progress.n_days, progress.n_days_done), (16, 15));
    assert_eq!(planner.progress(JobId(9)), None);
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        1 => Just(Fault::Pacing),
        1 => Just(Fault::Later),
        1 => Just(Fault::Half),
        1 => Just(Fault::Doubled),
        1 => Just(Fault::Shuffled),
        4 => Just(Fault::Never),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Half an answer is doubted once, and in regular hours only: a second one would be believed.
    #[test]
    fn kills_outages_and_bad_answers_change_nothing_of_what_is_kept(
        faults in prop::collection::vec(any_fault(), 0..40),
        kills in prop::collection::vec(1_usize..60, 0..6),
        is_regular in any::<bool>(),
        begins in prop::sample::select(vec![(12, 11, 7), (12, 8, 0), (13, 15, 58), (14, 12, 0)]),
    ) {
        let mut faults = faults;
        for idx in 0..faults.len() {
            let is_second = faults[..idx].contains(&Fault::Half);
            if faults[idx] == Fault::Half && (is_second || !is_regular) {
                faults[idx] = Fault::Never;
            }
        }
        let series = [
            (1, 300, is_regular),
            (2, 900, true),
            (2, 900, true),
            (3, 86_400, true),
            (4, 30, true),
            (3, WEEK, true),
            (3, MONTH, true),
            (2, 86_400, true),
            (2, 1, true),
        ];
        let mut jobs = jobs(&series);
        jobs[2].from = instant(date(2025, 10, 3), 0, 0);
        jobs[2].to = instant(date(2025, 10, 22), 0, 0);
        jobs[5].from = instant(date(2025, 10, 15), 0, 0);
        jobs[7].key.what = UP_TO_NOW.to_owned();
        jobs[7].from = instant(date(2025, 12, 3), 0, 0);
        jobs[7].to = instant(date(2025, 12, 5), 0, 0);
        jobs[8].from = instant(date(2026, 3, 12), 0, 0);
        let (day, hour, minute) = begins;
        let mut broker = Broker::new(instant(date(2026, 3, day), hour, minute), faults);
        let kept = run(&jobs, &mut broker, &kills);
        check(&broker, &jobs, &kept);
    }
}
