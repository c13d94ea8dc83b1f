//! Orders: ids, prices, sizes, cancels, and the broker's last words on one.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    103 OrderReject 3 IfNew Official "Order id already used"
        "The order's number is not above every number that this client used before."
        "Ask for the next valid id and count up from there." ;
    104 OrderReject 2 Never Official "Change of a filled order"
        "The order was filled before the change reached the broker."
        "Read the fill; nothing of the order is left to change." ;
    105 OrderReject 2 Never Official "Change does not fit the order"
        "A change may touch quantity, price and a few other fields. This one had another side, contract or kind; the order works on as it was."
        "Cancel the order and send a new one." ;
    106 OrderReject 3 IfNew Official "Order could not be transmitted"
        "The kind of order or the form of a field was not accepted."
        "Check the kind of order and the fields that go with it." ;
    107 OrderReject 3 IfNew Official "Order is not complete"
        "A field that this kind of order needs is empty."
        "Fill in the field that the text names." ;
    109 OrderReject 3 IfNew Official "Price outside the Gateway's precautions"
        "The price is farther from the market than the percentage set in the Gateway's presets."
        "Check the price; when it is meant so, widen the percentage in the Gateway's presets." ;
    110 OrderReject 2 IfNew Official "Price between two ticks"
        "The price is not a multiple of the instrument's smallest step."
        "Round the price to the step that the market rule of the contract gives." ;
    111 OrderReject 2 IfNew Official "Time in force does not fit"
        "This kind of order cannot have this time in force."
        "Choose another time in force, such as DAY." ;
    113 OrderReject 2 IfNew Official "Orders on the close are for the day"
        "An order for the closing auction had a time in force other than DAY."
        "Set DAY." ;
    114 ..= 115 OrderReject 2 Unsure Official "Relative order not possible here"
        "Relative orders were bound to stocks and certain exchanges; the code is out of use."
        "Use another kind of order or SMART." ;
    116 OrderReject 2 IfNew Official "Exchange not open for orders"
        "The exchange of the order does not exist or takes no orders."
        "Correct the exchange; SMART is right for most stocks." ;
    117 OrderReject 2 IfNew Official "Block order too small"
        "A block order needs at least 50."
        "Raise the quantity or leave the block flag out." ;
    118 ..= 120 OrderReject 2 Unsure Official "VWAP order not possible"
        "VWAP orders have an exchange and a closing time of their own."
        "Use the VWAP algorithm instead, or send the order earlier." ;
    121 OrderReject 2 Unsure Official "Destination flag not accepted"
        "A flag on the order's destination was not accepted; the code is out of use."
        "Leave the flag out." ;
    122 RequestError 2 Never Official "Request without its tag"
        "The Gateway could not tell what kind of request it received."
        "Connect again, and update the client library if it happens twice." ;
    123 RequestError 2 Never Official "Contract number not found"
        "There is no contract of that number; the code is out of use."
        "Look the contract up again." ;
    124 RequestError 2 Never Official "No price steps for this contract"
        "The contract has no market rule, as is the case for an index."
        "Use the smallest step of the contract's details." ;
    125 OrderReject 3 IfNew Official "Buy price far above the offer"
        "The limit of the purchase is far above the best offer, so it was taken for a slip."
        "Check the price against a fresh quote and send the order again." ;
    126 OrderReject 3 IfNew Official "Sell price far below the bid"
        "The limit of the sale is far below the best bid, so it was taken for a slip."
        "Check the price against a fresh quote and send the order again." ;
    129 OrderReject 2 Unsure Official "VWAP order too late"
        "A VWAP order has to arrive three minutes before it starts."
        "Choose a later start." ;
    131 OrderWarning 1 Never Official "Sweep or display size ignored"
        "The order works. Sweeping and a display size exist for US stocks routed by SMART only."
        "Leave the field out of such orders." ;
    132 OrderReject 2 IfNew Official "Clearing account missing"
        "The order has to name the account that clears it."
        "Fill in the clearing account." ;
    133 OrderReject 3 IfNew Official "New order failed"
        "The order was not taken: the connection, or a field."
        "Check that the broker is connected, read open orders, then try once more." ;
    134 OrderReject 2 Never Official "Change failed"
        "The broker did not take the change, often since the order was filled or cancelled meanwhile."
        "Read open orders to see what the order is." ;
    135 OrderReject 2 Never Official "No order of that number"
        "The cancel names an order that the broker does not hold for this client: it has ended, or another client id sent it."
        "Read open orders, and cancel from the client that sent it." ;
    136 OrderReject 2 Never Official "Order cannot be cancelled"
        "The order is in a state that cannot be cancelled."
        "Read open orders and fills to see where it is." ;
    137 OrderWarning 2 Never Official "VWAP order starts too soon to cancel"
        "A VWAP order can be cancelled until three minutes before it starts."
        "Wait for its first fills, then decide." ;
    138 ..= 139 RequestError 2 Never Official "Request could not be read"
        "A symbol or a word of the request has a form that the Gateway cannot read."
        "Correct the field that the text names." ;
    140 RequestError 2 IfNew Official "Size is not a whole number"
        "The quantity came in a form that is not accepted."
        "Send a whole number." ;
    141 RequestError 2 IfNew Official "Price is not a number"
        "A price field holds something other than a number."
        "Send a decimal number with a point." ;
    142 OrderReject 2 Unsure Official "Account information missing"
        "An institution's order has to name its account."
        "Fill in the account." ;
    143 RequestError 2 Never Official "Id is not a whole number"
        "Ids of requests and orders are whole numbers."
        "Send a whole number as id." ;
    144 OrderReject 2 IfNew Official "Allocation does not add up"
        "The shares given to the accounts are not the order's size."
        "Correct the allocation of the accounts." ;
    145 OrderReject 3 IfNew Official "Field not accepted"
        "The Gateway checked the order's fields and stopped at one of them; the text names it."
        "Correct the field that the text names." ;
    146 OrderReject 2 IfNew Official "Trigger method not accepted"
        "This instrument or kind of order does not know the chosen way of triggering a stop."
        "Use the default method, 0." ;
    147 OrderReject 2 IfNew Official "Condition without a complete contract"
        "A condition of the order names its instrument incompletely."
        "Give the condition the contract's number and exchange." ;
    148 OrderReject 2 IfNew Official "Conditions not possible for this kind"
        "Only a few kinds of orders, limit and market among them, can wait for a condition."
        "Use a limit or market order, or check the condition in the bot." ;
    151 RequestError 1 Never Official "User name missing"
        "The spreadsheet interface needs a user name."
        "Fill in the user name." ;
    152 OrderReject 1 IfNew Official "Hidden is not possible here"
        "The exchange does not take hidden orders of this kind."
        "Leave the hidden flag out." ;
    153 OrderReject 2 Unsure Official "Exchange for physical needs a limit"
        "Such a combination is traded with a limit only; the code is out of use."
        "Use a limit order." ;
    154 OrderReject 3 IfNew Official "Trading is halted"
        "The exchange has halted the instrument."
        "Wait until trading resumes." ;
    155 ..= 156 OrderReject 2 Unsure Official "Size-operation order not possible"
        "The kind of order is out of use."
        "Use another kind of order." ;
    157 OrderReject 2 IfNew Official "Iceberg or discretionary, not both"
        "The order has a display size and a discretionary amount."
        "Take one of the two out." ;
    158 OrderReject 2 IfNew Official "Trailing distance missing"
        "A trailing order needs its distance, as an amount or in percent."
        "Fill in one of the two." ;
    159 OrderReject 2 IfNew Official "Trailing percentage out of range"
        "The distance in percent is between 0 and 100."
        "Correct the percentage." ;
    160 OrderReject 2 IfNew Official "Size is zero"
        "The order has no quantity."
        "Send a quantity above zero." ;
    161 OrderWarning 2 Never Official "Cancel came too late"
        "The order was not in a state to be cancelled; mostly it was filled or cancelled already."
        "Read open orders and fills." ;
    163 OrderReject 3 IfNew Official "Price outside the preset percentage"
        "The price is farther from the market than the Gateway's presets allow."
        "Check the price; when it is meant so, widen the percentage in the Gateway's presets." ;
    164 OrderWarning 2 Never Official "No price to check the order against"
        "The Gateway's presets ask for a comparison with the market, and there is no market data for the instrument."
        "Subscribe the data, or switch that precaution off for API orders." ;
    167 OrderReject 2 Unsure Official "VWAP start is in the past"
        "The order's start time has gone by."
        "Choose a later start." ;
    168 OrderReject 2 Unsure Official "Discretionary amount between two ticks"
        "The amount is not a multiple of the instrument's smallest step."
        "Round the amount." ;
    200 RequestError 2 Unsure Official "Contract not known"
        "The broker has no instrument of this description: expired, misspelt, or a field too much."
        "Look the contract up first and use its number."
        { ["ambiguous"] RequestError 2 Unsure Official "Contract not unique"
            "Several instruments fit the description."
            "Name the primary exchange, currency or multiplier, or use the contract's number."
          ["destination or exchange", "invalid destination"] RequestError 2 Unsure Seen "Exchange not accepted"
            "The exchange of the order does not exist, or does not trade the instrument at this hour."
            "Set the exchange to SMART, or to one that the contract's details list." } ;
    201 OrderReject 3 Yes Official "Order rejected by the broker"
        "The broker or the exchange did not accept the order; the text says why."
        "Read the text, and do not send the same order again before its reason has gone."
        { ["order rejected - gatehouse"] OrderReject 3 Yes Gatehouse "Refused by Gatehouse"
            "Gatehouse judged the order against its limits and did not send it. The rule and both numbers are in the text."
            "Lower the order, or change the limit in Risk."
          ["precautionary", "value limit"] OrderReject 3 Yes Seen "Above a preset of the Gateway"
            "The Gateway has limits of its own on price, size and value of an order, and this one is beyond one of them."
            "Lower the order, or change the limit in the Gateway's presets."
          ["account is closed", "account has been", "liquidation only", "closing only"] OrderReject 3 Yes Seen "Account takes no new positions"
            "The broker has closed or restricted the account."
            "Ask the broker's customer service; no order can open a position until then."
          ["delivery", "near-expiration", "near expiration"] OrderReject 3 Yes Seen "Contract too near to its delivery"
            "The broker allows no new positions in a future that is about to be delivered physically."
            "Trade the next expiry, and close what is held in this one in time."
          ["riskless combination"] OrderReject 2 Yes Seen "Combination without risk"
            "The legs cancel each other out, and the broker does not take such a combination."
            "Check sides, ratios and strikes of the legs."
          ["group is already filled"] OrderReject 2 Yes Seen "Group is already filled"
            "Another order of the one-cancels-all group was filled, so the group is over."
            "Read the fill; send the order by itself if it is still wanted."
          ["ineligib", " kid "] OrderReject 3 Yes Seen "Product not open to this customer"
            "The law or the product keeps it from this customer, for example a fund without a key information document."
            "Choose a product that is open to the account, such as a local fund on the same index."
          ["pattern day", "day trade", "day-trad", "potential pattern"] OrderReject 3 Yes Seen "Day-trading rule"
            "The order might be one day trade more than an account of this size may make."
            "Hold the position overnight, or raise the account above the threshold for day traders."
          ["currency leverage"] OrderReject 3 Yes Seen "Currency borrowing not allowed"
            "The exchange of two currencies would leave the account short of one of them, which its permissions do not cover."
            "Trade pairs with the account's own currency, or ask the broker for leverage in currencies."
          ["either the buy or sell side", "limit on open orders", "maximum number", "too many orders"] OrderReject 3 Yes Seen "Too many open orders"
            "The account already has as many orders on that side of the contract as the broker allows, 15 by default."
            "Cancel orders that are not needed before new ones are sent."
          ["margin", "equity with loan", "available funds", "buying power", "insufficient", "in sufficient"] OrderReject 3 Yes Seen "Not enough margin or cash"
            "After the order the account would need more margin or cash than it has."
            "Lower the quantity, or close something first; a what-if order shows the margin beforehand."
          ["short sale", "short stock", "not available for short", "shortable", "locate", "sell short", "shorting"] OrderReject 3 Yes Seen "Not available to sell short"
            "The sale would open a short position, and the shares cannot be borrowed or the account may not be short."
            "Sell no more than is held, or choose an instrument that can be borrowed."
          ["no trading permission", "trading permission", "permission", "not permitted", "not allowed to trade", "restricted"] OrderReject 3 Yes Seen "No permission for this product"
            "The account may not trade this instrument or on this exchange."
            "Request the permission in the broker's portal; it takes one to three business days."
          ["price cap", "too far", "aggressive", "outside the range", "reasonability", "price limit", "exceeds the percentage", "more than"] OrderReject 3 Yes Seen "Price too far from the market"
            "The limit is beyond what the broker or the exchange accepts at the moment."
            "Set the price nearer to the market and send the order again."
          ["minimum price variation", "min price variation", "minimum tick"] OrderReject 2 Yes Seen "Price between two ticks"
            "The price is not a multiple of the instrument's smallest step."
            "Round the price to the step that the market rule of the contract gives."
          ["closed", "expired before", "expire", "outside rth", "cut-off", "trading hours", "too late"] OrderReject 2 Yes Seen "Market closed for this order"
            "The exchange is closed, or the order would have ended before it opens."
            "Send it in trading hours, or with a time in force that lasts until the next session."
          ["cannot be traded", "not available for trading"] OrderReject 2 Yes Seen "Contract is not traded"
            "The contract exists and cannot be traded, like an index."
            "Choose an instrument that is traded."
          ["minimum size", "lot size", "size", "quantity"] OrderReject 2 Yes Seen "Quantity not accepted"
            "The quantity is below, above or between what the instrument allows."
            "Use the smallest size and its step from the contract's details."
          ["abgewiesen"] OrderReject 3 Yes Seen "Rejected, in another language"
            "The broker or the exchange did not accept the order; the reason is in the Gateway's own language."
            "Let the Gateway send API messages in English, in its settings, so that reasons can be read." } ;
    202 Info 1 Yes Official "Order cancelled"
        "The order has ended without being filled whole. It was cancelled by its owner, the broker or the exchange."
        "Nothing to do when the cancel was asked for; otherwise read the text."
        { ["gatehouse"] Info 1 Yes Gatehouse "Taken back by Gatehouse"
            "The order had not left Gatehouse yet, so it was taken back at once."
            "Nothing to do."
          ["margin", "liquidat", "permission", "price", "exchange", "expire", "start time"] OrderWarning 2 Yes Official "Order cancelled by broker or exchange"
            "The order was ended by the broker or the exchange, for the reason in the text."
            "Read the reason before a new order is sent." } ;
    203 OrderReject 3 IfNew Official "Instrument not allowed for this account"
        "The account may not trade this instrument."
        "Look at the trading permissions in the broker's portal."
        { ["ambiguous"] OrderReject 2 IfNew Official "Currency missing"
            "The instrument is traded in several currencies."
            "Name the currency of the contract." } ;
};
