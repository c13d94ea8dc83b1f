//! Builds an intent: by default to buy 10 SPY at a limit of 660.00, DAY.

use gatehouse_types::{
    AccountId, ConId, Contract, Decimal, Family, Feature, Intent, OrderId, OrderKind, Price, Qty,
    SecType, Side, Tif,
};

use crate::px;

/// Changes an intent step by step. Prices are decimal text.
#[derive(Debug, Clone)]
pub struct IntentBuilder(Intent);

/// Starts from buying 10 SPY at a limit of 660.00, DAY, as order 1.
#[must_use]
pub fn intent() -> IntentBuilder {
    IntentBuilder(Intent {
        order_id: OrderId::new(1),
        contract: Contract {
            con_id: Some(ConId::new(756_733)),
            symbol: "SPY".to_owned(),
            sec_type: SecType::Stock,
            exchange: "SMART".to_owned(),
            primary_exchange: "ARCA".to_owned(),
            currency: "USD".to_owned(),
            local_symbol: "SPY".to_owned(),
            trading_class: "SPY".to_owned(),
        },
        account: None,
        side: Side::Buy,
        quantity: crate::qty("10"),
        kind: OrderKind::Limit { limit: Some(px("660.00")) },
        tif: Tif::Day,
        outside_rth: false,
        what_if: false,
        order_ref: String::new(),
        family: Family::alone(),
        features: Vec::new(),
    })
}

#[must_use]
fn whole(quantity: u32) -> Qty {
    Qty::try_new(Decimal::from(quantity)).expect("an unsigned number is a quantity")
}

impl IntentBuilder {
    /// Buys this many.
    #[must_use]
    pub fn buy(mut self, quantity: u32) -> Self {
        (self.0.side, self.0.quantity) = (Side::Buy, whole(quantity));
        self
    }

    /// Sells this many.
    #[must_use]
    pub fn sell(mut self, quantity: u32) -> Self {
        (self.0.side, self.0.quantity) = (Side::Sell, whole(quantity));
        self
    }

    /// Sets a quantity that may be a fraction.
    #[must_use]
    pub fn quantity(mut self, quantity: Qty) -> Self {
        self.0.quantity = quantity;
        self
    }

    /// Makes it a market order.
    #[must_use]
    pub fn market(self) -> Self {
        self.kind(OrderKind::Market)
    }

    /// Makes it a limit order.
    #[must_use]
    pub fn limit(self, limit: &str) -> Self {
        self.kind(OrderKind::Limit { limit: Some(px(limit)) })
    }

    /// Makes it a stop order.
    #[must_use]
    pub fn stop(self, trigger: &str) -> Self {
        self.kind(OrderKind::Stop { trigger: Some(px(trigger)) })
    }

    /// Makes it a stop-limit order.
    #[must_use]
    pub fn stop_limit(self, trigger: &str, limit: &str) -> Self {
        let price = |text: &str| -> Option<Price> { Some(px(text)) };
        self.kind(OrderKind::StopLimit { trigger: price(trigger), limit: price(limit) })
    }

    /// Sets the type.
    #[must_use]
    pub fn kind(mut self, kind: OrderKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets the bot's id of the order.
    #[must_use]
    pub fn order_id(mut self, order_id: i32) -> Self {
        self.0.order_id = OrderId::new(order_id);
        self
    }

    /// Names an account.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.0.account = Some(AccountId::new(account));
        self
    }

    /// Sets how long it works.
    #[must_use]
    pub fn tif(mut self, tif: Tif) -> Self {
        self.0.tif = tif;
        self
    }

    /// Hangs it together with others, and asks for the features that say so.
    #[must_use]
    pub fn family(mut self, family: Family) -> Self {
        let asked = [
            (family.parent_id.is_some(), Feature::Parent),
            (!family.oca_group.is_empty(), Feature::OcaGroup),
            (!family.transmit, Feature::NotTransmitted),
        ];
        self.0.features.extend(asked.into_iter().filter(|(is, _)| *is).map(|(_, feature)| feature));
        self.0.family = family;
        self
    }

    /// Asks for something more.
    #[must_use]
    pub fn feature(mut self, feature: Feature) -> Self {
        self.0.features.push(feature);
        self
    }

    /// Makes it a question about margin.
    #[must_use]
    pub fn what_if(mut self) -> Self {
        self.0.what_if = true;
        self
    }

    /// Sets the contract as the bot spells it.
    #[must_use]
    pub fn contract(mut self, contract: Contract) -> Self {
        self.0.contract = contract;
        self
    }

    /// Returns the intent.
    #[must_use]
    pub fn build(self) -> Intent {
        self.0
    }
}
