//! Whether the Gateway lets programs trade, on the account that the person meant.

use super::super::{Admission, Check, Facts, Finding, Notice, PlaceFact, ReadOnly, Remedy, Visit};
use super::{NO_GATEWAY, listed};
use crate::launch::Mode;
use crate::probe::USUAL_PORTS;

/// What the broker says when a client id is taken.
const ID_IN_USE: i32 = 326;
/// What the broker says to a request that did not pass its checks; read-only is among them.
const NOT_PASSED: i32 = 321;
/// What the broker says when an account may not trade over the API.
const NOT_ALLOWED: i32 = 10015;

const fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Paper => "paper",
        Mode::Live => "live",
    }
}

/// Returns what the prefix of an account says.
///
/// Source: the broker's naming of accounts; `DU` is a paper account, `DF` a paper advisor, `DI` a
/// paper client of an introducing broker.
pub(super) fn mode_of(account: &str) -> Mode {
    let is_paper = ["DU", "DF", "DI"].iter().any(|prefix| account.starts_with(prefix));
    if is_paper { Mode::Paper } else { Mode::Live }
}

/// Returns what a port is for, where nobody changed it.
fn mode_of_port(port: u16) -> Option<Mode> {
    let (_, what) = USUAL_PORTS.iter().find(|(usual, _)| *usual == port)?;
    Some(if what.ends_with("live") { Mode::Live } else { Mode::Paper })
}

pub(super) fn mode(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Mode;
    let accounts = facts.visit().and_then(Visit::accounts).unwrap_or_default();
    let Some(account) = accounts.first() else {
        return Finding::blind(CHECK, "It shows only when the Gateway names its account.");
    };
    let actual = mode_of(account);
    let is = format!("Account {account} is a {} account", word(actual));
    if let Some(wanted) = facts.known.mode
        && wanted != actual
    {
        let next = format!("Log in to the Gateway with your {} user.", word(wanted));
        let sentence = format!("{is}, and you chose {}.", word(wanted));
        return Finding::fail(CHECK, sentence, next).with(Remedy::OpenSettings);
    }
    let port = facts.place.as_ref().and_then(PlaceFact::port);
    let usual = port.and_then(|port| Some((port, mode_of_port(port)?)));
    match usual {
        Some((port, by_port)) if by_port != actual => {
            let sentence = format!("{is}, and port {port} is usually {}.", word(by_port));
            let next = "Change the port in the Gateway's API settings, so that no bot mistakes it.";
            // Taking real money for play money is the mistake that costs.
            match actual {
                Mode::Live => Finding::fail(CHECK, sentence, next),
                Mode::Paper => Finding::warn(CHECK, sentence, next),
            }
        }
        Some((port, _)) => Finding::pass(CHECK, format!("{is}, as port {port} usually is.")),
        None => Finding::pass(CHECK, format!("{is}.")),
    }
}

/// Returns whether a notice is the Gateway's word for read-only.
fn is_read_only(notice: &Notice) -> bool {
    let text = notice.text.to_ascii_lowercase();
    notice.code == NOT_PASSED && (text.contains("read-only") || text.contains("read only"))
}

pub(super) fn read_only(facts: &Facts) -> Finding {
    const CHECK: Check = Check::ReadOnly;
    let said = facts.visit().map_or(ReadOnly::Unsaid, |visit| visit.read_only);
    match said {
        ReadOnly::No => Finding::pass(CHECK, "The Gateway takes orders from programs."),
        ReadOnly::Unsaid if !facts.notices().any(is_read_only) => {
            Finding::blind(CHECK, "The Gateway did not say whether programs may only read.")
        }
        ReadOnly::Yes | ReadOnly::Unsaid => Finding::fail(
            CHECK,
            "The Gateway is read-only for programs: every order is rejected (321).",
            "In its window: Configure, Settings, API: switch off \"Read-Only API\".",
        )
        .with(Remedy::RunAgain),
    }
}

pub(super) fn client_id(facts: &Facts) -> Finding {
    const CHECK: Check = Check::ClientId;
    let next = "End the other program or give it another id; an id that a lost connection left \
                is free again after a while.";
    let own = facts.known.client_ids.iter().filter(|_| facts.is_own());
    let Some(opening) = &facts.opening else {
        return Finding::blind(CHECK, format!("{NO_GATEWAY}."));
    };
    let asked = &opening.asked;
    if let Admission::Refused(Notice { code: ID_IN_USE, .. }) = asked.admission {
        let sentence = format!("Client id {} is in use at the Gateway (326).", asked.client_id);
        return Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain);
    }
    let refused: Vec<String> = own
        .clone()
        .filter(|(_, _, is_taken)| !is_taken)
        .map(|(id, who, _)| format!("{id} of {who}"))
        .collect();
    let heard = facts.notices().filter(|notice| notice.code == ID_IN_USE).count();
    if heard > 0 && !refused.is_empty() {
        let sentence = format!("The Gateway refused the client id {} (326).", listed(&refused));
        return Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain);
    }
    match &asked.admission {
        Admission::Admitted { .. } => {
            let held: Vec<String> = own
                .filter(|(_, _, is_taken)| *is_taken)
                .map(|(id, who, _)| format!("{id} of {who}"))
                .collect();
            let sentence = if held.is_empty() {
                format!("Client id {} was free.", asked.client_id)
            } else {
                format!("The Gateway holds the client id {}.", listed(&held))
            };
            Finding::pass(CHECK, sentence)
        }
        Admission::Refused(_) | Admission::HungUp | Admission::Silent => {
            Finding::blind(CHECK, "The Gateway did not let a client in.")
        }
    }
}

pub(super) fn permission(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Permission;
    let next = "Wait for the broker: a new permission takes 1 to 3 business days. It is asked for \
                in the Client Portal, under Settings, Trading Permissions.";
    if let Some(notice) = facts.notices().find(|notice| is_not_allowed(notice)) {
        let sentence =
            format!("The broker does not let this account trade over the API ({}).", notice.code);
        return Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain);
    }
    let Some(visit) = facts.visit() else {
        return Finding::blind(CHECK, format!("{NO_GATEWAY}."));
    };
    match &visit.admission {
        Admission::Admitted { accounts } if accounts.is_empty() => Finding::warn(
            CHECK,
            "The Gateway lets programs in and names no account: the permission may be pending.",
            next,
        ),
        Admission::Admitted { accounts } => {
            Finding::pass(CHECK, format!("The Gateway opened {} to programs.", listed(accounts)))
        }
        Admission::Refused(notice) if notice.code != ID_IN_USE => Finding::fail(
            CHECK,
            format!(
                "The Gateway turned a client away ({}): {}.",
                notice.code,
                notice.text.trim_end_matches('.')
            ),
            next,
        ),
        Admission::Refused(_) | Admission::HungUp | Admission::Silent => {
            Finding::blind(CHECK, "The Gateway did not let a client in.")
        }
    }
}

/// Returns whether a notice says that the account may not trade over the API. The order types and
/// products that an account may not trade are another matter.
fn is_not_allowed(notice: &Notice) -> bool {
    let text = notice.text.to_ascii_lowercase();
    notice.code == NOT_ALLOWED
        || text.contains("api") && text.contains("permission") && text.contains("pending")
}
