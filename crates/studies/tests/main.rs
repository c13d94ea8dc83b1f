//! Studies against kept libraries, on paper, and what holds for each of them on any bars.

#[path = "main/bars.rs"]
mod bars;
#[path = "main/golden.rs"]
mod golden;
#[path = "main/laws.rs"]
mod laws;
#[path = "main/menu.rs"]
mod menu;
#[path = "main/questions.rs"]
mod questions;
#[path = "main/studies.rs"]
mod studies;
