//! The text layout of openOrder, from server version 157 on.

use super::place::{
    self, in_turn, lay_algo_params, lay_delta_neutral_order, lay_leg_lists, lay_scale,
};
use super::{Order, WireContract};
use crate::answer::OrderState;
use crate::layout::{Pass, Passed};

/// Lays contract, order and state in the order of the text fields.
pub(super) fn lay_text<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    state: &mut OrderState,
    pass: &mut P,
) -> Passed {
    say_zero(order);
    contract.lay_held(2, pass)?;
    lay_main(order, pass)?;
    lay_terms(order, pass)?;
    in_turn!(order, pass:
        parent_id, trigger_method, volatility, volatility_type, delta_neutral_order_type,
        delta_neutral_aux_price,
    );
    lay_delta_neutral_order(order, pass)?;
    in_turn!(order, pass:
        continuous_update, reference_price_type, trail_stop_price, trailing_percent,
        basis_points, basis_points_type,
    );
    pass.text(0, "comboLegsDescrip", &mut contract.combo_legs_description)?;
    lay_leg_lists(contract, order, pass)?;
    lay_scale(order, pass)?;
    order.hedge_type(pass)?;
    if !order.hedge_type.is_empty() {
        order.hedge_param(pass)?;
    }
    in_turn!(order, pass: opt_out_smart_routing, clearing_account, clearing_intent, not_held);
    super::contract::lay_delta_neutral(contract, pass)?;
    lay_algo_params(order, pass)?;
    in_turn!(order, pass: solicited, what_if);
    state.lay_text(pass)?;
    in_turn!(order, pass: randomize_size, randomize_price);
    place::lay_conditions(order, pass)?;
    lay_adjusted(order, pass)?;
    lay_late(order, pass)?;
    say_zero(order);
    Ok(())
}

/// The Gateway writes 0 for these when they were not set. Clients would take the largest number,
/// which stands for "not set" elsewhere, at its word: as a yes, or as an order's parent. What is
/// read is held the same way.
pub(super) fn say_zero(order: &mut Order) {
    let zeroes = [
        &mut order.client_id,
        &mut order.parent_id,
        &mut order.origin,
        &mut order.oca_type,
        &mut order.trigger_method,
        &mut order.short_sale_slot,
        &mut order.auction_strategy,
        &mut order.adjustable_trailing_unit,
        &mut order.use_price_mgmt_algo,
        &mut order.volatility_type,
        &mut order.reference_price_type,
        &mut order.ref_futures_con_id,
        &mut order.route_marketable_to_bbo,
    ];
    for number in zeroes {
        number.get_or_insert(0);
    }
    order.exempt_code.get_or_insert(-1);
}

fn lay_main<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        action, total_quantity, order_type, lmt_price, aux_price, tif, oca_group, account,
        open_close, origin, order_ref, client_id, perm_id, outside_rth, hidden,
        discretionary_amt, good_after_time, shares_allocation, fa_group, fa_method,
        fa_percentage,
    );
    if !pass.version().has(177) {
        order.fa_profile(pass)?;
    }
    Ok(())
}

fn lay_terms<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        model_code, good_till_date, rule_80a, percent_offset, settling_firm, short_sale_slot,
        designated_location, exempt_code, auction_strategy, starting_price, stock_ref_price,
        delta, stock_range_lower, stock_range_upper, display_size, block_order, sweep_to_fill,
        all_or_none, min_qty, oca_type, e_trade_only, firm_quote_only, nbbo_price_cap,
    );
    Ok(())
}

fn lay_adjusted<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        adjusted_order_type, trigger_price, trail_stop_price, lmt_price_offset,
        adjusted_stop_price, adjusted_stop_limit_price, adjusted_trailing_amount,
        adjustable_trailing_unit,
    );
    pass.text(0, "softDollarTier name", &mut order.soft_dollar_tier.name)?;
    pass.text(0, "softDollarTier value", &mut order.soft_dollar_tier.value)?;
    pass.text(0, "softDollarTier display", &mut order.soft_dollar_tier.display_name)?;
    in_turn!(order, pass:
        cash_qty, dont_use_auto_price_for_hedge, is_oms_container,
        discretionary_up_to_limit_price, use_price_mgmt_algo,
    );
    Ok(())
}

fn lay_late<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
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
    if version.has(170) {
        in_turn!(order, pass:
            min_trade_qty, min_compete_size, compete_against_best_offset, mid_offset_at_whole,
            mid_offset_at_half,
        );
    }
    lay_latest(order, pass)
}

/// What versions beyond 178 added.
fn lay_latest<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    let version = pass.version();
    if version.has(183) {
        order.customer_account(pass)?;
    }
    if version.has(184) {
        order.professional_customer(pass)?;
    }
    if version.has(185) {
        order.bond_accrued_interest(pass)?;
    }
    if version.has(189) {
        order.include_overnight(pass)?;
    }
    if version.has(193) {
        in_turn!(order, pass: ext_operator, manual_order_indicator);
    }
    if version.has(198) {
        order.submitter(pass)?;
    }
    if version.has(199) {
        order.imbalance_only(pass)?;
    }
    Ok(())
}
