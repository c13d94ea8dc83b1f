//! Words of `gatehouse-types` laid into a pass.

use gatehouse_types::{
    AccountId, ClientId, Currency, Decimal, ExecId, Money, OrderId, PermId, Price, Qty,
};

use crate::layout::{Pass, Passed, WireContract};
use crate::order::out_of_range;

pub(super) fn order_id<P: Pass>(pass: &mut P, tag: u32, value: &mut OrderId) -> Passed {
    let mut number = value.get();
    pass.int(tag, "orderId", &mut number)?;
    *value = OrderId::new(number);
    Ok(())
}

pub(super) fn client_id<P: Pass>(pass: &mut P, tag: u32, value: &mut ClientId) -> Passed {
    let mut number = value.get();
    pass.int(tag, "clientId", &mut number)?;
    *value = ClientId::new(number);
    Ok(())
}

pub(super) fn perm_id<P: Pass>(pass: &mut P, tag: u32, value: &mut PermId) -> Passed {
    let mut number = value.get();
    pass.long(tag, "permId", &mut number)?;
    *value = PermId::new(number);
    Ok(())
}

/// An id that must be there: without it an execution cannot be told from another.
pub(super) fn exec_id<P: Pass>(pass: &mut P, tag: u32, value: &mut ExecId) -> Passed {
    let mut text = value.as_str().to_owned();
    pass.text(tag, "execId", &mut text)?;
    if text.is_empty() {
        return Err(out_of_range("execId"));
    }
    *value = ExecId::new(text);
    Ok(())
}

pub(super) fn account<P: Pass>(pass: &mut P, tag: u32, value: &mut AccountId) -> Passed {
    let mut text = value.as_str().to_owned();
    pass.text(tag, "account", &mut text)?;
    *value = AccountId::new(text);
    Ok(())
}

/// A quantity that must be there: nothing may pass for zero.
pub(super) fn qty<P: Pass>(pass: &mut P, tag: u32, name: &'static str, value: &mut Qty) -> Passed {
    let mut number = if pass.is_writing() { value.value() } else { Decimal::NEGATIVE_ONE };
    pass.amount(tag, name, &mut number)?;
    *value = Qty::try_new(number).map_err(|_| out_of_range(name))?;
    Ok(())
}

/// A price; "not set" is `None`.
pub(super) fn price_or_unset<P: Pass>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    value: &mut Option<Price>,
) -> Passed {
    let mut number = value.map(Price::value);
    pass.double_or_unset(tag, name, &mut number)?;
    *value = number.map(Price::new);
    Ok(())
}

/// A price that must be there.
pub(super) fn price<P: Pass>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    value: &mut Price,
) -> Passed {
    let mut number = Some(*value);
    price_or_unset(pass, tag, name, &mut number)?;
    *value = number.ok_or_else(|| out_of_range(name))?;
    Ok(())
}

/// A currency that must be there.
pub(super) fn currency<P: Pass>(pass: &mut P, tag: u32, value: &mut Currency) -> Passed {
    let mut text = value.to_string();
    if !pass.is_writing() {
        text.clear();
    }
    pass.text(tag, "currency", &mut text)?;
    *value = text.parse().map_err(|_| out_of_range("currency"))?;
    Ok(())
}

/// Refuses a contract of which nothing is said, as when its whole message is missing.
pub(super) fn named(contract: &WireContract) -> Passed {
    if contract.con_id.is_none() && contract.symbol.is_empty() {
        return Err(out_of_range("contract"));
    }
    Ok(())
}

/// Returns an amount of `currency`, for a message that names the currency once.
pub(super) fn money(amount: Option<Decimal>, currency: Currency) -> Option<Money> {
    amount.map(|amount| Money::new(amount, currency))
}
