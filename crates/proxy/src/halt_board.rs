//! How often each scope has been halted, readable without a lock immediately before a write.
//!
//! It knows nothing of orders or sockets. The driver raises it, `transmit` compares with it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gatehouse_engine::Epochs;

/// The account's halt count, shared by the boards of all bots.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountEpoch(Arc<AtomicU64>);

impl AccountEpoch {
    /// Raises the count; a lower one changes nothing.
    pub(crate) fn raise(&self, epoch: u64) {
        self.0.fetch_max(epoch, Ordering::SeqCst);
    }
}

/// The halt counts that hold for one bot.
#[derive(Debug, Clone, Default)]
pub(crate) struct HaltBoard {
    account: AccountEpoch,
    bot: Arc<AtomicU64>,
}

impl HaltBoard {
    /// Makes the board of one bot, on the account's count.
    #[must_use]
    pub(crate) fn new(account: AccountEpoch) -> Self {
        Self { account, bot: Arc::default() }
    }

    /// Raises the bot's count; a lower one changes nothing.
    pub(crate) fn raise_bot(&self, epoch: u64) {
        self.bot.fetch_max(epoch, Ordering::SeqCst);
    }

    /// Returns whether nothing was halted since the approval.
    #[must_use]
    pub(crate) fn is_current(&self, epochs: Epochs) -> bool {
        epochs.account >= self.account.0.load(Ordering::SeqCst)
            && epochs.bot >= self.bot.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approval_is_stale_after_either_scope_was_halted() {
        let account = AccountEpoch::default();
        let board = HaltBoard::new(account.clone());
        let epochs = Epochs { account: 1, bot: 1 };
        assert!(board.is_current(epochs));
        account.raise(1);
        board.raise_bot(1);
        assert!(board.is_current(epochs));
        board.raise_bot(2);
        assert!(!board.is_current(epochs));
        let board = HaltBoard::new(account.clone());
        account.raise(2);
        account.raise(1);
        assert!(!board.is_current(epochs));
    }
}
