//! Cash, positions and commissions balance to the cent over random fills in two currencies.

use proptest::prelude::*;

use super::*;

/// An instrument, its price in cents, and how many dollars its currency is worth.
const TRADED: [(&str, i64); 5] = [
    ("SPY", 68_400),
    ("SAP", 20_800),
    ("AAPL  260116C00270000", 500),
    ("ES", 689_500),
    ("EUR.USD", 117),
];

/// The rate, so that a pair is worth what its currency is worth.
const EURO: Decimal = Decimal::from_parts(117, 0, 0, false, 2);

fn rate(currency: Currency) -> Decimal {
    if currency == usd() { Decimal::ONE } else { EURO }
}

fn mark(listing: &'static catalog::Listing) -> Mark {
    let cents = TRADED
        .iter()
        .find(|(symbol, _)| catalog::by_symbol(symbol) == Some(listing))
        .map(|(_, cents)| Decimal::new(*cents, 2));
    Mark { price: cents, rate: rate(currency_of(listing.currency)), under: None }
}

fn fill() -> impl Strategy<Value = (usize, bool, i64, i64, i64)> {
    (0..TRADED.len(), any::<bool>(), 1..500_i64, -20..20_i64, 0..700_i64)
}

proptest! {
    #[test]
    fn the_value_of_the_account_is_its_start_and_what_was_gained(
        fills in prop::collection::vec(fill(), 1..60),
    ) {
        let mut account = Account::new("DU1", Decimal::from(1_000_000));
        let mut gained = Decimal::ZERO;
        let mut cash = Decimal::from(1_000_000);
        for (which, buys, shares, off, fee) in fills {
            let (symbol, cents) = TRADED[which];
            let listing = catalog::by_symbol(symbol).expect("is listed");
            let booking = Booking {
                listing,
                side: if buys { Side::Buy } else { Side::Sell },
                shares: Decimal::from(shares),
                price: Decimal::new(cents + off, 2),
                commission: Decimal::new(fee, 2),
                rate: rate(currency_of(listing.currency)),
            };
            account.book(&booking);
            // Against the price at which everything is valued, a fill loses what it paid more.
            let signed = Decimal::from(if buys { shares } else { -shares });
            let own = rate(currency_of(listing.currency));
            let fee_rate = rate(currency_of(commission::currency(listing)));
            gained -= signed * Decimal::new(off, 2) * listing.multiplier() * own;
            gained -= booking.commission * fee_rate;
            if matches!(Class::of(listing), Class::UsStock | Class::Option | Class::Pair) {
                cash -= signed * booking.price * listing.multiplier() + booking.commission;
            }
        }
        let value = account.value(Hours::Day, rate, mark);
        let cent = Decimal::new(1, 2);
        let start = Decimal::from(1_000_000);
        prop_assert!((value.net_liquidation - start - gained).abs() < cent);
        prop_assert!((value.base.realised + value.base.unrealised - gained).abs() < cent);
        let daily: Decimal = value.positions.iter().map(|one| one.daily * one.rate).sum();
        prop_assert!((daily - gained).abs() < cent);
        // Futures settle against dollars, too: their gains are known apart.
        let future = catalog::by_symbol("ES").expect("is listed").con_id();
        let settled = account.holdings.get(&future).map_or(Decimal::ZERO, |one| one.realised);
        prop_assert!((account.cash(usd()) - cash - settled).abs() < cent);
        let sum: Decimal = value.ledgers.iter().map(|one| one.net_liquidation() * one.rate).sum();
        prop_assert_eq!(sum, value.net_liquidation);
    }
}
