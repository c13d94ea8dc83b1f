//! Orders: fields of single kinds, combinations, advisors, times and algorithms, 303 to 499.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    303 OrderReject 2 IfNew Official "Side not accepted"
        "The order is neither a purchase nor a sale; short-sale words are for institutions."
        "Use BUY or SELL." ;
    304 ..= 307 RequestError 1 Never Official "Spreadsheet request not understood"
        "A request of the spreadsheet interface has a form that the Gateway cannot read."
        "Correct the formula." ;
    308 Warning 1 Never Official "No room for the API page"
        "The workstation shows as many pages as it can, so orders of the API get none of their own."
        "Close a page in the workstation." ;
    311 OrderReject 1 IfNew Official "Origin not accepted"
        "The order's origin is a field for institutions."
        "Leave it at its default." ;
    312 OrderReject 2 IfNew Official "Combination not accepted"
        "The combination as a whole does not make sense to the broker."
        "Check the legs, their ratios and the exchange." ;
    313 OrderReject 2 IfNew Official "Leg of the combination not accepted"
        "One leg has a field that does not fit."
        "Check number, ratio, side and exchange of the leg." ;
    314 OrderReject 2 IfNew Official "Combination without legs"
        "The contract is a combination and names no legs."
        "Add the legs." ;
    315 OrderReject 2 IfNew Official "Stock legs need SMART"
        "A combination with a stock is routed by SMART only."
        "Set the exchange to SMART." ;
    320 RequestError 3 Unsure Official "Request could not be read by the server"
        "The broker's server stopped at a field of the request. When it was a change, the order works on."
        "Correct the field that the text names." ;
    321 RequestError 3 Unsure Official "Request did not pass the check"
        "The Gateway checked the request and stopped at a field. When it was a change, the order works on."
        "Correct the field that the text names."
        { ["gatehouse"] RequestError 3 Never Gatehouse "Refused by Gatehouse"
            "Gatehouse did not pass the message on; the rule is in the text."
            "Read the rule in the text, and change the bot or the limit."
          ["read-only", "read only", "schreibgesch"] RequestError 3 Unsure Seen "Gateway is read-only"
            "The Gateway takes no orders while its setting for a read-only API is on."
            "Switch the read-only setting off in the Gateway and restart the session."
          ["account code", "invalid account", "invalid or missing account"] RequestError 3 Unsure Seen "Account not accepted"
            "The account of the request is not one of this login, or is missing."
            "Use one of the accounts that the Gateway named at the start."
          ["invalid contract id", "please enter", "missing order exchange"] RequestError 2 Unsure Seen "Contract not complete"
            "The contract of the request has no valid number, or misses its exchange or symbol."
            "Look the contract up first, and send its number and exchange."
          ["tick-by-tick", "generic tick", "bar size", "what to show", "duration", "market data type"] RequestError 2 Never Seen "Data request not accepted"
            "A word of the data request is not one that this instrument knows."
            "Use one of the words that the text lists."
          ["time zone", "date", "time"] RequestError 2 Unsure Seen "Date or time not accepted"
            "A date or time is not in a form that the Gateway reads."
            "Use UTC in the form yyyymmdd-hh:mm:ss." } ;
    322 RequestError 3 Unsure Official "Request could not be carried out"
        "The broker's server read the request and was not able to process it. When it was a change, the order works on."
        "Read the text, then open orders, before it is sent again."
        { ["duplicate", "maximum number", "max number"] RequestError 2 Never Seen "Too many or the same request again"
            "A request of this kind is active already, or as many as allowed."
            "Cancel the earlier request first." } ;
    323 RequestError 3 Unsure Official "Server error with a cause"
        "The broker's server gave up on the request for the cause in the text."
        "Read the text, then open orders, before it is sent again." ;
    324 RequestError 1 Never Official "Spreadsheet request incomplete"
        "A request of the spreadsheet interface misses a part."
        "Complete the formula." ;
    325 OrderReject 2 IfNew Official "Discretionary not possible here"
        "Exchange and kind of order do not know a discretionary amount."
        "Leave the amount out." ;
    328 OrderReject 2 IfNew Official "Trailing stop cannot be attached here"
        "A trailing stop is attached to limit and stop-limit orders only."
        "Change the parent's kind, or send the stop by itself." ;
    329 OrderReject 2 IfNew Official "Change of the kind refused"
        "A working order cannot become that other kind; it works on as it was."
        "Cancel the order and send a new one." ;
    332 OrderReject 2 IfNew Official "Account codes of the profile not accepted"
        "An account in the allocation is not one of this login."
        "Correct the accounts of the group." ;
    333 OrderReject 2 IfNew Official "Allocation not readable"
        "The allocation to accounts has a form that the Gateway cannot read."
        "Correct the allocation." ;
    334 OrderReject 2 IfNew Official "Good-till date not accepted"
        "The date until which the order is good is missing, past, or in another form."
        "Use a future date in the form yyyymmdd-hh:mm:ss, in UTC." ;
    335 OrderReject 2 IfNew Official "Delta out of range"
        "The delta is between 0 and 100."
        "Correct the delta." ;
    336 ..= 337 OrderReject 2 IfNew Official "Time or zone not accepted"
        "A time of the order is not in a form that the Gateway reads."
        "Use the form yyyymmdd hh:mm:ss US/Eastern, or UTC as yyyymmdd-hh:mm:ss." ;
    338 OrderReject 2 Unsure Official "Good after time not possible"
        "The exchange takes no orders with a later start."
        "Send the order when it is due." ;
    339 OrderReject 2 Unsure Official "Futures spread not possible"
        "Spreads of futures are combinations."
        "Use a combination with two legs." ;
    340 OrderReject 2 Unsure Official "Auction amount not accepted"
        "The improvement amount of a box auction does not fit."
        "Correct the amount." ;
    341 OrderReject 2 Unsure Official "Delta out of range"
        "The delta of a pegged order is between 1 and 100."
        "Correct the delta." ;
    342 OrderReject 2 Unsure Official "Pegged order not possible here"
        "The exchange does not know pegged orders."
        "Use another exchange or kind of order." ;
    343 OrderReject 2 IfNew Official "Date, time or zone not accepted"
        "A date and time of the order is not in a form that the Gateway reads."
        "Use the form yyyymmdd hh:mm:ss US/Eastern, or UTC as yyyymmdd-hh:mm:ss." ;
    345 OrderReject 2 Unsure Official "Combination not possible for advisors"
        "A generic combination cannot be allocated to several accounts."
        "Send it for one account." ;
    346 OrderReject 3 IfNew Official "Account kind does not allow it"
        "The field is for institutions or for accounts that clear elsewhere."
        "Set the account of the order, and leave clearing fields out." ;
    347 OrderReject 2 IfNew Official "Short-sale slot not accepted"
        "The slot is 1 when the broker holds the shares and 2 when they come from elsewhere."
        "Use 1 or 2, or leave it out." ;
    348 OrderReject 2 IfNew Official "Slot without a short sale"
        "A short-sale slot needs the side SSHORT."
        "Leave the slot out." ;
    349 ..= 351 OrderReject 2 Unsure Official "Attribute not possible for this order"
        "A start time, a minimum quantity or the flag for regular hours does not fit this order."
        "Leave the field that the text names out." ;
    352 OrderReject 2 IfNew Official "Short-sale location missing"
        "Shares from elsewhere need the place where they lie."
        "Fill in the location." ;
    353 OrderReject 2 IfNew Official "Short-sale location too much"
        "Shares that the broker holds need no place."
        "Leave the location out." ;
    355 OrderReject 2 IfNew Official "Size does not fit the market rule"
        "The quantity is not a multiple of the contract's step."
        "Round the quantity to the size increment of the contract's details." ;
    356 OrderReject 2 IfNew Official "Smart combination in a group"
        "A smart combination cannot be part of a one-cancels-all group."
        "Take the order out of the group." ;
    358 OrderReject 2 IfNew Official "Smart combination as a child"
        "A smart combination cannot be attached to another order."
        "Send it by itself." ;
    359 OrderReject 2 IfNew Official "Group kind not possible for a combination"
        "Combinations know groups that reduce without blocking only."
        "Choose the third kind of group." ;
    360 OrderReject 2 IfNew Official "No what-if for a smart combination"
        "Margin and fees of a smart combination cannot be asked for beforehand."
        "Ask for each leg." ;
    361 OrderReject 2 IfNew Official "Trigger price not accepted"
        "The price that triggers the adjustment does not fit."
        "Correct the trigger price." ;
    362 OrderReject 2 IfNew Official "Adjusted stop not accepted"
        "The stop price after the adjustment does not fit."
        "Correct the adjusted stop." ;
    363 OrderReject 2 IfNew Official "Adjusted limit not accepted"
        "The limit after the adjustment does not fit."
        "Correct the adjusted limit." ;
    364 OrderReject 2 IfNew Official "Adjusted trail not accepted"
        "The trailing amount after the adjustment does not fit."
        "Correct the adjusted amount." ;
    367 ..= 380 OrderReject 2 Unsure Official "Field of a volatility order does not fit"
        "Volatility orders and their hedge need certain fields and exclude others."
        "Correct the field that the text names." ;
    381 Client 2 Never Official "Spreadsheet library too old"
        "The library of the spreadsheet interface is older than the Gateway."
        "Update it." ;
    382 OrderReject 3 IfNew Official "Price beyond the preset ticks"
        "The price is more ticks from the market than the Gateway's presets allow."
        "Check the price; when it is meant so, raise the number of ticks in the presets." ;
    383 OrderReject 3 IfNew Official "Size above the preset limit"
        "The quantity is larger than the Gateway's presets allow."
        "Lower the quantity, or raise the size limit in the presets." ;
    384 RequestError 1 Never Official "Spreadsheet array not understood"
        "An array of the spreadsheet interface has a form that the Gateway cannot read."
        "Correct the formula." ;
    387 OrderReject 2 IfNew Official "Kind of order not possible here"
        "The exchange does not take this kind of order for this instrument."
        "Choose a kind that the contract's details list." ;
    388 OrderReject 2 IfNew Official "Size below the minimum"
        "The quantity is smaller than the instrument allows."
        "Raise the quantity to the contract's minimum." ;
    389 ..= 390 OrderReject 2 Unsure Official "Routed order id not accepted"
        "The id of a routed order is used already or malformed."
        "Give it another id." ;
    391 OrderReject 2 IfNew Official "Time or zone not accepted"
        "A time of the order is not in a form that the Gateway reads."
        "Use hh:mm:ss with a zone." ;
    392 OrderReject 2 IfNew Official "Contract has expired"
        "The contract's last trading day is over."
        "Use the next expiry." ;
    393 ..= 394 OrderReject 2 Unsure Official "Field of a hedge or process time not accepted"
        "The field does not fit this order."
        "Correct the field that the text names." ;
    395 OrderReject 3 IfNew Official "Groups are not taken at the moment"
        "The broker has trouble and takes no one-cancels-all groups."
        "Wait, and read the broker's bulletins." ;
    396 ..= 397 OrderReject 3 IfNew Official "Only market and limit orders at the moment"
        "The broker has trouble and takes only the plainest orders in this contract."
        "Use a limit order, or wait and read the broker's bulletins." ;
    398 OrderReject 2 Unsure Official "Condition cannot trigger"
        "What the condition names cannot be used as a trigger."
        "Choose another condition." ;
    399 OrderWarning 2 Never Official "Message about an order"
        "The broker has something to say about the order; what it means is in the text."
        "Read the text, and look at the order's status."
        { ["gatehouse did not send this change"] OrderWarning 2 Never Gatehouse "Change refused by Gatehouse"
            "The change was judged and not sent. The order works on as it was."
            "Read the rule in the text, then ask for less or change the limit in Risk."
          ["will not be placed", "until the", "held until"] OrderWarning 1 Never Seen "Order waits for the session"
            "The order was taken and goes to the exchange when its session opens."
            "Nothing to do, unless it was meant for this moment."
          ["reprice", "capped", "price cap", "price management"] OrderWarning 2 Never Seen "Price was moved by the broker"
            "To keep the order within an exchange's band, the broker shows it at another price."
            "Compare the working price with the one that was sent."
          ["short sale", "locate", "shares"] OrderWarning 2 Never Seen "Order waits for shares to borrow"
            "The broker looks for shares that can be sold short."
            "Wait, or cancel the order."
          ["odd lot", "idealpro", "minimum"] OrderWarning 1 Never Seen "Order below the usual size"
            "The order is smaller than the exchange's usual minimum and is handled as an odd lot, perhaps at a worse price."
            "Nothing to do, unless the price matters; larger currency orders get the better one."
          ["warning"] OrderWarning 1 Never Seen "Warning about an order"
            "The order lives, and the broker adds a caution to it."
            "Read the text; nothing has been refused." } ;
    400 OrderReject 2 IfNew Official "Algorithm refused the order"
        "The broker's algorithm does not take the order as it is."
        "Check the algorithm's name and parameters." ;
    401 OrderReject 2 Unsure Official "Field too long"
        "A text of the order is longer than allowed."
        "Shorten it." ;
    402 OrderReject 2 IfNew Official "No conditions for this contract"
        "Orders in this contract cannot wait for a condition."
        "Take the condition out, or check it in the bot." ;
    403 OrderReject 2 IfNew Official "Stop price not accepted"
        "The stop price does not fit the contract, or lies on the far side of the market."
        "Check side and tick of the stop price." ;
    404 OrderWarning 2 Never Official "Order waits for shares to borrow"
        "The sale would be short and no shares are at hand. The broker holds the order and looks for some."
        "Wait, or cancel the order." ;
    405 OrderReject 2 Unsure Official "Child of another size"
        "The attached order differs in size from its parent; the code is out of use."
        "Give both the same quantity." ;
    406 RequestError 2 IfNew Official "Currency not accepted"
        "The instrument is not traded in this currency."
        "Correct the currency of the contract." ;
    407 RequestError 2 IfNew Official "Symbol with unusual letters"
        "The symbol holds letters outside plain ASCII."
        "Use the symbol as the broker writes it." ;
    408 ..= 410 OrderReject 2 Unsure Official "Field of a scale order does not fit"
        "Increment or size of the components is missing or out of range."
        "Correct the field that the text names." ;
    411 OrderReject 1 IfNew Official "Outside regular hours not possible"
        "The instrument is not traded outside regular hours, or not with this kind of order."
        "Leave the flag out." ;
    412 OrderReject 2 IfNew Official "Contract is not traded"
        "The contract exists and cannot be traded, like an index."
        "Choose an instrument that is traded." ;
    413 OrderReject 1 IfNew Official "What-if without transmit"
        "An order that only asks for margin has to be marked for transmission."
        "Set transmit to true." ;
    415 ..= 416 OrderReject 1 Unsure Official "Request for quotes not possible"
        "Another request for quotes is running, or the contract has none."
        "Wait for the first one to end." ;
    417 ..= 419 OrderReject 2 Unsure Official "Field of a scale order does not fit"
        "The first size or the profit offset is missing or out of range."
        "Correct the field that the text names." ;
    421 OrderReject 2 Unsure Official "Route not accepted"
        "The route does not exist; the code is out of use."
        "Use SMART." ;
    422 OrderReject 2 IfNew Official "Account of an order cannot change"
        "Account and clearing of a working order are fixed; it works on as it was."
        "Cancel the order and send a new one." ;
    423 OrderReject 2 Unsure Official "Cross order has run out"
        "The quotes of a cross order are no longer valid."
        "Ask for quotes again." ;
    424 ..= 425 OrderReject 2 Unsure Official "Allocation missing"
        "An advisor's order has to say for which accounts it is; the code is out of use."
        "Fill in the allocation." ;
    426 OrderReject 2 IfNew Official "No shares to sell"
        "None of the accounts holds enough, and a cash account cannot sell short."
        "Sell no more than is held." ;
    427 ..= 429 OrderReject 2 Unsure Official "Order form does not fit the product"
        "Funds are bought for money and sold in shares; delta-neutral orders are combinations."
        "Correct the field that the text names." ;
    432 ..= 433 OrderReject 2 Unsure Official "Field not accepted"
        "A commission or the restoring of a scale order's size does not fit."
        "Correct the field that the text names." ;
    434 OrderReject 2 IfNew Official "Size is zero"
        "The order has no quantity."
        "Send a quantity above zero." ;
    435 OrderReject 3 IfNew Official "Account missing"
        "The login has several accounts and the request names none."
        "Set the account." ;
    436 OrderReject 3 IfNew Official "Allocation missing"
        "An advisor's order has to name an account or a group."
        "Set the account or the group." ;
    437 OrderReject 1 Unsure Official "Two flags that exclude each other"
        "Outside regular hours and trading before the open do not go together; the code is out of use."
        "Take one of the two out." ;
    438 System 3 Never Official "Program is locked"
        "The workstation was locked by its user; the code is out of use."
        "Unlock it." ;
    439 OrderReject 2 IfNew Official "Algorithm not known"
        "The broker has no algorithm of that name for this instrument."
        "Correct the algorithm's name." ;
    440 OrderReject 2 IfNew Official "Algorithm cannot be changed"
        "The algorithm of a working order is fixed; the order works on as it was."
        "Cancel the order and send a new one." ;
    441 OrderReject 2 IfNew Official "Algorithm's parameters not accepted"
        "A parameter of the algorithm is missing or out of range."
        "Correct the parameter that the text names." ;
    442 OrderReject 2 IfNew Official "Algorithm not possible for this order"
        "The algorithm does not take this kind of order."
        "Choose another algorithm or kind of order." ;
    443 OrderReject 2 IfNew Official "Parameter of the algorithm not known"
        "The algorithm has no parameter of that name."
        "Correct the parameter's name." ;
    444 ..= 445 OrderWarning 2 Never Official "Order cannot be changed yet"
        "A volatility combination waits for its acknowledgement, or its quotes have run out."
        "Send the change after the order was acknowledged." ;
    446 ..= 449 OrderReject 2 Unsure Official "Field of a scale order does not fit"
        "Profit offset, adjustment or its interval is missing or out of range."
        "Correct the field that the text names." ;
    460 OrderReject 3 IfNew Seen "No trading permission"
        "The account may not trade this product or on this exchange."
        "Request the permission in the broker's portal; it takes one to three business days." ;
    481 OrderWarning 3 Never Official "Order made smaller by the broker"
        "The broker reduced the quantity; the rest of the order works."
        "Compare the order's quantity with what was meant." ;
};
