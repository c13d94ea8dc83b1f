//! The error book in the words of the window and the command line.

use gatehouse_codes::{CodeCount, Finding, Meaning, Severity, Source};
use gatehouse_ipc::{CodeMeaning, CodeRow, CodeSeverity, PatternRow, Reply};
use gatehouse_types::EntryKind;

use super::words::iso;

/// Answers what a code means.
pub(crate) fn explain(code: i32, text: &str) -> Reply {
    Reply::Meaning(Box::new(meaning(gatehouse_codes::meaning(code, text))))
}

/// Returns a meaning as it is shown.
pub(crate) fn meaning(meaning: Meaning) -> CodeMeaning {
    CodeMeaning {
        code: meaning.code,
        title: meaning.title.to_owned(),
        cause: meaning.cause.to_owned(),
        action: meaning.action.to_owned(),
        category: meaning.category.name().to_owned(),
        severity: severity(meaning.severity),
        is_known: meaning.is_known(),
        caution: caution(meaning.source).map(str::to_owned),
    }
}

const fn caution(source: Source) -> Option<&'static str> {
    match source {
        Source::Official | Source::Seen | Source::Gatehouse => None,
        Source::Unverified => Some(
            "This is hearsay: neither the broker's table nor anything that was recorded has it.",
        ),
        Source::Unknown => Some(
            "What the number means is a guess from its range. Gatehouse never takes an order to \
             have ended by it.",
        ),
    }
}

const fn severity(severity: Severity) -> CodeSeverity {
    match severity {
        Severity::Info => CodeSeverity::Info,
        Severity::Low => CodeSeverity::Low,
        Severity::Medium => CodeSeverity::Medium,
        Severity::High => CodeSeverity::High,
        Severity::Critical => CodeSeverity::Critical,
    }
}

/// Returns a count as a row.
pub(crate) fn row(count: CodeCount) -> CodeRow {
    CodeRow {
        meaning: meaning(count.meaning),
        n_seen: u32::try_from(count.n_seen).unwrap_or(u32::MAX),
        first: iso(count.first),
        last: iso(count.last),
        per_minute: count.per_minute,
        per_hour: count.per_hour,
    }
}

/// Returns a finding as a row.
pub(crate) fn pattern(finding: Finding) -> PatternRow {
    PatternRow {
        pattern: finding.pattern.name().to_owned(),
        severity: severity(finding.severity),
        bot: finding.bot.map(|bot| bot.to_string()),
        code: finding.code,
        n_seen: u32::try_from(finding.n_seen).unwrap_or(u32::MAX),
        first: iso(finding.first),
        last: iso(finding.last),
        sentence: finding.sentence,
        proposal: finding.proposal,
    }
}

/// Returns what the code means that an entry is about: a message of the broker, or a sentence that
/// names one, like `broken (2103)`.
pub(crate) fn of_entry(kind: &EntryKind) -> Option<Meaning> {
    if let EntryKind::BrokerMessage { code, text, .. } = kind {
        return Some(gatehouse_codes::meaning(*code, text));
    }
    let (EntryKind::AlarmRaised { sentence: text, .. }
    | EntryKind::DoorRefused { why: text, .. }
    | EntryKind::GatewayLost { why: text }
    | EntryKind::SessionMoved { why: text, .. }) = kind
    else {
        return None;
    };
    named(text)
}

/// Returns what the first number in brackets means that the error book has.
fn named(text: &str) -> Option<Meaning> {
    let inside = text.split('(').skip(1).filter_map(|rest| rest.split_once(')'));
    let codes = inside.filter_map(|(inside, _)| {
        let is_code = (3..=5).contains(&inside.len());
        inside.parse::<i32>().ok().filter(|_| is_code)
    });
    codes.map(|code| gatehouse_codes::meaning(code, text)).find(Meaning::is_known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_names_a_code_has_its_meaning() {
        for (text, code) in [
            ("The farm usfarm is broken (2103); it comes back.", Some(2103)),
            ("Market data went to another session 3 times.", None),
            ("bot x was let go (15 more before it)", None),
            ("a second client came (326) (15 more before it)", Some(326)),
            ("(12), (9999) and (1102)", Some(1102)),
            ("(", None),
        ] {
            assert_eq!(named(text).map(|meaning| meaning.code), code, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_for_sure_says_so() {
        let of = |code| meaning(gatehouse_codes::meaning(code, ""));
        assert_eq!(of(354).caution, None);
        let unknown = of(399_999);
        assert!(!unknown.is_known);
        assert!(unknown.caution.expect("a caution").contains("never takes an order"));
        let hearsay = gatehouse_codes::lines().find(|it| it.otherwise.source == Source::Unverified);
        let hearsay = of(hearsay.expect("the book has some").first);
        assert!(hearsay.is_known && hearsay.caution.expect("a caution").contains("hearsay"));
    }
}
