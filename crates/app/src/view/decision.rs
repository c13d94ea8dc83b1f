//! The decision card, from a verdict.

use gatehouse_ipc::{Decision, FindingRow, Stack};
use gatehouse_types::{BotName, ControlId, Finding, Inputs, Intent, Refusal, Verdict, Weight};

use super::{inputs, words};

/// The control of paused, halted and killed bots.
const STATE: ControlId = ControlId::new(55);

/// Returns the decision on an intent.
pub(crate) fn decision(
    bot: &BotName,
    intent: &Intent,
    verdict: &Verdict,
    is_change: bool,
    policy_version: u64,
    seen: Option<&Inputs>,
) -> Decision {
    let mut findings: Vec<&Finding> = verdict.findings.iter().collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.weight), telling(finding)));
    Decision {
        outcome: words::outcome(verdict.outcome()),
        bot: bot.to_string(),
        order_id: intent.order_id.get(),
        side: intent.side.to_string(),
        quantity: intent.quantity.to_string(),
        symbol: intent.contract.symbol.clone(),
        terms: words::terms(intent),
        is_change,
        is_exit: verdict.is_exit,
        findings: findings.into_iter().map(finding).collect(),
        n_controls: u32::try_from(verdict.n_controls).unwrap_or(u32::MAX),
        policy_version,
        inputs: seen.map(|seen| inputs::rows(intent.side, seen)).unwrap_or_default(),
        check_us: None,
    }
}

/// Returns the place among findings of the same weight: what a person decided comes first, then
/// what has a number.
fn telling(finding: &Finding) -> u8 {
    if finding.refusal.control() == STATE {
        0
    } else if finding.refusal.measured().is_some() {
        1
    } else {
        2
    }
}

fn finding(finding: &Finding) -> FindingRow {
    let outcome = match finding.weight {
        Weight::Warn => gatehouse_ipc::Outcome::Warned,
        Weight::Hold => gatehouse_ipc::Outcome::Waiting,
        Weight::Refuse => gatehouse_ipc::Outcome::Refused,
    };
    let measured = finding.refusal.measured();
    let control = finding.refusal.control();
    FindingRow {
        rule: control.to_string(),
        title: control.title().to_owned(),
        outcome,
        scope: words::scope(&finding.scope),
        sentence: sentence(&finding.refusal),
        measured: measured.as_ref().map(|(measured, _)| words::measure(measured).0),
        limit: measured.as_ref().map(|(_, limit)| words::measure(limit).0),
        unit: measured.as_ref().map(|(measured, _)| words::measure(measured).1),
        would_pass: finding.refusal.would_pass(),
        stack: stack(&finding.refusal),
    }
}

/// Returns what adds up to the measured number, where it does.
fn stack(refusal: &Refusal) -> Option<Stack> {
    let Refusal::PositionAbove { held, working, order, limit, .. } = refusal else { return None };
    Some(Stack {
        held: held.amount().to_string(),
        working: working.amount().to_string(),
        order: order.amount().to_string(),
        limit: limit.amount().to_string(),
        unit: limit.currency().to_string(),
    })
}

/// Returns a refusal as a sentence, with its capital and its full stop.
pub(crate) fn sentence(refusal: &Refusal) -> String {
    let clause = refusal.to_string();
    let mut chars = clause.chars();
    chars
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
