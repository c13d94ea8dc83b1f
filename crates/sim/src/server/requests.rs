//! One request, one answer: which handler takes it, and a sentence for those that nobody takes.
//!
//! It must never leave a request in silence. Called by the hub.

use gatehouse_tws::answer::{CurrentTime, CurrentTimeInMillis, NewsProviders, UserInfo};
use gatehouse_tws::head::Head;
use gatehouse_tws::request::{Request, RequestId};
use gatehouse_tws::{Form, ServerVersion};
use gatehouse_types::ClientId;

use super::hub::{Hub, SessionId};

impl Hub {
    /// Answers one request of a client.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the last handler answers the rest")]
    pub(super) fn answer(
        &mut self,
        session: SessionId,
        client_id: ClientId,
        request: Request,
        body: &[u8],
    ) {
        match request {
            Request::PlaceOrder(asked) => self.place_order(client_id, *asked),
            Request::CancelOrder(asked) => {
                let events = self.world.cancel(client_id, asked.order_id);
                self.route(events);
            }
            Request::GlobalCancel(_) => {
                let events = self.world.cancel_all();
                self.route(events);
            }
            Request::OpenOrders(_) => self.open_orders(session, Some(client_id)),
            Request::AllOpenOrders(_) => self.open_orders(session, None),
            Request::AutoOpenOrders(_) => self.auto_open_orders(session, client_id),
            Request::CompletedOrders(_) => self.completed_orders(session),
            Request::Executions(asked) => self.executions(session, &asked),
            Request::Ids(_) => self.say_next_id(session, client_id),
            Request::ManagedAccounts(_) => self.say_accounts(session),
            other => self.answer_read(session, other, body),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the last handler answers the rest")]
    fn answer_read(&mut self, session: SessionId, request: Request, body: &[u8]) {
        match request {
            Request::ContractData(asked) => self.contract_data(session, &asked),
            Request::MatchingSymbols(asked) => self.matching_symbols(session, &asked),
            Request::SecDefOptParams(asked) => self.option_chains(session, &asked),
            Request::SmartComponents(asked) => self.smart_components(session, &asked),
            Request::HistogramData(asked) => self.histogram(session, &asked),
            Request::MarketRule(asked) => self.market_rule(session, &asked),
            Request::MarketData(asked) => self.market_data(session, &asked),
            Request::CancelMarketData(asked) => {
                self.with(session, |client| client.wants.lines.remove(&asked.req_id));
            }
            Request::HistoricalData(asked) => self.historical_data(session, &asked),
            Request::CancelHistoricalData(asked) => {
                self.with(session, |client| client.wants.growing_bars.remove(&asked.req_id));
            }
            Request::HeadTimestamp(asked) => self.head_timestamp(session, &asked),
            Request::RealTimeBars(asked) => self.real_time_bars(session, &asked),
            Request::CancelRealTimeBars(asked) => {
                self.with(session, |client| client.wants.second_bars.remove(&asked.req_id));
            }
            Request::MarketDataType(asked) => {
                self.market_data_type(session, asked.market_data_type)
            }
            Request::SetServerLogLevel(_)
            | Request::CancelHeadTimestamp(_)
            | Request::CancelHistogramData(_) => {}
            other => self.answer_account(session, other, body),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the last handler answers the rest")]
    fn answer_account(&mut self, session: SessionId, request: Request, body: &[u8]) {
        match request {
            Request::AccountData(asked) => self.account_data(session, asked.subscribe),
            Request::AccountSummary(asked) => self.account_summary(session, &asked),
            Request::CancelAccountSummary(asked) => {
                self.with(session, |client| client.wants.summaries.remove(&asked.req_id));
            }
            Request::AccountUpdatesMulti(asked) => self.account_updates_multi(session, &asked),
            Request::CancelAccountUpdatesMulti(asked) => {
                self.with(session, |client| client.wants.updates_multi.remove(&asked.req_id));
            }
            Request::Positions(_) => self.positions(session),
            Request::CancelPositions(_) => {
                self.with(session, |client| client.wants.positions = false);
            }
            Request::PositionsMulti(asked) => self.positions_multi(session, &asked),
            Request::CancelPositionsMulti(asked) => {
                self.with(session, |client| client.wants.positions_multi.remove(&asked.req_id));
            }
            Request::PnL(asked) => self.pnl(session, &asked),
            Request::CancelPnL(asked) => {
                self.with(session, |client| client.wants.pnl.remove(&asked.req_id));
            }
            Request::PnLSingle(asked) => self.pnl_single(session, &asked),
            Request::CancelPnLSingle(asked) => {
                self.with(session, |client| client.wants.pnl_single.remove(&asked.req_id));
            }
            other => self.answer_general(session, &other, body),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the last handler answers the rest")]
    fn answer_general(&mut self, session: SessionId, request: &Request, body: &[u8]) {
        let now = self.world.now();
        let Some(client) = self.clients.get(&session) else { return };
        let version = client.version;
        match request {
            Request::CurrentTime(_) => client.say(CurrentTime { time: now.secs() }.encode(version)),
            Request::CurrentTimeInMillis(_) => {
                client.say(CurrentTimeInMillis { time: now.millis() }.encode(version));
            }
            Request::NewsProviders(_) => client.say(NewsProviders::default().encode(version)),
            Request::UserInfo(asked) => {
                let info = UserInfo { req_id: asked.req_id, white_branding_id: String::new() };
                client.say(info.encode(version));
            }
            other => {
                let name = RequestId::from_wire(other.id()).map_or("unknown", RequestId::name);
                let text = format!(
                    "Error validating request.-'gs' : cause - The simulated Gateway does not answer message {} ({name})",
                    other.id()
                );
                client.complain(id_in_body(version, body), 321, text);
            }
        }
    }

    /// Changes what a client is subscribed to.
    pub(super) fn with<T>(
        &mut self,
        session: SessionId,
        change: impl FnOnce(&mut super::client::Client) -> T,
    ) -> Option<T> {
        self.clients.get_mut(&session).map(change)
    }
}

/// Guesses the request id of a body that is not decoded, so that its sender can match the error:
/// field 1 of protobuf; in text the field after the version, which placeOrder, reqHistoricalData and messages from 78 on
/// lack.
pub(super) fn id_in_body(version: ServerVersion, body: &[u8]) -> i32 {
    let Ok(head) = Head::split(version, body) else { return -1 };
    let found = match head.form {
        Form::Text => {
            let skipped = usize::from(head.id < 78 && head.id != 3 && head.id != 20);
            let field = head.payload.split(|byte| *byte == 0).nth(skipped);
            field.and_then(|field| std::str::from_utf8(field).ok()?.parse().ok())
        }
        Form::Protobuf => match head.payload.split_first() {
            Some((0x08, rest)) => varint(rest),
            Some(_) | None => None,
        },
    };
    found.unwrap_or(-1)
}

fn varint(bytes: &[u8]) -> Option<i32> {
    let mut value = 0_u64;
    for (shift, byte) in (0_u32..10).zip(bytes) {
        value |= u64::from(byte & 0x7F).checked_shl(shift * 7)?;
        if byte & 0x80 == 0 {
            return i32::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_request_id_in_both_forms() {
        for (version, body, id) in [
            (178, &b"10\x005\x0042\x00"[..], 42),
            (178, b"83\x0042\0", 42),
            (178, b"83\0x\0", -1),
            (226, b"\0\0\x01\x1b\x08\xac\x02", 300),
            (226, b"\0\0\x01\x1b", -1),
        ] {
            assert_eq!(id_in_body(ServerVersion::new(version), body), id, "{body:?}");
        }
    }
}
