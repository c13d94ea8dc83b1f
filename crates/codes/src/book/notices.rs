//! Warnings of the range from 2100: the broker goes on, something deserves a look.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    2100 Warning 1 Never Official "Account updates moved to another account"
        "Account updates go to one account at a time, and a newer subscription took the place of this one."
        "For several accounts, use the request for account updates of many accounts." ;
    2101 Warning 2 Never Official "Account updates held by another client"
        "Another client is subscribed to another account, and the Gateway serves one at a time."
        "Use the request for account updates of many accounts." ;
    2102 OrderWarning 2 Never Official "Change came too early"
        "The broker still works on the order's last step, so it did not take the change. The order is what it was."
        "Send the change again after the order was acknowledged." ;
    2109 OrderWarning 1 Never Official "Outside regular hours has no effect here"
        "The order works. Its flag for trading outside regular hours means nothing for this kind of order or exchange."
        "Leave the flag out of such orders." ;
    2111 OrderWarning 2 Never Official "Algorithm moved to the next session"
        "The algorithm's start or end was no longer possible today, so the broker took the next trading day."
        "Check the times of the order, and cancel it if the next day is not wanted." ;
    2130 Warning 1 Never Official "Price carries a factor"
        "The instrument is traded at a currency price times a factor."
        "Check how the bot turns the price into money." ;
    2137 OrderWarning 2 Never Official "Order would turn the position around"
        "The order is larger than the position it closes, so a long position would become short or the other way round."
        "Check the quantity; if the turn is wanted, switch this message off in the Gateway's settings." ;
    2148 OrderWarning 1 Never Unverified "Advice of the broker"
        "The broker passes on advice about the account, for example that little margin is left; reports of traders have it, the broker's table does not."
        "Read the text, and look at the account's margin if it is named." ;
    2152 DataPermission 1 Never Official "Exchanges of the order book"
        "The broker lists the exchanges whose depth is part of the book, and those that need a subscription."
        "Nothing to do, unless an exchange of interest is in the second list." ;
    2161 OrderWarning 1 Never Unverified "Advice on an order"
        "The broker comments on an order that it took, for example that it capped the price; its table does not have the code."
        "Read the text, and compare the order's terms with what was meant." ;
    2168 OrderWarning 1 Never Official "eTradeOnly is no longer used"
        "The order carries an attribute that the broker has retired. Old client libraries set it by default."
        "Set eTradeOnly to false in the bot, or update its client library." ;
    2169 OrderWarning 1 Never Official "firmQuoteOnly is no longer used"
        "The order carries an attribute that the broker has retired. Old client libraries set it by default."
        "Set firmQuoteOnly to false in the bot, or update its client library." ;
    2174 OrderWarning 1 Never Seen "Time without a time zone"
        "A date and time came without a zone, so the Gateway guessed one. The form is going to be dropped."
        "Always name the zone, or use UTC in the form yyyymmdd-hh:mm:ss." ;
    2176 Warning 1 Never Seen "Sizes are rounded for old clients"
        "The client library is too old for sizes with fractions and sees rounded ones."
        "Update the bot's client library." ;
    2187 DataPermission 1 Never Seen "Extra ticks missing on delayed data"
        "Only delayed data is available, and some of the ticks asked for exist in live data only."
        "Do without those ticks, or subscribe the live data." ;
    2188 DataPermission 1 Never Seen "Newest history needs a subscription"
        "Past data ends some minutes ago, since the account has no live data for the instrument."
        "Expect the last minutes to be missing, or subscribe the live data." ;
};
