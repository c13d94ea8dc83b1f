//! One result for each bot or day, as bars to both sides of zero.

use gatehouse_types::Decimal;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{CAPTION, DOWN, LABEL, TEXT, UP, ZERO, number, pixel, rule, write};
use super::lines::shortened;
use super::{DrawError, Words, named};
use crate::text::signed;

const WIDTH: u32 = 720;
const ROW_PX: i32 = 26;
const TOP: i32 = 8;
const NAMES: i32 = 150;
/// Room for an amount beside the bars, on each side that has one.
const AMOUNT: i32 = 120;

/// A named result.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: Decimal,
}

/// Draws a bar for each result, its amount beside it.
///
/// # Errors
/// When the drawing fails.
pub(crate) fn bars(bars: &[Bar], words: &Words<'_>) -> Result<String, DrawError> {
    let n_bars = i32::try_from(bars.len()).unwrap_or(0);
    let bottom = TOP + ROW_PX * n_bars;
    let height = u32::try_from(bottom + 8).unwrap_or(0);
    let values = bars.iter().map(|bar| number(bar.value));
    let low = values.clone().fold(0.0, f64::min);
    let high = values.fold(0.0, f64::max);
    let span = if high - low > 0.0 { high - low } else { 1.0 };
    let has_gain = bars.iter().any(|bar| !bar.value.is_sign_negative());
    let left = NAMES + if low < 0.0 { AMOUNT } else { 0 };
    let right = i32::try_from(WIDTH).unwrap_or(0) - if has_gain { AMOUNT } else { 8 };
    let x = |value: f64| pixel(f64::from(left) + (value - low) / span * f64::from(right - left));
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        for (place, bar) in (0_i32..).zip(bars) {
            let middle = TOP + ROW_PX * place + ROW_PX / 2;
            let (value, zero) = (number(bar.value), x(0.0));
            let is_loss = value < 0.0;
            let name = shortened(&bar.name, 20);
            write(&area, &name, (0, middle), HPos::Left, (LABEL, TEXT))?;
            let (from, to) = (zero.min(x(value)), zero.max(x(value)));
            let corners = [(from, middle - 8), (to.max(from + 1), middle + 8)];
            let colour = if is_loss { DOWN } else { UP };
            // A loss is an outline, as a falling candle differs from a rising one without colour.
            area.draw(&Rectangle::new(
                corners,
                colour.mix(if is_loss { 0.12 } else { 1.0 }).filled(),
            ))?;
            if is_loss {
                area.draw(&Rectangle::new(corners, colour.stroke_width(1)))?;
            }
            let (at, side) = if is_loss { (from - 8, HPos::Right) } else { (to + 8, HPos::Left) };
            write(&area, &signed(bar.value), (at, middle), side, (CAPTION, TEXT))?;
        }
        rule(&area, (x(0.0), TOP - 4), (x(0.0), bottom + 4), ZERO)?;
        area.present()?;
    }
    Ok(named(&svg, words))
}
