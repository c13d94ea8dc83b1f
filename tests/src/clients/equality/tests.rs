//! What the comparison accepts, and what it finds.

use super::*;

const CLIENT_ID: i64 = 21;

fn framed(bodies: &[&str]) -> Vec<u8> {
    bodies
        .iter()
        .flat_map(|body| {
            let length = u32::try_from(body.len()).expect("is short");
            [length.to_be_bytes().to_vec(), body.as_bytes().to_vec()].concat()
        })
        .collect()
}

fn streams(to_server: &[&str], to_client: &[&str]) -> Streams {
    let begin = ["v157..178", "71\x002\x0021\0\0"];
    let hello = ["178\x0020260105 11:00:00 EST\0"];
    Streams {
        to_server: [b"API\0".to_vec(), framed(&begin), framed(to_server)].concat(),
        to_client: [framed(&hello), framed(to_client)].concat(),
    }
}

const ORDER: &str = "3\x007\0SPY\0";
const LARGE: &str = "3\x008\0SPY\0";
const CANCEL: &str = "4\x001\x007\0";
const ASKED: &str = "5\x001\0";
const OPEN: &str = "5\x007\0SPY\0Submitted\0";
const REFUSED: &str = "4\x002\x008\x00201\0Order rejected - Gatehouse GH-03\0";

/// Compares a bot's side with the Gateway's, when `LARGE` was refused once.
fn check(near: (&[&str], &[&str]), far: (&[&str], &[&str])) -> Result<Compared, String> {
    let refused: String =
        Sha256::digest(LARGE.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let (near, far) = (streams(near.0, near.1), streams(far.0, far.1));
    compare(&[near], &[far], CLIENT_ID, &[refused]).map_err(|error| format!("{error:#}"))
}

#[test]
fn accepts_what_gatehouse_may_do() {
    let compared = check(
        (&[ASKED, ORDER, LARGE, CANCEL, ASKED], &[OPEN, REFUSED, OPEN, "9\x001\x0050\0"]),
        (&[ASKED, CANCEL, ASKED, ORDER], &[OPEN, "9\x001\x003\0", "1\x00tick\0"]),
    );
    let expected = Compared {
        n_equal: 2 + 4 + 1,
        n_refused: 1,
        n_injected: 2,
        n_raised: 1,
        n_passed: 1,
        n_in_flight: 1,
    };
    assert_eq!(compared, Ok(expected));
}

#[test]
fn finds_a_changed_lost_doubled_or_refused_order() {
    let near: (&[&str], &[&str]) = (&[ORDER, LARGE], &[]);
    let cases: [(&[&str], &str); 5] = [
        (&["3\x007\0SPX\0"], "was not sent on"),
        (&[], "was not sent on"),
        (&[ORDER, ORDER], "what the bot did not send"),
        (&[LARGE, ORDER], "was not sent on"),
        (&[ORDER, CANCEL], "what the bot did not send"),
    ];
    for (sent, expected) in cases {
        let found = check(near, (sent, &[]));
        assert!(found.as_ref().is_err_and(|why| why.contains(expected)), "{sent:?}: {found:?}");
    }
}

#[test]
fn finds_a_lost_or_changed_answer() {
    let cases: [&[&str]; 3] =
        [&["1\x00b\0"], &["1\x00a\0", "1\x00c\0"], &["1\x00a\0", "4\x002\x00-1\x00201\0no\0"]];
    for heard in cases {
        let found = check((&[], heard), (&[], &["1\x00a\0", "1\x00b\0", "1\x00c\0"]));
        assert!(found.as_ref().is_err_and(|why| why.contains("the bot got")), "{found:?}");
    }
}

#[test]
fn finds_data_that_was_lost_in_between() {
    let found = check((&[ASKED, "8\x001\0", ASKED], &[]), (&[ASKED, ASKED], &[]));
    assert!(found.as_ref().is_err_and(|why| why.contains("was not sent on")), "{found:?}");
}
