//! Every example script, played for a minute on virtual time: what it promises is heard.

mod play;

use std::collections::BTreeSet;
use std::path::PathBuf;

use gatehouse_sim::server::Ending;
use gatehouse_types::Decimal;

use play::{Bot, Played, play, play_as};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn played(name: &str) -> Played {
    let path = folder().join(format!("{name}.jsonl"));
    play(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Asserts that these lines were heard in this order, with others between them.
fn hears(bot: &Bot, name: &str, expected: &[&str]) {
    let mut lines = bot.heard.iter().map(|(_, line)| line.as_str());
    for wanted in expected {
        let is_there = lines.any(|line| line.starts_with(wanted));
        let told: Vec<&str> = bot
            .heard
            .iter()
            .map(|(_, line)| line.as_str())
            .filter(|line| !line.starts_with("bid") && !line.starts_with("ask") && *line != "time")
            .collect();
        assert!(is_there, "{name}: {wanted:?} is missing in {told:#?}");
    }
}

fn price(line: &str) -> Decimal {
    line.rsplit(' ').next().and_then(|text| text.parse().ok()).expect("ends in a price")
}

/// What client 1 hears in order, where that is the whole effect.
const TOLD: [(&str, &[&str]); 26] = [
    (
        "permissions",
        &["error 5 10089 Requested market data requires additional subscription for API. See"],
    ),
    ("permissions-in-part", &["error 5 10090 Part of requested market data is", "last "]),
    ("link-lost", &["error -1 1100", "error -1 1102"]),
    ("link-lost-with-data", &["error -1 1100", "error -1 1101"]),
    ("server-link-broken", &["error -1 2110", "error -1 1102"]),
    ("competing-session", &["error 5 10197", "bid "]),
    ("next-id-rolls-back", &["next 1", "open 4", "next 1"]),
    ("next-id-jumps", &["next 1", "next 500000"]),
    ("port-changed", &["error -1 1100", "error -1 1300"]),
    ("fill-before-acknowledgement", &["exec 1", "open 1", "status 1 Submitted", "status 1 Filled"]),
    ("fill-after-cancelled", &["status 1 Cancelled", "error 1 202", "exec 1", "status 1 Filled"]),
    ("execution-corrected", &["exec 1 01", "exec 1 02 10 at 600.25"]),
    ("execution-busted", &["exec 1 01 10", "exec 1 02 0 at"]),
    ("execution-doubled", &["exec 1 01", "exec 1 01", "exec 1 01"]),
    ("unknown-codes", &["open 1", "error 1 10349", "error 1 54321"]),
    ("reject-by-rule", &["status 1 Inactive", "error 1 201", "open 2", "error 3 201", "open 4"]),
    ("reject-every-second", &["open 1", "error 2 201", "error 2 103", "open 3", "error 4 201"]),
    (
        "history-pacing",
        &[
            "error 6 162 Historical Market Data Service error message:Historical data request pacing",
        ],
    ),
    (
        "history-no-data",
        &[
            "error 6 162 Historical Market Data Service error message:HMDS query returned no data: SPY@SMART",
        ],
    ),
    ("history-unknown", &["error 6 366"]),
    ("history-doubled-bars", &["bars 02 09,02 09,02 10,02 11"]),
    ("history-partial-days", &["bars 02 09,02 10,02 11,02 12,05 09"]),
    ("history-holes", &["bars 02 09,02 10,02 11,02 13,02 14,02 15"]),
    ("history-out-of-order", &["bars 02 13,"]),
    ("contract-changed", &["contract 10 0.05"]),
    (
        "triggers",
        &[
            "error -1 90001",
            "error -1 90002",
            "error -1 90003",
            "error -1 90005",
            "error -1 90004",
            "error -1 90006",
            "error -1 90007",
            "error -1 90008",
        ],
    ),
];

#[test]
fn a_client_hears_what_the_script_promises() {
    for (name, expected) in TOLD {
        hears(&played(name).first, name, expected);
    }
}

#[test]
fn what_breaks_is_silent_until_it_is_back() {
    for (name, what, from, to) in [
        ("freeze", "", 20_000, 24_750),
        ("freeze-one", "", 20_000, 24_750),
        ("stale-lines", "bid", 2_250, 21_750),
        ("link-lost", "bid", 20_250, 29_750),
        ("server-link-broken", "bid", 20_250, 29_750),
        ("competing-session", "bid", 20_250, 29_750),
        ("farm-flap", "bid", 1_250, 2_750),
        ("link-lost-with-data", "bid", 20_250, 60_000),
        ("half-open", "", 20_250, 60_000),
        ("history-silent", "bars", 0, 60_000),
        ("permissions", "last", 0, 60_000),
        ("permissions-in-part", "bid", 0, 60_000),
    ] {
        let bot = played(name).first;
        assert_eq!(bot.n_between(what, from, to), 0, "{name}");
        let goes_on = !matches!(
            name,
            "link-lost-with-data"
                | "half-open"
                | "history-silent"
                | "permissions"
                | "permissions-in-part"
        );
        assert_eq!(bot.n_between(what, to, 60_000) > 0, goes_on, "{name} afterwards");
    }
    let bot = played("history-silent").first;
    assert!(bot.lines("time").len() > 50, "the rest goes on");
}

#[test]
fn connections_end_as_the_script_says() {
    for (name, first, second) in [
        ("drop", Some(Ending::Now), None),
        ("reset-mid-frame", Some(Ending::Reset), None),
        ("half-open", None, None),
        ("silent-handshake", None, None),
        ("door-slammed", None, Some(Ending::Now)),
        ("client-id-in-use", None, Some(Ending::AfterBytes)),
        ("port-changed", Some(Ending::AfterBytes), None),
    ] {
        let played = played(name);
        assert_eq!((played.first_ended, played.second_ended), (first, second), "{name}");
    }
    let killed = played("kill");
    assert!(killed.is_dead);
    let doors = played("door-closed").doors;
    assert_eq!([doors[23], doors[25], doors[33], doors[35]], [true, false, false, true]);
    let dripped = played("drip").bytes;
    let slow = dripped[28] - dripped[19];
    assert!((85..=90).contains(&slow), "{slow}");
    assert!(dripped[30] - dripped[28] > 500, "what waited comes at once");
}

#[test]
fn whoever_connects_later_finds_something_else() {
    for (name, expected) in [
        ("silent-handshake", &[][..]),
        ("door-slammed", &[]),
        ("client-id-in-use", &["version 226", "error -1 326"]),
        ("version-changed", &["version 178", "accounts DU1234567"]),
        ("account-changed", &["version 226", "accounts U7654321"]),
    ] {
        let bot = played(name).second;
        hears(&bot, name, expected);
        assert_eq!(bot.heard.is_empty(), expected.is_empty(), "{name}");
    }
}

#[test]
fn farms_flap_as_often_as_they_are_told() {
    let bot = played("farm-flap").first;
    for (code, n) in [(2103, 5), (2104, 6), (2105, 5), (2106, 6), (2157, 5), (2158, 6)] {
        assert_eq!(bot.lines(&format!("error -1 {code}")).len(), n, "{code}");
    }
    assert!(bot.lines("open").len() > 3, "orders go on");
}

#[test]
fn quotes_show_what_the_script_does_to_them() {
    let at = |name: &str, what: &str| -> Vec<Decimal> {
        let bot = played(name).first;
        let heard = bot
            .heard
            .iter()
            .filter(|(at, line)| (2_000..=3_750).contains(at) && line.starts_with(what));
        heard.map(|(_, line)| price(line)).collect()
    };
    let usual = price(played("drop").first.lines("ask")[0]);
    let near =
        |px: &Decimal, times: i64| (px / usual - Decimal::from(times)).abs() < Decimal::new(1, 1);
    assert!(at("quote-jumps", "ask").iter().any(|px| near(px, 10)));
    assert!(at("quote-of-nobody", "bid").contains(&Decimal::NEGATIVE_ONE));
    assert!(at("quote-zero", "bid").contains(&Decimal::ZERO));
    assert!(at("quote-negative", "bid").iter().any(|px| near(px, -1)));
    let (bids, asks) = (at("quote-crossed", "bid"), at("quote-crossed", "ask"));
    assert!(bids.iter().max() > asks.iter().max(), "{bids:?} {asks:?}");
    let (bids, asks) = (at("wide-spread", "bid"), at("wide-spread", "ask"));
    let wide = asks.iter().max().zip(bids.iter().min()).map(|(ask, bid)| ask - bid);
    assert!(wide >= Some(Decimal::from(5)), "{wide:?}");
    let close = price(played("stale-last").first.lines("close")[0]);
    assert!(at("stale-last", "last").contains(&close));
}

#[test]
fn words_about_orders_are_late_missing_swapped_or_doubled() {
    let bot = played("slow-acknowledgements").first;
    assert_eq!(
        (bot.n_between("open 1", 5_000, 6_750), bot.n_between("open 1", 6_750, 7_500) > 0),
        (0, true)
    );
    let bot = played("slow-fills").first;
    assert_eq!(
        (bot.n_between("exec 1", 5_000, 9_750), bot.n_between("exec 1", 9_750, 10_500)),
        (0, 1)
    );
    assert!(bot.n_between("open 1", 5_000, 6_000) > 0);
    let bot = played("status-missing").first;
    assert_eq!((bot.lines("status 1 Filled").len(), bot.lines("exec 1").len()), (0, 1));
    let bot = played("status-doubled").first;
    assert_eq!(bot.lines("status 1 Filled").len(), 2);
    let swapped = played("status-out-of-order").first;
    let last = swapped.lines("status 1").last().copied();
    assert_eq!(last, Some("status 1 Submitted"), "{:?}", swapped.lines("status 1"));
    let twice = played("second-perm-id").first;
    let ids: BTreeSet<&str> = twice.lines("open 2").into_iter().collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(twice.lines("status 2 Cancelled").len(), 2, "a cancel ends both");
}

#[test]
fn client_0_hears_what_a_person_does_and_others_only_of_their_own() {
    let text = std::fs::read_to_string(folder().join("manual-order.jsonl")).expect("reads");
    let master = play_as(0, &text).first;
    let bound = ["bound 0 -1", "open -1", "status -1 Submitted", "bound 0 -2", "exec -2 01 2 at"];
    hears(&master, "manual-order", &bound);
    hears(&master, "manual-order", &["status 2 Submitted", "status 2 Cancelled", "error 2 202"]);
    let other = played("manual-order").first;
    hears(&other, "manual-order", &["status 2 Cancelled", "error 2 202"]);
    assert!(other.lines("bound").is_empty() && other.lines("open -").is_empty());
    assert!(other.lines("open 0").is_empty() && other.lines("exec 0").is_empty());
}

#[test]
fn each_example_is_played() {
    let tests = concat!(include_str!("mod.rs"), "");
    for file in std::fs::read_dir(folder()).expect("is a folder") {
        let name = file.expect("is read").path().file_stem().expect("has a name").to_owned();
        let name = name.into_string().expect("is text");
        assert!(tests.contains(&format!("\"{name}\"")), "{name} is in no test");
        let text = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).expect("reads");
        assert!(text.starts_with("# "), "{name} says first what it shows");
    }
}
