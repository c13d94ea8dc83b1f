//! Scenarios: each test is one sentence of the order path, played in virtual time.

mod alarms;
mod attacks;
mod books;
mod breaks;
mod cancels;
mod covers;
mod driver;
mod families;
mod flatten;
mod hands;
mod inputs;
mod kill;
mod limits;
mod orders;
mod properties;
mod replay;
mod rules;
mod truth;
mod worlds;
