//! Market data, past data, news, scanners and the other requests.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    101 Pacing 2 Never Official "No market-data line left"
        "All lines of the account are in use, 100 by default; the workstation and every bot share them."
        "Cancel subscriptions that nobody reads, or buy a booster pack at the broker." ;
    102 RequestError 1 Never Official "Request number in use"
        "An active request of this client has the same number."
        "Give each request a number of its own." ;
    162 RequestError 2 Never Official "Past data not delivered"
        "The broker's server for past data turned the request down; the text says why."
        "Read the text before the request is sent again."
        { ["pacing violation", "pacing"] Pacing 2 Never Seen "Past data asked for too often"
            "The same bars within 15 seconds, six requests for one contract within 2 seconds, or more than 60 within ten minutes."
            "Wait 15 seconds, and spread requests for small bars over ten minutes."
          ["cancel"] Info 0 Never Seen "Request for past data or scan cancelled"
            "The request was cancelled by the client, or replaced."
            "Nothing to do."
          ["returned no data"] NoData 1 Never Seen "No past data there"
            "The broker has nothing for that contract, span and kind of price; a missing subscription can look the same."
            "Do not repeat it; check the span, the exchange, the kind of price and the subscription."
          ["no data of type"] RequestError 1 Never Seen "No past data of that kind"
            "That kind of price is not given for that exchange and kind of instrument."
            "Ask for another kind of price, or another exchange."
          ["permission", "subscri", "no market data"] DataPermission 2 Never Seen "Past data needs a subscription"
            "The account has no market data for that exchange, and past data goes with it."
            "Subscribe the data in the broker's portal."
          ["different ip", "session is connected"] DataPermission 3 Never Seen "Data goes to another session"
            "The same user is logged in at another address, and data flows there."
            "Log the other session out, or use a second user name for the Gateway."
          ["connection attempt failed", "not connected", "unreachable", "disconnect"] Connectivity 2 Never Seen "History farm not reached"
            "The Gateway has no connection to the server for past data."
            "Ask again once 2106 names the farm."
          ["invalid step", "time length exceed", "duration"] RequestError 1 Never Seen "Span and bar size do not go together"
            "So many bars of that size are not given in one piece."
            "Ask for a shorter span or larger bars."
          ["scanner", "scan"] RequestError 1 Never Seen "Scanner not available"
            "The scan is switched off, or needs a subscription."
            "Choose another scan code." } ;
    165 Warning 1 Never Official "Word of the history server"
        "The broker's server for past data has a remark on a request."
        "Read the text; mostly data follows."
        { ["server connection was successful"] Info 0 Never Seen "History server connected"
            "The server for past data was woken by the request; the data follows."
            "Nothing to do."
          ["no items"] Info 0 Never Seen "Scan found nothing"
            "No instrument fits the scan at the moment."
            "Nothing to do, or widen the filters." } ;
    166 NoData 1 Never Official "No data for an expired contract"
        "The broker keeps no past data of this contract after its expiry."
        "Keep the bars of expiring contracts while they trade." ;
    300 RequestError 0 Never Official "No such line to cancel"
        "The market-data line had ended already."
        "Nothing to do." ;
    301 ..= 302 RequestError 1 Never Official "Spreadsheet ticker request not understood"
        "An action or a stop of the ticker interface has a form that the Gateway cannot read."
        "Correct the formula." ;
    309 Pacing 2 Never Official "No order book left"
        "The account may watch few order books at once, three by default."
        "Cancel one, or buy more market-data lines." ;
    310 RequestError 0 Never Official "No such order book to cancel"
        "The subscription of the book had ended already."
        "Nothing to do." ;
    316 RequestError 2 Never Official "Order book stopped"
        "The broker stopped sending the book."
        "Subscribe the book again." ;
    317 Warning 1 Never Official "Order book starts over"
        "What was shown of the book no longer holds; fresh rows follow."
        "Let the bot empty its book before it applies the next rows." ;
    319 RequestError 0 Never Official "Log level not accepted"
        "The level is between 1 and 5."
        "Correct the level." ;
    330 ..= 331 RequestError 1 Never Official "Managed accounts are for advisors"
        "The login has no list of managed accounts."
        "Leave the request out." ;
    344 RequestError 1 Never Official "Not an advisor's login"
        "The request belongs to advisors."
        "Leave the request out." ;
    354 DataPermission 2 Never Official "Market data not subscribed"
        "The account has no live data for this instrument, and the client did not ask for delayed data."
        "Subscribe the data in the broker's portal, or ask for delayed data with market-data type 3."
        { ["delayed market data is available"] DataPermission 2 Never Seen "Live data not subscribed, delayed is there"
            "The account has no live data for this instrument, and delayed data could be had."
            "Ask for market-data type 3, or subscribe the live data in the broker's portal." } ;
    365 RequestError 0 Never Official "No such scan to cancel"
        "The scan had ended already."
        "Nothing to do." ;
    366 RequestError 0 Never Official "No such history request"
        "The request for past data was answered whole or cancelled."
        "Nothing to do." ;
    385 ..= 386 RequestError 1 Never Official "Request number in use"
        "An active scan or history request of this client has the same number."
        "Give each request a number of its own." ;
    414 RequestError 1 Never Official "Snapshot with extra ticks"
        "A snapshot delivers the plain ticks only."
        "Leave the list of generic ticks empty, or subscribe." ;
    420 Pacing 2 Never Official "Live bars or ticks refused"
        "Asked for too often, or without a subscription: 60 within ten minutes, and one symbol not again within 15 seconds."
        "Read the text, and space the requests out."
        { ["permission", "subscri"] DataPermission 2 Never Seen "Live bars or ticks need a subscription"
            "The account has no market data for that exchange."
            "Subscribe the data in the broker's portal." } ;
    430 RequestError 1 Never Official "No fundamental data"
        "The broker has none for this company; newer Gateways have dropped the request."
        "Take fundamental data from another source." ;
    431 RequestError 1 Never Official "Kind of price missing"
        "The request for past data does not say which price; the code is out of use."
        "Fill in the kind of price." ;
    492 DataPermission 1 Never Seen "Scan without all permissions"
        "The result is not exact, for the account misses data of some exchanges."
        "Take the result as a hint, or subscribe the data." ;
    10089 DataPermission 2 Never Seen "Live data needs a subscription for the API"
        "What the workstation shows is not licensed to programs; delayed data is available."
        "Ask for delayed data, or subscribe the data for the API." ;
    10090 DataPermission 1 Never Official "Part of the data not subscribed"
        "Some ticks of the request need a further subscription, such as the underlying of an option; the others flow."
        "Nothing to do, unless those ticks are needed." ;
    10091 DataPermission 1 Never Seen "Part of the data needs a subscription for the API"
        "Some ticks of the request are not licensed to programs; the others flow."
        "Nothing to do, unless those ticks are needed." ;
    10092 RequestError 1 Never Seen "No order book for this instrument"
        "Depth does not exist for this exchange and kind of instrument."
        "Choose the instrument's own exchange." ;
    10167 DataPermission 1 Never Seen "Delayed data is shown"
        "The account has no live data for this instrument, so quotes are some 15 minutes old."
        "Do not price orders off them; subscribe the live data where that is needed." ;
    10168 DataPermission 2 Never Seen "Neither live nor delayed data"
        "The account has no live data for this instrument, and the client has not switched delayed data on."
        "Ask for market-data type 3 or 4, or subscribe the data in the broker's portal." ;
    10182 RequestError 2 Never Unverified "Growing bars have stopped"
        "Bars that were kept up to date could not go on; the broker's table does not have the code."
        "Ask for the bars again." ;
    10185 RequestError 1 Never Seen "Nothing to cancel"
        "No subscription of that number is active, of profit and loss for example."
        "Nothing to do." ;
    10186 RequestError 1 Never Official "No data, or nothing to cancel"
        "Either there is neither live nor delayed data for the instrument, or a cancel came for an unknown number."
        "Read the text; for data, ask for market-data type 3."
        { ["not subscribed", "delayed"] DataPermission 2 Never Official "Neither live nor delayed data"
            "The account has no live data for this instrument, and the client has not switched delayed data on."
            "Ask for market-data type 3 or 4, or subscribe the data in the broker's portal." } ;
    10187 DataPermission 2 Never Official "Past ticks refused"
        "The account has no data for that exchange, or the span is not possible."
        "Check the subscription and the span." ;
    10189 DataPermission 2 Never Official "Tick-by-tick refused"
        "The account has no data for that exchange, the kind of tick does not exist there, or another session at another address has the data."
        "Check the subscription, and log other sessions out." ;
    10190 Pacing 2 Never Unverified "No tick-by-tick line left"
        "The account may follow few instruments tick by tick, one for every 20 lines; the broker's table does not have the code."
        "Cancel one before the next." ;
    10197 DataPermission 3 Never Official "Data goes to a competing session"
        "The same login is live elsewhere, in the portal, on a phone or in the live account behind this paper account, and gets the data."
        "Log the other session out, or use a second user name for the Gateway." ;
    10225 RequestError 2 Never Official "Live bars ended by a bust"
        "A trade was taken back, and the broker ended the subscription of bars."
        "Subscribe the bars again." ;
    10230 RequestError 2 Never Official "Advisor's changes not saved"
        "A change of the advisor's groups is still under way."
        "Ask again once it is saved." ;
    10231 RequestError 2 Never Official "Groups with unknown accounts"
        "A group names accounts that are not of this login; the text lists them."
        "Correct the groups." ;
    10276 ..= 10277 DataPermission 1 Never Official "News feed not subscribed"
        "The account has no permission for that news or calendar feed."
        "Subscribe it in the broker's portal." ;
    10278 ..= 10284 RequestError 1 Never Official "Calendar request not carried out"
        "The event calendar answers one request at a time, its description first."
        "Ask for the description, wait for it, then ask for the events." ;
    10285 RequestError 2 Never Official "Client too old for fractional sizes"
        "The instrument's sizes have fractions, and the client library cannot read them."
        "Update the bot's client library." ;
    10299 RequestError 1 Never Official "Another kind of price expected"
        "The instrument has no such price; the text names the one that it has."
        "Ask for the kind of price in the text." ;
    10309 RequestError 1 Never Official "Calendar request not accepted"
        "The filter of the event calendar does not fit."
        "Correct the filter." ;
    10339 RequestError 1 Never Official "Continuous future with an end date"
        "Bars of a continuous future always end at this moment."
        "Leave the end date empty." ;
    10346 Warning 1 Never Official "Instrument is shown elsewhere"
        "The data of this instrument goes to another window of the same login."
        "Close it there, then subscribe again." ;
};
