//! Pictures as SVG text, in the light theme's colours. Each works in greyscale: lines have a name
//! at their end, what is refused is hatched. The one place here with binary floats.

mod bars;
mod canvas;
mod lines;
mod orders;

pub(crate) use bars::{Bar, bars};
pub(crate) use lines::{Line, lines};
pub(crate) use orders::orders;

use crate::text::escape;

/// A picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("a picture of the report cannot be drawn")]
pub struct DrawError(#[from] plotters::drawing::DrawingAreaErrorKind<std::io::Error>);

/// What a picture says to those who read and to those who listen.
pub(crate) struct Words<'a> {
    pub(crate) title: &'a str,
    pub(crate) summary: &'a str,
}

/// Gives a drawing its name and its sentence, and lets it shrink with the page.
fn named(svg: &str, words: &Words<'_>) -> String {
    let Some((opening, rest)) = svg.split_once('>') else { return String::new() };
    let (title, summary) = (escape(words.title), escape(words.summary));
    format!(
        "{opening} role=\"img\" aria-label=\"{title}. {summary}\">\n<title>{title}</title>\n<desc>{summary}</desc>{rest}"
    )
}
