//! The form of what happened in a body: a kind and its data.

use std::time::Duration;

use gatehouse_types::{
    BotConfig, BotName, EntryKind, EntrySeq, ExecId, Execution, Inputs, Intent, KillOrder,
    LimitChange, Mode, Money, OrderId, OrderKind, OrderRef, OrderStatus, PermId, Price, Qty,
    Refusal, Scope, SessionPhase, Severity, TradingState, Utc, Verdict,
};
use serde::{Deserialize, Serialize};

use super::mirror::{Mirror, boxed, hex, mirrored, one, opt, present};

mirrored! { EntryKind => KindBody }

#[rustfmt::skip]
#[derive(Serialize, Deserialize)]
#[serde(remote = "EntryKind", tag = "kind", content = "data", rename_all = "kebab-case", deny_unknown_fields)]
enum KindBody {
    Started { version: String },
    Stopped,
    BotRegistered { #[serde(with = "one")] bot: BotConfig },
    BotRemoved { #[serde(with = "one")] bot: BotName },
    BotConnected { #[serde(with = "one")] bot: BotName, server_version: i32, peer: String },
    BotDisconnected { #[serde(with = "one")] bot: BotName, why: String },
    DoorRefused { #[serde(with = "one")] bot: BotName, why: String },
    GatewayConnected { address: String, #[serde(with = "one")] mode: Mode, account: String },
    GatewayLost { why: String },
    SessionMoved {
        #[serde(with = "one")] from: SessionPhase,
        #[serde(with = "one")] to: SessionPhase,
        why: String,
        is_planned: bool,
    },
    AlarmRaised { alarm: String, #[serde(with = "one")] severity: Severity, sentence: String },
    AlarmEnded { alarm: String },
    AlarmAcknowledged { alarm: String },
    Reconciled { differences: Vec<String> },

    Judged {
        #[serde(with = "one")] bot: BotName,
        #[serde(with = "boxed")] intent: Box<Intent>,
        #[serde(with = "opt")] replaces: Option<EntrySeq>,
        #[serde(with = "one")] verdict: Verdict,
        policy_version: u64,
        #[serde(with = "hex")] frame: Vec<u8>,
        /// Absent when nothing was recorded, as in every body of the first two formats.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "present")]
        inputs: Option<Box<Inputs>>,
    },
    NotJudged {
        #[serde(with = "one")] bot: BotName,
        #[serde(with = "opt")] order_id: Option<OrderId>,
        #[serde(with = "one")] refusal: Refusal,
        #[serde(with = "hex")] frame: Vec<u8>,
    },
    RefusalsCounted {
        #[serde(with = "one")] bot: BotName,
        count: u32,
        #[serde(with = "one")] last: Refusal,
    },
    Withdrawn {
        #[serde(with = "one")] order: OrderRef,
        #[serde(with = "one")] intent: EntrySeq,
        #[serde(with = "one")] why: Refusal,
    },
    FateUnknown { #[serde(with = "one")] order: OrderRef, #[serde(with = "one")] intent: EntrySeq },
    CancelSent { #[serde(with = "one")] order: OrderRef, #[serde(with = "hex")] frame: Vec<u8> },
    OrderUpdate {
        #[serde(with = "one")] order: OrderRef,
        #[serde(with = "opt")] perm_id: Option<PermId>,
        #[serde(with = "one")] status: OrderStatus,
        #[serde(with = "one")] filled: Qty,
        #[serde(with = "one")] remaining: Qty,
        #[serde(with = "opt")] average_price: Option<Price>,
    },
    CancelAsked { #[serde(with = "one")] order: OrderRef },
    TermsSeen {
        #[serde(with = "one")] order: OrderRef,
        #[serde(with = "one")] quantity: Qty,
        #[serde(with = "one")] kind: OrderKind,
    },
    BrokerMessage { #[serde(with = "opt")] order: Option<OrderRef>, code: i32, text: String },
    ForeignOrder { description: String, #[serde(with = "one")] perm_id: PermId },
    Filled { #[serde(with = "one")] execution: Execution },
    Commission {
        #[serde(with = "one")] exec_id: ExecId,
        #[serde(with = "one")] commission: Money,
        #[serde(with = "opt")] realised: Option<Money>,
    },
    OrderIdMark { #[serde(with = "one")] bot: BotName, #[serde(with = "one")] next: OrderId },

    StateChanged {
        #[serde(with = "one")] scope: Scope,
        #[serde(with = "one")] from: TradingState,
        #[serde(with = "one")] to: TradingState,
        why: String,
        #[serde(rename = "until_ns", with = "opt")] until: Option<Utc>,
    },
    LimitChanged { #[serde(with = "one")] change: LimitChange },
    LimitScheduled {
        #[serde(with = "one")] change: LimitChange,
        #[serde(rename = "delay_ns", with = "one")] delay: Duration,
    },
    LimitDiscarded { #[serde(with = "one")] change: LimitChange },
    SettingChanged { setting: String, old: Option<String>, new: Option<String> },
    KillEngaged { reason: String },
    KillOrder { #[serde(with = "one")] order: OrderRef, #[serde(with = "one")] did: KillOrder },
    KillReleased,
    FlattenAsked { #[serde(with = "one")] scope: Scope, closes: Vec<String> },
    Verified { n_entries: u64, #[serde(with = "opt")] broken_at: Option<EntrySeq> },
}
