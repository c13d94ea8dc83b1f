//! Results over the day: steps from zero, each line with its name and its last value at its end.

use std::collections::BTreeMap;

use gatehouse_types::Decimal;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{
    AXIS, Area, CAPTION, GRID, LABEL, TEXT, ZERO, bot_colour, hours, number, pixel, place, rule,
    ticks, write,
};
use super::{DrawError, Words, named};
use crate::calendar::{clock, hour_minute};
use crate::text::signed;

const WIDTH: u32 = 720;
const LEFT: i32 = 64;
const RIGHT: i32 = 560;
const TOP: i32 = 12;
/// Least height of the lines; more bots have more.
const LINES_PX: i32 = 210;
/// Room for the times below them.
const TIMES_PX: i32 = 28;
/// A name and its value below it.
const LABEL_PX: i32 = 30;
/// A name alone, where there are many.
const NAME_PX: i32 = 13;

/// Up to here the times of a stretch are told with their seconds.
const WITH_SECONDS_S: i64 = 300;

/// A result that changes at some seconds of the day.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) points: &'a BTreeMap<i64, Decimal>,
    /// The sum of all: black and bold.
    pub(crate) is_total: bool,
}

/// Seconds and results of the drawing's edges.
struct Scale {
    from: i64,
    to: i64,
    ticks: Vec<f64>,
    bottom: i32,
}

impl Scale {
    fn of(lines: &[Line<'_>]) -> Self {
        let seconds = lines.iter().flat_map(|line| line.points.keys().copied());
        let first = seconds.clone().min().unwrap_or(0);
        let last = seconds.max().unwrap_or(0);
        // A minute of trading and a day of it are both legible.
        let round = match last - first {
            ..=300 => 60,
            301..=1800 => 300,
            _ => 1800,
        };
        let from = (first - 1).div_euclid(round) * round;
        let to = (last.div_euclid(round) + 1) * round;
        let values = lines.iter().flat_map(|line| line.points.values()).map(|value| number(*value));
        let low = values.clone().fold(0.0, f64::min);
        let high = values.fold(0.0, f64::max);
        let n_lines = i32::try_from(lines.len()).unwrap_or(i32::MAX / 100);
        Self {
            from: from.max(0),
            to: to.min(86_400),
            ticks: ticks(low, high, 4.0),
            bottom: TOP + LINES_PX.max(NAME_PX * n_lines),
        }
    }

    fn x(&self, second: i64) -> i32 {
        let share = place(second - self.from) / place((self.to - self.from).max(1));
        pixel(f64::from(LEFT) + share * f64::from(RIGHT - LEFT))
    }

    fn y(&self, value: f64) -> i32 {
        let low = self.ticks.first().copied().unwrap_or(0.0);
        let high = self.ticks.last().copied().unwrap_or(1.0);
        pixel(f64::from(self.bottom) - (value - low) / (high - low) * f64::from(self.bottom - TOP))
    }

    /// Returns the corners of a line: level until the next change, and begun at zero. Of changes
    /// within a pixel the last is drawn.
    fn steps(&self, line: &Line<'_>) -> Vec<(i32, i32)> {
        let mut level = self.y(0.0);
        let mut corners = vec![(self.x(self.from), level)];
        for (second, value) in line.points {
            let x = self.x(*second);
            let is_same = corners.len() > 1 && corners.last().is_some_and(|last| last.0 == x);
            if is_same {
                corners.pop();
            } else {
                corners.push((x, level));
            }
            level = self.y(number(*value));
            corners.push((x, level));
        }
        corners
    }
}

/// Draws results over a day.
///
/// # Errors
/// When the drawing fails.
pub(crate) fn lines(lines: &[Line<'_>], words: &Words<'_>) -> Result<String, DrawError> {
    let scale = Scale::of(lines);
    let height = u32::try_from(scale.bottom + TIMES_PX).unwrap_or(0);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        frame(&area, &scale)?;
        let mut n_bots = 0;
        let mut ends = Vec::new();
        for line in lines {
            let (colour, is_dashed) =
                if line.is_total { (TEXT, false) } else { bot_colour(n_bots) };
            n_bots += usize::from(!line.is_total);
            let corners = scale.steps(line);
            let end = corners.last().copied().unwrap_or((LEFT, scale.bottom));
            let style = colour.stroke_width(if line.is_total { 2 } else { 1 });
            if is_dashed {
                let (dash, gap) = (6, 4);
                area.draw(&DashedPathElement::new(corners, dash, gap, style))?;
            } else {
                area.draw(&PathElement::new(corners, style))?;
            }
            area.draw(&Circle::new(end, 2, colour.filled()))?;
            let last = line.points.values().next_back().copied().unwrap_or_default();
            ends.push((end, line.name.to_owned(), signed(last), colour));
        }
        names(&area, ends, scale.bottom)?;
        area.present()?;
    }
    Ok(named(&svg, words))
}

fn frame(area: &Area<'_>, scale: &Scale) -> Result<(), DrawError> {
    for tick in &scale.ticks {
        let y = scale.y(*tick);
        let is_zero = tick.abs() < f64::EPSILON;
        rule(area, (LEFT, y), (RIGHT, y), if is_zero { ZERO } else { GRID })?;
        write(area, &label(*tick), (LEFT - 8, y), HPos::Right, (CAPTION, AXIS))?;
    }
    let has_seconds = scale.to - scale.from <= WITH_SECONDS_S;
    for second in hours(scale.from, scale.to) {
        let label = if has_seconds { clock(second) } else { hour_minute(second) };
        let x = scale.x(second);
        rule(area, (x, scale.bottom), (x, scale.bottom + 4), ZERO)?;
        write(area, &label, (x, scale.bottom + 16), HPos::Center, (CAPTION, AXIS))?;
    }
    Ok(())
}

/// From here on the axis counts in millions, so that its labels stay beside it.
const MILLION: f64 = 1e6;

/// Returns a number of the axis, with its sign and no cents that are all zero.
fn label(value: f64) -> String {
    let (value, unit) = if value.abs() >= MILLION { (value / MILLION, " M") } else { (value, "") };
    let text = Decimal::try_from(value).map_or_else(|_| String::new(), signed);
    format!("{}{unit}", text.strip_suffix(".00").unwrap_or(&text))
}

/// Writes each name beside its line's end, apart from its neighbours; where there are many, without
/// its value.
fn names(
    area: &Area<'_>,
    mut ends: Vec<((i32, i32), String, String, RGBColor)>,
    bottom: i32,
) -> Result<(), DrawError> {
    ends.sort_by_key(|((_, y), ..)| *y);
    let n_ends = i32::try_from(ends.len()).unwrap_or(1).max(1);
    let has_room = LABEL_PX * n_ends <= bottom - TOP;
    let height = if has_room { LABEL_PX } else { NAME_PX };
    let mut free = TOP;
    for (place, (end, name, value, colour)) in (0_i32..).zip(ends) {
        let latest = bottom + 8 - height * (n_ends - place);
        let y = end.1.min(latest).max(free);
        free = y + height;
        area.draw(&PathElement::new(
            vec![end, (RIGHT, end.1), (RIGHT + 10, y), (RIGHT + 14, y)],
            colour.mix(0.5).stroke_width(1),
        ))?;
        write(area, &shortened(&name, 19), (RIGHT + 18, y), HPos::Left, (LABEL, colour))?;
        if has_room {
            write(area, &value, (RIGHT + 18, y + 14), HPos::Left, (CAPTION, AXIS))?;
        }
    }
    Ok(())
}

/// Returns a name of at most so many characters.
pub(super) fn shortened(name: &str, n_max: usize) -> String {
    if name.chars().count() <= n_max {
        return name.to_owned();
    }
    let begin: String = name.chars().take(n_max.saturating_sub(1)).collect();
    format!("{begin}…")
}
