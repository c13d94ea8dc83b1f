//! Runs the fuzz targets on the stable toolchain.
//!
//! `GATEHOUSE_FUZZ_SECS` is the time for each target (1 without it); with it set, the seed is new
//! in each run unless `GATEHOUSE_FUZZ_SEED` gives one. Seed, executions and rate are printed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime};

use gatehouse_tws::ServerVersion;

use crate::answers;
use crate::families;
use crate::fixtures;
use crate::read_answers;
use crate::targets::{self, TARGETS, Target};

/// SplitMix64: small, seeded, good enough to pick mutations.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).expect("fits");
        usize::try_from(self.roll() % limit).expect("is below a usize")
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[0]
    }
}

const WORDS: [&[u8]; 18] = [
    b"",
    b"0",
    b"1",
    b"-1",
    b"2147483647",
    b"-2147483648",
    b"1e-5",
    b"1.0E7",
    b"Infinity",
    b"NaN",
    b"1.7976931348623157E308",
    b"99999999999999999999999999999999",
    b"0.1",
    b"BAG",
    b"PEG BEST",
    b"None",
    b"TRAIL",
    b"\\u00e9",
];

fn mutate(dice: &mut Dice, corpus: &[Vec<u8>], input: &mut Vec<u8>) {
    let at = dice.below(input.len().max(1));
    match dice.below(9) {
        0 if !input.is_empty() => input[at] ^= 1 << dice.below(8),
        1 if !input.is_empty() => input[at] = dice.byte(),
        2 => input.truncate(at),
        3 if !input.is_empty() => {
            let end = (at + 1 + dice.below(8)).min(input.len());
            input.drain(at..end);
        }
        4 => {
            let byte = dice.byte();
            input.insert(at.min(input.len()), byte);
        }
        5 if !input.is_empty() => {
            let end = (at + 1 + dice.below(32)).min(input.len());
            let copy = input[at..end].to_vec();
            input.splice(at..at, copy);
        }
        6 => {
            let donor = &corpus[dice.below(corpus.len())];
            let from = dice.below(donor.len().max(1)).min(donor.len());
            input.truncate(at);
            input.extend_from_slice(&donor[from..]);
        }
        7 => replace_field(dice, input),
        _ => input.push(0),
    }
}

/// Replaces one NUL-terminated field by a word that is at home in some field.
fn replace_field(dice: &mut Dice, input: &mut Vec<u8>) {
    let fields: Vec<&[u8]> = input.split(|byte| *byte == 0).collect();
    let at = dice.below(fields.len());
    let word = WORDS[dice.below(WORDS.len())];
    let mut replaced = fields;
    replaced[at] = word;
    *input = replaced.join(&0);
}

/// What a target starts from: real frames, in the shape that the target takes.
fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let offset = |version: i32, first: i32| u8::try_from(version - first).expect("fits a byte");
    let messages = match target.0 {
        "framing" => fixtures::all()
            .chunks(3)
            .map(|some| {
                let frames = some.iter().map(|one| gatehouse_tws::encode_frame(&one.body));
                [vec![7], frames.collect::<Vec<_>>().concat()].concat()
            })
            .collect(),
        "handshake" => [
            &b"\x03API\0\0\0\0\tv157..178"[..],
            b"\x00API\0\0\0\0\x12v100..226 +PACEAPI",
            b"\x01226\x0020261121 09:30:00 EST\0",
        ]
        .into_iter()
        .map(<[u8]>::to_vec)
        .chain(
            fixtures::all()
                .into_iter()
                .filter(|one| one.shape == "start-api")
                .map(|one| [vec![0], one.body].concat()),
        )
        .collect(),
        name => {
            let versions = match name.split_once('-').map(|parts| parts.0) {
                Some("text") => targets::TEXT,
                Some("mixed") => targets::MIXED,
                _ => targets::PROTOBUF,
            };
            let frames: Vec<(i32, Vec<u8>)> = if name.ends_with("request") {
                fixtures::all()
                    .into_iter()
                    .chain(fixtures::reads())
                    .map(|one| (one.version.get(), one.body))
                    .chain(fixtures::rewritten(&versions))
                    .collect()
            } else {
                let bare = versions.clone().flat_map(|number| {
                    let bodies = targets::bare_answers(ServerVersion::new(number));
                    bodies.into_iter().map(move |body| (number, body))
                });
                let known = answers::samples().into_iter().chain(read_answers::samples());
                known.chain(families::samples()).chain(bare).collect()
            };
            frames
                .into_iter()
                .filter(|(version, _)| versions.contains(version))
                .map(|(version, body)| [vec![offset(version, *versions.start())], body].concat())
                .collect::<Vec<_>>()
        }
    };
    assert!(!messages.is_empty(), "{} has a corpus", target.0);
    messages
}

fn run(target: &Target, seed: u64, time: Duration) {
    let corpus = corpus(target);
    let mut dice = Dice(seed);
    let began = Instant::now();
    let mut n_runs: u64 = 0;
    for input in &corpus {
        (target.1)(input);
    }
    while !n_runs.is_multiple_of(64) || began.elapsed() < time {
        let mut input = corpus[dice.below(corpus.len())].clone();
        for _ in 0..=dice.below(4) {
            mutate(&mut dice, &corpus, &mut input);
        }
        if catch_unwind(AssertUnwindSafe(|| (target.1)(&input))).is_err() {
            let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
            panic!("{} failed with seed {seed} at run {n_runs} on {hex}", target.0);
        }
        n_runs += 1;
    }
    let rate = n_runs / u64::try_from(began.elapsed().as_millis().max(1)).expect("fits") * 1000;
    println!("fuzz {}: seed {seed}, {n_runs} executions, about {rate} a second", target.0);
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("is a whole number"))
}

#[test]
fn no_bytes_make_a_decoder_panic_or_a_message_read_back_as_another() {
    let asked = number("GATEHOUSE_FUZZ_SECS");
    let fresh = || {
        let since =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("is after 1970");
        u64::from(since.subsec_nanos())
    };
    let seed = number("GATEHOUSE_FUZZ_SEED").unwrap_or_else(|| asked.map_or(1, |_| fresh()));
    let time = Duration::from_secs(asked.unwrap_or(1));
    for target in &TARGETS {
        run(target, seed, time);
    }
}

#[test]
fn inputs_that_once_failed_pass() {
    // Each line of the file: the target, then the input in hex.
    for line in include_str!("../fixtures/fuzz_regressions.txt").lines() {
        let Some((name, hex)) = line.split_once(' ').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let input: Vec<u8> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| {
                u8::from_str_radix(std::str::from_utf8(pair).expect("is ASCII"), 16)
                    .expect("is hex")
            })
            .collect();
        let target = targets::TARGETS.iter().find(|target| target.0 == name).expect("is a target");
        (target.1)(&input);
    }
}
