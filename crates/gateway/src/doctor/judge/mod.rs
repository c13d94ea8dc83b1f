//! Facts in, findings out. It must never know a socket, a file or a clock.

mod account;
mod data;
mod machine;
mod place;
mod software;
#[cfg(test)]
mod tests;

use super::{Admission, Facts, Opening, PlaceFact, Program, ProgramKind, Report, Visit};
use crate::probe;
use crate::session::Origin;

/// Judges every check: failed first, then warnings, then what cannot be checked here.
#[must_use]
pub fn judge(facts: &Facts) -> Report {
    let mut findings = vec![
        place::process(facts),
        place::port(facts),
        place::handshake(facts),
        place::socket_clients(facts),
        place::trusted_addresses(facts),
        place::firewall(facts),
        account::mode(facts),
        account::read_only(facts),
        account::client_id(facts),
        account::permission(facts),
        data::second_session(facts),
        data::market_data(facts),
        data::settings(facts),
        software::clock(facts),
        software::version(facts),
        software::java(facts),
        machine::vpn(facts),
        machine::memory(facts),
        machine::processor(facts),
        machine::disk(facts),
        machine::sleep(facts),
    ];
    // A stable sort: within an outcome, from the outside to the inside.
    findings.sort_by_key(|finding| finding.outcome);
    let visit = facts.visit();
    let settings = visit.and_then(|visit| {
        let account = visit.accounts()?.first()?.clone();
        Some((account, visit.settings.clone()?))
    });
    Report { address: facts.place.as_ref().map(|it| it.address.clone()), findings, settings }
}

/// What is said of a check that needs a Gateway, while none answers.
const NO_GATEWAY: &str = "It shows only while the Gateway answers";

impl Facts {
    fn visit(&self) -> Option<&Visit> {
        self.opening.as_ref().map(Opening::best)
    }

    /// Returns whether what answers is a simulator, as far as it can be told.
    fn is_simulated(&self) -> bool {
        let listener = self.place.as_ref().and_then(|place| place.listener.kind());
        self.is_own() && self.known.origin == Some(Origin::Simulator)
            || listener == Some(ProgramKind::Simulator)
    }

    /// Returns whether what the running program knows is about this place.
    fn is_own(&self) -> bool {
        let address = self.place.as_ref().map(|place| &place.address);
        address.is_some() && address == self.known.address.as_ref()
    }

    /// Returns every notice: first what the running program heard, then what was said now.
    fn notices(&self) -> impl Iterator<Item = &super::Notice> {
        let heard = self.known.notices.iter().filter(|_| self.is_own());
        let visits = self.opening.iter().flat_map(|it| std::iter::once(&it.asked).chain(&it.spare));
        heard.chain(visits.flat_map(|visit| &visit.notices))
    }
}

impl Visit {
    /// Returns the accounts of an admitted client.
    fn accounts(&self) -> Option<&[String]> {
        match &self.admission {
            Admission::Admitted { accounts } => Some(accounts),
            Admission::Refused(_) | Admission::HungUp | Admission::Silent => None,
        }
    }
}

impl PlaceFact {
    const fn speaks(&self) -> bool {
        matches!(self.answer, probe::Finding::Speaks { .. } | probe::Finding::TooOld { .. })
    }
}

/// Returns a program as the beginning of a sentence; names of files are left as they are.
fn subject(program: &Program) -> String {
    let name = program.to_string();
    if program.kind == ProgramKind::Other { name } else { capital(&name) }
}

/// Returns names between commas, the last after "and".
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns a sentence that begins with a capital.
fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars
        .next()
        .map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// Returns a number with its noun.
fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// Returns a size in words.
fn sized(bytes: u64) -> String {
    const MB: u64 = 1_000_000;
    const GB: u64 = 1_000 * MB;
    if bytes >= GB {
        format!("{}.{} GB", bytes / GB, bytes % GB / (GB / 10))
    } else {
        format!("{} MB", bytes / MB)
    }
}
