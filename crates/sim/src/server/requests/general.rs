//! Who takes what belongs to no family, and the sentence about what nobody takes.

use gatehouse_tws::answer::{CurrentTime, CurrentTimeInMillis, UserInfo};
use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::head::Head;
use gatehouse_tws::request::{
    CurrentTimeInMillisRequest, CurrentTimeRequest, OtherRequest, RequestId, SetServerLogLevel,
    UserInfoRequest,
};

use super::{answers, id_in_body};
use crate::server::hub::{Hub, SessionId};

answers! {
    StartApi => |hub, call, _| hub.say_unanswered(call.session, call.body);
    OtherRequest => |hub, call, _| hub.say_unanswered(call.session, call.body);
    SetServerLogLevel => |hub, call, asked| {
        if !(1..=5).contains(&asked.level) {
            hub.complain(call.session, -1, 319, "Invalid log level");
        }
    };
    CurrentTimeRequest => |hub, call, _| {
        let time = hub.world.now().secs();
        hub.say(call.session, |version| CurrentTime { time }.encode(version));
    };
    CurrentTimeInMillisRequest => |hub, call, _| {
        let time = hub.world.now().millis();
        hub.say(call.session, |version| CurrentTimeInMillis { time }.encode(version));
    };
    UserInfoRequest => |hub, call, asked| {
        let info = UserInfo { req_id: asked.req_id, white_branding_id: String::new() };
        hub.say(call.session, |version| info.encode(version));
    };
}

impl Hub {
    /// Tells the sender of a message that it has no answer.
    pub(super) fn say_unanswered(&mut self, session: SessionId, body: &[u8]) {
        let Some(client) = self.clients.get(&session) else { return };
        let version = client.version;
        let id = Head::split(version, body).map_or(0, |head| head.id);
        let Some(name) = RequestId::from_wire(id).map(RequestId::name) else {
            return client.complain(-1, 505, "Fatal Error: Unknown message id.");
        };
        let text = format!(
            "Error validating request.-'gs' : cause - The simulated Gateway does not answer message {id} ({name})"
        );
        client.complain(id_in_body(version, body), 321, text);
    }
}
