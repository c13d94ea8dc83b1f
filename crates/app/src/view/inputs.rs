//! What a verdict looked at, as rows of the decision card.

use std::fmt::Display;
use std::time::Duration;

use gatehouse_ipc::InputRow;
use gatehouse_types::{
    DataType, Decimal, Inputs, Money, Price, Seen, SeenInstrument, SeenQuote, Side,
};

const NOT_KNOWN: &str = "not known";

/// Returns the rows, first the three that explain most refusals. What was not known says so.
pub(crate) fn rows(side: Side, inputs: &Inputs) -> Vec<InputRow> {
    let working_of = match side {
        Side::Buy => ["Working buys", "Account's working buys"],
        Side::Sell => ["Working sells", "Account's working sells"],
    };
    let (used, quote) = prices(side, inputs.quote.as_ref());
    let (held, working) = (inputs.position.map(shares), inputs.working.map(shares));
    let mut rows = vec![
        row("Held", held.bot.as_ref(), None),
        row(working_of[0], working.bot.as_ref(), None),
        used,
    ];
    rows.extend(quote);
    rows.extend(other("Account holds", held));
    rows.extend(other(working_of[1], working));
    let worth = inputs.net_liquidation;
    let worth_age = worth.map(|it| it.age);
    rows.push(row("Account value", worth.map(|it| amount(it.value)), worth_age));
    let result = inputs.day_result.map(amount);
    rows.push(row("Day result", result.bot.as_ref(), None));
    rows.extend(other("Account's day result", result));
    rows.push(row("Orders today", inputs.orders_today, None));
    rows.push(row("Market", inputs.hours.map(gatehouse_types::TradingHours::name), None));
    rows.push(row("Contract", inputs.instrument.as_ref().map(contract), None));
    rows
}

fn row(name: &str, value: Option<impl Display>, age: Option<Duration>) -> InputRow {
    let value = value.map_or_else(|| NOT_KNOWN.to_owned(), |value| value.to_string());
    let age_ms = age.map(|age| u32::try_from(age.as_millis()).unwrap_or(u32::MAX));
    InputRow { name: name.to_owned(), value, age_ms }
}

/// Returns the account's figure where it is not the bot's.
fn other(name: &str, seen: Seen<String>) -> Option<InputRow> {
    (seen.bot != seen.account).then(|| row(name, seen.account, None))
}

fn prices(side: Side, quote: Option<&SeenQuote>) -> (InputRow, Option<InputRow>) {
    let Some(quote) = quote else { return (row("Price used", None::<Price>, None), None) };
    let (price, name) = match side {
        Side::Buy => (quote.ask, "ask"),
        Side::Sell => (quote.bid, "bid"),
    };
    let kind = match quote.data {
        DataType::Live => String::new(),
        DataType::Delayed | DataType::Frozen | DataType::Other => {
            format!(", {}", quote.data.name())
        }
    };
    let used =
        price.map_or_else(|| format!("no {name}{kind}"), |price| format!("{price} {name}{kind}"));
    let part = |name: &str, price: Option<Price>| {
        price.map_or_else(|| format!("no {name}"), |price| format!("{name} {price}"))
    };
    let all = [("bid", quote.bid), ("ask", quote.ask), ("last", quote.last)];
    let all = all.map(|(name, price)| part(name, price)).join(", ");
    (row("Price used", Some(used), Some(quote.age)), Some(row("Quote", Some(all), None)))
}

fn shares(quantity: impl Display) -> String {
    format!("{quantity} shares")
}

fn amount(money: Money) -> String {
    format!("{} {}", money.amount(), money.currency())
}

fn contract(instrument: &SeenInstrument) -> String {
    let SeenInstrument { con_id, min_tick, multiplier, .. } = instrument;
    let times = if *multiplier == Decimal::ONE {
        String::new()
    } else {
        format!(", multiplier {multiplier}")
    };
    format!("id {con_id}, tick {min_tick}{times}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::{ConId, Currency, Qty, SecType, SeenMoney, SignedQty, TradingHours};

    fn dec(text: &str) -> Decimal {
        text.parse().expect("is a decimal")
    }

    fn usd(text: &str) -> Money {
        Money::new(dec(text), Currency::USD)
    }

    fn known() -> Inputs {
        Inputs {
            instrument: Some(SeenInstrument {
                con_id: ConId::new(756_733),
                symbol: "SPY".to_owned(),
                sec_type: SecType::Stock,
                currency: Currency::USD,
                min_tick: dec("0.01"),
                multiplier: Decimal::ONE,
            }),
            quote: Some(SeenQuote {
                bid: Some(Price::new(dec("663.83"))),
                ask: Some(Price::new(dec("663.84"))),
                last: None,
                age: Duration::from_millis(200),
                data: DataType::Live,
            }),
            hours: Some(TradingHours::Regular),
            price_move: None,
            position: Seen {
                bot: Some(SignedQty::new(dec("14"))),
                account: Some(SignedQty::new(dec("14"))),
            },
            working: Seen {
                bot: Some(Qty::try_new(dec("6")).expect("is a quantity")),
                account: Some(Qty::try_new(dec("8")).expect("is a quantity")),
            },
            net_liquidation: Some(SeenMoney {
                value: usd("104218.46"),
                age: Duration::from_secs(61),
            }),
            orders_today: Some(12),
            day_result: Seen { bot: Some(usd("-212.4")), account: None },
        }
    }

    fn check(side: Side, inputs: &Inputs, expected: &[(&str, &str, Option<u32>)]) {
        let rows = rows(side, inputs);
        let told: Vec<(&str, &str, Option<u32>)> =
            rows.iter().map(|it| (it.name.as_str(), it.value.as_str(), it.age_ms)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_card_shows_what_was_looked_at_and_how_old_it_was() {
        check(
            Side::Buy,
            &known(),
            &[
                ("Held", "14 shares", None),
                ("Working buys", "6 shares", None),
                ("Price used", "663.84 ask", Some(200)),
                ("Quote", "bid 663.83, ask 663.84, no last", None),
                ("Account's working buys", "8 shares", None),
                ("Account value", "104218.46 USD", Some(61_000)),
                ("Day result", "-212.4 USD", None),
                ("Account's day result", "not known", None),
                ("Orders today", "12", None),
                ("Market", "in regular hours", None),
                ("Contract", "id 756733, tick 0.01", None),
            ],
        );
    }

    #[test]
    fn what_was_not_known_has_no_number() {
        check(
            Side::Sell,
            &Inputs::default(),
            &[
                ("Held", "not known", None),
                ("Working sells", "not known", None),
                ("Price used", "not known", None),
                ("Account value", "not known", None),
                ("Day result", "not known", None),
                ("Orders today", "not known", None),
                ("Market", "not known", None),
                ("Contract", "not known", None),
            ],
        );
    }

    #[test]
    fn a_sale_uses_the_bid_and_says_when_prices_are_not_live() {
        let mut inputs = known();
        let quote = inputs.quote.as_mut().expect("was quoted");
        quote.data = DataType::Delayed;
        let used = |inputs: &Inputs| rows(Side::Sell, inputs)[2].value.clone();
        assert_eq!(used(&inputs), "663.83 bid, delayed");
        inputs.quote.as_mut().expect("was quoted").bid = None;
        assert_eq!(used(&inputs), "no bid, delayed");
    }
}
