//! Bars of one second, of which an answer may hold half, or few because few were traded.

use super::*;

/// What an answer is made into, by how often the very same question was asked before.
type Cut = fn(usize, Vec<Bar>) -> Vec<Bar>;

/// Pieces of 2,000 s of a whole session.
const PIECES_OF_DAY: usize = 12;

/// The session of Wednesday, 11 March 2026, which is over.
fn wednesday() -> Vec<Job> {
    let mut jobs = jobs(&[(1, 1, true)]);
    (jobs[0].from, jobs[0].to) =
        (instant(date(2026, 3, 11), 0, 0), instant(date(2026, 3, 12), 0, 0));
    jobs
}

/// The session of Thursday, as far as it is.
fn thursday() -> Vec<Job> {
    let mut jobs = jobs(&[(1, 1, true)]);
    jobs[0].from = instant(date(2026, 3, 12), 0, 0);
    jobs
}

/// Downloads from a broker that cuts its answers, and returns it with what is kept.
fn cut(jobs: &[Job], now: i64, cut: Cut) -> (Broker, Kept) {
    let mut broker = Broker::new(now, Vec::new());
    broker.cut = Box::new(cut);
    let kept = run(jobs, &mut broker, &[]);
    (broker, kept)
}

/// Returns how many questions for bars there were.
fn n_asked(broker: &Broker) -> usize {
    broker.asked.iter().filter(|(_, one)| one.whole.starts_with("1 TRADES 1 ")).count()
}

/// Returns how many pieces of 2,000 s the session of Thursday has by now.
fn pieces_of_thursday(now: i64) -> usize {
    let secs = (now - instant(date(2026, 3, 12), 9, 30)).clamp(0, 23_400);
    usize::try_from(secs / 2_000 + 1).expect("is small")
}

#[test]
fn what_is_missing_of_an_answer_of_seconds_is_asked_for_once_more() {
    let cuts: [Cut; 4] = [
        // It ends early, begins late, has a hole, or is not there at all.
        |n, bars| if n == 0 { bars[..bars.len() / 2].to_vec() } else { bars },
        |n, bars| if n == 0 { bars[bars.len() / 4..].to_vec() } else { bars },
        |n, bars| {
            let hole = if n == 0 { 400..500 } else { 0..0 };
            let kept = bars.into_iter().enumerate().filter(|(idx, _)| !hole.contains(idx));
            kept.map(|(_, bar)| bar).collect()
        },
        |n, bars| if n == 0 { Vec::new() } else { bars },
    ];
    for cut_first in cuts {
        let jobs = wednesday();
        let (broker, kept) = cut(&jobs, open(), cut_first);
        check(&broker, &jobs, &kept);
        assert_eq!(n_asked(&broker), 2 * PIECES_OF_DAY);
    }
}

#[test]
fn what_stays_missing_of_an_answer_of_seconds_is_believed_the_second_time() {
    let cuts: [(Cut, usize); 2] =
        [(|_, bars| bars[..bars.len() / 2].to_vec(), 11_700), (|_, _| Vec::new(), 0)];
    for (cut_all, n_left) in cuts {
        let (broker, kept) = cut(&wednesday(), open(), cut_all);
        assert_eq!(n_asked(&broker), 2 * PIECES_OF_DAY);
        assert_eq!(kept.bars.values().map(BTreeMap::len).sum::<usize>(), n_left);
    }
}

#[test]
fn quiet_trading_is_asked_for_no_more_than_once_more() {
    // A bar each second, and in each of 20, 40 and 700 s: of the last some answers are empty.
    let quiet: [(Cut, usize); 4] = [
        (|_, bars| bars, PIECES_OF_DAY),
        (|_, bars| bars.into_iter().filter(|bar| bar.at % 20 == 0).collect(), PIECES_OF_DAY),
        (|_, bars| bars.into_iter().filter(|bar| bar.at % 40 == 0).collect(), PIECES_OF_DAY),
        (|_, bars| bars.into_iter().filter(|bar| bar.at % 700 == 0).collect(), 2 * PIECES_OF_DAY),
    ];
    for (trading, n_most) in quiet {
        let (broker, _) = cut(&wednesday(), open(), trading);
        assert!(n_asked(&broker) <= n_most, "{} and not {n_most}", n_asked(&broker));
    }
}

#[test]
fn what_is_missing_outside_of_regular_hours_is_believed() {
    let mut jobs = wednesday();
    jobs[0].key.is_regular = false;
    let (broker, _) = cut(&jobs, open(), |_, bars| bars[bars.len() / 2..].to_vec());
    // 44 pieces of a day, of which 13 touch regular hours.
    assert!((44..=44 + 13).contains(&n_asked(&broker)), "{}", n_asked(&broker));
}

#[test]
fn today_is_whole_when_one_answer_was_half_of_one() {
    for (hour, minute) in [(9, 40), (11, 7), (16, 10)] {
        for n_whole in 0..3 {
            let jobs = thursday();
            let mut faults = vec![Fault::Never; n_whole];
            faults.insert(0, Fault::Half);
            let mut broker = Broker::new(instant(date(2026, 3, 12), hour, minute), faults);
            let kept = run(&jobs, &mut broker, &[]);
            check(&broker, &jobs, &kept);
        }
    }
}

#[test]
fn today_in_small_pieces_comes_to_an_end() {
    // After three failures a piece has 250 s, so that several of them may still grow.
    let cuts: [Cut; 3] = [
        |_, _| Vec::new(),
        |_, bars| bars,
        |_, bars| bars.into_iter().filter(|bar| bar.at % 700 == 0).collect(),
    ];
    for cut_all in cuts {
        let mut broker = Broker::new(open(), vec![Fault::Later; 3]);
        broker.cut = Box::new(cut_all);
        run(&thursday(), &mut broker, &[]);
        let n_most = 2 * 8 * pieces_of_thursday(open()) + 3;
        assert!(n_asked(&broker) <= n_most, "{} and not {n_most}", n_asked(&broker));
    }
}

#[test]
fn two_jobs_of_today_share_its_pieces() {
    for cut_all in [|_, bars: Vec<Bar>| bars, |_, bars: Vec<Bar>| bars[bars.len() / 2..].to_vec()] {
        let [one] = <[Job; 1]>::try_from(thursday()).expect("is one");
        let other = Job { id: JobId(1), urgency: Urgency::Screen, ..one.clone() };
        let (broker, _) = cut(&[one, other], open(), cut_all);
        let n_most = 2 * pieces_of_thursday(open()) + 4;
        assert!(n_asked(&broker) <= n_most, "{} and not {n_most}", n_asked(&broker));
    }
}

/// What is wrong with an answer of seconds: tenths that are left out of it, or all but one bar in so
/// many.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    Without(usize, usize),
    OneIn(usize),
}

fn any_wrong() -> impl Strategy<Value = Wrong> {
    prop_oneof![
        3 => Just(Wrong::OneIn(1)),
        1 => prop::sample::select(vec![3, 20, 300]).prop_map(Wrong::OneIn),
        2 => (0_usize..10, 1_usize..=10).prop_map(|(from, n)| Wrong::Without(from, from + n)),
    ]
}

fn bent(wrong: Wrong, bars: Vec<Bar>) -> Vec<Bar> {
    let n_bars = bars.len();
    let is_left = |idx: usize| match wrong {
        Wrong::Without(from, to) => !(from..to).contains(&(idx * 10 / n_bars)),
        Wrong::OneIn(n) => idx.is_multiple_of(n),
    };
    bars.into_iter().enumerate().filter(|(idx, _)| is_left(*idx)).map(|(_, bar)| bar).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Each piece is asked for twice at most, but for what a kill takes back, and today a few more.
    #[test]
    fn however_often_answers_of_seconds_are_bent_the_questions_are_few(
        wrongs in prop::collection::vec(any_wrong(), 0..80),
        kills in prop::collection::vec(1_usize..60, 0..4),
        begins in prop::sample::select(vec![(9, 31), (9, 50), (11, 7), (15, 59), (16, 10), (23, 0)]),
    ) {
        let now = instant(date(2026, 3, 12), begins.0, begins.1);
        let mut jobs = thursday();
        jobs[0].from = instant(date(2026, 3, 11), 0, 0);
        let mut broker = Broker::new(now, Vec::new());
        let mut wrongs = wrongs;
        broker.cut = Box::new(move |_, bars| bent(wrongs.pop().unwrap_or(Wrong::OneIn(1)), bars));
        run(&jobs, &mut broker, &kills);
        let n_most = 2 * (PIECES_OF_DAY + pieces_of_thursday(now)) + 4 + 4 * kills.len();
        prop_assert!(n_asked(&broker) <= n_most, "{} and not {}", n_asked(&broker), n_most);
    }
}
