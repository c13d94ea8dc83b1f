//! Orders of the person: previewed, then sent through the desk's door exactly as previewed.

use std::time::Duration;

use gatehouse_desk::{Ask, PlaceKind, PlaceOrder, PlaceTif};
use gatehouse_engine::Preview;
use gatehouse_ipc::{
    Failure, FailureKind, OrderPreview, OrderTicket, Placed, TicketKind, TicketSide,
};
use gatehouse_types::{
    BotName, ConId, Decimal, Family, Feature, Intent, Mono, OrderId, OrderKind, Price, Qty, Side,
    Tif,
};
use tokio::sync::oneshot;

use crate::app::App;
use crate::failure::{bad_input, broken, failure, stopping};
use crate::market::us_stock;
use crate::names::ANSWERED_WITHIN;
use crate::view;

/// Looks at the engine until it knows what the desk just told it: a look is served before facts.
const LOOKS_MAX: u32 = 50;

/// How long the Gateway may take to name an instrument, and to send its first quote.
const NAMED_WITHIN: Duration = Duration::from_secs(5);
const QUOTED_WITHIN: Duration = Duration::from_secs(3);

/// An order that waits for a quote waits 3 s, and its record takes at most 1 s.
const JUDGED_WITHIN: Duration = Duration::from_secs(6);

/// What a person's own orders carry in the record.
const ORDER_REF: &str = "ticket";

/// A ticket that can be read.
pub(crate) struct Draft {
    pub(crate) side: Side,
    pub(crate) quantity: Qty,
    pub(crate) kind: PlaceKind,
    pub(crate) tif: PlaceTif,
    target: Option<Decimal>,
    stop: Option<Decimal>,
}

impl App {
    /// Says what would become of an order.
    pub(crate) fn preview_order(&self, ticket: OrderTicket) -> Result<OrderPreview, Failure> {
        let draft = read(&ticket)?;
        let con_id = self.instrument(&ticket.symbol)?;
        drop(self.asks.send(Ask::Quote(con_id)));
        self.market.wait_quote(con_id, QUOTED_WITHIN);
        let intent = intent(&ticket, &draft, con_id);
        let (mut preview, mut now) = self.ask_engine(&intent)?;
        let told = self.market.quote(con_id).map(|quote| quote.at);
        for _ in 0..LOOKS_MAX {
            if preview.instrument.is_some() && preview.quote.map(|quote| quote.at) >= told {
                break;
            }
            (preview, now) = self.ask_engine(&intent)?;
        }
        let token = self.tickets.make(ticket.clone(), now);
        Ok(view::ticket::preview(token, ticket, &intent, &preview, now))
    }

    fn ask_engine(&self, intent: &Intent) -> Result<(Preview, Mono), Failure> {
        let asked = intent.clone();
        self.proxy
            .inspect(move |engine, now| (engine.preview(&BotName::desk(), &asked), now.mono))
            .ok_or_else(stopping)
    }

    /// Sends an order that was previewed.
    pub(crate) fn place_order(&self, ticket: &OrderTicket, token: &str) -> Result<Placed, Failure> {
        let now = self.clock.now().mono;
        if self.tickets.look(token, now).as_ref() != Some(ticket) {
            return Err(review_again("The order was not sent."));
        }
        if self.tickets.take(token, now).is_none() {
            return Err(review_again("The order was not sent."));
        }
        let draft = read(ticket)?;
        let con_id = self.instrument(&ticket.symbol)?;
        let changes = ticket.changes.map(OrderId::new);
        let orders = orders(ticket, &draft, con_id, self.market.currency(con_id));
        self.send(orders, changes)
    }

    /// Sends orders through the desk's door, and waits for what the gate says to the first.
    pub(crate) fn send(
        &self,
        orders: Vec<PlaceOrder>,
        changes: Option<OrderId>,
    ) -> Result<Placed, Failure> {
        let after = self.verdicts.last();
        let (reply, answer) = oneshot::channel();
        self.asks.send(Ask::Place { orders, changes, reply }).map_err(|_| stopping())?;
        let ids = answer.blocking_recv().map_err(|_| stopping())?.map_err(|error| {
            broken("The order was not sent.", &error, "Look at the orders before trying again.")
        })?;
        let Some(order_id) = ids.first().copied() else { return Err(stopping()) };
        let row = self.verdicts.wait(order_id, after, JUDGED_WITHIN);
        Ok(view::ticket::placed(order_id, row))
    }

    /// Returns the instrument of a symbol, asking for it when it is not known.
    pub(crate) fn instrument(&self, symbol: &str) -> Result<ConId, Failure> {
        let ask = |contract| drop(self.asks.send(Ask::Instrument(contract)));
        self.market.con_id(symbol, (NAMED_WITHIN, ANSWERED_WITHIN), ask).ok_or_else(|| {
            failure(
                "no-instrument",
                FailureKind::Broken,
                "Nothing was done.",
                format!("The Gateway did not name an instrument {symbol}."),
                "Check the symbol and the connection to the Gateway.",
            )
        })
    }
}

/// Returns the failure of something that was not reviewed just so.
pub(crate) fn review_again(what: &str) -> Failure {
    failure(
        "review-again",
        FailureKind::YoursToFix,
        what,
        "It is not what was reviewed, the review is older than a minute, or it was done already.",
        "Review it again; nothing was sent.",
    )
}

fn bad(why: impl Into<String>) -> Failure {
    bad_input("There is no order yet.", why, "Fill in the ticket.")
}

/// Reads a decimal above zero.
fn positive(name: &str, text: &str) -> Result<Decimal, Failure> {
    let value = Decimal::from_str_exact(text.trim())
        .map_err(|_| bad(format!("{name} {text:?} is not a number.")))?;
    if value > Decimal::ZERO {
        Ok(value)
    } else {
        Err(bad(format!("{name} has to be above zero.")))
    }
}

fn needed(name: &str, text: Option<&String>) -> Result<Decimal, Failure> {
    let text = text.ok_or_else(|| bad(format!("{name} is missing.")))?;
    positive(name, text)
}

/// Reads a ticket.
pub(crate) fn read(ticket: &OrderTicket) -> Result<Draft, Failure> {
    let quantity = Qty::try_new(positive("Quantity", &ticket.quantity)?)
        .map_err(|error| bad(format!("{error}.")))?;
    let limit = || needed("Limit price", ticket.limit.as_ref());
    let stop = || needed("Stop price", ticket.stop.as_ref());
    let kind = match ticket.kind {
        TicketKind::Market => PlaceKind::Market,
        TicketKind::Limit => PlaceKind::Limit { limit: limit()? },
        TicketKind::Stop => PlaceKind::Stop { trigger: stop()? },
        TicketKind::StopLimit => PlaceKind::StopLimit { trigger: stop()?, limit: limit()? },
        TicketKind::Trail => {
            PlaceKind::Trail { distance: needed("Distance", ticket.stop.as_ref())? }
        }
    };
    let tif = match ticket.tif.as_str() {
        "DAY" => PlaceTif::Day,
        "GTC" => PlaceTif::GoodTillCancelled,
        "IOC" => PlaceTif::ImmediateOrCancel,
        "FOK" => PlaceTif::FillOrKill,
        other => return Err(bad(format!("Time in force {other:?} is not DAY, GTC, IOC or FOK."))),
    };
    let optional = |name, text: Option<&String>| text.map(|text| positive(name, text)).transpose();
    let target = optional("Target", ticket.target.as_ref())?;
    let protective = optional("Protective stop", ticket.protective_stop.as_ref())?;
    if ticket.changes.is_some() && (target.is_some() || protective.is_some()) {
        return Err(bad("A change of a working order has no bracket."));
    }
    Ok(Draft {
        side: match ticket.side {
            TicketSide::Buy => Side::Buy,
            TicketSide::Sell => Side::Sell,
        },
        quantity,
        kind,
        tif,
        target,
        stop: protective,
    })
}

/// Returns the order as it is judged.
fn intent(ticket: &OrderTicket, draft: &Draft, con_id: ConId) -> Intent {
    let price = |value: Decimal| Some(Price::new(value));
    let mut features = Vec::new();
    let kind = match draft.kind {
        PlaceKind::Market => OrderKind::Market,
        PlaceKind::Limit { limit } => OrderKind::Limit { limit: price(limit) },
        PlaceKind::Stop { trigger } => OrderKind::Stop { trigger: price(trigger) },
        PlaceKind::StopLimit { trigger, limit } => {
            OrderKind::StopLimit { trigger: price(trigger), limit: price(limit) }
        }
        PlaceKind::Trail { .. } => {
            features.push(Feature::Trailing);
            OrderKind::Other { name: "TRAIL".to_owned() }
        }
    };
    let mut contract = us_stock(&ticket.symbol);
    contract.con_id = Some(con_id);
    Intent {
        // A new order gets its id when it is sent; no order has this one.
        order_id: OrderId::new(ticket.changes.unwrap_or(i32::MAX)),
        contract,
        account: None,
        side: draft.side,
        quantity: draft.quantity,
        kind,
        tif: match draft.tif {
            PlaceTif::Day => Tif::Day,
            PlaceTif::GoodTillCancelled => Tif::GoodTillCancelled,
            PlaceTif::ImmediateOrCancel => Tif::ImmediateOrCancel,
            PlaceTif::FillOrKill => Tif::FillOrKill,
        },
        outside_rth: ticket.outside_rth,
        what_if: false,
        order_ref: ORDER_REF.to_owned(),
        family: Family::alone(),
        features,
    }
}

/// Returns the order and its bracket as they are sent.
fn orders(
    ticket: &OrderTicket,
    draft: &Draft,
    con_id: ConId,
    currency: Option<String>,
) -> Vec<PlaceOrder> {
    let parent = PlaceOrder {
        con_id,
        symbol: ticket.symbol.clone(),
        currency: currency.unwrap_or_else(|| "USD".to_owned()),
        side: draft.side,
        quantity: draft.quantity.value(),
        kind: draft.kind,
        tif: draft.tif,
        outside_rth: ticket.outside_rth,
        order_ref: ORDER_REF.to_owned(),
    };
    let child = |kind| PlaceOrder {
        side: draft.side.opposite(),
        kind,
        tif: PlaceTif::GoodTillCancelled,
        ..parent.clone()
    };
    let target = draft.target.map(|limit| child(PlaceKind::Limit { limit }));
    let stop = draft.stop.map(|trigger| child(PlaceKind::Stop { trigger }));
    [Some(parent.clone()), target, stop].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> OrderTicket {
        OrderTicket {
            symbol: "SPY".to_owned(),
            side: TicketSide::Buy,
            quantity: "8".to_owned(),
            kind: TicketKind::Limit,
            limit: Some("662.10".to_owned()),
            stop: None,
            tif: "DAY".to_owned(),
            outside_rth: false,
            target: None,
            protective_stop: None,
            changes: None,
        }
    }

    fn why(ticket: &OrderTicket) -> String {
        read(ticket).err().map_or_else(String::new, |failure| failure.why)
    }

    #[test]
    fn a_ticket_needs_a_quantity_and_the_prices_of_its_type() {
        assert_eq!(why(&ticket()), "");
        assert!(why(&OrderTicket { quantity: "0".to_owned(), ..ticket() }).contains("above zero"));
        assert!(why(&OrderTicket { quantity: "8,5".to_owned(), ..ticket() }).contains("number"));
        assert!(why(&OrderTicket { limit: None, ..ticket() }).contains("Limit price is missing"));
        let stop = OrderTicket { kind: TicketKind::StopLimit, ..ticket() };
        assert!(why(&stop).contains("Stop price is missing"));
        assert!(why(&OrderTicket { tif: "GTX".to_owned(), ..ticket() }).contains("GTX"));
    }

    #[test]
    fn a_bracket_is_three_orders_and_its_children_close() {
        let bracket = OrderTicket {
            target: Some("670".to_owned()),
            protective_stop: Some("655".to_owned()),
            ..ticket()
        };
        let draft = read(&bracket).expect("can be read");
        let sent = orders(&bracket, &draft, ConId::new(756_733), None);
        let kinds: Vec<_> = sent.iter().map(|it| (it.side, it.kind)).collect();
        let px = Decimal::from;
        assert_eq!(kinds[1], (Side::Sell, PlaceKind::Limit { limit: px(670) }));
        assert_eq!(kinds[2], (Side::Sell, PlaceKind::Stop { trigger: px(655) }));
        assert_eq!(sent.len(), 3);
        let change = OrderTicket { changes: Some(4), ..bracket };
        assert!(why(&change).contains("bracket"));
    }
}
