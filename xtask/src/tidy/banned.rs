//! Words that must not stand in certain places: impure calls in the pure crates, Tauri outside its
//! room in the UI, sleeping and unfinished code anywhere.

use super::tree::SourceFile;

/// Crates without clock, randomness, environment or IO.
const PURE: &[&str] = &[
    "crates/types/src/",
    "crates/tws/src/",
    "crates/risk/src/",
    "crates/ipc/src/",
    "crates/codes/src/",
    "crates/studies/src/",
    "crates/history/src/plan/",
    "crates/history/src/pace.rs",
    "crates/engine/src/",
    "crates/alerts/src/telling/",
];

/// Calls and types that are impure, and what to do instead.
const IMPURE: &[(&str, &str)] = &[
    ("Instant::now", "take `Now` as an argument"),
    ("SystemTime", "take `Now` as an argument"),
    ("std::env", "take the value as an argument"),
    ("std::fs", "return an effect"),
    ("std::net", "return an effect"),
    ("std::process", "return an effect"),
    ("std::thread", "return an effect"),
    ("tokio", "return an effect"),
    ("rand::", "take the value as an argument"),
    ("HashMap", "use BTreeMap: iteration must not depend on a random seed"),
    ("HashSet", "use BTreeSet: iteration must not depend on a random seed"),
];

/// Floats are a matter of the codec, and of studies, which are drawn and never judged.
const FLOATS: &[&str] = &["f32", "f64"];

/// Where floats may be: the last one is what a chart asks of studies.
const FLOATING: &[&str] = &["crates/tws/", "crates/studies/", "crates/ipc/src/history.rs"];

/// Words that are unfinished work, wherever they stand.
const UNFINISHED: &[&str] = &[
    "todo!(",
    "unimplemented!(",
    "dbg!(",
    "FIXME",
    "#[ignore",
    "thread::sleep",
    "it.only(",
    "it.skip(",
];

/// Returns every banned word.
pub(crate) fn check(files: &[SourceFile]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files {
        // This file spells the words out.
        if file.path.starts_with("xtask/src/tidy/") {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if let Some(why) = breach(&file.path, line) {
                breaches.push(format!("{}:{}: {why}", file.path, index + 1));
            }
        }
        if let Some(why) = name_breach(&file.path) {
            breaches.push(format!("{}: {why}", file.path));
        }
    }
    breaches
}

fn breach(path: &str, line: &str) -> Option<String> {
    let code = line.split("//").next().unwrap_or_default();
    if let Some(word) =
        UNFINISHED.iter().find(|word| line.contains(**word) && !code.trim().is_empty())
    {
        return Some(format!("{word} may not be committed"));
    }
    if path.starts_with("ui/src/")
        && !path.starts_with("ui/src/lib/ipc/")
        && code.contains("@tauri-apps")
    {
        return Some("@tauri-apps is imported in ui/src/lib/ipc only".to_owned());
    }
    if !PURE.iter().any(|folder| path.starts_with(folder)) || is_fuzz(path) {
        return None;
    }
    if let Some((word, instead)) = IMPURE.iter().find(|(word, _)| has_word(code, word)) {
        return Some(format!("{word} in a pure crate; {instead}"));
    }
    let may_float = FLOATING.iter().any(|place| path.starts_with(place));
    FLOATS
        .iter()
        .find(|word| !may_float && has_word(code, word))
        .map(|word| format!("{word} outside the codec; use Decimal"))
}

/// The fuzz driver of the codec needs a clock to know when to stop.
fn is_fuzz(path: &str) -> bool {
    path.starts_with("crates/tws/src/bin/")
}

fn name_breach(path: &str) -> Option<String> {
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let is_leftover = stem.ends_with("_old") || stem.ends_with("_v2") || stem.contains("legacy");
    is_leftover.then(|| "delete what is replaced; git remembers".to_owned())
}

/// Returns whether `word` stands in `code` and is not part of a longer name.
fn has_word(code: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let is_open_ended = word.ends_with(':');
        !before.is_some_and(is_name) && (is_open_ended || !after.is_some_and(is_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_impure_calls_in_pure_crates_only() {
        assert!(breach("crates/engine/src/step.rs", "let now = Instant::now();").is_some());
        assert!(breach("crates/proxy/src/driver.rs", "let now = Instant::now();").is_none());
        assert!(
            breach("crates/engine/src/step.rs", "// Instant::now is not called here").is_none()
        );
    }

    #[test]
    fn floats_are_for_the_codec_and_for_studies() {
        assert!(breach("crates/risk/src/lib.rs", "fn ratio() -> f64 {").is_some());
        assert!(breach("crates/tws/src/number.rs", "fn ratio() -> f64 {").is_none());
        assert!(breach("crates/studies/src/window.rs", "fn mean() -> f64 {").is_none());
        assert!(breach("crates/risk/src/lib.rs", "let buf64 = 1;").is_none());
    }

    #[test]
    fn tauri_is_imported_in_one_room() {
        let line = "import { invoke } from '@tauri-apps/api/core';";
        assert!(breach("ui/src/lib/home/Home.svelte", line).is_some());
        assert!(breach("ui/src/lib/ipc/tauri.ts", line).is_none());
    }

    #[test]
    fn leftovers_are_named() {
        assert!(name_breach("crates/engine/src/book_old.rs").is_some());
        assert!(name_breach("crates/engine/src/book.rs").is_none());
    }
}
