//! The proof that something is on disk, and what the writer accepts as an approval.
//!
//! Only the writer makes a `Recorded`; only `proxy` consumes one.

use gatehouse_engine::{Approved, OrderFrame};
use gatehouse_types::{BotName, EntrySeq, OrderId};

/// Something whose entry is durable. It has no public constructor, is not `Clone`, cannot be
/// deserialised and cannot be taken apart.
///
/// ```compile_fail,E0451
/// let forged = gatehouse_ledger::Recorded { inner: () };
/// ```
/// ```compile_fail,E0599
/// fn twice(recorded: gatehouse_ledger::Recorded<String>) {
///     let second = recorded.clone();
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Recorded<T> {
    inner: T,
}

impl<T> Recorded<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner }
    }

    /// Returns what was recorded.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.inner
    }
}

/// What the writer compares with the entry before it commits them together.
pub(crate) trait Approval: Send + 'static {
    fn entry(&self) -> EntrySeq;
    fn bot(&self) -> &BotName;
    fn order_id(&self) -> OrderId;
    fn body(&self) -> &[u8];
}

impl Approval for Approved<OrderFrame> {
    fn entry(&self) -> EntrySeq {
        Self::entry(self)
    }
    fn bot(&self) -> &BotName {
        self.get().bot()
    }
    fn order_id(&self) -> OrderId {
        self.get().order_id()
    }
    fn body(&self) -> &[u8] {
        self.get().body()
    }
}
