//! Orders and refusals, a bar for each half hour.

use std::collections::BTreeMap;

use gatehouse_types::Decimal;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{
    AXIS, Area, CAPTION, GRID, LABEL, PLAIN, REFUSE, TEXT, ZERO, hatched, hours, pixel, place,
    rule, ticks, write,
};
use super::{DrawError, Words, named};
use crate::calendar::{REGULAR, SLOT_S, hour_minute};
use crate::day::Counts;
use crate::text::count;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 200;
const LEFT: i32 = 64;
const RIGHT: i32 = 600;
const TOP: i32 = 14;
const BOTTOM: i32 = 172;

/// Draws what was asked for: below what was allowed, above it, hatched, what was refused.
///
/// # Errors
/// When the drawing fails.
pub(crate) fn orders(
    slots: &BTreeMap<i64, Counts>,
    words: &Words<'_>,
) -> Result<String, DrawError> {
    let first = slots.keys().next().copied().unwrap_or(REGULAR.0);
    let last = slots.keys().next_back().map_or(REGULAR.1, |last| last + SLOT_S);
    let (from, to) = (first.min(REGULAR.0), last.max(REGULAR.1));
    let most = slots.values().map(|slot| slot.allowed + slot.refused).max().unwrap_or(0);
    let high = i64::try_from(most).map_or(0.0, place);
    // Orders are whole: a tick between two of them says nothing.
    let ticks: Vec<f64> = ticks(0.0, high, 3.0)
        .into_iter()
        .filter(|tick| tick.fract().abs() < f64::EPSILON)
        .collect();
    let top = ticks.last().copied().unwrap_or(1.0).max(high).max(1.0);
    let x = |second: i64| {
        let share = place(second - from) / place((to - from).max(1));
        pixel(f64::from(LEFT) + share * f64::from(RIGHT - LEFT))
    };
    let y = |n: f64| pixel(f64::from(BOTTOM) - n / top * f64::from(BOTTOM - TOP));
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        for tick in &ticks {
            let at = y(*tick);
            rule(&area, (LEFT, at), (RIGHT, at), GRID)?;
            let label = Decimal::try_from(*tick).map_or_else(|_| String::new(), |n| n.to_string());
            write(&area, &label, (LEFT - 8, at), HPos::Right, (CAPTION, AXIS))?;
        }
        for second in hours(from, to) {
            let label = hour_minute(second);
            write(&area, &label, (x(second), BOTTOM + 16), HPos::Center, (CAPTION, AXIS))?;
        }
        let mut last = None;
        for (second, slot) in slots {
            let (left, right) = (x(*second) + 2, x(*second + SLOT_S) - 2);
            let n = |n: u64| i64::try_from(n).map_or(0.0, place);
            let (middle, top) = (y(n(slot.allowed)), y(n(slot.allowed + slot.refused)));
            if slot.allowed > 0 {
                area.draw(&Rectangle::new([(left, middle), (right, BOTTOM)], PLAIN.filled()))?;
            }
            if slot.refused > 0 {
                hatched(&area, (left, top), (right, middle), REFUSE)?;
            }
            last = Some((right, *slot, middle, top));
        }
        rule(&area, (LEFT, BOTTOM), (RIGHT, BOTTOM), ZERO)?;
        if let Some(last) = last {
            label(&area, last, slots)?;
        }
        area.present()?;
    }
    Ok(named(&svg, words))
}

/// Names both parts at the last bar, with the counts of the day.
fn label(
    area: &Area<'_>,
    (right, slot, middle, top): (i32, Counts, i32, i32),
    slots: &BTreeMap<i64, Counts>,
) -> Result<(), DrawError> {
    let allowed: u64 = slots.values().map(|slot| slot.allowed).sum();
    let refused: u64 = slots.values().map(|slot| slot.refused).sum();
    let low = if slot.allowed > 0 { (middle + BOTTOM) / 2 } else { BOTTOM - 8 };
    let low = low.min(BOTTOM - 10);
    let high = if slot.refused > 0 { (top + middle) / 2 } else { low - 18 };
    let high = high.min(low - 16).max(TOP);
    let at = right + 8;
    if allowed > 0 {
        let text = format!("allowed {}", count(allowed));
        write(area, &text, (at, low), HPos::Left, (LABEL, TEXT))?;
    }
    if refused > 0 {
        let text = format!("refused {}", count(refused));
        write(area, &text, (at, high), HPos::Left, (LABEL, REFUSE))?;
    }
    Ok(())
}
