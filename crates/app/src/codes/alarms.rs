//! Which patterns somebody is told of.

use std::collections::BTreeMap;

use gatehouse_codes::{Finding, Pattern, Severity as Badness};
use gatehouse_engine::Input;
use gatehouse_types::Severity;

/// The alarms that are open, and how loud they are.
#[derive(Debug, Default)]
pub(super) struct Alarms(BTreeMap<String, Severity>);

impl Alarms {
    /// Returns what began and what is over. A finding that goes on is not told again with other
    /// numbers: the list of codes has them.
    pub(super) fn follow(&mut self, findings: &[Finding]) -> Vec<Input> {
        let mut present = BTreeMap::new();
        let mut inputs = Vec::new();
        for finding in findings.iter().filter(|finding| is_told(finding.pattern)) {
            let (alarm, severity) = (name(finding), loudness(finding.severity));
            // The worst of a name comes first.
            if present.contains_key(&alarm) {
                continue;
            }
            present.insert(alarm.clone(), severity);
            if self.0.get(&alarm) != Some(&severity) {
                let sentence = format!("{} {}", finding.sentence, finding.proposal);
                inputs.push(Input::AlarmRaised { alarm, severity, sentence });
            }
        }
        let over = self.0.keys().filter(|alarm| !present.contains_key(*alarm));
        inputs.extend(over.map(|alarm| Input::AlarmEnded { alarm: alarm.clone() }));
        self.0 = present;
        inputs
    }
}

/// Returns whether nobody else tells of it: a lost broker is the session's alarm, and each broken
/// farm has one of its own.
const fn is_told(pattern: Pattern) -> bool {
    match pattern {
        Pattern::LinkDrops | Pattern::NightlyReset | Pattern::FarmFlapping => false,
        Pattern::ClientIdInUse
        | Pattern::ConnectLoop
        | Pattern::BrokenConnections
        | Pattern::MessageRate
        | Pattern::HistoryPacing
        | Pattern::LinesUsedUp
        | Pattern::CompetingSession
        | Pattern::NoData
        | Pattern::Rejections
        | Pattern::Refusals
        | Pattern::LateCancels
        | Pattern::UnknownCode
        | Pattern::Repeats => true,
    }
}

fn name(finding: &Finding) -> String {
    let pattern = finding.pattern.name();
    finding
        .bot
        .as_ref()
        .map_or_else(|| format!("codes.{pattern}"), |bot| format!("codes.{pattern}.{bot}"))
}

const fn loudness(severity: Badness) -> Severity {
    match severity {
        Badness::Info | Badness::Low | Badness::Medium => Severity::Info,
        Badness::High | Badness::Critical => Severity::Warning,
    }
}
