//! Looks at the machine and at the Gateway. Nothing is changed at either.

mod clock;
mod java;
mod listeners;
mod machine;
mod programs;
mod settings;
mod sleep;
mod tool;
mod visit;

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::path::PathBuf;
use std::time::Duration;

use gatehouse_types::ClientId;

use super::{
    Admission, ClockFact, Facts, Known, Listener, Machine, Opening, PlaceFact, ProgramKind, Visit,
};
use crate::launch::Places;
use crate::probe::{self, USUAL_PORTS, WEB_SERVER, is_web_server, probe};
use listeners::Listeners;
use programs::Programs;

/// Each of the two steps of a handshake.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(1);

/// A client's visit; there are two at most.
const VISIT_WITHIN: Duration = Duration::from_secs(4);

/// Ports that are tried beside the one that was asked for.
const PLACES_MAX: usize = 12;

/// What to look at.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `HOST:PORT`; the usual ports and those of running Gateways without it.
    pub address: Option<String>,
    /// Whom the visit says to be.
    pub client_id: ClientId,
    /// Whom it says to be when that id is taken.
    pub spare_id: ClientId,
    /// Where Gateways and Java are looked for.
    pub places: Places,
    /// Where the ledger is.
    pub data_dir: PathBuf,
    /// Each of the two steps of a handshake may take this long at the address that was asked for.
    pub handshake_within: Duration,
    /// The same for every other place: those are hints, and many a listener stays silent.
    pub others_within: Duration,
    /// A visit may take this long; there are two at most.
    pub visit_within: Duration,
}

impl Asked {
    /// Asks about an address with the usual patience: ten seconds over all, where names of hosts
    /// resolve at once.
    #[must_use]
    pub fn new(address: Option<String>, client_ids: [ClientId; 2], places: Places) -> Self {
        let [client_id, spare_id] = client_ids;
        let data_dir = places.home.clone();
        Self {
            address,
            client_id,
            spare_id,
            places,
            data_dir,
            handshake_within: HANDSHAKE_WITHIN,
            others_within: HANDSHAKE_WITHIN,
            visit_within: VISIT_WITHIN,
        }
    }
}

/// Looks at everything. Blocks the calling thread for as long as it was told.
#[must_use]
pub fn gather(asked: &Asked, known: Known) -> Facts {
    let programs = Programs::look();
    let listeners = Listeners::look();
    let (mut found, machine) = std::thread::scope(|scope| {
        let machine = scope.spawn(|| machine::look(asked, &programs));
        let addresses = addresses(asked, &programs, &listeners);
        let tries: Vec<_> = addresses
            .into_iter()
            .map(|address| scope.spawn(|| place(asked, address, &programs, &listeners)))
            .collect();
        let found: Vec<PlaceFact> = tries.into_iter().filter_map(|it| it.join().ok()).collect();
        (found, machine.join())
    });
    let machine = machine.unwrap_or_else(|_| Machine::unseen());
    let place = chosen(asked, &mut found);
    found.retain(|other| other.answer != probe::Finding::Refused);
    let opening = place.as_ref().and_then(|place| open(asked, place));
    let clock = clock(place.as_ref(), opening.as_ref());
    Facts { place, others: found, opening, clock, machine, known }
}

/// Returns the addresses that are tried, the one that was asked for first.
fn addresses(asked: &Asked, programs: &Programs, listeners: &Listeners) -> Vec<String> {
    let usual = USUAL_PORTS.iter().map(|(port, _)| *port);
    let of_gateways = listeners.ports_of(|pid| {
        programs.program(pid).is_some_and(|program| match program.kind {
            ProgramKind::Gateway | ProgramKind::Tws | ProgramKind::Simulator => true,
            ProgramKind::Gatehouse | ProgramKind::Other => false,
        })
    });
    let mut addresses: Vec<String> = asked.address.iter().cloned().collect();
    for port in usual.chain(of_gateways) {
        let address = format!("127.0.0.1:{port}");
        if !addresses.contains(&address) && addresses.len() < PLACES_MAX {
            addresses.push(address);
        }
    }
    addresses
}

fn place(asked: &Asked, address: String, programs: &Programs, listeners: &Listeners) -> PlaceFact {
    let is_asked = asked.address.as_ref().is_none_or(|it| *it == address);
    let within = if is_asked { asked.handshake_within } else { asked.others_within };
    let mut answer = probe(&address, within);
    if answer == probe::Finding::Silent && is_web_server(&address, within) {
        answer = probe::Finding::Stranger { who: WEB_SERVER };
    }
    let resolved = match address.to_socket_addrs() {
        Ok(mut all) => all.next(),
        Err(_) => None,
    };
    let is_local = resolved.is_some_and(|it| is_of_this_machine(it.ip()));
    let (listener, is_open_to_others) = match resolved {
        Some(at) if is_local => listener(at, programs, listeners),
        Some(_) => (Listener::Unknown("it is on another machine"), true),
        None => (Listener::Unknown("its host is unknown"), false),
    };
    PlaceFact { address, is_local, answer, listener, is_open_to_others }
}

/// Only an address of this machine can be bound here.
fn is_of_this_machine(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified() || UdpSocket::bind((ip, 0)).is_ok()
}

fn listener(at: SocketAddr, programs: &Programs, listeners: &Listeners) -> (Listener, bool) {
    let socket = match listeners.at(at) {
        Ok(Some(socket)) => socket,
        Ok(None) => return (Listener::Nobody, false),
        Err(why) => return (Listener::Unknown(why), false),
    };
    let program = socket.pid.and_then(|pid| programs.program(pid));
    (program.map_or(Listener::Hidden, Listener::Program), socket.is_open_to_others)
}

/// Takes the place that it is about: the one that was asked for, else the first that answers, else
/// the first that somebody listens at.
fn chosen(asked: &Asked, found: &mut Vec<PlaceFact>) -> Option<PlaceFact> {
    let speaks = |it: &PlaceFact| matches!(it.answer, probe::Finding::Speaks { .. });
    let at = if asked.address.is_some() {
        0
    } else {
        let first = found.iter().position(speaks);
        first.or_else(|| found.iter().position(|it| it.answer != probe::Finding::Refused))?
    };
    (at < found.len()).then(|| found.remove(at))
}

/// Visits a Gateway that answers.
fn open(asked: &Asked, place: &PlaceFact) -> Option<Opening> {
    let probe::Finding::Speaks { .. } = place.answer else { return None };
    let first = visit::pay(&place.address, asked.client_id, asked.visit_within);
    let is_refused = matches!(first.admission, Admission::Refused(_));
    let spare = is_refused.then(|| visit::pay(&place.address, asked.spare_id, asked.visit_within));
    Some(Opening { asked: first, spare })
}

fn clock(place: Option<&PlaceFact>, opening: Option<&Opening>) -> ClockFact {
    if let Some(Visit { ahead_ms: Some(ms), .. }) = opening.map(Opening::best) {
        // The question in seconds is the only one at old versions.
        return ClockFact::Ahead { ms: *ms, within_ms: visit::CLOCK_WITHIN_MS };
    }
    match place.map(|place| &place.answer) {
        Some(probe::Finding::Speaks { time, .. }) => clock::of_handshake(time),
        _ => ClockFact::Unsaid,
    }
}
