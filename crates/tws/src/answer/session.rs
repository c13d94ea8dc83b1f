//! nextValidId (9) and managedAccounts (15): what the Gateway says when a session starts.

use gatehouse_types::{AccountId, OrderId};

use super::{answer_codec, parts};
use crate::layout::{Layout, Pass, Passed};

/// nextValidId: order ids from here on are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextValidId {
    pub order_id: OrderId,
}

answer_codec!(NextValidId = NextValidId);

impl Default for NextValidId {
    fn default() -> Self {
        Self { order_id: OrderId::new(0) }
    }
}

impl Layout for NextValidId {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        parts::order_id(pass, 1, &mut self.order_id)
    }
}

/// managedAccounts: the accounts of this login.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ManagedAccounts {
    pub accounts: Vec<AccountId>,
}

answer_codec!(ManagedAccounts = ManagedAccounts);

impl Layout for ManagedAccounts {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        let names: Vec<&str> = self.accounts.iter().map(AccountId::as_str).collect();
        let mut list = names.join(",");
        pass.text(1, "accountsList", &mut list)?;
        self.accounts =
            list.split(',').filter(|name| !name.is_empty()).map(AccountId::new).collect();
        Ok(())
    }
}
