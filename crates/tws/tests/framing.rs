//! Framing holds under any cut of the stream, and no bytes at all make a decoder panic.

use gatehouse_tws::{FrameReader, encode_frame};
use proptest::prelude::*;

use crate::targets::TARGETS;

proptest! {
    #[test]
    fn every_body_comes_back_whole_and_in_order(
        bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..200), 0..12),
        cuts in proptest::collection::vec(1_usize..40, 1..80),
    ) {
        let stream: Vec<u8> = bodies.iter().flat_map(|body| encode_frame(body)).collect();
        let mut reader = FrameReader::new();
        let mut seen = Vec::new();
        let mut rest = stream.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            rest = after;
            reader.push(piece);
            while let Some(body) = reader.next_frame().expect("is well framed") {
                seen.push(body.to_vec());
            }
        }
        prop_assert_eq!(seen, bodies);
        prop_assert_eq!(reader.waiting(), 0);
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for (_, target) in TARGETS {
            target(&bytes);
        }
    }
}
