//! The flags that say how well the simulated exchange treats orders.

use clap::Args;
use gatehouse_sim::world::Fills;

/// Milliseconds in a step of the market.
const STEP_MS: u32 = 250;

#[derive(Debug, Args)]
pub(crate) struct FillFlags {
    /// Market time from an order to its acknowledgement, in milliseconds, in steps of 250.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    ack_latency: u32,
    /// Market time from the moment an order works to its first possible fill, in milliseconds.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    fill_latency: u32,
    /// Share of the displayed size that stands in front of a limit order that comes to rest.
    #[arg(long, default_value_t = 0, value_name = "PERCENT")]
    queue: u32,
    /// Price steps by which what takes liquidity fares worse than the display.
    #[arg(long, default_value_t = 0, value_name = "TICKS")]
    slippage: u32,
}

impl FillFlags {
    pub(crate) fn fills(&self) -> Fills {
        let steps = |ms: u32| i64::from(ms.div_ceil(STEP_MS));
        Fills {
            ack_steps: steps(self.ack_latency),
            fill_steps: steps(self.fill_latency),
            queue_percent: self.queue,
            slippage_ticks: self.slippage,
        }
    }
}
