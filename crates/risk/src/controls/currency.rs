//! GH-21, currency and exchange: the instrument's currency, and the destination that the order
//! names, must be in every list. BASE in a list of currencies is the account's own.

use gatehouse_types::{ControlId, Currency, LimitId, Names, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(21),
    reach: Reach::Entries,
    limits: &[LimitId::Currencies, LimitId::Exchanges],
    check,
    gauge: gauge::nothing,
};

const BASE: &str = "BASE";

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (scope, names) in case.names(LimitId::Currencies) {
        let Some(instrument) = case.instrument else {
            findings.refuse_in(scope, case.contract_unknown());
            continue;
        };
        let base = case.view.net_liquidation.map(|known| known.value.currency());
        if names_currency(names, instrument.currency) {
            continue;
        }
        match base {
            Some(base) if names.contains(BASE) && base == instrument.currency => {}
            None if names.contains(BASE) => {
                findings.refuse_in(scope, Refusal::BaseCurrencyUnknown);
            }
            Some(_) | None => {
                let currency = instrument.currency.to_string();
                findings.refuse_in(scope, Refusal::CurrencyNotAllowed { currency });
            }
        }
    }
    let exchange = &case.intent.contract.exchange;
    for (scope, names) in case.names(LimitId::Exchanges) {
        if !names.contains(exchange) {
            let exchange = exchange.clone();
            findings.refuse_in(scope, Refusal::ExchangeNotAllowed { exchange });
        }
    }
}

fn names_currency(names: &Names, currency: Currency) -> bool {
    names.iter().any(|name| currency.is_named(name))
}
