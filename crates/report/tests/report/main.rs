//! The report against ledgers that a test wrote: numbers, drawings, hostile texts.

mod day;
mod drawing;
mod world;
