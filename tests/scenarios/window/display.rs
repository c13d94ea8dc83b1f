//! The pointer of the display itself: a wheel, which this WebDriver does not turn, and drags at the
//! pace of a hand.

use super::dialog::xdotool;

/// Between two notches or steps, in milliseconds.
const NOTCH_MS: u32 = 25;
const STEP_SECS: &str = "0.016";
const N_STEPS: i64 = 40;

/// A place on the display, in pixels.
pub(super) type Place = (i64, i64);

/// Turns the wheel over a place: towards the person zooms out.
pub(super) fn wheel((x, y): Place, n_notches: u32, is_away: bool) -> anyhow::Result<()> {
    let button = if is_away { "4" } else { "5" };
    let (x, y) = (x.to_string(), y.to_string());
    let (n_notches, every) = (n_notches.to_string(), NOTCH_MS.to_string());
    let turn = ["click", "--repeat", &n_notches, "--delay", &every, button];
    xdotool(&[&["mousemove", &x, &y][..], &turn].concat()).map(drop)
}

/// Drags from one place to another.
pub(super) fn drag(from: Place, to: Place) -> anyhow::Result<()> {
    let places = (0..=N_STEPS).map(|n| {
        let on = |a: i64, b: i64| (a + (b - a) * n / N_STEPS).to_string();
        [on(from.0, to.0), on(from.1, to.1)]
    });
    let places: Vec<[String; 2]> = places.collect();
    let mut words: Vec<&str> = Vec::new();
    for (n, [x, y]) in places.iter().enumerate() {
        words.extend(["mousemove", x, y, "sleep", STEP_SECS]);
        if n == 0 {
            words.extend(["mousedown", "1"]);
        }
    }
    words.extend(["mouseup", "1"]);
    xdotool(&words).map(drop)
}
