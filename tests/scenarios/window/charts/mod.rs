//! Charts in the real window, fed by the simulator: what is kept over a restart, a day played again,
//! pictures, several charts, and very many bars.

mod chart;
mod frames;
mod kinds;
mod pictures;
mod replay;
mod restart;
mod series;
