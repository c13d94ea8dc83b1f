//! Whether a Gateway runs, answers and lets this machine in.

use gatehouse_types::SessionPhase;

use super::*;

fn refused(facts: &mut Facts) {
    unanswered(facts, Answer::Refused, Listener::Nobody);
}

#[test]
fn the_process_is_found_awaited_or_missing() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Process, outcome, words, remedy, change);
    };
    judged(Pass, "IB Gateway (java, process 4711) runs", None, |_| {});
    judged(Fail, "No Gateway, TWS or simulator runs", Some(Remedy::StartGateway), |facts| {
        refused(facts);
        facts.machine.programs = Ok(Vec::new());
    });
    judged(Pass, "it may be behind a tunnel", None, |facts| {
        at(facts).listener = Listener::Hidden;
        facts.machine.programs = Ok(Vec::new());
    });
    judged(NotCheckable, "on another machine", None, |facts| at(facts).is_local = false);
    judged(NotCheckable, "unreadable", None, |facts| {
        facts.machine.programs = Err("It is unreadable")
    });
    judged(Warn, "waits for your phone", Some(Remedy::RunAgain), |facts| {
        own(facts);
        facts.known.session = Some((SessionPhase::SecondFactor, String::new()));
    });
    judged(Pass, "runs", None, |facts| {
        // It is about another Gateway.
        facts.known.session = Some((SessionPhase::SecondFactor, String::new()));
    });
}

#[test]
fn whoever_listens_is_named() {
    use Outcome::{Fail, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Port, outcome, words, remedy, change);
    };
    let again = || Some(Remedy::RunAgain);
    let elsewhere = || Some(Remedy::UseAddress { address: "127.0.0.1:4001".to_owned() });
    judged(Pass, "IB Gateway (java, process 4711) listens on 127.0.0.1:4002", None, |_| {});
    judged(Pass, "The simulator (gatehouse-sim, process 4711) listens", None, |facts| {
        at(facts).listener = Listener::Program(program(ProgramKind::Simulator, "gatehouse-sim"));
    });
    judged(Fail, "python3 (process 4711) listens on 127.0.0.1:4002", again(), |facts| {
        let stranger = Listener::Program(program(ProgramKind::Other, "python3"));
        unanswered(facts, Answer::Stranger { who: "a web server" }, stranger);
    });
    judged(Pass, "ssh (process 4711) listens", None, |facts| {
        at(facts).listener = Listener::Program(program(ProgramKind::Other, "ssh"));
    });
    judged(Fail, "that port is for a bot", elsewhere(), |facts| {
        at(facts).listener = Listener::Program(program(ProgramKind::Gatehouse, "gatehouse"));
        facts.others.push(place("127.0.0.1:4001", speaks(200), Listener::Hidden));
    });
    judged(Warn, "A program of another user", again(), |facts| {
        unanswered(facts, Answer::Silent, Listener::Hidden);
    });
    judged(Pass, "A program of another user", None, |facts| at(facts).listener = Listener::Hidden);
    judged(Fail, "Nothing listens on 127.0.0.1:4002.", Some(Remedy::StartGateway), refused);
    judged(Fail, "a Gateway answers on 127.0.0.1:4001", elsewhere(), |facts| {
        refused(facts);
        facts.others.push(place("127.0.0.1:4001", speaks(200), Listener::Hidden));
    });
    judged(Fail, "Nothing answers at", again(), |facts| {
        unanswered(facts, Answer::NoAnswer, Listener::Unknown("it is on another machine"));
    });
    judged(Fail, "There is no host nowhere", Some(Remedy::OpenSettings), |facts| {
        let answer = Answer::NoSuchHost { host: "nowhere".to_owned() };
        unanswered(facts, answer, Listener::Unknown("its host is unknown"));
    });
    judged(Fail, "usual ports 4001, 4002, 7496 and 7497", Some(Remedy::StartGateway), |facts| {
        facts.place = None;
        facts.opening = None;
    });
}

#[test]
fn a_handshake_is_a_gateways_or_says_whose() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Handshake, outcome, words, remedy, change);
    };
    let again = || Some(Remedy::RunAgain);
    let answer = |facts: &mut Facts, answer| unanswered(facts, answer, Listener::Hidden);
    judged(Pass, "answers at server version 226 in 12 ms", None, |_| {});
    judged(Warn, "takes 1500 ms", None, |facts| {
        if let Answer::Speaks { took, .. } = &mut at(facts).answer {
            *took = Duration::from_millis(1500);
        }
    });
    check(Check::Handshake, Fail, "says nothing", again(), |it| answer(it, Answer::Silent));
    check(Check::Handshake, Fail, "hangs up at once", again(), |it| answer(it, Answer::HangsUp));
    check(Check::Handshake, Fail, "A web server answers on", again(), |it| {
        answer(it, Answer::Stranger { who: "a web server" });
    });
    check(Check::Handshake, Fail, "An SSH server answers on", again(), |it| {
        answer(it, Answer::Stranger { who: "an SSH server" });
    });
    check(Check::Handshake, NotCheckable, "see Port", None, refused);
}

#[test]
fn programs_that_are_switched_off_are_told() {
    use Outcome::{Fail, NotCheckable, Pass};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::SocketClients, outcome, words, remedy, change);
    };
    judged(Pass, "takes programs", None, |_| {});
    judged(Fail, "hangs up on programs", Some(Remedy::RunAgain), |facts| {
        unanswered(facts, Answer::HangsUp, Listener::Hidden);
    });
    judged(Fail, "runs and listens on no port", Some(Remedy::RunAgain), refused);
    judged(NotCheckable, "while the Gateway answers", None, |facts| {
        refused(facts);
        facts.machine.programs = Ok(Vec::new());
    });
    judged(NotCheckable, "while the Gateway answers", None, |facts| {
        refused(facts);
        facts.others.push(place("127.0.0.1:4001", speaks(200), Listener::Hidden));
    });
}

#[test]
fn trusted_addresses_let_this_machine_in_and_no_other() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::TrustedAddresses, outcome, words, remedy, change);
    };
    judged(Pass, "lets this machine in, and no other machine", None, |_| {});
    judged(Fail, "its window may ask", Some(Remedy::RunAgain), |facts| {
        visited(facts).admission = Admission::Silent;
    });
    judged(Fail, "ended the connection", Some(Remedy::RunAgain), |facts| {
        visited(facts).admission = Admission::HungUp;
    });
    judged(Fail, "which it may not trust", Some(Remedy::RunAgain), |facts| {
        at(facts).is_local = false;
        unanswered(facts, Answer::HangsUp, Listener::Unknown("it is on another machine"));
    });
    judged(
        Warn,
        "1 other machine may send orders to the Gateway past Gatehouse: 10.0.0.7",
        None,
        |facts| {
            visited(facts).settings = Some(settings(&[
                ("allowLocalhostOnly", "false"),
                ("trustedIPs", "127.0.0.1, 10.0.0.7"),
            ]));
        },
    );
    judged(Pass, "asks before it lets another in", None, |facts| {
        visited(facts).settings =
            Some(settings(&[("allowLocalhostOnly", "false"), ("trustedIPs", "127.0.0.1")]));
    });
    judged(NotCheckable, "while the Gateway answers", None, refused);
}

#[test]
fn a_firewall_shows_where_somebody_listens_and_nobody_gets_through() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Firewall, outcome, words, remedy, change);
    };
    judged(Pass, "get through", None, |_| {});
    judged(Pass, "refused, not swallowed", None, refused);
    judged(Fail, "do not get through", Some(Remedy::RunAgain), |facts| {
        let gateway = Listener::Program(program(ProgramKind::Gateway, "java"));
        unanswered(facts, Answer::NoAnswer, gateway);
    });
    judged(Warn, "A firewall is on", None, |facts| {
        unanswered(facts, Answer::NoAnswer, Listener::Nobody);
        facts.machine.firewall = Ok(true);
    });
    judged(NotCheckable, "cannot be read from here", None, |facts| {
        at(facts).is_local = false;
        unanswered(facts, Answer::NoAnswer, Listener::Unknown("it is on another machine"));
    });
}
