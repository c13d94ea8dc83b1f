//! The short ways with decimals say what `Decimal` says, down to the places and the sign of zero.

use std::cmp::Ordering;

use gatehouse_types::{Decimal, Price, exact};
use proptest::prelude::*;

/// Any decimal, and one like it: equal numbers with other places are the hard case.
fn any_pair() -> BoxedStrategy<(Decimal, Decimal)> {
    let any = (0_u128..1 << 96, 0_u32..97, 0_u32..=28, any::<bool>()).prop_map(
        |(mantissa, shift, places, is_negative)| {
            let mantissa = i128::try_from(mantissa >> shift).expect("is of 96 bits");
            let mut any = Decimal::from_i128_with_scale(mantissa, places);
            any.set_sign_negative(is_negative);
            any
        },
    );
    let any = any.boxed();
    let like = (any.clone(), 0_u32..12, -1_i64..=1).prop_map(|(any, places, step)| {
        let mut like = any;
        like.rescale(Decimal::MAX_SCALE.min(any.scale() + places));
        let step = Decimal::new(step, like.scale());
        (any, like.checked_add(step).unwrap_or(like))
    });
    prop_oneof![(any.clone(), any), like].boxed()
}

fn same(left: Decimal, right: Decimal) -> bool {
    left.serialize() == right.serialize()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_short_comparison_says_what_decimal_says((left, right) in any_pair()) {
        prop_assert_eq!(exact::compare(left, right), left.cmp(&right));
        prop_assert_eq!(exact::compare(right, left), right.cmp(&left));
        prop_assert_eq!(exact::is_above(left, right), left > right);
        prop_assert!(same(exact::larger(left, right), left.max(right)));
        prop_assert!(same(exact::not_below_zero(left), left.max(Decimal::ZERO)));
        let (short, long) = (exact::hundredth(left), left.checked_mul(Decimal::new(1, 2)));
        prop_assert!(short.zip(long).is_some_and(|(short, long)| same(short, long)), "{left}");
        let [price, other] = [left, right].map(Price::new);
        prop_assert_eq!(price.cmp(&other), left.cmp(&right));
        prop_assert_eq!(price == other, left.cmp(&right) == Ordering::Equal);
    }
}
