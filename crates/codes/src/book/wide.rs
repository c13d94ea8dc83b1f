//! Orders in the range from 10000 that few traders meet: the broker's table has them, in families.

use crate::Line;
use crate::line::lines;

pub(super) const LINES: &[Line] = lines! {
    10000 ..= 10003 OrderReject 2 Unsure Official "Combination not possible"
        "Currencies, legs or the exchange of the combination do not go together."
        "Check the legs and the exchange." ;
    10005 OrderReject 2 Unsure Official "Model is read-only"
        "The account's model cannot be traded."
        "Send the order without the model." ;
    10007 ..= 10010 OrderReject 2 Unsure Official "Hedge not accepted"
        "Kind, ratio or beta of the hedge does not fit."
        "Correct the hedge." ;
    10011 OrderReject 2 Unsure Official "Currency not possible in a smart combination"
        "Smart combinations are not routed in this currency."
        "Send the legs by themselves." ;
    10012 OrderReject 2 Unsure Official "Percentage of the allocation not accepted"
        "The percentage is out of range."
        "Correct the percentage." ;
    10013 OrderReject 2 Unsure Official "Smart routing to be opted out of"
        "The account is set not to use smart routing."
        "Route directly, or change the setting at the broker." ;
    10014 OrderReject 2 Unsure Official "Percentage limits"
        "The code is out of use."
        "Read the text." ;
    10016 ..= 10017 RequestError 1 Never Official "Contract not visible"
        "The code is out of use."
        "Look the contract up again." ;
    10018 ..= 10019 OrderWarning 1 Never Official "Prices are economic values"
        "The instrument's price stands for a value that is computed from it."
        "Check how the bot turns the price into money." ;
    10021 ..= 10027 OrderReject 2 Unsure Official "Field of a combination not accepted"
        "The code is out of use."
        "Leave the field that the text names out." ;
    10234 ..= 10235 OrderReject 2 Unsure Official "Decision maker missing"
        "European rules ask who decided on the order, a person or a program."
        "Set the decision maker in the Gateway's settings." ;
    10236 ..= 10237 OrderReject 2 Unsure Official "All-or-none does not fit"
        "Parent and child have to agree on all-or-none, and such an order is sent whole."
        "Set the flag on both or on neither." ;
    10238 ..= 10239 OrderReject 2 Unsure Official "Advisor's setup stopped the order"
        "The advisor's page could not be asked, or an account does not fit the risk score of the group."
        "Look at the groups in the advisor's portal." ;
    10240 OrderReject 2 Unsure Official "Price cap missing"
        "This kind of order needs a highest price."
        "Set the price cap." ;
    10253 OrderReject 2 Unsure Official "Clearing elsewhere not possible"
        "A combination with a hedge is cleared at the broker only."
        "Leave the clearing fields out." ;
    10254 OrderReject 2 Unsure Official "Bond has expired"
        "The bond is past its maturity."
        "Choose another bond." ;
    10286 OrderReject 2 Unsure Official "Too many decimals"
        "A number of the order has more decimals than its field takes."
        "Round the number." ;
    10294 OrderReject 2 Unsure Official "Cash quantity differs from the group"
        "The amount is not the sum of what the group's accounts get."
        "Correct one of the two." ;
    10295 RequestError 2 Unsure Official "Only possible with days"
        "A schedule is asked for in days; orders that harvest a loss have to be DAY."
        "Use a bar size of one day, or DAY for the order." ;
    10296 ..= 10298 OrderReject 2 Unsure Official "Attribute does not fit"
        "Dark pools, not-held or a model's currency do not go with this order."
        "Leave the field that the text names out." ;
    10300 ..= 10301 RequestError 2 Unsure Official "Date or time not accepted"
        "A date or time is not in a form that the Gateway reads."
        "Use UTC in the form yyyymmdd-hh:mm:ss." ;
    10302 ..= 10308 OrderReject 2 Unsure Official "Field of a midpoint or competing order does not fit"
        "A minimum size or an offset is out of range, or cannot be used here."
        "Correct the field that the text names." ;
    10310 OrderReject 2 Unsure Official "Solicited flag does not fit"
        "The flag is for orders that a broker or advisor proposed and the client approved."
        "Leave the flag out." ;
    10312 OrderReject 2 Unsure Official "Volatility order not possible"
        "Instrument and account do not allow this kind of order together."
        "Use a limit order." ;
    10316 RequestError 2 Unsure Official "Trigger outside regular hours is gone"
        "The field was replaced by the flag for trading outside regular hours."
        "Update the client library." ;
    10317 ..= 10318 OrderReject 2 Unsure Official "Amount or fraction not possible"
        "The amount is not a multiple of its step, or the order takes no fractions."
        "Round the amount, or use whole units." ;
    10319 OrderReject 2 Unsure Official "Municipal bonds not over the API"
        "The broker takes no orders of programs in municipal bonds."
        "Place the order by hand." ;
    10321 OrderReject 2 Unsure Official "Municipal bonds not in groups"
        "Such bonds cannot be attached or part of a group."
        "Send the order by itself." ;
    10322 RequestError 1 Never Official "All accounts cannot be asked at once"
        "With accounts that are added on the way, the request takes one account."
        "Name the account." ;
    10331 ..= 10334 OrderWarning 1 Never Official "Confirmation asked for"
        "The Gateway wants a confirmation, about stops, volatility, an option at the money or the account."
        "Confirm it in the Gateway, or switch that message off." ;
    10335 OrderWarning 2 Never Official "Presets contradict each other"
        "The Gateway's presets could not be applied to the order."
        "Review the presets." ;
    10336 OrderReject 2 Unsure Official "Broker for each leg not possible"
        "The legs of a combination share one executing broker."
        "Leave the field out." ;
    10337 ..= 10338 RequestError 1 Unsure Official "Option of the request not known"
        "An extra option has a name or a value that the request does not know; the text lists those that it does."
        "Use one of them, or leave the option out." ;
    10342 OrderReject 2 Unsure Official "Imbalance-only not possible"
        "The order cannot be restricted to imbalances."
        "Leave the flag out." ;
    10343 OrderReject 2 Unsure Official "Event contracts are not sold"
        "A position in an event contract is closed by buying the other side."
        "Buy the opposite contract." ;
    10344 OrderReject 2 Unsure Official "Price of an event contract out of range"
        "Event contracts cost between 0.02 and 0.99, in cents."
        "Correct the price." ;
    10345 OrderReject 2 Unsure Official "Product cannot be traded"
        "The account cannot trade what the text names."
        "Choose another product." ;
};
