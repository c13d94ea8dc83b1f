//! The controls, one by one and as laws over arbitrary input, through the public door only.

mod bench;
mod controls;
mod laws;
mod readme;
