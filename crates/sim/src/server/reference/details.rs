//! What contract details say of an instrument, field by field.
//!
//! It must never know prices. Called by contract details.

use gatehouse_tws::answer::{ContractDetails, WireBond};
use gatehouse_tws::layout::TagValue;
use gatehouse_types::Decimal;

use crate::world::catalog::{BondTerms, Kind, Listing, SecIds, hours};

/// Returns the details of an instrument at an instant, in seconds.
pub(super) fn details(listing: &Listing, now: i64) -> ContractDetails {
    let n_venues = listing.venues().split(',').count();
    let (industry, category, subcategory) = listing.sector();
    let (under_con_id, under_symbol, under_sec_type) = listing.under();
    let expires = listing.last_day().filter(|_| !matches!(listing.kind, Kind::Bond(_)));
    ContractDetails {
        market_name: listing.trading_class().to_owned(),
        min_tick: listing.min_tick(),
        order_types: listing.order_types().to_owned(),
        valid_exchanges: listing.venues().to_owned(),
        price_magnifier: 1,
        under_con_id,
        long_name: listing.name.to_owned(),
        contract_month: contract_month(listing),
        industry: industry.to_owned(),
        category: category.to_owned(),
        subcategory: subcategory.to_owned(),
        time_zone_id: hours::zone_name(listing).to_owned(),
        trading_hours: hours::trading_text(listing, now),
        liquid_hours: hours::liquid_text(listing, now),
        sec_ids: sec_ids(listing),
        agg_group: listing.agg_group(),
        under_symbol: under_symbol.to_owned(),
        under_sec_type: under_sec_type.to_owned(),
        market_rule_ids: vec![listing.market_rule().to_string(); n_venues].join(","),
        real_expiration_date: expires
            .map(|day| day.strftime("%Y%m%d").to_string())
            .unwrap_or_default(),
        stock_type: listing.stock_type.to_owned(),
        min_size: listing.size_step(),
        size_increment: listing.size_step(),
        suggested_size_increment: if listing.kind == Kind::Crypto {
            Decimal::new(1, 8)
        } else {
            Decimal::from(listing.lot)
        },
        ..ContractDetails::default()
    }
}

/// Returns what a bond promises.
pub(super) fn bond(listing: &Listing, terms: &BondTerms) -> WireBond {
    let day = |day: jiff::civil::Date| day.strftime("%Y%m%d").to_string();
    let coupon = Decimal::new(terms.coupon_ppm, 4).normalize();
    WireBond {
        cusip: terms.cusip.to_owned(),
        coupon,
        maturity: day(terms.matures),
        issue_date: day(terms.issued),
        ratings: terms.ratings.to_owned(),
        bond_type: terms.bond_type.to_owned(),
        coupon_type: "FIXED".to_owned(),
        description: format!("{} {coupon} {}", listing.symbol, terms.matures.strftime("%m/%d/%y")),
        ..WireBond::default()
    }
}

/// The month of delivery, which of crude oil is the one after the last day; of a continuous future
/// that of its front month, which the simulated one does not say.
fn contract_month(listing: &Listing) -> String {
    let day = if let Kind::Future { month, .. } = listing.kind {
        Some(month.first_day())
    } else {
        listing.last_day().filter(|_| matches!(listing.kind, Kind::Option(_)))
    };
    day.map(|day| day.strftime("%Y%m").to_string()).unwrap_or_default()
}

fn sec_ids(listing: &Listing) -> Vec<TagValue> {
    let ids = SecIds::of(listing);
    [("CUSIP", ids.cusip), ("ISIN", ids.isin)]
        .into_iter()
        .filter_map(|(tag, id)| Some(TagValue { tag: tag.to_owned(), value: id?.to_owned() }))
        .collect()
}
