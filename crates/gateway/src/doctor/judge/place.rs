//! Whether a Gateway runs and answers, and whether it lets this machine in.

use super::super::{
    Admission, Check, Facts, Finding, Listener, PlaceFact, Program, ProgramKind, Remedy, Visit,
};
use super::{NO_GATEWAY, capital, counted, listed, subject};
use crate::probe::{self, USUAL_PORTS};
use gatehouse_types::SessionPhase;

const START: &str = "Start the Gateway and log in.";

/// Longer answers show that the Gateway is short of something.
const SLOW_MS: u128 = 1000;

pub(super) fn process(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Process;
    if let Some((phase, why)) = facts.known.session.as_ref().filter(|_| facts.is_own())
        && let Some(sentence) = waits_for(*phase, why)
    {
        let next = "Look at the Gateway's own window and at your phone.";
        return Finding::warn(CHECK, sentence, next).with(Remedy::RunAgain);
    }
    let place = facts.place.as_ref();
    if place.is_some_and(|place| !place.is_local) {
        return Finding::blind(CHECK, "The Gateway is on another machine.");
    }
    let answers = place.filter(|place| place.speaks());
    let programs = match &facts.machine.programs {
        Ok(programs) => programs,
        Err(why) => return Finding::blind(CHECK, format!("{why}.")),
    };
    let at_place = place.and_then(|place| programs.iter().find(|it| listens(place, it)));
    match (at_place.or(programs.first()), answers) {
        (Some(program), _) => Finding::pass(CHECK, format!("{} runs.", subject(program))),
        (None, Some(place)) => {
            let what = "no Gateway, TWS or simulator is seen: it may be behind a tunnel";
            Finding::pass(CHECK, format!("{} answers, though {what}.", place.address))
        }
        (None, None) => {
            let sentence = "No Gateway, TWS or simulator runs on this machine.";
            Finding::fail(CHECK, sentence, START).with(Remedy::StartGateway)
        }
    }
}

fn listens(place: &PlaceFact, program: &Program) -> bool {
    matches!(&place.listener, Listener::Program(listener) if listener.pid == program.pid)
}

/// Returns what a session waits for that a person has to do.
fn waits_for(phase: SessionPhase, why: &str) -> Option<String> {
    match phase {
        SessionPhase::LoginNeeded => Some("The Gateway waits for your login.".to_owned()),
        SessionPhase::SecondFactor => Some("The Gateway waits for your phone.".to_owned()),
        SessionPhase::NeedsUser => Some(format!("The Gateway needs you: {why}.")),
        SessionPhase::Failed => Some(format!("The Gateway was given up: {why}.")),
        SessionPhase::Stopped
        | SessionPhase::Starting
        | SessionPhase::LoggingIn
        | SessionPhase::ApiStarting
        | SessionPhase::Connecting
        | SessionPhase::Reconciling
        | SessionPhase::Ready
        | SessionPhase::Restarting
        | SessionPhase::Degraded => None,
    }
}

pub(super) fn port(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Port;
    let Some(place) = &facts.place else {
        let ports: Vec<String> = USUAL_PORTS.iter().map(|(port, _)| port.to_string()).collect();
        let sentence = format!("Nothing listens on the usual ports {}.", listed(&ports));
        let next = format!("{START} If it uses another port, name it with --gateway HOST:PORT.");
        return Finding::fail(CHECK, sentence, next).with(Remedy::StartGateway);
    };
    let address = &place.address;
    match &place.answer {
        probe::Finding::NoSuchHost { host } => Finding::fail(
            CHECK,
            format!("There is no host {host}."),
            "Correct the address: HOST:PORT, such as 127.0.0.1:4002.",
        )
        .with(Remedy::OpenSettings),
        probe::Finding::Refused => refused(facts, place),
        probe::Finding::NoAnswer => Finding::fail(
            CHECK,
            format!("Nothing answers at {address}."),
            "Check that the machine is on, and that nothing on the way keeps the port shut.",
        )
        .with(Remedy::RunAgain),
        probe::Finding::Broken { why } => Finding::fail(
            CHECK,
            format!("The connection to {address} broke: {why}."),
            "Try again; if it stays so, restart the Gateway.",
        )
        .with(Remedy::RunAgain),
        probe::Finding::Speaks { .. }
        | probe::Finding::TooOld { .. }
        | probe::Finding::Unusable { .. }
        | probe::Finding::Silent
        | probe::Finding::HangsUp
        | probe::Finding::Stranger { .. } => listened(facts, place),
    }
}

/// Nobody listens: says who does elsewhere.
fn refused(facts: &Facts, place: &PlaceFact) -> Finding {
    let address = &place.address;
    let found = facts.others.iter().find(|other| other.speaks());
    if let Some(other) = found {
        let (sentence, next) = (
            format!("Nothing listens on {address}; a Gateway answers on {}.", other.address),
            format!("Use {}, or change the port in the Gateway's API settings.", other.address),
        );
        let remedy = Remedy::UseAddress { address: other.address.clone() };
        return Finding::fail(Check::Port, sentence, next).with(remedy);
    }
    let next = format!("{START} Check the port in its API settings.");
    Finding::fail(Check::Port, format!("Nothing listens on {address}."), next)
        .with(Remedy::StartGateway)
}

/// Somebody listens: says who.
fn listened(facts: &Facts, place: &PlaceFact) -> Finding {
    const CHECK: Check = Check::Port;
    let address = &place.address;
    let found = facts.others.iter().find(|other| other.speaks());
    let elsewhere = |finding: Finding| match found {
        Some(other) => finding.with(Remedy::UseAddress { address: other.address.clone() }),
        None => finding.with(Remedy::RunAgain),
    };
    let speaks = place.speaks();
    match &place.listener {
        Listener::Program(program) if program.kind == ProgramKind::Gatehouse => {
            let sentence =
                format!("{} listens on {address}: that port is for a bot.", subject(program));
            let next = "Name the Gateway's own port, such as 127.0.0.1:4002.";
            elsewhere(Finding::fail(CHECK, sentence, next))
        }
        Listener::Program(program) if program.kind == ProgramKind::Other && !speaks => {
            let sentence = format!("{program} listens on {address}, and it is no Gateway.");
            let next = format!("End {program}, or give the Gateway another port.");
            elsewhere(Finding::fail(CHECK, sentence, next))
        }
        Listener::Program(program) => {
            let others: Vec<String> = facts
                .others
                .iter()
                .filter(|other| other.speaks())
                .map(|other| other.address.clone())
                .collect();
            let also = if others.is_empty() {
                String::new()
            } else {
                format!("; so does one on {}", listed(&others))
            };
            Finding::pass(CHECK, format!("{} listens on {address}{also}.", subject(program)))
        }
        Listener::Hidden if speaks => {
            Finding::pass(CHECK, format!("A program of another user listens on {address}."))
        }
        Listener::Hidden => {
            let sentence = format!("A program of another user listens on {address}.");
            let next = "Find out which with administrator's rights, or use another port.";
            elsewhere(Finding::warn(CHECK, sentence, next))
        }
        Listener::Nobody => Finding::pass(
            CHECK,
            format!("{address} takes connections, from a program unseen here."),
        ),
        Listener::Unknown(why) => {
            Finding::pass(CHECK, format!("{address} takes connections; whose it is: {why}."))
        }
    }
}

pub(super) fn handshake(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Handshake;
    let Some(place) = &facts.place else { return Finding::blind(CHECK, "Nothing listens.") };
    let address = &place.address;
    let again =
        |sentence: String, next: &str| Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain);
    match &place.answer {
        probe::Finding::Speaks { took, .. } if took.as_millis() > SLOW_MS => Finding::warn(
            CHECK,
            format!("{address} takes {} ms to answer.", took.as_millis()),
            "See whether the Gateway's machine is short of memory or processor time.",
        ),
        probe::Finding::Speaks { version, took, .. } => Finding::pass(
            CHECK,
            format!(
                "{address} answers at server version {} in {} ms.",
                version.get(),
                took.as_millis()
            ),
        ),
        probe::Finding::TooOld { version } => {
            Finding::pass(CHECK, format!("{address} answers, at server version {}.", version.get()))
        }
        probe::Finding::Unusable { why } => again(
            format!("What answers on {address} cannot be understood: {why}."),
            "Update Gatehouse, or check which program listens there.",
        ),
        probe::Finding::Silent => again(
            format!("{address} takes connections and says nothing."),
            "Complete the login in the Gateway's window; if it is logged in, restart it.",
        ),
        probe::Finding::HangsUp => again(
            format!("{address} takes connections and hangs up at once."),
            "Switch on \"Enable ActiveX and Socket Clients\", and check the trusted addresses.",
        ),
        probe::Finding::Stranger { who } => again(
            capital(&format!("{who} answers on {address}, not a Gateway.")),
            "Name the Gateway's own port, without TLS and without a web address.",
        ),
        probe::Finding::Refused
        | probe::Finding::NoAnswer
        | probe::Finding::NoSuchHost { .. }
        | probe::Finding::Broken { .. } => {
            Finding::blind(CHECK, format!("There is no connection to {address}; see Port."))
        }
    }
}

pub(super) fn socket_clients(facts: &Facts) -> Finding {
    const CHECK: Check = Check::SocketClients;
    let next = "In its window: Configure, Settings, API: switch on \"Enable ActiveX and Socket \
                Clients\", and look at the port there.";
    let answer = facts.place.as_ref().map(|place| &place.answer);
    match answer {
        Some(probe::Finding::Speaks { .. } | probe::Finding::TooOld { .. }) => {
            Finding::pass(CHECK, "The Gateway takes programs on its port.")
        }
        Some(probe::Finding::HangsUp) => Finding::fail(
            CHECK,
            "The Gateway hangs up on programs: they are switched off, or this one is not trusted.",
            next,
        )
        .with(Remedy::RunAgain),
        None | Some(probe::Finding::Refused) => match running(facts) {
            Some(program) => Finding::fail(
                CHECK,
                format!(
                    "{} runs and listens on no port for programs: it is not logged in yet, or they \
                     are switched off.",
                    subject(program)
                ),
                next,
            )
            .with(Remedy::RunAgain),
            None => Finding::blind(CHECK, format!("{NO_GATEWAY}.")),
        },
        Some(
            probe::Finding::Silent
            | probe::Finding::Stranger { .. }
            | probe::Finding::Unusable { .. }
            | probe::Finding::NoAnswer
            | probe::Finding::NoSuchHost { .. }
            | probe::Finding::Broken { .. },
        ) => Finding::blind(CHECK, format!("{NO_GATEWAY}.")),
    }
}

/// Returns a Gateway or TWS that runs here, unless one answers at another address.
fn running(facts: &Facts) -> Option<&Program> {
    if facts.others.iter().any(PlaceFact::speaks)
        || facts.place.as_ref().is_some_and(|it| !it.is_local)
    {
        return None;
    }
    let programs = facts.machine.programs.as_ref().ok()?;
    programs.iter().find(|it| matches!(it.kind, ProgramKind::Gateway | ProgramKind::Tws))
}

pub(super) fn trusted_addresses(facts: &Facts) -> Finding {
    const CHECK: Check = Check::TrustedAddresses;
    let Some(place) = &facts.place else { return Finding::blind(CHECK, format!("{NO_GATEWAY}.")) };
    let from = if place.is_local { "127.0.0.1" } else { "this machine's address" };
    let next = format!("Add {from} to \"Trusted IPs\" in the Gateway's API settings.");
    let Some(visit) = facts.visit() else {
        return if place.answer == probe::Finding::HangsUp && !place.is_local {
            let sentence = "The Gateway hangs up on this machine, which it may not trust.";
            Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain)
        } else {
            Finding::blind(CHECK, format!("{NO_GATEWAY}."))
        };
    };
    match &visit.admission {
        Admission::HungUp => Finding::fail(
            CHECK,
            "The Gateway ended the connection of a client that said its id.",
            next,
        )
        .with(Remedy::RunAgain),
        Admission::Silent => Finding::fail(
            CHECK,
            "The Gateway does not let the client in: its window may ask whether to accept it.",
            format!("Accept the connection in its window. {next}"),
        )
        .with(Remedy::RunAgain),
        Admission::Admitted { .. } | Admission::Refused(_) => admitted(place, visit),
    }
}

/// This machine may connect; says whether others may.
fn admitted(place: &PlaceFact, visit: &Visit) -> Finding {
    const CHECK: Check = Check::TrustedAddresses;
    let setting = |name: &str| visit.settings.as_ref().and_then(|it| it.get(name));
    let is_local_only = setting("allowLocalhostOnly").map(|value| value == "true");
    let strangers: Vec<String> = setting("trustedIPs")
        .map(|list| list.split(", ").map(str::to_owned).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .filter(|address| !address.is_empty() && !is_loopback(address))
        .collect();
    if is_local_only == Some(false) && !strangers.is_empty() {
        let sentence = format!(
            "{} may send orders to the Gateway past Gatehouse: {}.",
            counted(strangers.len(), "other machine"),
            listed(&strangers)
        );
        let next =
            "Switch on \"Allow connections from localhost only\", or take them off the list.";
        return Finding::warn(CHECK, sentence, next);
    }
    let rest = match is_local_only {
        Some(true) => ", and no other machine",
        // What is bound to every address still asks before it lets a stranger in.
        Some(false) => ", and asks before it lets another in",
        None if place.is_open_to_others => "; whom else it trusts cannot be read at its version",
        None => "",
    };
    Finding::pass(CHECK, format!("The Gateway lets this machine in{rest}."))
}

fn is_loopback(address: &str) -> bool {
    address == "localhost" || address.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

pub(super) fn firewall(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Firewall;
    let Some(place) = &facts.place else {
        return Finding::blind(CHECK, "It shows only where something listens.");
    };
    let address = &place.address;
    let is_there = matches!(place.listener, Listener::Program(_) | Listener::Hidden);
    match &place.answer {
        probe::Finding::Refused | probe::Finding::NoAnswer if is_there => Finding::fail(
            CHECK,
            format!("A program listens on {address}, and connections do not get through."),
            "Allow the port in the firewall of this machine.",
        )
        .with(Remedy::RunAgain),
        probe::Finding::NoAnswer => match facts.machine.firewall {
            Ok(true) if place.is_local => Finding::warn(
                CHECK,
                "A firewall is on, and connections to this machine are not answered.",
                format!("Allow the port of {address} in it."),
            ),
            Ok(_) | Err(_) => Finding::blind(
                CHECK,
                "Connections are not answered; the rules on the way cannot be read from here.",
            ),
        },
        probe::Finding::Refused => Finding::pass(
            CHECK,
            "The connection was refused, not swallowed: nothing is in its way.",
        ),
        probe::Finding::NoSuchHost { .. } | probe::Finding::Broken { .. } => {
            Finding::blind(CHECK, "It shows only where something listens.")
        }
        probe::Finding::Speaks { .. }
        | probe::Finding::TooOld { .. }
        | probe::Finding::Unusable { .. }
        | probe::Finding::Silent
        | probe::Finding::HangsUp
        | probe::Finding::Stranger { .. } => {
            Finding::pass(CHECK, format!("Connections to {address} get through."))
        }
    }
}
