//! What the pictures share: colours, type, ticks, and marks on the drawing.

use gatehouse_types::Decimal;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use rust_decimal::prelude::ToPrimitive as _;

use super::DrawError;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The light theme of the window.
pub(super) const TEXT: RGBColor = RGBColor(0x13, 0x18, 0x1D);
pub(super) const AXIS: RGBColor = RGBColor(0x5F, 0x6A, 0x76);
pub(super) const GRID: RGBColor = RGBColor(0xE3, 0xE7, 0xEC);
pub(super) const ZERO: RGBColor = RGBColor(0x8A, 0x95, 0xA1);
pub(super) const PLAIN: RGBColor = RGBColor(0xA9, 0xB6, 0xC3);
pub(super) const UP: RGBColor = RGBColor(0x0B, 0x7A, 0x59);
pub(super) const DOWN: RGBColor = RGBColor(0xC2, 0x2A, 0x45);
pub(super) const REFUSE: RGBColor = RGBColor(0xAE, 0x4A, 0x00);

const BOTS: [RGBColor; 6] = [
    RGBColor(0x46, 0x54, 0xC8),
    RGBColor(0x0F, 0x81, 0x7D),
    RGBColor(0x91, 0x64, 0x00),
    RGBColor(0xB0, 0x3A, 0x72),
    RGBColor(0x5D, 0x75, 0x20),
    RGBColor(0x5B, 0x68, 0x75),
];

const FAMILY: &str = "Inter, Segoe UI, system-ui, Cantarell, Noto Sans, sans-serif";
/// The backend divides the size that it is given by this.
const BACKEND_SCALE: f64 = 1.24;
pub(super) const CAPTION: f64 = 11.0;
pub(super) const LABEL: f64 = 12.0;

/// Distance of the lines of a hatching.
const HATCH_PX: i32 = 5;

/// Returns the colour of the bot at a place, and whether its line is dashed: the seventh bot has
/// the colour of the first.
pub(super) fn bot_colour(place: usize) -> (RGBColor, bool) {
    (BOTS[place % BOTS.len()], place >= BOTS.len())
}

/// Returns a number for a picture; nothing here is an amount that anyone counts with.
pub(super) fn number(value: Decimal) -> f64 {
    value.to_f64().filter(|value| value.is_finite()).unwrap_or(0.0)
}

/// Returns a count or a time for a picture.
pub(super) fn place(value: i64) -> f64 {
    value.to_f64().unwrap_or(0.0)
}

pub(super) fn pixel(value: f64) -> i32 {
    value.round().to_i32().unwrap_or(0)
}

/// Writes a text with its middle line at `y`.
pub(super) fn write(
    area: &Area<'_>,
    text: &str,
    at: (i32, i32),
    side: HPos,
    (size, colour): (f64, RGBColor),
) -> Result<(), DrawError> {
    let style = TextStyle::from((FAMILY, size * BACKEND_SCALE).into_font())
        .color(&colour)
        .pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text.to_owned(), at, style))?;
    Ok(())
}

/// Draws a straight line.
pub(super) fn rule(
    area: &Area<'_>,
    from: (i32, i32),
    to: (i32, i32),
    colour: RGBColor,
) -> Result<(), DrawError> {
    area.draw(&PathElement::new(vec![from, to], colour.stroke_width(1)))?;
    Ok(())
}

/// Draws a box with an outline and slanted lines, which stays refused without its colour.
pub(super) fn hatched(
    area: &Area<'_>,
    (left, top): (i32, i32),
    (right, bottom): (i32, i32),
    colour: RGBColor,
) -> Result<(), DrawError> {
    let corners = [(left, top), (right, bottom)];
    area.draw(&Rectangle::new(corners, colour.mix(0.12).filled()))?;
    let mut sum = left + top + HATCH_PX;
    while sum < right + bottom {
        // Along x + y = sum, from the left or lower edge to the upper or right one.
        let from = if sum - left <= bottom { (left, sum - left) } else { (sum - bottom, bottom) };
        let to = if sum - top <= right { (sum - top, top) } else { (right, sum - right) };
        rule(area, from, to, colour)?;
        sum += HATCH_PX;
    }
    area.draw(&Rectangle::new(corners, colour.stroke_width(1)))?;
    Ok(())
}

/// Returns round numbers that cover both ends, about `n` steps, and always with zero.
pub(super) fn ticks(low: f64, high: f64, n: f64) -> Vec<f64> {
    let (low, high) = (low.min(0.0), high.max(0.0));
    let high = if high > low { high } else { 1.0 };
    let span = high - low;
    let rough = span / n;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let first = pixel((low / step).floor());
    let last = pixel((high / step).ceil()).max(first + 1);
    (first..=last).map(|k| f64::from(k) * step).collect()
}

/// Returns seconds of the day for labels, on round times of the stretch.
pub(super) fn hours(from: i64, to: i64) -> Vec<i64> {
    let step = [15, 30, 60, 300, 900, 1800, 3600, 7200, 14_400]
        .into_iter()
        .find(|step| (to - from) / step <= 8)
        .unwrap_or(14_400);
    let first = from.div_euclid(step) * step;
    (0..=(to - first) / step).map(|k| first + k * step).filter(|at| *at >= from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_cover_both_ends_and_hold_zero() {
        let check = |low, high, expected: &[f64]| assert_eq!(ticks(low, high, 4.0), expected);
        check(0.0, 0.0, &[0.0, 0.25, 0.5, 0.75, 1.0]);
        check(-212.0, 612.0, &[-250.0, 0.0, 250.0, 500.0, 750.0]);
        check(3.0, 7.0, &[0.0, 2.0, 4.0, 6.0, 8.0]);
        check(-30.0, -1.0, &[-30.0, -20.0, -10.0, 0.0]);
    }

    #[test]
    fn labels_of_the_day_are_on_the_clock() {
        assert_eq!(hours(34_200, 57_600).first(), Some(&36_000));
        assert_eq!(hours(34_200, 34_500), [34_200, 34_260, 34_320, 34_380, 34_440, 34_500]);
    }
}
