//! Pictures of a chart as files.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::chart::{Chart, n_in_sight};
use crate::window::session::Window;

/// Saves a PNG and an SVG by the dialog, and looks into both.
pub(super) async fn saves_both(
    window: &Window,
    chart: &Chart<'_>,
    data_dir: &Path,
) -> anyhow::Result<()> {
    let in_sight = n_in_sight(&chart.facts().await?);
    window.click("chart-menu").await?;
    window.click("menu-picture").await?;
    let png = saves(window, "png").await?;
    window.picture("picture-dialog").await?;
    let svg = saves(window, "svg").await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("picture-dialog").await?;
    for path in [&png, &svg] {
        ensure!(path.starts_with(data_dir), "{} is elsewhere", path.display());
    }
    let size = chart.size().await?;
    holds_a_picture(&std::fs::read(&png)?, size).context("the PNG")?;
    holds_a_chart(&std::fs::read_to_string(&svg)?, in_sight).context("the SVG")
}

/// Returns where the picture was saved.
async fn saves(window: &Window, format: &str) -> anyhow::Result<PathBuf> {
    window.click(&format!("picture-{format}")).await?;
    window.click("picture-save").await?;
    window.said("picture-path", &format!(".{format}")).await.map(PathBuf::from)
}

/// It is larger than the chart, for the words above and below, and has the colours of one.
fn holds_a_picture(bytes: &[u8], (width, height): (u32, u32)) -> anyhow::Result<()> {
    let mut png = png::Decoder::new(Cursor::new(bytes)).read_info()?;
    let mut pixels = vec![0; png.output_buffer_size().context("a picture of this size")?];
    let frame = png.next_frame(&mut pixels)?;
    ensure!(
        frame.width >= width && frame.height > height,
        "{} by {} pixels, of a chart of {width} by {height}",
        frame.width,
        frame.height
    );
    let n_bytes = frame.color_type.samples();
    let colours: BTreeSet<&[u8]> = pixels.chunks_exact(n_bytes).collect();
    ensure!(colours.len() > 20, "{} colours", colours.len());
    Ok(())
}

/// It names what it shows and whose chart it is, and has a body for every candle in sight.
fn holds_a_chart(text: &str, in_sight: i64) -> anyhow::Result<()> {
    let svg = roxmltree::Document::parse(text);
    let svg = svg.map_err(|error| anyhow::anyhow!("it is no XML: {error}"))?;
    let said: Vec<&str> = svg.descendants().filter_map(|node| node.text()).collect();
    for words in ["SPY, 5 minute bars", "TradingView Lightweight Charts", "Gatehouse", "New York"] {
        ensure!(said.iter().any(|text| text.contains(words)), "{words:?} is not in {said:?}");
    }
    let is_body = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name("rect") && node.attribute("fill") == Some("none")
    };
    let n_bodies = i64::try_from(svg.descendants().filter(is_body).count())?;
    // At the edges a part of one more on each side.
    ensure!(
        (in_sight - 1..=in_sight + 3).contains(&n_bodies),
        "{n_bodies} candles, and {in_sight} in sight"
    );
    Ok(())
}
