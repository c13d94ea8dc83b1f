//! Account, client ids, permission, other sessions, data and settings.

use gatehouse_types::SessionPhase;

use super::*;
use crate::launch::Mode;

fn account(facts: &mut Facts, account: &str) {
    visited(facts).admission = Admission::Admitted { accounts: vec![account.to_owned()] };
}

#[test]
fn a_mode_whose_account_prefix_does_not_match_is_told() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let usual = [
        (4001, "U7654321", Pass, "is a live account, as port 4001 usually is"),
        (7496, "U7654321", Pass, "as port 7496 usually is"),
        (4002, "DU1234567", Pass, "is a paper account, as port 4002 usually is"),
        (7497, "DF1234567", Pass, "is a paper account"),
        (4002, "DI1234567", Pass, "is a paper account"),
        (4002, "U7654321", Fail, "is a live account, and port 4002 is usually paper"),
        (7497, "F7654321", Fail, "and port 7497 is usually paper"),
        (4001, "DU1234567", Warn, "is a paper account, and port 4001 is usually live"),
        (5000, "U7654321", Pass, "Account U7654321 is a live account."),
    ];
    for (port, name, outcome, words) in usual {
        check(Check::Mode, outcome, words, None, |facts| {
            at(facts).address = format!("127.0.0.1:{port}");
            account(facts, name);
        });
    }
    let chosen = [
        (Mode::Paper, "U7654321", Fail, "is a live account, and you chose paper"),
        (Mode::Live, "DU1234567", Fail, "is a paper account, and you chose live"),
        (Mode::Paper, "DU1234567", Pass, "is a paper account"),
    ];
    for (mode, name, outcome, words) in chosen {
        let remedy = (outcome == Fail).then_some(Remedy::OpenSettings);
        check(Check::Mode, outcome, words, remedy, |facts| {
            facts.known.mode = Some(mode);
            account(facts, name);
        });
    }
    check(Check::Mode, NotCheckable, "names its account", None, |facts| facts.opening = None);
}

#[test]
fn read_only_is_read_or_heard() {
    use Outcome::{Fail, NotCheckable, Pass};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::ReadOnly, outcome, words, remedy, change);
    };
    let refusal = "Error validating request.-'bN' : cause - The API interface is currently in Read-Only mode.";
    judged(Pass, "takes orders", None, |_| {});
    judged(Fail, "read-only for programs", Some(Remedy::RunAgain), |facts| {
        visited(facts).read_only = ReadOnly::Yes;
    });
    check(Check::ReadOnly, Fail, "(321)", Some(Remedy::RunAgain), |facts| {
        visited(facts).read_only = ReadOnly::Unsaid;
        own(facts);
        facts.known.notices.push(notice(321, refusal));
    });
    check(Check::ReadOnly, NotCheckable, "did not say", None, |facts| {
        visited(facts).read_only = ReadOnly::Unsaid;
        // Heard at another Gateway, and another reason for the same code.
        facts.known.notices.push(notice(321, refusal));
        visited(facts).notices.push(notice(321, "Error validating request: no such group"));
    });
}

#[test]
fn a_client_id_is_free_held_or_in_use() {
    use Outcome::{Fail, NotCheckable, Pass};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::ClientId, outcome, words, remedy, change);
    };
    judged(Pass, "Client id 7001 was free", None, |_| {});
    judged(
        Fail,
        "Client id 7001 is in use at the Gateway (326)",
        Some(Remedy::RunAgain),
        |facts| {
            let spare = visited(facts).clone();
            visited(facts).admission = Admission::Refused(notice(326, "already in use"));
            facts.opening.as_mut().expect("there is one").spare = Some(spare);
        },
    );
    judged(Pass, "holds the client id 11 of momentum-spy", None, |facts| {
        own(facts);
        facts.known.client_ids = vec![(ClientId::new(11), "momentum-spy".to_owned(), true)];
    });
    judged(Fail, "refused the client id 11 of momentum-spy", Some(Remedy::RunAgain), |facts| {
        own(facts);
        facts.known.client_ids = vec![(ClientId::new(11), "momentum-spy".to_owned(), false)];
        facts.known.notices.push(notice(326, "already in use"));
    });
    judged(NotCheckable, "did not let a client in", None, |facts| {
        visited(facts).admission = Admission::Silent;
    });
    judged(NotCheckable, "while the Gateway answers", None, |facts| facts.opening = None);
}

#[test]
fn an_account_may_wait_for_its_permission() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Permission, outcome, words, remedy, change);
        let mut facts = healthy();
        change(&mut facts);
        let report = judge(&facts);
        let next = report.of(Check::Permission).expect("is judged").next.clone();
        assert!(next.is_none_or(|next| next.contains("1 to 3 business days")));
    };
    judged(Pass, "opened DU1234567 to programs", None, |_| {});
    judged(Fail, "over the API (10015)", Some(Remedy::RunAgain), |facts| {
        visited(facts).notices.push(notice(10015, "API trading is not allowed for this account"));
    });
    judged(Warn, "names no account", None, |facts| {
        visited(facts).admission = Admission::Admitted { accounts: Vec::new() };
    });
    judged(NotCheckable, "did not let a client in", None, |facts| {
        visited(facts).admission = Admission::HungUp;
    });
}

#[test]
fn another_session_is_heard_by_its_code_or_its_words() {
    use Outcome::{Fail, NotCheckable, Pass};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::SecondSession, outcome, words, remedy, change);
    };
    let again = || Some(Remedy::RunAgain);
    judged(Pass, "Data comes", None, |_| {});
    judged(Fail, "(10197)", again(), |facts| {
        visited(facts).quote =
            QuoteFact::Refused(notice(10197, "No market data during competing live session"));
    });
    judged(Fail, "(10197)", again(), |facts| {
        visited(facts).quote = QuoteFact::Taken;
        own(facts);
        facts.known.notices.push(notice(10197, "No market data during competing live session"));
    });
    judged(Pass, "Data comes", None, |facts| {
        // It was so, and data comes again.
        own(facts);
        facts.known.notices.push(notice(10197, "No market data during competing live session"));
    });
    judged(
        Fail,
        "Somebody else is logged in: Existing session detected",
        Some(Remedy::OpenSettings),
        |facts| {
            own(facts);
            facts.known.session =
                Some((SessionPhase::NeedsUser, "Existing session detected".to_owned()));
        },
    );
    judged(NotCheckable, "Without data", None, |facts| {
        visited(facts).quote = QuoteFact::Refused(notice(354, "not subscribed"));
    });
}

#[test]
fn data_is_live_delayed_or_not_subscribed() {
    use Outcome::{NotCheckable, Pass, Warn};
    let shows = |symbols: &[&str]| {
        Some(Remedy::ShowSymbols { symbols: symbols.iter().map(|it| (*it).to_owned()).collect() })
    };
    let quotes = [
        (QuoteFact::Kind(1), Pass, "are live"),
        (QuoteFact::Kind(2), Pass, "stand still"),
        (QuoteFact::Kind(3), Warn, "are delayed"),
        (QuoteFact::Kind(4), Warn, "are delayed"),
        (QuoteFact::Taken, NotCheckable, "within two seconds"),
        (QuoteFact::Silent, NotCheckable, "did not answer"),
        (QuoteFact::Refused(notice(354, "not subscribed")), Warn, "(354)"),
    ];
    for (quote, outcome, words) in quotes {
        let remedy = (outcome == Warn).then(|| shows(&["SPY"])).flatten();
        check(Check::MarketData, outcome, words, remedy, |facts| visited(facts).quote = quote);
    }
    check(
        Check::MarketData,
        Warn,
        "2 symbols have delayed data",
        shows(&["QQQ", "TLT"]),
        |facts| {
            own(facts);
            facts.known.delayed = vec!["QQQ".to_owned(), "TLT".to_owned()];
        },
    );
}

#[test]
fn settings_that_are_not_as_they_were_accepted_are_named() {
    use Outcome::{NotCheckable, Pass, Warn};
    let accept = |facts: &mut Facts, pairs: &[(&str, &str)]| {
        facts.known.accepted.insert("DU1234567".to_owned(), settings(pairs));
    };
    check(Check::Settings, Pass, "2 settings read", None, |_| {});
    check(Check::Settings, Pass, "those that you accepted", None, |facts| {
        accept(facts, &[("allowLocalhostOnly", "true"), ("readOnlyApi", "false")]);
    });
    let remedy = || Some(Remedy::AcceptSettings);
    check(
        Check::Settings,
        Warn,
        "1 setting of the Gateway has changed: readOnlyApi from true to false.",
        remedy(),
        |facts| {
            accept(facts, &[("allowLocalhostOnly", "true"), ("readOnlyApi", "true")]);
        },
    );
    check(Check::Settings, Pass, "2 settings read", None, |facts| {
        facts.known.accepted.insert("U1".to_owned(), settings(&[("readOnlyApi", "true")]));
    });
    check(Check::Settings, NotCheckable, "server version 219", None, |facts| {
        visited(facts).settings = None;
    });
}
