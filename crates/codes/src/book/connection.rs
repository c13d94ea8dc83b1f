//! The way to the broker: the Gateway's own link, its farms, client ids and the message rate.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    0 Info 1 Never Seen "Notice without a number"
        "The Gateway sent a hint and gave it no number; the one seen so far says that the message rate comes near its limit."
        "Read the text; when it is about the rate, let the bot send less." ;
    100 Pacing 3 Never Official "More messages a second than allowed"
        "A connection sent more than its share of messages, half the number of market-data lines each second, which is 50 by default. At the third time the Gateway may close the connection."
        "Send less often: spread requests out and change orders only when the price has really moved." ;
    326 Connectivity 3 Never Official "Client id already connected"
        "Another program is connected under the same client id, or an earlier session of this one has not ended yet. The Gateway closes the new connection."
        "Give this bot another client id, or wait a minute until the old session has ended."
        { ["gatehouse: bot"] Connectivity 3 Never Gatehouse "Bot already connected at this port"
            "Gatehouse keeps one connection for each registered bot, and that bot is connected."
            "Stop the other copy of the bot, or register a second bot with a port of its own." } ;
    327 RequestError 1 Never Official "Automatic binding needs client id 0"
        "Orders typed in by hand are bound to the client with id 0 only."
        "Leave the setting out of this bot, or connect the one program that needs it under id 0." ;
    357 Connectivity 3 Never Official "Client library too old"
        "The Gateway no longer speaks the version of the protocol that the bot's library offers."
        "Update the bot's client library." ;
    1100 Connectivity 4 Never Official "Gateway lost the broker"
        "The Gateway's link to the broker's servers is down: the internet connection, the nightly reset, or a login elsewhere. Orders held at an exchange keep working there."
        "Send no new orders and leave the bots connected; the Gateway comes back by itself and says 1101 or 1102." ;
    1101 Connectivity 3 Never Official "Broker is back, subscriptions lost"
        "The link to the broker is restored. Market data that was subscribed before has ended."
        "Subscribe market data again, and compare open orders, positions and fills before new orders." ;
    1102 Connectivity 1 Never Official "Broker is back, subscriptions kept"
        "The link to the broker is restored and market data flows again."
        "Compare open orders and fills; nothing needs to be subscribed again." ;
    1300 System 3 Never Official "Gateway moved to another port"
        "The API port was changed in the Gateway's settings, so it closes this connection. The new port is in the text."
        "Connect to the port in the text." ;
    2103 Connectivity 3 Never Official "Market-data farm down"
        "One of the broker's servers for prices cannot be reached. Quotes that come from it stand still."
        "Trust no quote of that farm until 2104 names it again." ;
    2104 Info 0 Never Official "Market-data farm is up"
        "The Gateway reached one of the broker's servers for prices. It says so at every start."
        "Nothing to do." ;
    2105 Connectivity 2 Never Official "History farm down"
        "One of the broker's servers for past data cannot be reached."
        "Hold requests for bars until 2106 names the farm again." ;
    2106 Info 0 Never Official "History farm is up"
        "The Gateway reached one of the broker's servers for past data."
        "Nothing to do." ;
    2107 Info 0 Never Official "History farm asleep"
        "Nobody asks for past data, so the connection rests; the next request wakes it."
        "Nothing to do." ;
    2108 Info 0 Never Official "Market-data farm asleep"
        "Nobody needs prices from that server, so the connection rests; the next subscription wakes it."
        "Nothing to do." ;
    2110 Connectivity 4 Never Official "Gateway and broker out of touch"
        "The Gateway has no connection to the broker's server and tries again by itself, mostly around the nightly reset."
        "Send no new orders and wait for 1101 or 1102; outside the reset, look at the internet connection." ;
    2119 Info 0 Never Official "Market-data farm connecting"
        "The Gateway is on its way to one of the broker's servers for prices."
        "Wait for 2104." ;
    2157 Connectivity 2 Never Seen "Contract farm down"
        "The broker's server for contract data cannot be reached, so looking up a contract may fail."
        "Look contracts up again once 2158 has come." ;
    2158 Info 0 Never Official "Contract farm is up"
        "The Gateway reached the broker's server for contract data."
        "Nothing to do." ;
    10328 Connectivity 4 Unsure Official "Fate of the order not known"
        "The connection broke while the order was on its way, so it may or may not be at the broker."
        "Send nothing in its place until open orders and fills have been compared with the broker." ;
};
