//! Differences are said in words.

use gatehouse_tws::encode_frame;

use super::*;

fn pair(then: &[&[u8]], now: &[&[u8]]) -> Pair {
    let mut pair = Pair::default();
    for (side, bodies) in [(&mut pair.recorded, then), (&mut pair.replayed, now)] {
        side.push(&encode_frame(b"178\x0020260105 10:30:00 US/Eastern\0"));
        for body in bodies {
            side.push(&encode_frame(body));
        }
    }
    pair
}

#[test]
fn the_first_difference_is_named_by_message_and_field() {
    let price = &b"1\x006\x005\x001\x00600.01\x00"[..];
    for (then, now, said) in [
        (vec![price], vec![price], None),
        (
            vec![price],
            vec![&b"1\x006\x005\x001\x00600.02\x00"[..]],
            Some("TickPrice, field 5: \"600.01\" on record, \"600.02\" now"),
        ),
        (
            vec![price],
            vec![&b"2\x006\x005\x000\x00100\x00"[..]],
            Some("TickPrice is on record, TickSize is said now"),
        ),
        (vec![price], vec![], Some("TickPrice is on record and is not said now")),
    ] {
        assert_eq!(pair(&then, &now).advance(true).as_deref(), said);
    }
}

#[test]
fn an_end_of_the_connection_counts_as_something_said() {
    let mut ended = pair(&[], &[]);
    ended.recorded.ended = true;
    let said = "the connection ended then and goes on now";
    assert_eq!(ended.advance(true).as_deref(), Some(said));
    assert_eq!(ended.advance(false), None, "it may still come");
}
