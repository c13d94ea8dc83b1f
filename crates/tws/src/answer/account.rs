//! Account values (6, 8, 54), summaries (63, 64) and values by account and model (73, 74).
//!
//! Values are texts: some are amounts, some are not.

use super::{answer_codec, ending};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// updateAccountValue: one value of the subscribed account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountValue {
    pub key: String,
    pub value: String,
    /// Empty for what is not an amount; `BASE` for the sum in the account's currency.
    pub currency: String,
    pub account: String,
}

answer_codec!(AccountValue = AccountValue);

impl Layout for AccountValue {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(2)?;
        pass.text(1, "key", &mut self.key)?;
        pass.text(2, "value", &mut self.value)?;
        pass.text(3, "currency", &mut self.currency)?;
        pass.text(4, "accountName", &mut self.account)
    }
}

/// updateAccountTime: when the values were taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountUpdateTime {
    /// `hh:mm`.
    pub time: String,
}

answer_codec!(AccountUpdateTime = AccountUpdateTime);

impl Layout for AccountUpdateTime {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.text(1, "timeStamp", &mut self.time)
    }
}

/// accountDownloadEnd: every value was said once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountDataEnd {
    pub account: String,
}

answer_codec!(AccountDataEnd = AccountDataEnd);

impl Layout for AccountDataEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.text(1, "accountName", &mut self.account)
    }
}

/// accountSummary: one chosen value of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountSummary {
    pub req_id: ReqId,
    pub account: String,
    pub tag: String,
    pub value: String,
    pub currency: String,
}

answer_codec!(AccountSummary = AccountSummary);

impl Layout for AccountSummary {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "tag", &mut self.tag)?;
        pass.text(4, "value", &mut self.value)?;
        pass.text(5, "currency", &mut self.currency)
    }
}

ending!(
    /// accountSummaryEnd: every value was said once.
    AccountSummaryEnd = AccountSummaryEnd, version 1
);

/// accountUpdateMulti: one value of an account or a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountUpdateMulti {
    pub req_id: ReqId,
    pub account: String,
    pub model_code: String,
    pub key: String,
    pub value: String,
    pub currency: String,
}

answer_codec!(AccountUpdateMulti = AccountUpdateMulti);

impl Layout for AccountUpdateMulti {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "modelCode", &mut self.model_code)?;
        pass.text(4, "key", &mut self.key)?;
        pass.text(5, "value", &mut self.value)?;
        pass.text(6, "currency", &mut self.currency)
    }
}

ending!(
    /// accountUpdateMultiEnd: every value was said once.
    AccountUpdateMultiEnd = AccountUpdateMultiEnd, version 1
);
