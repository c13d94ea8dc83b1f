//! `gatehouse codes`: what came, what keeps coming back, and what a code means.

use gatehouse_ipc::{CodeMeaning, CodeRow, CodeSeverity, CodesView, PatternRow};

/// Prints the codes of a run, then what keeps coming back.
pub(super) fn print(view: &CodesView) {
    let CodesView { rows, patterns, since, n_missed } = view;
    if rows.is_empty() {
        say!("No code came since {since}.");
    } else {
        say!(
            "{:>6} {:<44} {:>6} {:<24} {:<24} {:>9}",
            "code",
            "title",
            "seen",
            "first",
            "last",
            "last hour"
        );
    }
    for CodeRow { meaning, n_seen, first, last, per_hour, .. } in rows {
        say!(
            "{:>6} {:<44} {n_seen:>6} {first:<24} {last:<24} {per_hour:>9}",
            meaning.code,
            meaning.title
        );
    }
    for PatternRow { severity, sentence, proposal, .. } in patterns {
        say!("{:<9} {sentence}\n{:<9} {proposal}", word(*severity), "  next");
    }
    if *n_missed > 0 {
        say!("{n_missed} more came too fast to be counted.");
    }
}

/// Prints what a code means.
pub(super) fn explain(meaning: &CodeMeaning) {
    let CodeMeaning { code, title, cause, action, category, severity, is_known: _, caution } =
        meaning;
    say!("{code}  {title} ({category}, {})", word(*severity));
    say!("why   {cause}\nnext  {action}");
    if let Some(caution) = caution {
        say!("note  {caution}");
    }
}

/// Returns one object for each code and for each pattern.
pub(super) fn json_lines(view: &CodesView) -> Vec<serde_json::Result<String>> {
    let rows = view.rows.iter().map(serde_json::to_string);
    rows.chain(view.patterns.iter().map(serde_json::to_string)).collect()
}

const fn word(severity: CodeSeverity) -> &'static str {
    match severity {
        CodeSeverity::Info => "info",
        CodeSeverity::Low => "low",
        CodeSeverity::Medium => "medium",
        CodeSeverity::High => "high",
        CodeSeverity::Critical => "critical",
    }
}
