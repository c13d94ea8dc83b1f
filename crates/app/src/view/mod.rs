//! Translates words of the core into what a person reads. Nothing here decides anything.

pub(crate) mod codes;
mod connect;
pub(crate) mod decision;
pub(crate) mod flatten;
pub(crate) mod gateway;
mod inputs;
mod kill;
mod limit_words;
pub(crate) mod limits;
pub(crate) mod positions;
pub(crate) mod row;
mod sentence;
pub(crate) mod session;
pub(crate) mod status;
pub(crate) mod ticket;
pub(crate) mod words;
