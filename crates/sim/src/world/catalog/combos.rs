//! The combinations that clients of one world named, and the ids that they got.
//!
//! The id follows from the legs; only where two would be the same does it depend on which was named
//! first, which is why each world numbers its own. It must never know orders or prices. Called by
//! the catalogue.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use gatehouse_types::ConId;

use super::{ComboLeg, Kind, Listing};

/// Ids are from here on.
const FIRST: i32 = 500_000_000;
/// Behind the last id.
const END: i32 = 560_000_000;
/// Ids that follow from legs; those above them are for the ones that collide.
const IDS: i64 = 50_000_000;
/// Combinations that one world names; each is a few hundred bytes.
const COMBOS_MAX: usize = 4_096;
/// Legs of a combination.
const LEGS_MAX: usize = 8;

/// Id, ratio and side of each leg.
type Key = Vec<(i32, i64, bool)>;

/// Listings live as long as the process. Worlds that number alike share them, so that what is kept
/// does not grow with the number of worlds.
static MADE: Mutex<BTreeMap<(i32, Key), &'static Listing>> = Mutex::new(BTreeMap::new());

/// The combinations of one world.
///
/// To find one is a question, which takes no right to change the world; that the first question
/// gives it its id is nothing that anybody else sees.
#[derive(Debug, Default)]
pub struct Combos {
    named: RefCell<BTreeMap<Key, &'static Listing>>,
}

impl Combos {
    /// Returns the combination of some legs, or `None` for none, too many, or one combination too
    /// many: what was named before stays usable.
    pub(super) fn of(&self, legs: &[ComboLeg]) -> Option<&'static Listing> {
        self.named(legs, None)
    }

    /// As [`Self::of`], with the id that it had before where that is free.
    pub(super) fn kept(&self, legs: &[ComboLeg], con_id: ConId) -> Option<&'static Listing> {
        let con_id = con_id.get();
        self.named(legs, is_id(con_id.into()).then_some(con_id))
    }

    /// Returns the combination with an id, if it was named.
    pub(super) fn by_con_id(&self, con_id: ConId) -> Option<&'static Listing> {
        self.named.borrow().values().copied().find(|combo| combo.con_id() == con_id)
    }

    fn named(&self, legs: &[ComboLeg], con_id: Option<i32>) -> Option<&'static Listing> {
        let key: Key =
            legs.iter().map(|leg| (leg.listing.con_id, leg.ratio, leg.is_bought)).collect();
        let first = legs.first()?.listing;
        let mut named = self.named.borrow_mut();
        if let Some(found) = named.get(&key) {
            return Some(found);
        }
        if named.len() >= COMBOS_MAX || legs.len() > LEGS_MAX {
            return None;
        }
        let mut con_id = con_id.unwrap_or_else(|| FIRST + hash(&key));
        while named.values().any(|combo| combo.con_id == con_id) {
            con_id += 1;
        }
        let found = made(con_id, &key, legs, first);
        named.insert(key, found);
        Some(found)
    }
}

/// Returns whether an id is one of a combination.
pub(super) fn is_id(con_id: i64) -> bool {
    (i64::from(FIRST)..i64::from(END)).contains(&con_id)
}

fn made(con_id: i32, key: &Key, legs: &[ComboLeg], first: &'static Listing) -> &'static Listing {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry((con_id, key.clone())).or_insert_with(|| {
        Box::leak(Box::new(Listing {
            con_id,
            primary_exchange: "SMART",
            stock_type: "",
            kind: Kind::Combo(Box::leak(legs.to_vec().into_boxed_slice())),
            lot: 1,
            tick_px: legs.iter().map(|leg| leg.listing.tick_px).min().unwrap_or(100),
            ..*first
        }))
    })
}

/// A number below [`IDS`] that depends on the legs only.
fn hash(key: &Key) -> i32 {
    let mixed = key.iter().fold(7_i64, |sum, (con_id, ratio, is_bought)| {
        let leg = i64::from(*con_id) * 31 + ratio * 2 + i64::from(*is_bought);
        (sum * 1_000_003 + leg).rem_euclid(2_147_483_647)
    });
    i32::try_from(mixed % IDS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    /// SPY and QQQ sold by these ratios.
    fn legs(ratios: [i64; 2]) -> Vec<ComboLeg> {
        let leg = |(symbol, ratio)| ComboLeg {
            listing: by_symbol(symbol).expect("is listed"),
            ratio,
            is_bought: false,
        };
        ["SPY", "QQQ"].into_iter().zip(ratios).map(leg).collect()
    }

    /// Ratios whose ids would be the same.
    const ALIKE: [[i64; 2]; 2] = [[1, 76], [26, 1]];

    #[test]
    fn each_world_numbers_by_what_it_was_asked_itself_and_not_by_what_others_were() {
        let number =
            |combos: &Combos, of: [i64; 2]| combos.of(&legs(of)).expect("is one").con_id().get();
        let [one, other] = ALIKE;
        let (first, second) = (Combos::default(), Combos::default());
        let id = number(&first, one);
        assert_eq!(number(&second, other), id, "each is the first of its world");
        assert_eq!(number(&first, other), id + 1);
        assert_eq!(number(&second, one), id + 1);
        assert_eq!(number(&first, one), id, "it keeps its number");
        let third = Combos::default();
        assert_eq!((number(&third, one), number(&third, other)), (id, id + 1));
    }

    #[test]
    fn the_number_of_before_a_restart_is_kept_and_one_of_another_kind_is_not() {
        let [one, other] = ALIKE;
        let before = Combos::default();
        before.of(&legs(one)).expect("is one");
        let late = before.of(&legs(other)).expect("is one");
        let after = Combos::default();
        assert_eq!(after.kept(&legs(other), late.con_id()), Some(late));
        let fresh = after.kept(&legs(one), ConId::new(756_733)).expect("is one");
        assert_eq!(fresh.con_id().get(), late.con_id().get() - 1);
        assert_eq!(after.by_con_id(late.con_id()), Some(late));
        assert_eq!(Combos::default().by_con_id(late.con_id()), None);
    }
}
