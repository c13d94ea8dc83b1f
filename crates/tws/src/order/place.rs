//! The text layout of placeOrder, from server version 157 on.

use super::lay;
use super::{BestOffset, Order, WireContract};
use crate::layout::{Leg, Pass, Passed};

/// Lays each named field of an order in turn.
macro_rules! in_turn {
    ($order:ident, $pass:ident: $($field:ident),+ $(,)?) => {
        $($order.$field($pass)?;)+
    };
}
pub(super) use in_turn;

/// Lays contract and order in the order of the text fields.
pub(super) fn lay_text<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    pass: &mut P,
) -> Passed {
    super::contract::lay_text(contract, pass)?;
    lay_main(order, pass)?;
    lay_legs(contract, order, pass)?;
    lay_terms(order, pass)?;
    lay_prices(order, pass)?;
    lay_scale(order, pass)?;
    in_turn!(order, pass: scale_table, active_start_time, active_stop_time, hedge_type);
    if !order.hedge_type.is_empty() {
        order.hedge_param(pass)?;
    }
    in_turn!(order, pass: opt_out_smart_routing, clearing_account, clearing_intent, not_held);
    super::contract::lay_delta_neutral(contract, pass)?;
    lay_algo(order, pass)?;
    lay_conditions(order, pass)?;
    lay_adjusted(order, pass)?;
    lay_late(contract, order, pass)
}

fn lay_main<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    order.action(pass)?;
    lay::stated_quantity(pass, "totalQuantity", &mut order.total_quantity)?;
    in_turn!(order, pass:
        order_type, lmt_price, aux_price, tif, oca_group, account, open_close, origin,
        order_ref, transmit, parent_id, block_order, sweep_to_fill,
        display_size, trigger_method, outside_rth, hidden,
    );
    Ok(())
}

/// Eight fields a leg; the price of each stands in a list of its own.
pub(super) fn lay_leg_lists<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    pass: &mut P,
) -> Passed {
    let mut legs: Vec<super::contract::OrderLeg> =
        std::mem::take(&mut contract.legs).into_iter().map(Into::into).collect();
    pass.list(0, "comboLegs", &mut legs)?;
    let mut prices: Vec<super::contract::LegPrice> =
        legs.iter().map(super::contract::OrderLeg::price).collect();
    if pass.is_writing() && prices.iter().all(super::contract::LegPrice::is_unset) {
        prices.clear();
    }
    pass.list(0, "orderComboLegs", &mut prices)?;
    if !prices.is_empty() && prices.len() != legs.len() {
        return Err(lay::out_of_range("orderComboLegs"));
    }
    contract.legs = legs.into_iter().map(Leg::from).collect();
    for (leg, price) in contract.legs.iter_mut().zip(prices) {
        leg.price = price.value();
    }
    lay::pairs(pass, 0, "smartComboRoutingParams", &mut order.combo_routing_params)
}

fn lay_legs<P: Pass>(contract: &mut WireContract, order: &mut Order, pass: &mut P) -> Passed {
    if contract.sec_type == "BAG" { lay_leg_lists(contract, order, pass) } else { Ok(()) }
}

fn lay_terms<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        shares_allocation, discretionary_amt, good_after_time, good_till_date, fa_group,
        fa_method, fa_percentage,
    );
    if !pass.version().has(177) {
        order.fa_profile(pass)?;
    }
    in_turn!(order, pass:
        model_code, short_sale_slot, designated_location, exempt_code, oca_type, rule_80a,
        settling_firm, all_or_none, min_qty, percent_offset, e_trade_only, firm_quote_only,
        nbbo_price_cap, auction_strategy, starting_price, stock_ref_price, delta,
        stock_range_lower, stock_range_upper, override_percentage_constraints,
    );
    Ok(())
}

fn lay_prices<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        volatility, volatility_type, delta_neutral_order_type, delta_neutral_aux_price,
    );
    lay_delta_neutral_order(order, pass)?;
    in_turn!(order, pass:
        continuous_update, reference_price_type, trail_stop_price, trailing_percent,
    );
    Ok(())
}

/// Eight fields that stand only when there is a delta-neutral order type.
pub(super) fn lay_delta_neutral_order<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    if !order.delta_neutral_order_type.is_empty() {
        in_turn!(order, pass:
            delta_neutral_con_id, delta_neutral_settling_firm, delta_neutral_clearing_account,
            delta_neutral_clearing_intent, delta_neutral_open_close, delta_neutral_short_sale,
            delta_neutral_short_sale_slot, delta_neutral_designated_location,
        );
    }
    Ok(())
}

/// Three sizes and steps, and seven more when the step is above zero.
pub(super) fn lay_scale<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass: scale_init_level_size, scale_subs_level_size, scale_price_increment);
    if order.scale_price_increment.is_some_and(|step| step > gatehouse_types::Decimal::ZERO) {
        in_turn!(order, pass:
            scale_price_adjust_value, scale_price_adjust_interval, scale_profit_offset,
            scale_auto_reset, scale_init_position, scale_init_fill_qty, scale_random_percent,
        );
    }
    Ok(())
}

pub(super) fn lay_algo_params<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    order.algo_strategy(pass)?;
    if order.algo_strategy.is_empty() {
        return Ok(());
    }
    lay::pairs(pass, 0, "algoParams", &mut order.algo_params)
}

fn lay_algo<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    lay_algo_params(order, pass)?;
    in_turn!(order, pass:
        algo_id, what_if, misc_options_text, solicited, randomize_size, randomize_price,
    );
    Ok(())
}

/// The five fields of a pegged-to-benchmark order, then the conditions.
pub(super) fn lay_conditions<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    if matches!(order.order_type.as_str(), "PEG BENCH" | "PEGBENCH") {
        in_turn!(order, pass:
            reference_contract_id, is_pegged_change_amount_decrease, pegged_change_amount,
            reference_change_amount, reference_exchange_id,
        );
    }
    pass.list(0, "conditions", &mut order.conditions)?;
    if !order.conditions.is_empty() {
        in_turn!(order, pass: conditions_ignore_rth, conditions_cancel_order);
    }
    Ok(())
}

fn lay_adjusted<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        adjusted_order_type, trigger_price, lmt_price_offset, adjusted_stop_price,
        adjusted_stop_limit_price, adjusted_trailing_amount, adjustable_trailing_unit,
    );
    order.ext_operator(pass)?;
    pass.text(0, "softDollarTier name", &mut order.soft_dollar_tier.name)?;
    pass.text(0, "softDollarTier value", &mut order.soft_dollar_tier.value)?;
    in_turn!(order, pass:
        cash_qty, mifid_decision_maker, mifid_decision_algo, mifid_execution_trader,
        mifid_execution_algo, dont_use_auto_price_for_hedge, is_oms_container,
        discretionary_up_to_limit_price, use_price_mgmt_algo,
    );
    Ok(())
}

/// What later versions added at the end, one after the other.
fn lay_late<P: Pass>(contract: &WireContract, order: &mut Order, pass: &mut P) -> Passed {
    let version = pass.version();
    if version.has(158) {
        order.duration(pass)?;
    }
    if version.has(160) {
        order.post_to_ats(pass)?;
    }
    if version.has(162) {
        order.auto_cancel_parent(pass)?;
    }
    if version.has(166) {
        order.advanced_error_override(pass)?;
    }
    if version.has(169) {
        order.manual_order_time(pass)?;
    }
    if version.has(170) {
        lay_pegged(contract, order, pass)?;
    }
    if version.has(183) {
        order.customer_account(pass)?;
    }
    if version.has(184) {
        order.professional_customer(pass)?;
    }
    if (187..190).contains(&version.get()) {
        lay_nothing(pass)?;
    }
    if version.has(189) {
        order.include_overnight(pass)?;
    }
    if version.has(192) {
        order.manual_order_indicator(pass)?;
    }
    if version.has(199) {
        order.imbalance_only(pass)?;
    }
    Ok(())
}

/// A text and a number that three versions had and nobody used.
fn lay_nothing<P: Pass>(pass: &mut P) -> Passed {
    let (mut text, mut number) = (String::new(), None);
    pass.text(0, "rfq text", &mut text)?;
    pass.int_or_unset(0, "rfq number", &mut number)?;
    if text.is_empty() && number.is_none() { Ok(()) } else { Err(lay::out_of_range("rfq")) }
}

fn lay_pegged<P: Pass>(contract: &WireContract, order: &mut Order, pass: &mut P) -> Passed {
    if contract.exchange == "IBKRATS" {
        order.min_trade_qty(pass)?;
    }
    let mut has_mid_offsets = matches!(order.order_type.as_str(), "PEG MID" | "PEGMID");
    if matches!(order.order_type.as_str(), "PEG BEST" | "PEGBEST") {
        in_turn!(order, pass: min_compete_size, compete_against_best_offset);
        has_mid_offsets = order.compete_against_best_offset == BestOffset::UpToMid;
    }
    if has_mid_offsets {
        in_turn!(order, pass: mid_offset_at_whole, mid_offset_at_half);
    }
    Ok(())
}
