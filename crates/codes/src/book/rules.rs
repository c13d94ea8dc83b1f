//! Orders in the range from 10000 that traders meet: parents, permissions, sizes, routes, cancels.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    10006 OrderReject 2 IfNew Official "Parent order not there"
        "An attached order came before its parent, or the parent has ended."
        "Send the parent first with transmit off, and the last child with transmit on." ;
    10015 OrderReject 3 IfNew Official "Trading over the API not allowed"
        "The account's settings at the broker forbid orders of programs."
        "Have the account enabled for API trading at the broker." ;
    10020 OrderReject 1 IfNew Official "Display size too large"
        "The size to be shown is not below the order's size."
        "Lower the display size." ;
    10052 RequestError 2 Unsure Unverified "Time in force or date not accepted"
        "A time in force or a date is not one that the Gateway reads; the broker's table does not have the code."
        "Use DAY, GTC or a date in UTC." ;
    10137 ..= 10138 OrderReject 3 Unsure Unverified "Product not permitted"
        "The account seems to miss the permission for this product; the broker's table does not have the code."
        "Look at the trading permissions in the broker's portal." ;
    10147 OrderWarning 2 Never Official "Order to cancel not found"
        "The broker holds no order of this number for this client: it has ended, or another client id sent it."
        "Read open orders; nothing of it is left to cancel, unless another client owns it."
        { ["orderid 0 "] OrderWarning 1 Never Seen "Cancel of order 0"
            "Orders typed in by hand have no number until they are bound."
            "Bind the order first, or cancel it where it was typed in." } ;
    10148 OrderWarning 2 Never Official "Order cannot be cancelled in this state"
        "The order is past the point of a cancel; its state is in the text."
        "Read open orders and fills."
        { ["state: filled"] OrderWarning 2 Never Seen "Cancel of a filled order"
            "The order was filled before the cancel arrived."
            "Read the fill and look at the position."
          ["state: cancelled", "state: apicancelled"] OrderWarning 1 Never Seen "Cancel of a cancelled order"
            "The order had been cancelled already."
            "Nothing to do."
          ["state: pendingcancel"] OrderWarning 1 Never Seen "Cancel is already on its way"
            "An earlier cancel of the order has not been confirmed yet."
            "Wait for its confirmation." } ;
    10149 OrderReject 2 IfNew Seen "Order id not accepted"
        "The order has the number 0 or another one that cannot be used."
        "Ask for the next valid id and count up from there." ;
    10233 OrderWarning 1 Never Official "Fields filled in from a preset"
        "The order works; some of its empty fields were taken from the Gateway's presets."
        "Review the presets, or send these fields explicitly." ;
    10241 OrderReject 2 IfNew Official "Order in money cannot be changed here"
        "An order whose size is an amount of money is changed in the workstation only; it works on as it was."
        "Cancel it and send a new one." ;
    10242 OrderReject 2 IfNew Official "Fractional order cannot be changed here"
        "An order with a fraction of a share is changed in the workstation only; it works on as it was."
        "Cancel it and send a new one." ;
    10243 OrderReject 2 IfNew Official "Fractional order cannot be sent here"
        "Orders with a fraction of a share are not taken from this program."
        "Use whole shares." ;
    10244 OrderReject 2 IfNew Official "Cash quantity not possible"
        "The order's size cannot be given as an amount of money here."
        "Send a quantity instead." ;
    10245 OrderReject 2 IfNew Official "Instrument has no fractions"
        "The instrument is traded in whole units."
        "Use whole units." ;
    10246 OrderReject 2 IfNew Official "Order kind has no fractions"
        "This kind of order takes whole units."
        "Use whole units or another kind of order." ;
    10247 OrderReject 2 IfNew Official "Fractions need SMART"
        "Fractions of shares are routed by SMART only."
        "Set the exchange to SMART." ;
    10248 OrderReject 2 IfNew Official "No permission for fractions"
        "The account may not trade fractions of shares."
        "Use whole shares, or request the permission in the broker's portal." ;
    10249 OrderReject 2 IfNew Official "Time in force has no fractions"
        "Orders with this attribute take whole units."
        "Use whole units or a DAY order." ;
    10250 OrderReject 2 IfNew Official "Size between two steps"
        "The quantity is not a multiple of the contract's step."
        "Round it with the smallest size and the size increment of the contract's details." ;
    10251 OrderReject 2 IfNew Official "Fractions cannot be allocated"
        "An order for several accounts takes whole shares."
        "Use whole shares." ;
    10252 OrderReject 2 IfNew Official "Fractions only to close"
        "Here a fraction can be sold off, not opened."
        "Use whole shares, or close the position." ;
    10268 OrderReject 3 IfNew Official "eTradeOnly is no longer accepted"
        "The order carries an attribute that the broker has retired. Old client libraries set it by default."
        "Set eTradeOnly to false in the bot, or update its client library." ;
    10269 OrderReject 3 IfNew Official "firmQuoteOnly is no longer accepted"
        "The order carries an attribute that the broker has retired. Old client libraries set it by default."
        "Set firmQuoteOnly to false in the bot, or update its client library." ;
    10270 OrderReject 3 IfNew Official "nbboPriceCap is no longer accepted"
        "The order carries an attribute that the broker has retired."
        "Leave nbboPriceCap empty." ;
    10274 OrderReject 2 IfNew Seen "Post-to-ATS not accepted"
        "The field has a value that does not fit the order."
        "Leave it unset." ;
    10287 ..= 10288 OrderReject 2 IfNew Official "Crypto order needs a confirmation"
        "The Gateway asks for a confirmation that a program cannot give."
        "Use a limit order, or set the confirmation in the Gateway." ;
    10289 ..= 10290 OrderReject 2 IfNew Official "Order needs a cash quantity"
        "This order is given as an amount of money."
        "Set the cash quantity and leave the size empty." ;
    10291 OrderReject 2 IfNew Official "Harvesting a loss is for the day"
        "Such an order has to be DAY."
        "Set DAY." ;
    10292 OrderReject 2 IfNew Official "Kind or side restricted"
        "The product takes certain kinds of orders, or one side, only."
        "Choose a kind that the text allows." ;
    10293 OrderReject 2 IfNew Official "Cash quantity and size together"
        "An order given as an amount of money has no size."
        "Leave the size empty." ;
    10311 OrderReject 2 IfNew Official "Direct route may cost more"
        "The order goes straight to one exchange, and the Gateway's precaution stops it since fees may be higher."
        "Use SMART, or switch that precaution off for API orders." ;
    10314 RequestError 2 IfNew Official "Date or time not accepted"
        "A date or time is not in a form that the Gateway reads."
        "Use UTC in the form yyyymmdd-hh:mm:ss." ;
    10315 RequestError 2 IfNew Official "Time not accepted"
        "A time without a date is expected."
        "Use hh:mm:ss in UTC." ;
    10324 OrderReject 2 IfNew Official "Group does not fit the exchange"
        "The exchange protects against overfills by itself, and the group's kind does not go with that."
        "Choose the first kind of group, or route by SMART." ;
    10325 OrderReject 2 IfNew Official "Groups not possible"
        "The order cannot be part of a one-cancels-all group."
        "Take it out of the group." ;
    10326 OrderReject 2 IfNew Official "Group of an order cannot change"
        "A working order stays in its group; it works on as it was."
        "Cancel the order and send a new one." ;
    10327 OrderReject 2 IfNew Official "Kind of group cannot change"
        "The group keeps its kind; the order works on as it was."
        "Cancel the orders of the group and send new ones." ;
    10329 OrderReject 2 IfNew Official "Direct route stopped by a precaution"
        "The order goes straight to one exchange, and the Gateway's precaution stops it."
        "Use SMART, or switch that precaution off for API orders." ;
    10330 RequestError 2 IfNew Official "Expiry not accepted"
        "The date of expiry is not in a form that the Gateway reads."
        "Use yyyymm, yyyymmdd, or UTC in the form yyyymmdd-hh:mm:ss." ;
    10340 OrderReject 2 IfNew Official "Attribute not supported"
        "The order carries an attribute that does not fit it; the text names it."
        "Leave the attribute out." ;
    10341 OrderReject 2 IfNew Official "Parent of an order cannot change"
        "An attached order keeps its parent; it works on as it was."
        "Cancel the order and send a new one." ;
    10347 OrderWarning 2 Never Official "Instrument with few trades"
        "There is little trading in it, so a position may be hard to close."
        "Consider a smaller size and a limit price." ;
    10349 OrderWarning 1 Never Seen "Time in force set to DAY by a preset"
        "The order lives. It had no time in force, so the Gateway's preset made it DAY. Some client libraries take this for a cancel."
        "Send the time in force explicitly." ;
};
