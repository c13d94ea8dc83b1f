//! Golden orders of messages: short scripts of what a client says (`>`) and what it hears (`<`),
//! each played at both forms of the wire on virtual time.
//!
//! The scripts lie in `tests/golden`, and each names where its order of messages was seen. A line
//! that is heard starts with the message's name; every further word must be among those of the
//! message, and the end of a line behind `|` is what its text begins with, `\n` in it a new line. `?` behind the name
//! allows the message to be absent, `*` allows any number of them from one on; `a/b` is either.

mod acts;
mod shown;
mod stage;

use std::path::{Path, PathBuf};

use shown::Shown;
use stage::Stage;

/// The last text version and the newest.
const VERSIONS: [i32; 2] = [200, 226];

/// How often a line may be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    AtMostOnce,
    AtLeastOnce,
}

/// A message that must be heard.
#[derive(Debug)]
struct Expected {
    line: String,
    times: Times,
    name: String,
    words: Vec<String>,
    text: String,
}

impl Expected {
    fn read(line: &str) -> Self {
        let (head, text) = line.split_once(" | ").unwrap_or((line, ""));
        let mut words = head.split_whitespace().map(str::to_owned);
        let first = words.next().expect("a message has a name");
        let (name, times) = if let Some(name) = first.strip_suffix('?') {
            (name, Times::AtMostOnce)
        } else if let Some(name) = first.strip_suffix('*') {
            (name, Times::AtLeastOnce)
        } else {
            (first.as_str(), Times::Once)
        };
        Self {
            line: line.to_owned(),
            times,
            name: name.to_owned(),
            words: words.collect(),
            text: text.trim().replace("\\n", "\n"),
        }
    }

    fn fits(&self, heard: &Shown) -> bool {
        self.name.split('/').any(|name| name == heard.name)
            && self.words.iter().all(|word| heard.has(word))
            && heard.text.starts_with(&self.text)
    }
}

/// Compares what was heard with what had to be; the text names the first difference.
fn compare(heard: &[Shown], expected: &[Expected]) -> Result<(), String> {
    let mut at = 0;
    for one in expected {
        let wanted = heard.get(at..).unwrap_or_default();
        let n_fitting = wanted.iter().take_while(|heard| one.fits(heard)).count();
        at += match (one.times, n_fitting) {
            (Times::AtMostOnce, 0) => 0,
            (Times::Once | Times::AtLeastOnce, 0) => {
                let instead = wanted.first().map_or("nothing".to_owned(), ToString::to_string);
                return Err(format!("wanted {:?}, but heard {instead}", one.line));
            }
            (Times::AtLeastOnce, n_fitting) => n_fitting,
            (Times::Once | Times::AtMostOnce, _) => 1,
        };
    }
    match heard.get(at) {
        None => Ok(()),
        Some(more) => Err(format!("heard {more} at the end of the act")),
    }
}

/// Plays a script at one version.
fn play(script: &str, version: i32) -> Result<(), String> {
    let mut lines =
        script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let opens = lines.next().and_then(|line| line.strip_prefix("at ")).ok_or("no `at TIME`")?;
    let mut stage = Stage::open(opens, version)?;
    let mut acts: Vec<(&str, Vec<Expected>)> = Vec::new();
    for line in lines {
        match (line.split_at_checked(2), acts.last_mut()) {
            (Some(("> ", act)), _) => acts.push((act, Vec::new())),
            (Some(("< ", heard)), Some((_, expected))) => expected.push(Expected::read(heard)),
            _ => return Err(format!("{line:?} is neither said nor heard")),
        }
    }
    for (act, expected) in acts {
        stage.act(act).map_err(|why| format!("> {act}: {why}"))?;
        let heard = stage.hear();
        compare(&heard, &expected).map_err(|why| {
            let all: Vec<String> = heard.iter().map(ToString::to_string).collect();
            format!("> {act}: {why}\nheard:\n{}", all.join("\n"))
        })?;
    }
    Ok(())
}

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = folder.read_dir().expect("is a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("reads").path()).collect();
    paths.sort();
    paths
}

#[test]
fn messages_come_in_the_order_in_which_gateways_send_them() {
    let mut failures = Vec::new();
    for path in scripts() {
        let script = std::fs::read_to_string(&path).expect("reads");
        for version in VERSIONS {
            if let Err(why) = play(&script, version) {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                failures.push(format!("{name} at {version}: {why}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_message_too_many_too_few_or_out_of_order_is_noticed() {
    let heard = |names: &[&str]| -> Vec<Shown> {
        names.iter().map(|name| Shown::new(name, &["1"], "a text")).collect()
    };
    let expected = |lines: &[&str]| -> Vec<Expected> {
        lines.iter().map(|line| Expected::read(line)).collect()
    };
    for (names, lines, is_right) in [
        (&["a", "b"][..], &["a", "b"][..], true),
        (&["a", "a", "b"], &["a*", "b"], true),
        (&["b"], &["a?", "b"], true),
        (&["a"], &["a 1 | a t"], true),
        (&["b", "a"], &["a", "b"], false),
        (&["a"], &["a", "b"], false),
        (&["a", "b"], &["a"], false),
        (&["a"], &["a 2"], false),
        (&["a"], &["a | the text"], false),
        (&["b"], &["a*", "b"], false),
    ] {
        let outcome = compare(&heard(names), &expected(lines));
        assert_eq!(outcome.is_ok(), is_right, "{names:?} {lines:?}: {outcome:?}");
    }
}
