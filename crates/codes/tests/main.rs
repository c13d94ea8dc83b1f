//! The error book and the patterns, by tables.

#[path = "main/book.rs"]
mod book;
#[path = "main/cases.rs"]
mod cases;
#[path = "main/patterns.rs"]
mod patterns;
