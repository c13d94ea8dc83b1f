//! Who takes requests of the families that are still to come.

use gatehouse_tws::request::{
    CancelContractData, CancelFundamentalData, CancelHistoricalTicks, CancelNewsBulletins,
    CancelScannerSubscription, CancelWshEventData, CancelWshMetaData, ConfigRequest, FaReplace,
    FaRequest, FamilyCodesRequest, FundamentalDataRequest, HistoricalNewsRequest,
    NewsArticleRequest, NewsBulletinsRequest, QueryDisplayGroups, ScannerParametersRequest,
    ScannerSubscriptionRequest, SoftDollarTiersRequest, SubscribeToGroupEvents,
    UnsubscribeFromGroupEvents, UpdateConfigRequest, UpdateDisplayGroup, VerifyAndAuthMessage,
    VerifyAndAuthRequest, VerifyMessage, VerifyRequest, WshEventDataRequest, WshMetaDataRequest,
};

use super::answers;

answers! {
    CancelContractData => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelFundamentalData => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelHistoricalTicks => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelNewsBulletins => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelScannerSubscription => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelWshEventData => |hub, call, _| hub.say_unanswered(call.session, call.body);
    CancelWshMetaData => |hub, call, _| hub.say_unanswered(call.session, call.body);
    ConfigRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    FaReplace => |hub, call, _| hub.say_unanswered(call.session, call.body);
    FaRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    FamilyCodesRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    FundamentalDataRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    HistoricalNewsRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    NewsArticleRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    NewsBulletinsRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    QueryDisplayGroups => |hub, call, _| hub.say_unanswered(call.session, call.body);
    ScannerParametersRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    ScannerSubscriptionRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    SoftDollarTiersRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    SubscribeToGroupEvents => |hub, call, _| hub.say_unanswered(call.session, call.body);
    UnsubscribeFromGroupEvents => |hub, call, _| hub.say_unanswered(call.session, call.body);
    UpdateConfigRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    UpdateDisplayGroup => |hub, call, _| hub.say_unanswered(call.session, call.body);
    VerifyAndAuthMessage => |hub, call, _| hub.say_unanswered(call.session, call.body);
    VerifyAndAuthRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    VerifyMessage => |hub, call, _| hub.say_unanswered(call.session, call.body);
    VerifyRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    WshEventDataRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    WshMetaDataRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
}
