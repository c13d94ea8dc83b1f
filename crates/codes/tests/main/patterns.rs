//! What keeps coming back, by tables: messages in, sentences out.

use std::time::Duration;

use gatehouse_codes::{Finding, Pattern, Patterns, Region, RequestKind, Seen, Severity, lines};
use gatehouse_types::{BotName, Utc};

/// 2026-01-05 10:00 of New York, a Monday.
const MONDAY: i64 = 1_767_625_200;
const REASON: &str = "Order rejected - reason:";

fn at(secs: i64) -> Utc {
    Utc::from_nanos((MONDAY + secs) * 1_000_000_000)
}

fn bot(name: &str) -> BotName {
    name.parse().expect("is a name")
}

/// One message: second, code, text, bot, symbol.
type Heard<'a> = (i64, i32, &'a str, &'a str, &'a str);

fn fed(heard: &[Heard<'_>]) -> Patterns {
    let mut patterns = Patterns::new(Region::Americas);
    for (secs, code, text, name, symbol) in heard {
        let bot = (!name.is_empty()).then(|| bot(name));
        patterns.feed(&Seen {
            at: at(*secs),
            code: *code,
            text,
            bot: bot.as_ref(),
            request: None,
            symbol: Some(*symbol).filter(|symbol| !symbol.is_empty()),
        });
    }
    patterns
}

fn said(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.sentence.as_str()).collect()
}

/// Feeds messages, looks a second after the last one, and compares every sentence.
#[track_caller]
fn check(heard: &[Heard<'_>], sentences: &[&str]) {
    let now = heard.iter().map(|heard| heard.0).max().unwrap_or_default() + 1;
    let findings = fed(heard).findings(at(now));
    assert_eq!(said(&findings), sentences);
    for finding in findings {
        assert!(finding.sentence.ends_with('.'), "{finding:?}");
        assert!(finding.proposal.ends_with(['.', '?']), "{finding:?}");
        assert!(finding.first <= finding.last, "{finding:?}");
    }
}

/// The same message `n` times, some seconds apart.
fn every<'a>(n: usize, secs: i64, code: i32, text: &'a str, name: &'a str) -> Vec<Heard<'a>> {
    (0..).take(n).map(|index| (index * secs, code, text, name, "")).collect()
}

#[test]
fn one_bot_in_trouble_is_named_with_numbers() {
    for (n, secs, code, text, sentence) in [
        (1, 1, 100, "Max rate", "Bot a sent more messages a second than allowed once."),
        (3, 60, 100, "", "Bot a sent more messages a second than allowed 3 times within 2 min."),
        (
            3,
            20,
            326,
            "",
            "Bot a was turned away 3 times within 40 s, since its client id is in use.",
        ),
        (5, 30, 502, "", "Bot a found no Gateway 5 times within 2 min."),
        (3, 5, 507, "", "Bot a lost its connection while reading 3 times within 10 s."),
        (
            4,
            2,
            162,
            "error message:Historical data request pacing violation",
            "Bot a asked for past data too often 4 times within 6 s.",
        ),
        (2, 1, 101, "", "Bot a met \"no market-data line left\" (101) 2 times within 1 s."),
        (
            5,
            2,
            10148,
            "state: Filled",
            "Bot a cancelled orders that were gone or past cancelling 5 times within 8 s.",
        ),
        (
            3,
            9,
            201,
            "Order rejected - Gatehouse GH-04: too large (bot a)",
            "Gatehouse refused orders of bot a 3 times within 18 s under GH-04.",
        ),
        (1, 1, 2999, "", "Bot a heard code 2999, which is not in the error book, once."),
        (20, 1, 102, "", "Bot a heard \"Request number in use\" (102) 20 times within 19 s."),
    ] {
        check(&every(n, secs, code, text, "a"), &[sentence]);
    }
}

#[test]
fn below_its_threshold_nothing_is_a_pattern() {
    for (n, code, text) in [
        (2, 326, ""),
        (4, 502, ""),
        (2, 507, ""),
        (2, 162, "pacing violation"),
        (1, 101, ""),
        (4, 10147, ""),
        (2, 201, "reason:margin"),
        (2, 354, ""),
        (1, 10197, ""),
        (19, 2188, ""),
        (19, 102, ""),
        (1, 1100, ""),
        (500, 202, "Order Canceled - reason:"),
        (500, 2104, "OK:usfarm"),
        (500, 1102, ""),
        (500, 300, ""),
    ] {
        check(&every(n, 1, code, text, "a"), &[]);
    }
}

#[test]
fn rejections_count_by_cause_and_by_bot() {
    let margin = format!("{REASON}Equity with Loan Value too small");
    let closed = format!("{REASON}Exchange is closed.");
    let heard: Vec<Heard<'_>> = vec![
        (0, 201, &margin, "a", "NVDA"),
        (1, 201, &closed, "a", "NVDA"),
        (2, 201, &margin, "a", "NVDA"),
        (3, 201, &margin, "b", "NVDA"),
        (4, 201, &closed, "b", "NVDA"),
        (60, 201, &margin, "a", "AAPL"),
    ];
    check(
        &heard,
        &[
            "Orders of bot a were rejected 3 times within 60 s for AAPL and NVDA: Not enough margin or cash (201).",
        ],
    );
    let finding = fed(&heard).findings(at(61)).remove(0);
    assert_eq!(finding.bot, Some(bot("a")));
    assert_eq!((finding.pattern, finding.severity), (Pattern::Rejections, Severity::High));
    assert!(finding.proposal.contains("Lower the quantity"), "{}", finding.proposal);
}

#[test]
fn a_request_error_on_an_order_is_a_rejection() {
    for (request, pattern) in
        [(Some(RequestKind::Order), Some(Pattern::Rejections)), (Some(RequestKind::Contract), None)]
    {
        let mut patterns = Patterns::new(Region::Americas);
        let name = bot("a");
        for secs in 0..3 {
            let (bot, text) = (Some(&name), "No security definition");
            patterns.feed(&Seen { at: at(secs), code: 200, text, bot, request, symbol: None });
        }
        let found = patterns.findings(at(3)).first().map(|finding| finding.pattern);
        assert_eq!(found, pattern, "{request:?}");
    }
}

#[test]
fn data_that_is_missing_is_told_with_its_symbols() {
    let symbols = ["AAPL", "MSFT", "NVDA", "AMD"];
    let heard: Vec<Heard<'_>> =
        (0..).zip(symbols).map(|(secs, symbol)| (secs, 10168, "", "a", symbol)).collect();
    check(
        &heard,
        &[
            "Bot a heard \"Neither live nor delayed data\" (10168) 4 times within 3 s for AAPL, AMD and 2 more.",
        ],
    );
    check(
        &[(0, 354, "", "a", "SPY"), (9, 354, "", "a", "SPY"), (90, 354, "", "a", "SPY")],
        &["Bot a heard \"Market data not subscribed\" (354) 3 times within 90 s for SPY."],
    );
    check(
        &[(0, 10197, "", "a", "SPY"), (9, 10197, "", "b", "QQQ")],
        &["Market data went to another session 2 times within 9 s for QQQ and SPY."],
    );
}

#[test]
fn a_farm_flaps_when_it_breaks_and_returns() {
    let broken = "Market data farm connection is broken:usfarm";
    let whole = "Market data farm connection is OK:usfarm";
    let other = "Market data farm connection is OK:eufarm";
    let mut heard: Vec<Heard<'_>> = Vec::new();
    for turn in 0..3 {
        // Two bots hear of each break and of each return.
        for name in ["a", "b"] {
            heard.push((turn * 60, 2103, broken, name, ""));
        }
        for name in ["a", "b"] {
            heard.push((turn * 60 + 30, 2104, whole, name, ""));
            heard.push((turn * 60 + 30, 2104, other, name, ""));
        }
    }
    check(&heard, &["The farm usfarm broke and came back 3 times within 2 min."]);
    check(&heard[..10], &[]);
    check(&every(50, 1, 2103, broken, "a"), &[]);
}

#[test]
fn losing_the_broker_at_night_is_no_news_and_by_day_it_is() {
    // 00:20 of the same Monday.
    let night = -(10 * 3600) + 20 * 60;
    for name in ["a", "b", "c"] {
        check(
            &[(night, 1100, "", name, ""), (night + 1, 2110, "", "b", "")],
            &["The Gateway lost the broker at 00:20 New York time, inside the broker's reset."],
        );
    }
    // Three connections hear of each drop.
    let mut heard: Vec<Heard<'_>> = Vec::new();
    for hour in [0, 2, 5] {
        for name in ["a", "b", ""] {
            heard.push((hour * 3600, 1100, "", name, ""));
        }
    }
    check(
        &heard,
        &["The Gateway lost the broker 3 times within 5 h, outside the broker's nightly reset."],
    );
    check(&heard[..3], &[]);
}

#[test]
fn the_reset_follows_the_clocks_of_its_region() {
    let at = |secs| Utc::from_nanos(secs * 1_000_000_000);
    let (winter, summer) = (1_767_571_200, 1_783_296_000);
    let minute = |day: i64, hour: i64, minute: i64| at(day + hour * 3600 + minute * 60);
    for (region, instant, expected) in [
        // 2026-01-05, New York is 5 hours behind.
        (Region::Americas, minute(winter, 5, 14), false),
        (Region::Americas, minute(winter, 5, 15), true),
        (Region::Americas, minute(winter, 6, 44), true),
        (Region::Americas, minute(winter, 6, 45), false),
        // 2026-07-06, 4 hours.
        (Region::Americas, minute(summer, 4, 14), false),
        (Region::Americas, minute(summer, 4, 15), true),
        (Region::Americas, minute(summer, 5, 45), false),
        (Region::Europe, minute(winter, 5, 25), true),
        (Region::Europe, minute(winter, 6, 45), false),
        (Region::Europe, minute(summer, 4, 25), true),
        (Region::Europe, minute(summer, 5, 45), false),
        (Region::AsiaPacific, minute(winter, 12, 15), true),
        (Region::AsiaPacific, minute(winter, 13, 15), false),
        (Region::AsiaPacific, minute(summer, 20, 45), true),
        // Friday 2026-01-09 23:00 to Saturday 03:00 of New York, everywhere.
        (Region::Europe, minute(winter + 5 * 86_400, 3, 59), false),
        (Region::Europe, minute(winter + 5 * 86_400, 4, 0), true),
        (Region::AsiaPacific, minute(winter + 5 * 86_400, 7, 59), true),
        (Region::Americas, minute(winter + 5 * 86_400, 8, 0), false),
        (Region::Americas, Utc::from_nanos(i64::MAX), false),
    ] {
        assert_eq!(region.is_reset(instant), expected, "{region:?} {}", instant.secs());
    }
}

#[test]
fn old_things_fall_out_by_time() {
    let patterns = fed(&every(3, 10, 326, "", "a"));
    assert_eq!(patterns.findings(at(20)).len(), 1);
    assert_eq!(patterns.findings(at(600)).len(), 1);
    // The first of the three is more than ten minutes ago.
    assert_eq!(patterns.findings(at(601)).len(), 0);
    let day = 24 * 3600;
    let mut patterns = fed(&every(2, 3600, 1100, "", ""));
    assert_eq!(patterns.findings(at(day)).len(), 1);
    assert_eq!(patterns.findings(at(day + 1)).len(), 0);
    assert_eq!(patterns.counts(at(7 * day)).len(), 1);
    assert_eq!(patterns.counts(at(8 * day)).len(), 0);
    let (text, bot, request, symbol) = ("", None, None, None);
    patterns.feed(&Seen { at: at(9 * day), code: 2104, text, bot, request, symbol });
    assert_eq!(patterns.counts(at(9 * day)).len(), 1);
}

#[test]
fn codes_are_counted_with_their_rates() {
    let patterns = fed(&every(100, 30, 354, "", "a"));
    let last = 99 * 30;
    let counts = patterns.counts(at(last));
    assert_eq!(counts.len(), 1);
    let count = counts[0];
    assert_eq!((count.code, count.n_seen), (354, 100));
    assert_eq!((count.first, count.last), (at(0), at(last)));
    assert_eq!((count.per_minute, count.per_hour), (2, 100));
    let later = patterns.counts(at(last + 1800))[0];
    assert_eq!((later.per_minute, later.per_hour), (0, 60));
}

#[test]
fn the_worst_comes_first() {
    let mut heard = every(5, 1, 502, "", "a");
    heard.extend(every(9, 1, 326, "", "b"));
    heard.extend(every(3, 1, 326, "", "a"));
    heard.extend(every(1, 1, 2999, "", "a"));
    heard.extend(every(40, 1, 102, "", "a"));
    heard.sort_by_key(|heard| heard.0);
    let findings = fed(&heard).findings(at(60));
    let order: Vec<_> = findings.iter().map(|one| (one.pattern, one.n_seen)).collect();
    let expected = [
        (Pattern::ConnectLoop, 5),
        (Pattern::ClientIdInUse, 9),
        (Pattern::ClientIdInUse, 3),
        (Pattern::Repeats, 40),
        (Pattern::UnknownCode, 1),
    ];
    assert_eq!(order, expected);
}

/// A storm of every code there is, from many bots, about many symbols; numbers by a fixed rule.
fn storm(n_messages: u64) -> Patterns {
    let codes: Vec<i32> =
        lines().flat_map(|line| line.first..=line.last).chain(3000..3400).collect();
    let names: Vec<BotName> = (0..40).map(|index| bot(&format!("bot-{index}"))).collect();
    let symbols: Vec<String> = (0..500).map(|index| format!("S{index}")).collect();
    let mut patterns = Patterns::new(Region::Americas);
    let mut state: u64 = 7;
    for index in 0..n_messages {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut pick = |n: usize| {
            state = state.rotate_left(17).wrapping_add(0x9e37_79b9);
            usize::try_from(state >> 33).expect("fits") % n
        };
        let text = format!("x:{}", pick(1000));
        patterns.feed(&Seen {
            at: at(0).plus(Duration::from_millis(index * 37)),
            code: codes[pick(codes.len())],
            text: &text,
            bot: Some(&names[pick(names.len())]),
            request: None,
            symbol: Some(symbols[pick(symbols.len())].as_str()),
        });
    }
    patterns
}

#[test]
fn a_storm_is_bounded_and_always_gives_the_same_findings() {
    let (one, other) = (storm(15_000), storm(15_000));
    let now = at(15_000 * 37 / 1000);
    assert_eq!(one.findings(now), other.findings(now));
    assert_eq!(one.counts(now), other.counts(now));
    assert_eq!(one.findings(now).len(), 50);
    assert_eq!(one.counts(now).len(), 256);
    assert!(one.findings(now).iter().all(|finding| finding.n_seen <= 128));
    assert!(one.findings(now).iter().all(|finding| finding.sentence.len() < 250));
}

#[test]
fn figures_above_the_bound_are_called_at_least() {
    check(
        &every(300, 1, 102, "", "a"),
        &["Bot a heard \"Request number in use\" (102) at least 128 times within 3 min."],
    );
}

#[test]
fn a_clock_that_is_set_back_loses_nothing_and_breaks_nothing() {
    let mut heard = every(2, 10, 326, "", "a");
    heard.push((-200, 326, "", "a", ""));
    let patterns = fed(&heard);
    assert_eq!(
        said(&patterns.findings(at(-199))),
        ["Bot a was turned away 3 times within 4 min, since its client id is in use."]
    );
    assert_eq!(patterns.counts(at(-200))[0].per_hour, 1);
}

#[test]
fn long_texts_of_a_stranger_are_cut() {
    let long = "x".repeat(100_000);
    let refusal = format!("Order rejected - Gatehouse {long}: no");
    let heard: Vec<Heard<'_>> =
        (0..3).map(|secs| (secs, 201, refusal.as_str(), "a", long.as_str())).collect();
    let findings = fed(&heard).findings(at(3));
    assert_eq!(findings.len(), 1);
    assert!(findings[0].sentence.len() < 250);
}
