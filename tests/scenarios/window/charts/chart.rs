//! One chart of the screen: where it is, and what it says of itself.

use anyhow::Context as _;
use serde_json::{Value, json};
use thirtyfour::WebElement;

use crate::window::display::Place;
use crate::window::session::Window;

/// What a chart says of itself: what it shows, which bars are in sight, and where its drawings are.
const FACTS: &str = "const slot = document.querySelector(\"[data-testid='chart-slot-ID']\"); \
    const own = slot?.querySelector(\"[data-testid='chart-canvas']\")?.dataset ?? null; \
    const of = (name) => slot?.querySelector(`[data-testid='${name}']`); \
    const place = of('chart-overview')?.dataset; if (!own || !place) return null; \
    return { symbol: own.symbol, bar: own.bar, type: own.type, fills: Number(own.fills), \
    refused: Number(own.refused), old: of('state-stale') !== null, pointed: Number(own.pointed), from: Number(place.from), \
    to: Number(place.to), bars: Number(place.bars), \
    drawings: (of('draw-layer')?.dataset.drawings ?? '').split(' ').filter(Boolean), \
    legend: [...of('chart-legend').querySelectorAll('dt')].map((it) => it.textContent), \
    values: [...of('chart-legend').querySelectorAll('dd')].map((it) => it.textContent) };";

/// A chart by the id of its panel, such as `p1`.
#[derive(Clone, Copy)]
pub(super) struct Chart<'a> {
    pub(super) window: &'a Window,
    pub(super) id: &'a str,
}

impl Chart<'_> {
    /// Returns the picture, once it has a name and a value for this attribute of its data.
    pub(super) async fn with(&self, what: &str) -> anyhow::Result<WebElement> {
        let canvas = format!("{} [data-testid='chart-canvas']{what}[data-marks]", self.slot());
        self.window.find(&canvas).await
    }

    fn slot(&self) -> String {
        format!("[data-testid='chart-slot-{}']", self.id)
    }

    /// Returns the selector of something inside of this chart.
    pub(super) fn part(&self, name: &str) -> String {
        format!("{} [data-testid='{name}']", self.slot())
    }

    pub(super) async fn facts(&self) -> anyhow::Result<Value> {
        self.window.run(&FACTS.replace("ID", self.id)).await
    }

    /// Waits until what it says of itself is so.
    pub(super) async fn until(
        &self,
        what: &str,
        is_so: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let facts = async || self.facts().await;
        self.window.until(facts, is_so).await.with_context(|| format!("chart {}: {what}", self.id))
    }

    /// Moves the pointer through places, in thousandths of the picture's width and height, pressed
    /// from the first to the last.
    pub(super) async fn stroke(&self, places: &[(i64, i64)]) -> anyhow::Result<()> {
        let canvas = self.with("").await?;
        let places = self.offsets(&canvas, places).await?;
        self.window.stroke(&canvas, &places).await
    }

    /// Points at a place, in thousandths of the picture's width and height.
    pub(super) async fn point(&self, place: (i64, i64)) -> anyhow::Result<()> {
        let canvas = self.with("").await?;
        let [(x, y)] = self.offsets(&canvas, &[place]).await?[..] else { return Ok(()) };
        self.window.hover(&canvas, x, y).await
    }

    /// Returns pixels, counted from the middle of the picture.
    async fn offsets(
        &self,
        canvas: &WebElement,
        places: &[(i64, i64)],
    ) -> anyhow::Result<Vec<(i64, i64)>> {
        let size = canvas.rect().await?;
        let pixels = |side: f64| format!("{side:.0}").parse::<i64>();
        let (width, height) = (pixels(size.width)?, pixels(size.height)?);
        let offset = |side: i64, share: i64| side * (share - 500) / 1_000;
        Ok(places.iter().map(|(x, y)| (offset(width, *x), offset(height, *y))).collect())
    }

    /// Gives the keyboard to this chart.
    pub(super) async fn focus(&self) -> anyhow::Result<()> {
        let pane = self.part("chart-canvas");
        let focus = format!("document.querySelector(\"{pane}\").closest('[data-pane]').focus()");
        self.window.run(&focus).await.map(drop)
    }

    /// Chooses what this chart's symbol follows, when it is docked beside others.
    pub(super) async fn links(&self, to: &str) -> anyhow::Result<()> {
        let name = format!(
            "document.querySelector(\"{}\").closest('.dv-groupview')\
             .querySelector(\"[data-testid='chart-link']\").dataset.of = '{}'",
            self.slot(),
            self.id
        );
        self.window.run(&name).await?;
        self.window.click_at(&format!("[data-testid='chart-link'][data-of='{}']", self.id)).await?;
        self.window.click(&format!("menu-link-{to}")).await
    }

    /// Returns width and height of the picture in pixels.
    pub(super) async fn size(&self) -> anyhow::Result<(u32, u32)> {
        let (_, _, width, height) = self.rect("chart-canvas").await?;
        Ok((u32::try_from(width)?, u32::try_from(height)?))
    }

    /// Returns where a place of the picture, in thousandths, is on the display.
    pub(super) async fn on_screen(&self, (x, y): (i64, i64)) -> anyhow::Result<Place> {
        let (left, top, width, height) = self.rect("chart-canvas").await?;
        Ok((left + width * x / 1_000, top + height * y / 1_000))
    }

    /// Returns the ends of the bar that stands for the whole series, on the display.
    pub(super) async fn overview(&self) -> anyhow::Result<(Place, Place)> {
        let (left, top, width, height) = self.rect("chart-overview").await?;
        let y = top + height / 2;
        Ok(((left + 4, y), (left + width - 4, y)))
    }

    /// Returns left, top, width and height of a part on the display.
    async fn rect(&self, name: &str) -> anyhow::Result<(i64, i64, i64, i64)> {
        let part = self.part(name);
        let script = format!(
            "const it = document.querySelector(\"{part}\").getBoundingClientRect(); \
             return [screenX + it.x, screenY + outerHeight - innerHeight + it.y, it.width, it.height]\
             .map(Math.round);"
        );
        let rect = self.window.run(&script).await?;
        let side = |n: usize| rect[n].as_i64().context("a part without a place");
        Ok((side(0)?, side(1)?, side(2)?, side(3)?))
    }
}

/// Opens the screen of charts on a symbol that the person adds to the watchlist.
pub(super) async fn opens<'a>(window: &'a Window, symbol: &str) -> anyhow::Result<Chart<'a>> {
    window.click("nav-chart").await?;
    watches(window, symbol).await?;
    let chart = Chart { window, id: "p1" };
    chart.with(&format!("[data-symbol='{symbol}']")).await.context("the first bars")?;
    Ok(chart)
}

/// Chooses a symbol of the watchlist for the active chart, and adds it where it is not on it.
pub(super) async fn watches(window: &Window, symbol: &str) -> anyhow::Result<()> {
    let known =
        format!("return document.querySelector(\"[data-testid='watch-{symbol}']\") !== null");
    if window.run(&known).await? == json!(true) {
        return window.click_row(&format!("watch-{symbol}"), "").await;
    }
    window.click("watch-add").await?;
    window.replace("watch-symbol", symbol).await?;
    window.press_keys(&["Enter"]).await
}

/// Returns a number of what a chart says of itself.
pub(super) fn number(facts: &Value, name: &str) -> i64 {
    facts[name].as_i64().unwrap_or(i64::MIN)
}

/// Returns how many bars are in sight.
pub(super) fn n_in_sight(facts: &Value) -> i64 {
    number(facts, "to").min(number(facts, "bars")) - number(facts, "from").max(0)
}

/// Returns what stays while the program is away: not what the pointer points at.
pub(super) fn lasting(facts: &Value) -> Value {
    let names = ["symbol", "bar", "type", "from", "to", "bars", "drawings", "legend"];
    names.iter().map(|name| ((*name).to_owned(), facts[*name].clone())).collect::<Value>()
}

/// Returns that there are this many drawings.
pub(super) fn has_drawings(n: usize) -> impl Fn(&Value) -> bool {
    move |facts| facts["drawings"].as_array().map(Vec::len) == Some(n)
}

/// Returns that bars of this size are shown in this way.
pub(super) fn shows(symbol: &str, bar: &str, kind: &str) -> impl Fn(&Value) -> bool {
    let wanted = [json!(symbol), json!(bar), json!(kind)];
    move |facts| [&facts["symbol"], &facts["bar"], &facts["type"]].into_iter().eq(&wanted)
}
