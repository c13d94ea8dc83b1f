//! Option chains, the letters of exchanges and histograms, as messages.
//!
//! It must never know prices but through past bars. Called by the hub's requests.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_tws::answer::{
    HistogramData, HistogramEntry, SecDefOptParameter, SecDefOptParameterEnd, SmartComponent,
    SmartComponents,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{
    HistogramDataRequest, SecDefOptParamsRequest, SmartComponentsRequest,
};
use gatehouse_types::{ConId, Decimal};

use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::Chain;
use crate::world::history::{self, BarSize, Question, Reach, What, parse_reach};
use crate::world::market::book::LETTERS;
use crate::world::market::price;

impl Hub {
    pub(in crate::server) fn option_chains(
        &mut self,
        session: SessionId,
        asked: &SecDefOptParamsRequest,
    ) {
        let Some(client) = self.clients.get(&session) else { return };
        let req_id = asked.req_id;
        let catalog = self.world.catalog();
        let is_on_futures = asked.underlying_sec_type == "FUT";
        let chain = catalog.chain(&asked.underlying_symbol, is_on_futures);
        let chain = chain.filter(|_| {
            let under = catalog.by_con_id(ConId::new(asked.underlying_con_id));
            under.is_some_and(|under| under.symbol == asked.underlying_symbol)
        });
        for chain in chain.iter().flat_map(|chain| written(req_id, asked, chain)) {
            client.say(chain.encode(client.version));
        }
        client.say(SecDefOptParameterEnd { req_id }.encode(client.version));
    }

    pub(in crate::server) fn smart_components(
        &mut self,
        session: SessionId,
        asked: &SmartComponentsRequest,
    ) {
        let Some(client) = self.clients.get(&session) else { return };
        let components = (0..)
            .zip(LETTERS)
            .map(|(bit_number, (exchange, letter))| SmartComponent {
                bit_number,
                exchange: (*exchange).to_owned(),
                letter: (*letter).to_owned(),
            })
            .collect();
        client.say(SmartComponents { req_id: asked.req_id, components }.encode(client.version));
    }

    pub(in crate::server) fn histogram(
        &mut self,
        session: SessionId,
        asked: &HistogramDataRequest,
    ) {
        let now = self.world.now().secs();
        let Some(client) = self.clients.get(&session) else { return };
        let id = asked.req_id.get();
        let listing = match self.world.listing(id, &asked.contract) {
            Ok(listing) => listing,
            Err(report) => return client.say_error(report),
        };
        let bars = parse_period(&asked.time_period).and_then(|reach| {
            let question = Question {
                listing,
                end: now + 1,
                reach,
                size: BarSize::Seconds(60),
                what: What::Trades,
                regular: asked.use_rth,
            };
            history::bars(&mut self.world.market, &question)
        });
        let bars = match bars {
            Ok(bars) => bars,
            Err(error) => {
                return client.complain(id, error.code(), error.to_string());
            }
        };
        let mut sizes: BTreeMap<i64, Decimal> = BTreeMap::new();
        for bar in bars {
            *sizes.entry(bar.ohlc.close).or_default() += bar.volume.unwrap_or_default();
        }
        let entries = sizes
            .into_iter()
            .map(|(px, size)| HistogramEntry { price: price(px).value(), size })
            .collect();
        client.say(HistogramData { req_id: asked.req_id, entries }.encode(client.version));
    }
}

/// One message for each exchange and trading class, as the broker writes them.
fn written(
    req_id: ReqId,
    asked: &SecDefOptParamsRequest,
    chain: &Chain,
) -> Vec<SecDefOptParameter> {
    let examples: Vec<_> =
        chain.expiries.iter().filter_map(|day| Some((*day, chain.example(*day)?))).collect();
    let classes: BTreeSet<&str> = examples.iter().map(|(_, one)| one.trading_class()).collect();
    let strikes = chain.strikes.iter().map(|px| price(*px).value().normalize());
    let strikes: Vec<Decimal> = strikes.collect();
    let mut found = Vec::new();
    for class in classes {
        let of_class = examples.iter().filter(|(_, one)| one.trading_class() == class);
        let days = of_class.clone().map(|(day, _)| day.strftime("%Y%m%d").to_string());
        let expirations: Vec<String> = days.collect();
        let Some((_, example)) = of_class.clone().next() else { continue };
        let wanted = asked.fut_fop_exchange.as_str();
        for exchange in
            example.venues().split(',').filter(|one| wanted.is_empty() || *one == wanted)
        {
            found.push(SecDefOptParameter {
                req_id,
                exchange: exchange.to_owned(),
                underlying_con_id: asked.underlying_con_id,
                trading_class: class.to_owned(),
                multiplier: example.multiplier().to_string(),
                expirations: expirations.clone(),
                strikes: strikes.clone(),
            });
        }
    }
    found
}

/// Reads `3 days`, `1 week`, … beside the durations of bars.
fn parse_period(text: &str) -> Result<Reach, history::HistoryError> {
    let (count, unit) = text.trim().split_once(' ').unwrap_or((text, ""));
    let seconds = |secs: i64| {
        let count = count.parse::<i64>().unwrap_or(0).saturating_mul(secs);
        parse_reach(&format!("{count} S"))
    };
    let unit = match unit.trim_end_matches('s') {
        "min" | "minute" => return seconds(60),
        "hour" => return seconds(3600),
        "sec" => "S",
        "second" => "S",
        "day" => "D",
        "week" => "W",
        "month" => "M",
        "year" => "Y",
        _ => return parse_reach(text),
    };
    parse_reach(&format!("{count} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_read_in_words_and_in_letters() {
        for (text, reach) in [
            ("3 days", Some(Reach::Days(3))),
            ("1 week", Some(Reach::Weeks(1))),
            ("2 D", Some(Reach::Days(2))),
            ("30 mins", Some(Reach::Seconds(1800))),
            ("soon", None),
        ] {
            assert_eq!(parse_period(text).ok(), reach, "{text}");
        }
    }
}
