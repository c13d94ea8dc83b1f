//! Translates words of the core into what a person reads. Nothing here decides anything.

pub(crate) mod decision;
pub(crate) mod limits;
pub(crate) mod row;
mod sentence;
pub(crate) mod status;
pub(crate) mod words;
