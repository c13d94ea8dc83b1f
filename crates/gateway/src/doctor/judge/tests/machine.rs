//! Clock, version, Java, and what the machine has.

use std::path::Path;

use super::*;
use crate::session::{Login, Origin};

fn simulated(facts: &mut Facts) {
    at(facts).listener = Listener::Program(program(ProgramKind::Simulator, "gatehouse-sim"));
}

#[test]
fn clocks_are_close_apart_or_of_another_time() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let hour = 3_600_000_i64;
    let cases = [
        (12, false, Pass, "12 ms apart"),
        (-1_000, false, Pass, "1000 ms apart"),
        (-1_001, false, Warn, "1.0 s behind"),
        (60_000, false, Warn, "1 min 0 s ahead"),
        (-61_000, false, Fail, "1 min 1 s behind"),
        (hour, false, Fail, "1 h 0 min ahead"),
        (hour + 1, false, Warn, "not in the present"),
        (-320 * 24 * hour, false, Warn, "320 d 0 h behind"),
        (-61_000, true, Warn, "1 min 1 s behind"),
        (-320 * 24 * hour, true, Pass, "the simulator has a time of its own"),
    ];
    for (ms, is_simulated, outcome, words) in cases {
        let is_near = ms.abs() <= hour && outcome != Pass;
        check(Check::Clock, outcome, words, is_near.then_some(Remedy::RunAgain), |facts| {
            facts.clock = ClockFact::Ahead { ms, within_ms: 1000 };
            if is_simulated {
                simulated(facts);
            }
        });
    }
    // Seconds that are not told cannot be missed.
    check(Check::Clock, Pass, "1500 ms are fine", None, |facts| {
        facts.clock = ClockFact::Ahead { ms: 1_400, within_ms: 1_500 };
    });
    check(Check::Clock, Pass, "a time of its own", None, |facts| {
        facts.clock = ClockFact::Ahead { ms: -320 * 24 * hour, within_ms: 1000 };
        at(facts).listener = Listener::Hidden;
        own(facts);
        facts.known.origin = Some(Origin::Simulator);
    });
    check(Check::Clock, NotCheckable, "Mitteleuropäische Zeit", None, |facts| {
        facts.clock = ClockFact::UnknownZone("Mitteleuropäische Zeit".to_owned());
    });
    check(Check::Clock, NotCheckable, "answers", None, |facts| facts.clock = ClockFact::Unsaid);
}

#[test]
fn versions_are_too_old_old_or_fine() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let answers = [
        (226, Pass, "server version 226 works"),
        (213, Pass, "server version 213 works"),
        (212, Fail, "Server version 212 would do for most bots; Gatehouse itself needs 213"),
        (157, Fail, "Server version 157 would do for most bots"),
    ];
    for (version, outcome, words) in answers {
        check(Check::Version, outcome, words, None, |facts| at(facts).answer = speaks(version));
    }
    check(Check::Version, Fail, "156 is too old; 157 is the oldest", None, |facts| {
        let answer = Answer::TooOld { version: ServerVersion::new(156) };
        unanswered(facts, answer, Listener::Hidden);
    });
    let installed = [
        ("1036", Warn, "1036 is installed; 10.37 or newer"),
        ("10.30", Warn, "10.30 is installed"),
        ("981", Warn, "981 is installed"),
        ("1037", Pass, "IB Gateway 1037 is installed"),
        ("10.41", Pass, "IB Gateway 10.41 is installed"),
    ];
    for (version, outcome, words) in installed {
        check(Check::Version, outcome, words, None, |facts| {
            facts.machine.installed = vec![version.to_owned(), "900".to_owned()];
        });
    }
    check(Check::Version, Pass, "Server version 226", None, |facts| {
        simulated(facts);
        facts.machine.installed = vec!["981".to_owned()];
    });
    check(Check::Version, NotCheckable, "while the Gateway answers", None, |facts| {
        unanswered(facts, Answer::Refused, Listener::Nobody);
        facts.machine.installed.clear();
    });
}

#[test]
fn java_is_there_old_missing_or_not_needed() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, change: fn(&mut Facts)| {
        check(Check::Java, outcome, words, None, change);
    };
    let version = |facts: &mut Facts, version: Option<&str>| {
        let path = PathBuf::from("/jre/bin/java");
        facts.machine.java = JavaFact::Found { path, version: version.map(str::to_owned) };
    };
    judged(Pass, "Java 17.0.10 is at /jre/bin/java", |_| {});
    check(Check::Java, Warn, "Java 1.8.0_392 is older", None, |it| version(it, Some("1.8.0_392")));
    check(Check::Java, Warn, "Java 11.0.2 is older", None, |it| version(it, Some("11.0.2")));
    check(Check::Java, Pass, "Java 21 is at", None, |it| version(it, Some("21")));
    check(Check::Java, Pass, "cannot be read", None, |it| version(it, None));
    judged(Pass, "a Java of its own", |facts| facts.machine.java = JavaFact::Missing);
    judged(Fail, "No Java is found to start", |facts| {
        facts.machine.java = JavaFact::Missing;
        facts.known.origin = Some(Origin::Launched(Login::Person));
    });
    judged(Warn, "No Java is found, nor", |facts| {
        facts.machine.java = JavaFact::Missing;
        facts.machine.programs = Ok(Vec::new());
        unanswered(facts, Answer::Refused, Listener::Nobody);
    });
    judged(Pass, "The simulator needs none", simulated);
    judged(NotCheckable, "another machine", |facts| at(facts).is_local = false);
}

#[test]
fn a_tunnel_is_warned_of() {
    let names = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect());
    check(Check::Vpn, Outcome::Warn, "wg0 is up", None, |it| it.machine.tunnels = names(&["wg0"]));
    check(Check::Vpn, Outcome::Warn, "tun0 and wg0 are up", None, |facts| {
        facts.machine.tunnels = names(&["tun0", "wg0"]);
    });
    check(Check::Vpn, Outcome::NotCheckable, "It is dark.", None, |facts| {
        facts.machine.tunnels = Err("It is dark");
    });
}

#[test]
fn memory_is_enough_for_what_is_to_run() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    const MB: u64 = 1_000_000;
    let running = [(500, Pass), (499, Warn), (150, Warn), (149, Fail), (0, Fail)];
    for (free, outcome) in running {
        let words = format!("{free} MB of 16.0 GB are free");
        check(Check::Memory, outcome, &words, None, |it| {
            it.machine.memory = Ok((free * MB, 16 * GB))
        });
    }
    for (free, outcome, words) in [(2_000, Pass, "2.0 GB are needed"), (1_999, Warn, "1.9 GB")] {
        check(Check::Memory, outcome, words, None, |facts| {
            unanswered(facts, Answer::Refused, Listener::Nobody);
            facts.machine.memory = Ok((free * MB, 16 * GB));
        });
    }
    check(Check::Memory, NotCheckable, "Dark", None, |it| it.machine.memory = Err("Dark"));
}

#[test]
fn a_busy_machine_is_warned_of() {
    use Outcome::{NotCheckable, Pass, Warn};
    for (load, n, outcome, words) in [
        (1_607, 8, Pass, "16.07 programs want one of 8"),
        (1_608, 8, Warn, "16.08 programs want one of 8"),
        (5, 1, Pass, "0.05 programs"),
    ] {
        let load = Ok((load, n));
        check(Check::Processor, outcome, words, None, |it| it.machine.load = load);
    }
    check(Check::Processor, NotCheckable, "Dark", None, |it| it.machine.load = Err("Dark"));
}

#[test]
fn a_disk_is_empty_nearly_full_or_full() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    const MB: u64 = 1_000_000;
    for (free, outcome, words) in [
        (1_000 * MB, Pass, "1.0 GB are free for the ledger in /data"),
        (999 * MB, Warn, "999 MB are free"),
        (50 * MB, Warn, "50 MB are free"),
        (49 * MB, Fail, "49 MB are free"),
        (0, Fail, "0 MB are free"),
    ] {
        let remedy = (outcome == Fail).then_some(Remedy::RunAgain);
        check(Check::Disk, outcome, words, remedy, |facts| {
            facts.machine.disk = Ok((free, Path::new("/data").to_owned()));
        });
    }
    check(Check::Disk, NotCheckable, "Dark", None, |it| it.machine.disk = Err("Dark"));
}

#[test]
fn a_machine_that_falls_asleep_fails_where_bots_are() {
    use Outcome::{Fail, NotCheckable, Pass, Warn};
    let judged = |outcome, words, remedy, change: fn(&mut Facts)| {
        check(Check::Sleep, outcome, words, remedy, change);
    };
    let awake = || Some(Remedy::KeepAwake);
    judged(Pass, "does not fall asleep", None, |_| {});
    judged(Warn, "may sleep after 30 min", awake(), |it| it.machine.sleep = SleepFact::After(30));
    judged(Fail, "may sleep after 30 min", awake(), |facts| {
        facts.machine.sleep = SleepFact::After(30);
        facts.known.has_bots = true;
    });
    judged(Pass, "Gatehouse keeps this machine awake", None, |facts| {
        facts.machine.sleep = SleepFact::After(30);
        facts.known.keeps_awake = true;
    });
    judged(Pass, "Backup keeps this machine awake", None, |facts| {
        facts.machine.sleep = SleepFact::Prevented("Backup".to_owned());
    });
    judged(NotCheckable, "Dark", None, |it| it.machine.sleep = SleepFact::Unknown("Dark"));
}
