//! What is written reads back, and what does not hold is found.

use proptest::prelude::*;

use super::*;

fn any_bars() -> impl Strategy<Value = (Bars, Vec<i64>)> {
    let px = prop_oneof![Just(0), -5_000_i64..5_000, any::<i64>()];
    let row = (any::<u32>(), px.clone(), px.clone(), px.clone(), px.clone(), px, any::<i32>());
    let scales = (0_u32..3, 0_u32..29, 0_u32..29);
    (scales, prop::collection::vec(row, 1..80)).prop_map(|(scales, rows)| {
        let (px_scale, volume_scale, average_scale) = scales;
        let mut bars = Bars { px_scale, volume_scale, average_scale, ..Bars::default() };
        let mut fetched = Vec::new();
        for (step, open, high, low, close, volume, n_trades) in rows {
            let at = bars.at.last().map_or(i64::MIN, |at| at + i64::from(step));
            bars.at.push(at);
            bars.open.push(open);
            bars.high.push(high);
            bars.low.push(low);
            bars.close.push(close);
            bars.volume.push(volume);
            bars.average.push(open ^ volume);
            bars.n_trades.push(n_trades);
            fetched.push(at & 1);
        }
        (bars, fetched)
    })
}

fn written(bars: &Bars, fetched: &[i64]) -> (Head, Vec<u8>) {
    let body = write(bars, fetched);
    (Head::of(7, bars, &body), body)
}

fn empty_like(bars: &Bars) -> Bars {
    Bars {
        px_scale: bars.px_scale,
        volume_scale: bars.volume_scale,
        average_scale: bars.average_scale,
        ..Bars::default()
    }
}

fn whole(head: &Head, body: &[u8], like: &Bars) -> Result<(Bars, Vec<i64>), Damage> {
    let (mut bars, mut fetched) = (empty_like(like), Vec::new());
    read(head, body, &mut bars, Some(&mut fetched))?;
    Ok((bars, fetched))
}

proptest! {
    #[test]
    fn whatever_is_written_reads_back((bars, fetched) in any_bars()) {
        let (head, body) = written(&bars, &fetched);
        prop_assert_eq!(whole(&head, &body, &bars), Ok((bars.clone(), fetched)));
        let mut shown = empty_like(&bars);
        read_for_chart(&head, &body, &mut shown).expect("is whole");
        prop_assert_eq!((shown.at, shown.low, shown.volume), (bars.at, bars.low, bars.volume));
    }

    #[test]
    fn a_flipped_bit_is_found((bars, fetched) in any_bars(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (head, mut body) = written(&bars, &fetched);
        let at = at.index(body.len());
        body[at] ^= 1 << bit;
        let damage = whole(&head, &body, &bars).expect_err("is damaged");
        let is_found = matches!(damage, Damage::Checksum { .. });
        prop_assert!(is_found, "{:?}", damage);
    }

    #[test]
    fn no_body_makes_the_reader_fail(body in prop::collection::vec(any::<u8>(), 0..300), n_bars in 0_i64..100) {
        let head = Head { n_bars, ..Head::of(7, &Bars::default(), &[]) };
        let head = Head { crc32: head.checksum(&body), ..head };
        let mut bars = Bars::default();
        let n = if read(&head, &body, &mut bars, None).is_ok() { n_bars } else { 0 };
        prop_assert_eq!(i64::try_from(bars.len()), Ok(n));
    }
}

fn two_bars() -> Bars {
    let column = vec![1, 2];
    Bars {
        at: vec![60, 120],
        open: column.clone(),
        high: column.clone(),
        low: column.clone(),
        close: column.clone(),
        volume: column.clone(),
        average: column,
        n_trades: vec![1, 2],
        ..Bars::default()
    }
}

#[test]
fn a_body_that_is_cut_or_of_another_kind_is_refused() {
    let bars = two_bars();
    let (head, body) = written(&bars, &[5, 5]);
    let resealed = |head: Head, body: &[u8]| Head { crc32: head.checksum(body), ..head };
    let other = Head { codec: 9, ..head };
    assert_eq!(whole(&other, &body, &bars), Err(Damage::Codec { found: 9 }));
    let cut = &body[..body.len() - 1];
    assert_eq!(whole(&resealed(head, cut), cut, &bars), Err(Damage::Shape { n_bars: 2 }));
    let longer = resealed(Head { n_bars: 40, ..head }, &body);
    assert_eq!(whole(&longer, &body, &bars), Err(Damage::Shape { n_bars: 40 }));
}

#[test]
fn figures_that_no_bars_have_are_damage_before_room_is_made_for_them() {
    let bars = two_bars();
    let (head, body) = written(&bars, &[5, 5]);
    for changed in [
        Head { px_scale: 29, ..head },
        Head { average_scale: u32::MAX, ..head },
        Head { n_bars: 0, ..head },
        Head { n_bars: i64::MAX, ..head },
        Head { last_at: 59, ..head },
    ] {
        let changed = Head { crc32: changed.checksum(&body), ..changed };
        assert_eq!(whole(&changed, &body, &bars), Err(Damage::Figures), "{changed:?}");
    }
}

#[test]
fn a_changed_figure_is_found_like_a_changed_body() {
    let bars = two_bars();
    let (head, body) = written(&bars, &[5, 5]);
    for changed in [
        Head { first_at: 61, ..head },
        Head { px_scale: 1, ..head },
        Head { close: 3, ..head },
        Head { volume: 9, ..head },
        Head { chunk_id: 8, ..head },
    ] {
        let damage = whole(&changed, &body, &bars).expect_err("is damaged");
        assert!(matches!(damage, Damage::Checksum { .. }), "{changed:?}");
    }
}
