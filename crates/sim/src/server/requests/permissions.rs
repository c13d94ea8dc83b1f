//! Who takes requests that an ordinary account without subscriptions is refused, with the words
//! that a real Gateway refused them with.

use gatehouse_tws::answer::{FamilyCode, FamilyCodes, SoftDollarTiers};
use gatehouse_tws::request::{
    CancelContractData, CancelFundamentalData, CancelHistoricalTicks, CancelWshEventData,
    CancelWshMetaData, FaReplace, FaRequest, FamilyCodesRequest, FundamentalDataRequest,
    SoftDollarTiersRequest, VerifyAndAuthMessage, VerifyAndAuthRequest, VerifyMessage,
    VerifyRequest, WshEventDataRequest, WshMetaDataRequest,
};

use super::answers;

/// To an account that belongs to no advisor.
const NO_ADVISOR: &str =
    "Error validating request.-'b9' : cause - FA data operations ignored for non FA customers.";
/// To a login without Wall Street Horizon.
const NO_EVENTS: &str = "News feed is not allowed.";
/// To everybody since 10.47.
const NO_REPORTS: &str = "Fundamentals data is not allowed.";
/// To a program that is no partner's; the words are those by which clients refuse to send it.
const NO_PARTNER: &str = "Error validating request.-'bV' : cause - Intent to authenticate needs to be expressed during initial connect request.";

answers! {
    FaRequest => |hub, call, _| hub.complain(call.session, -1, 321, NO_ADVISOR);
    FaReplace => |hub, call, asked| {
        hub.complain(call.session, asked.req_id.get(), 321, NO_ADVISOR);
    };
    SoftDollarTiersRequest => |hub, call, asked| {
        let none = SoftDollarTiers { req_id: asked.req_id, tiers: Vec::new() };
        hub.say(call.session, |version| none.encode(version));
    };
    FamilyCodesRequest => |hub, call, _| {
        let every = FamilyCode { account: "*".to_owned(), code: String::new() };
        hub.say(call.session, |version| FamilyCodes { codes: vec![every] }.encode(version));
    };
    WshMetaDataRequest => |hub, call, asked| {
        hub.complain(call.session, asked.req_id.get(), 10276, NO_EVENTS);
    };
    WshEventDataRequest => |hub, call, asked| {
        hub.complain(call.session, asked.req_id.get(), 10276, NO_EVENTS);
    };
    CancelWshMetaData => |_, _, _| {};
    CancelWshEventData => |_, _, _| {};
    FundamentalDataRequest => |hub, call, asked| {
        hub.complain(call.session, asked.req_id.get(), 10358, NO_REPORTS);
    };
    CancelFundamentalData => |_, _, _| {};
    CancelContractData => |_, _, _| {};
    CancelHistoricalTicks => |_, _, _| {};
    VerifyRequest => |hub, call, _| hub.complain(call.session, -1, 321, NO_PARTNER);
    VerifyMessage => |hub, call, _| hub.complain(call.session, -1, 321, NO_PARTNER);
    VerifyAndAuthRequest => |hub, call, _| hub.complain(call.session, -1, 321, NO_PARTNER);
    VerifyAndAuthMessage => |hub, call, _| hub.complain(call.session, -1, 321, NO_PARTNER);
}
