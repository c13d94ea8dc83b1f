//! How each kind of order field is laid into a pass.
//!
//! A client leaves most fields out of a protobuf order, and so does the writer: only what says
//! something is written.

use gatehouse_types::{Decimal, OrderId};

use super::fields::BestOffset;
use crate::layout::{FieldError, Layout, Pass, Passed, TagValue, WireError};
use crate::text::Number;

/// Where a field stands in protobuf, and since when.
#[derive(Clone, Copy)]
pub(crate) struct Gate {
    pub(crate) tag: u32,
    pub(crate) since: i32,
}

impl Gate {
    pub(crate) const fn tag(tag: u32) -> Self {
        Self { tag, since: 0 }
    }

    /// A field that the version does not have is not asked for: its tag stays unknown.
    fn is_open<P: Pass>(self, pass: &P) -> bool {
        pass.is_text() || pass.version().has(self.since)
    }
}

fn is_omitted<P: Pass>(pass: &P, says_nothing: bool) -> bool {
    says_nothing && pass.is_writing() && !pass.is_text()
}

pub(crate) fn text<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut String,
) -> Passed {
    if gate.is_open(pass) { pass.text(gate.tag, name, value) } else { Ok(()) }
}

pub(crate) fn flag<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut bool,
) -> Passed {
    if !gate.is_open(pass) || is_omitted(pass, !*value) {
        return Ok(());
    }
    pass.flag(gate.tag, name, value)
}

pub(crate) fn int<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut Option<i32>,
) -> Passed {
    if gate.is_open(pass) { pass.int_or_unset(gate.tag, name, value) } else { Ok(()) }
}

/// The id of an order, which must be there: nothing may pass for order 0.
pub(crate) fn order_id<P: Pass>(pass: &mut P, tag: u32, value: &mut OrderId) -> Passed {
    let mut number = if pass.is_writing() { Some(i64::from(value.get())) } else { None };
    if pass.is_text() {
        // Unlike `int`, this takes no empty field for 0.
        let mut read = number.unwrap_or_default();
        pass.long(tag, "orderId", &mut read)?;
        number = Some(read);
    } else {
        let mut read = number.and_then(|number| i32::try_from(number).ok());
        int(pass, Gate::tag(tag), "orderId", &mut read)?;
        number = read.map(i64::from);
    }
    let number = number.and_then(|number| i32::try_from(number).ok());
    *value = number.map(OrderId::new).ok_or_else(|| out_of_range("orderId"))?;
    Ok(())
}

pub(crate) fn long<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut Option<i64>,
) -> Passed {
    if !gate.is_open(pass) || is_omitted(pass, value.is_none()) {
        return Ok(());
    }
    let mut number = value.unwrap_or(i64::MAX);
    pass.long(gate.tag, name, &mut number)?;
    *value = (number != i64::MAX).then_some(number);
    Ok(())
}

pub(crate) fn number<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut Option<Decimal>,
) -> Passed {
    if !gate.is_open(pass) {
        return Ok(());
    }
    pass.double_or_unset(gate.tag, name, value)
}

pub(crate) fn offset<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut BestOffset,
) -> Passed {
    let mut number = match value {
        BestOffset::Unset => Number::Unset,
        BestOffset::By(offset) => Number::Value(*offset),
        BestOffset::UpToMid => Number::Infinite,
    };
    pass.double_or_infinite(gate.tag, name, &mut number)?;
    *value = match number {
        Number::Unset => BestOffset::Unset,
        Number::Value(offset) => BestOffset::By(offset),
        Number::Infinite => BestOffset::UpToMid,
    };
    Ok(())
}

pub(crate) fn quantity<P: Pass>(
    pass: &mut P,
    gate: Gate,
    name: &'static str,
    value: &mut Decimal,
) -> Passed {
    pass.amount(gate.tag, name, value)
}

/// A quantity that a text order must state: an empty one is not zero.
pub(crate) fn stated_quantity<P: Pass>(
    pass: &mut P,
    name: &'static str,
    value: &mut Decimal,
) -> Passed {
    if pass.is_writing() || !pass.is_text() {
        return pass.amount(0, name, value);
    }
    let mut stated = None;
    pass.double_or_unset(0, name, &mut stated)?;
    *value = stated.ok_or_else(|| out_of_range(name))?;
    Ok(())
}

/// A message that may stand once or not at all.
pub(crate) fn maybe<P: Pass, L: Layout + Default>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    value: &mut Option<L>,
) -> Passed {
    let mut values: Vec<L> = value.take().into_iter().collect();
    pass.list(tag, name, &mut values)?;
    if values.len() > 1 {
        return Err(WireError::Repeated { name }.into());
    }
    *value = values.pop();
    Ok(())
}

/// Tags and values that text counts and protobuf holds in a map.
pub(crate) fn pairs<P: Pass>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    values: &mut Vec<TagValue>,
) -> Passed {
    pass.list(tag, name, values)
}

pub(crate) fn out_of_range(name: &'static str) -> FieldError {
    WireError::OutOfRange { name }.into()
}
