//! How well the simulated exchange treats orders.

/// How orders fill. The default is the kindest market: no waiting, no queue, the displayed price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fills {
    /// Steps of the market from placeOrder to its acknowledgement.
    pub ack_steps: i64,
    /// Steps from the moment an order begins to work to its first possible fill.
    pub fill_steps: i64,
    /// Share of the displayed size that stands in front of an order that comes to rest at the best
    /// price, in percent; it must trade first.
    pub queue_percent: u32,
    /// Price steps by which what takes liquidity fares worse than the display, never beyond a limit.
    pub slippage_ticks: u32,
}
