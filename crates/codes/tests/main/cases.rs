//! Codes whose text decides.

use gatehouse_codes::{Category, EndsOrder, Severity, meaning};

#[track_caller]
fn check(code: i32, text: &str, title: &str) {
    assert_eq!(meaning(code, text).title, title, "{code} {text}");
}

#[test]
fn a_rejection_is_read_by_its_reason() {
    let reason = |text: &str| format!("Order rejected - reason:{text}");
    for (text, title) in [
        ("The contract is not available for short sale.", "Not available to sell short"),
        (
            "In order to obtain the desired position your Equity with Loan Value [1000] must exceed the new total Initial Margin of [1500].",
            "Not enough margin or cash",
        ),
        ("No Trading Permission", "No permission for this product"),
        ("FX trade would expose account to currency leverage.", "Currency borrowing not allowed"),
        ("Potential pattern day trader: margin", "Day-trading rule"),
        ("The price exceeds the price cap of 101.5", "Price too far from the market"),
        ("Exchange is closed.", "Market closed for this order"),
        ("Order will be expired before market opens.", "Market closed for this order"),
        ("Minimum of 15 orders working on either the buy or sell side", "Too many open orders"),
        ("An index cannot be traded.", "Contract is not traded"),
        (
            "The following order \"ID:1\" value exceeds the Total Value Limit of 5000. Restriction is specified in Precautionary Settings",
            "Above a preset of the Gateway",
        ),
        ("Account is closed", "Account takes no new positions"),
        ("near-expiration / physical delivery rules", "Contract too near to its delivery"),
        ("Riskless combination orders are not allowed.", "Combination without risk"),
        (
            "No Trading Permission, Customer Ineligible; Ineligibility reasons:This product does not have a KID in English",
            "Product not open to this customer",
        ),
        ("Your Available Funds are in sufficient<br>to cover it.", "Not enough margin or cash"),
        ("OCA group is already filled.", "Group is already filled"),
        ("", "Order rejected by the broker"),
    ] {
        check(201, &reason(text), title);
        assert_eq!(meaning(201, &reason(text)).ends_order, EndsOrder::Yes, "{text}");
    }
}

#[test]
fn what_gatehouse_says_itself_is_not_taken_for_the_broker() {
    for (code, text, title, ends) in [
        (
            201,
            "Order rejected - Gatehouse GH-04: the margin is too small (bot momentum)",
            "Refused by Gatehouse",
            EndsOrder::Yes,
        ),
        (
            399,
            "Warning: Gatehouse did not send this change; the order is unchanged. GH-04: too large",
            "Change refused by Gatehouse",
            EndsOrder::Never,
        ),
        (
            321,
            "Message refused - Gatehouse GH-02: not understood (bot momentum)",
            "Refused by Gatehouse",
            EndsOrder::Never,
        ),
        (
            202,
            "Order Canceled - Gatehouse: it was taken back before it was sent",
            "Taken back by Gatehouse",
            EndsOrder::Yes,
        ),
        (
            326,
            "Unable to connect as the client id is already in use. Gatehouse: bot a with client id 7 is connected on this port",
            "Bot already connected at this port",
            EndsOrder::Never,
        ),
    ] {
        check(code, text, title);
        assert_eq!(meaning(code, text).ends_order, ends, "{code}");
    }
}

#[test]
fn past_data_is_read_by_its_text() {
    let begin = "Historical Market Data Service error message:";
    for (text, title) in [
        ("Historical data request pacing violation", "Past data asked for too often"),
        ("HMDS query returned no data: SPY@SMART Trades", "No past data there"),
        ("No market data permissions for NYSE STK", "Past data needs a subscription"),
        ("API historical data query cancelled: 9", "Request for past data or scan cancelled"),
        ("API scanner subscription cancelled: 3", "Request for past data or scan cancelled"),
        ("HMDS connection attempt failed", "History farm not reached"),
        (
            "Trading TWS session is connected from a different IP address",
            "Data goes to another session",
        ),
        (
            "No data of type EODChart is available for the exchange 'SMART'",
            "No past data of that kind",
        ),
        ("?", "Past data not delivered"),
    ] {
        check(162, &format!("{begin}{text}"), title);
        // Of all these, one says that the question was right and there is nothing.
        let is_none = meaning(162, text).category == Category::NoData;
        assert_eq!(is_none, title == "No past data there", "{text}");
    }
    assert_eq!(meaning(166, "HMDS Expired Contract Violation").category, Category::NoData);
    check(165, "HMDS server connection was successful.", "History server connected");
    check(165, "no items retrieved", "Scan found nothing");
    assert_eq!(meaning(165, "HMDS server connection was successful.").severity, Severity::Info);
    check(
        420,
        "Invalid Real-time Query:Historical data request pacing violation",
        "Live bars or ticks refused",
    );
    check(
        420,
        "Invalid Real-time Query:No market data permissions",
        "Live bars or ticks need a subscription",
    );
}

#[test]
fn other_texts_decide_too() {
    for (code, text, title) in [
        (200, "The contract description specified for SPY is ambiguous.", "Contract not unique"),
        (200, "No security definition has been found", "Contract not known"),
        (200, "The destination or exchange selected is Invalid.", "Exchange not accepted"),
        (201, "Order abgewiesen - Grund:Mittel", "Rejected, in another language"),
        (
            399,
            "Order Message:\nOdd lot order below the minimum for IdealPro",
            "Order below the usual size",
        ),
        (203, "The contract is ambiguous; you must specify the currency", "Currency missing"),
        (321, "cause - The API interface is currently in Read-Only mode.", "Gateway is read-only"),
        (321, "Die API befindet sich im schreibgeschuetzten Modus.", "Gateway is read-only"),
        (321, "cause - Invalid contract id", "Contract not complete"),
        (321, "cause - Please enter exchange", "Contract not complete"),
        (
            202,
            "Order Canceled - reason:Order price is outside price limits",
            "Order cancelled by broker or exchange",
        ),
        (202, "Order Canceled - reason:", "Order cancelled"),
        (321, "cause - Invalid account code", "Account not accepted"),
        (321, "cause - Incorrect generic tick list of 999.", "Data request not accepted"),
        (
            399,
            "Order Message:\nBUY 1 SPY\nWarning: Your order will not be placed at the exchange until 09:30",
            "Order waits for the session",
        ),
        (399, "Order Message:\nWarning: thin", "Warning about an order"),
        (399, "Order Message:\nAttention", "Message about an order"),
        (10148, "OrderId 3 can not be cancelled, state: Filled.", "Cancel of a filled order"),
        (10148, "OrderId 3 can not be cancelled, state: Cancelled.", "Cancel of a cancelled order"),
        (10147, "OrderId 0 that needs to be cancelled is not found.", "Cancel of order 0"),
        (10147, "OrderId 30 that needs to be cancelled is not found.", "Order to cancel not found"),
        (10186, "Requested market data is not subscribed.", "Neither live nor delayed data"),
    ] {
        check(code, text, title);
    }
}
