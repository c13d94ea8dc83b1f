//! The budget in virtual time: what is let go when, and whose.

use super::*;

const MS: Duration = Duration::from_millis(1);

/// Lets links write as fast as they are let, in virtual time, until `until`. Each wants what
/// `wants` says, for ever. Returns when each message was let go, and by whom.
fn play(wants: &[Want], until: Duration) -> Vec<(Duration, usize)> {
    let pacer = Arc::new(Pacer::default());
    let seats: Vec<Seat> = wants.iter().map(|_| pacer.seat()).collect();
    let begin = Instant::now();
    let mut due = vec![Duration::ZERO; wants.len()];
    let mut seen = Vec::new();
    while let Some((idx, at)) = due.iter().copied().enumerate().min_by_key(|(_, at)| *at) {
        if at >= until {
            return seen;
        }
        let (Some(seat), Some(want), Some(next)) =
            (seats.get(idx), wants.get(idx), due.get_mut(idx))
        else {
            return seen;
        };
        match seat.ask(begin + at, *want) {
            Turn::Now(n_let_go) => seen.extend(std::iter::repeat_n((at, idx), n_let_go)),
            Turn::In(wait) => *next = at + wait.max(MS),
        }
    }
    seen
}

fn n_of(seen: &[(Duration, usize)], who: usize) -> usize {
    seen.iter().filter(|(_, idx)| *idx == who).count()
}

fn n_most_in_a_second(seen: &[(Duration, usize)]) -> usize {
    let times: Vec<Duration> = seen.iter().map(|(at, _)| *at).collect();
    let within = |from: Duration| {
        times.iter().filter(|at| **at >= from && **at < from + Duration::from_secs(1)).count()
    };
    times.iter().map(|from| within(*from)).max().unwrap_or_default()
}

#[test]
fn no_second_has_more_than_the_budget_and_none_of_it_is_wasted() {
    for wants in [
        vec![Want::Order],
        vec![Want::Data(1)],
        vec![Want::Data(1000)],
        vec![Want::Data(7), Want::Order, Want::Data(1)],
    ] {
        let seen = play(&wants, Duration::from_secs(10));
        assert_eq!(n_most_in_a_second(&seen), MESSAGES_MAX, "{wants:?}");
        let possible = MESSAGES_MAX * 10 * 1000 / 1050;
        assert!(seen.len() >= possible, "{wants:?}: {} of {possible}", seen.len());
    }
}

#[test]
fn no_bot_starves_another() {
    let flood = Want::Data(10_000);
    let seen = play(&[flood, Want::Data(1), flood, Want::Data(3)], Duration::from_secs(20));
    let share = (seen.len() - MESSAGES_MAX) / 4;
    for who in 0..4 {
        let n_sent = n_of(&seen, who);
        assert!(n_sent >= share * 9 / 10, "link {who} sent {n_sent}, its share is {share}");
    }
}

#[test]
fn orders_of_several_bots_take_turns() {
    let seen = play(&[Want::Order, Want::Order], Duration::from_secs(20));
    assert!(n_of(&seen, 0).abs_diff(n_of(&seen, 1)) <= MESSAGES_MAX, "the first second is free");
}

#[test]
fn an_order_goes_before_data_that_waited_longer() {
    let pacer = Arc::new(Pacer::default());
    let (data, order) = (pacer.seat(), pacer.seat());
    let begin = Instant::now();
    assert_eq!(data.ask(begin, Want::Data(1000)), Turn::Now(MESSAGES_MAX));
    assert_eq!(data.ask(begin + MS, Want::Data(950)), Turn::In(WINDOW - MS));
    assert_eq!(order.ask(begin + 2 * MS, Want::Order), Turn::In(WINDOW - 2 * MS));
    let later = begin + WINDOW;
    data.count(later);
    for _ in 1..MESSAGES_MAX - 1 {
        data.count(later);
    }
    assert!(matches!(data.ask(later, Want::Data(950)), Turn::In(_)), "one is free: the order's");
    assert_eq!(order.ask(later, Want::Order), Turn::Now(1));
}

#[test]
fn what_did_not_wait_counts_for_those_who_do() {
    let pacer = Arc::new(Pacer::default());
    let seat = pacer.seat();
    let begin = Instant::now();
    for _ in 0..MESSAGES_MAX + 20 {
        seat.count(begin);
    }
    assert_eq!(pacer.n_used(begin), MESSAGES_MAX + 20);
    assert_eq!(seat.ask(begin, Want::Order), Turn::In(WINDOW));
    assert_eq!(seat.ask(begin + WINDOW, Want::Order), Turn::Now(1));
    assert_eq!(pacer.n_used(begin + WINDOW), 1);
}

#[test]
fn a_link_that_leaves_or_is_dropped_holds_nobody_up() {
    let pacer = Arc::new(Pacer::default());
    let (first, second, third) = (pacer.seat(), pacer.seat(), pacer.seat());
    let begin = Instant::now();
    for _ in 0..MESSAGES_MAX {
        first.count(begin);
    }
    first.ask(begin, Want::Order);
    second.ask(begin, Want::Order);
    assert!(matches!(third.ask(begin, Want::Order), Turn::In(_)));
    first.leave();
    drop(second);
    let later = begin + WINDOW;
    for _ in 0..MESSAGES_MAX - 1 {
        third.count(later);
    }
    assert_eq!(third.ask(later, Want::Order), Turn::Now(1));
}

#[test]
fn a_link_whose_data_waits_and_that_gets_an_order_waits_as_an_order() {
    let pacer = Arc::new(Pacer::default());
    let (other, own) = (pacer.seat(), pacer.seat());
    let begin = Instant::now();
    for _ in 0..MESSAGES_MAX {
        other.count(begin);
    }
    other.ask(begin, Want::Data(1));
    own.ask(begin, Want::Data(1));
    own.ask(begin, Want::Order);
    let later = begin + WINDOW;
    for _ in 0..MESSAGES_MAX - 1 {
        other.count(later);
    }
    assert!(matches!(other.ask(later, Want::Data(1)), Turn::In(_)));
    assert_eq!(own.ask(later, Want::Order), Turn::Now(1));
}
