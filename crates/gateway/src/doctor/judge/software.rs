//! The Gateway's clock, its version and its Java.

use super::super::{Check, ClockFact, Facts, Finding, JavaFact, ProgramKind, Remedy};
use super::{NO_GATEWAY, capital};
use crate::probe;
use crate::session::Origin;
use gatehouse_tws::ServerVersion;

/// Clocks that are this far apart are of no concern.
const CLOSE_MS: i64 = 1_000;

/// What is further apart is a fault of a clock.
const FAR_MS: i64 = 60_000;

/// What is further apart is meant: a simulator, or a replay.
const ANOTHER_TIME_MS: i64 = 3_600_000;

/// The oldest installation that is recommended; written as the folders are.
///
/// Source: versions below lost support, or speak no protobuf, in the broker's notes of 2025.
const RECOMMENDED: u32 = 1037;

/// The Java that the login helper of `ibc2` is built for.
const JAVA_OF_HELPER: u32 = 17;

pub(super) fn clock(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Clock;
    let next = "Switch on the network time of both machines.";
    let (ms, within_ms) = match &facts.clock {
        ClockFact::Unsaid => return Finding::blind(CHECK, format!("{NO_GATEWAY}.")),
        ClockFact::UnknownZone(zone) => {
            let sentence = format!("The Gateway tells the time in a zone unknown here: {zone}.");
            return Finding::blind(CHECK, sentence);
        }
        ClockFact::Ahead { ms, within_ms } => (*ms, *within_ms),
    };
    let apart = ms.abs();
    let side = if ms < 0 { "behind" } else { "ahead" };
    if apart <= CLOSE_MS.max(within_ms) {
        let sentence =
            format!("The clocks are {apart} ms apart, {} ms are fine.", CLOSE_MS.max(within_ms));
        return Finding::pass(CHECK, sentence);
    }
    let how = format!("The Gateway's clock is {} {side}", span(apart));
    if apart > ANOTHER_TIME_MS {
        let what = if facts.is_simulated() {
            "the simulator has a time of its own"
        } else {
            "it is not in the present"
        };
        let sentence = format!("{how}: {what}.");
        return if facts.is_simulated() {
            Finding::pass(CHECK, sentence)
        } else {
            Finding::warn(CHECK, sentence, "Nothing to do for a replay; otherwise set the clocks.")
        };
    }
    if apart <= FAR_MS || facts.is_simulated() {
        return Finding::warn(CHECK, format!("{how}."), next).with(Remedy::RunAgain);
    }
    Finding::fail(CHECK, format!("{how}: orders with a time would be early or late."), next)
        .with(Remedy::RunAgain)
}

/// Returns a span in its two greatest units.
fn span(ms: i64) -> String {
    let s = ms / 1000;
    match (s / 86_400, s / 3_600 % 24, s / 60 % 60, s % 60) {
        (0, 0, 0, s) if s < 10 => format!("{s}.{} s", ms % 1000 / 100),
        (0, 0, 0, s) => format!("{s} s"),
        (0, 0, minutes, s) => format!("{minutes} min {s} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, _, _) => format!("{days} d {hours} h"),
    }
}

pub(super) fn version(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Version;
    let next = "Install the stable standalone IB Gateway, 10.37 or newer, from the broker's site.";
    let answer = facts.place.as_ref().map(|place| &place.answer);
    if let Some(probe::Finding::TooOld { version }) = answer {
        let sentence = format!(
            "Server version {} is too old; {} is the oldest that works.",
            version.get(),
            ServerVersion::FLOOR.get()
        );
        return Finding::fail(CHECK, sentence, next);
    }
    let newest = facts.machine.installed.first();
    let is_installed = !facts.is_simulated() && facts.place.as_ref().is_none_or(|it| it.is_local);
    if let Some(version) = newest.filter(|_| is_installed)
        && number(version).is_some_and(|number| number < RECOMMENDED)
    {
        let sentence = format!("IB Gateway {version} is installed; 10.37 or newer is recommended.");
        return Finding::warn(CHECK, sentence, next);
    }
    let installed = newest
        .filter(|_| is_installed)
        .map_or_else(String::new, |version| format!("IB Gateway {version} is installed; "));
    match answer {
        Some(probe::Finding::Speaks { version, .. }) => {
            if *version < probe::OWN_FLOOR {
                let sentence = format!(
                    "Server version {} would do for most bots; Gatehouse itself needs {}.",
                    version.get(),
                    probe::OWN_FLOOR.get()
                );
                return Finding::fail(CHECK, sentence, next);
            }
            let sentence = format!("{installed}server version {} works.", version.get());
            Finding::pass(CHECK, capital(&sentence))
        }
        _ if !installed.is_empty() => Finding::pass(
            CHECK,
            format!("{installed}which version it speaks shows when it answers."),
        ),
        _ => Finding::blind(CHECK, format!("{NO_GATEWAY}.")),
    }
}

/// Returns the number of a version, where `10.37` is 1037.
fn number(version: &str) -> Option<u32> {
    match version.split_once('.') {
        Some((major, minor)) => {
            let (major, minor): (u32, u32) = (major.parse().ok()?, minor.parse().ok()?);
            Some(major * 100 + minor)
        }
        None => version.parse().ok(),
    }
}

pub(super) fn java(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Java;
    if facts.is_simulated() {
        return Finding::pass(CHECK, "The simulator needs none.");
    }
    if facts.place.as_ref().is_some_and(|place| !place.is_local) {
        return Finding::blind(CHECK, "The Gateway is on another machine.");
    }
    let is_launched = matches!(facts.known.origin, Some(Origin::Launched(_)));
    let next = "Install IB Gateway again, which brings its own, or install Java 17.";
    match &facts.machine.java {
        JavaFact::Found { path, version: Some(version) } => {
            let major = version.split(['.', '+', '-']).next().and_then(|it| it.parse::<u32>().ok());
            if major.is_some_and(|major| major < JAVA_OF_HELPER) {
                let sentence = format!(
                    "Java {version} is older than the login helper needs: {}.",
                    path.display()
                );
                return Finding::warn(CHECK, sentence, next);
            }
            Finding::pass(CHECK, format!("Java {version} is at {}.", path.display()))
        }
        JavaFact::Found { path, version: None } => {
            let sentence =
                format!("Java is at {}, and its version cannot be read.", path.display());
            Finding::pass(CHECK, sentence)
        }
        JavaFact::Missing if is_launched => {
            Finding::fail(CHECK, "No Java is found to start the Gateway with.", next)
        }
        JavaFact::Missing if answers_or_runs(facts) => {
            Finding::pass(CHECK, "The Gateway runs with a Java of its own.")
        }
        JavaFact::Missing => {
            Finding::warn(CHECK, "No Java is found, nor an IB Gateway that brings one.", next)
        }
    }
}

fn answers_or_runs(facts: &Facts) -> bool {
    let is_gateway =
        |it: &super::super::Program| matches!(it.kind, ProgramKind::Gateway | ProgramKind::Tws);
    let runs = facts.machine.programs.as_ref().is_ok_and(|all| all.iter().any(is_gateway));
    runs || facts.place.as_ref().is_some_and(super::super::PlaceFact::speaks)
}
