//! The flags that say how strict the Gateway is and when it goes away.

use std::time::Duration;

use clap::{Args, ValueEnum};
use gatehouse_sim::server::{Closing, Farms, PacingMode, Speed, Temper, Zone};

#[derive(Debug, Args)]
pub(crate) struct TemperFlags {
    /// What happens to a client above 50 messages a second; off as fast as possible.
    #[arg(long, value_enum, default_value_t = Pacing::Pace)]
    pacing: Pacing,
    /// Farms that each client is told of; `:idle` behind one that connects with the first request.
    #[arg(long, default_value = "usfarm,ushmds,secdefil", value_name = "NAMES")]
    farms: Farms,
    /// The zone of the handshake and of executions, such as Europe/Berlin or, under the name that a
    /// Windows gives it, Europe/Berlin=Mitteleuropäische Zeit.
    #[arg(long, default_value = "US/Eastern", value_name = "ZONE")]
    zone: Zone,
    /// Restart every night at this time of New York: 1100, and nothing listens for a while.
    #[arg(long, value_name = "HH:MM")]
    restart_at: Option<Closing>,
    /// Log out once a week, such as "Sun 01:00".
    #[arg(long, value_name = "DAY HH:MM")]
    logout_at: Option<Closing>,
    /// Seconds of the market's time that nothing listens after either.
    #[arg(long, default_value_t = 120, value_name = "SECONDS")]
    away: u64,
}

/// What happens above the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Pacing {
    /// Nothing.
    Off,
    /// 100, as often as it happens.
    Warn,
    /// 100, and the session ends at the third: the setting "Reject messages above maximum allowed
    /// message rate".
    Strict,
    /// Messages wait: the setting's other side.
    Pace,
}

impl TemperFlags {
    pub(crate) fn temper(self, speed: Speed) -> Temper {
        let pacing = match self.pacing {
            // There is no second to count in when time jumps.
            _ if speed.is_max() => PacingMode::Off,
            Pacing::Off => PacingMode::Off,
            Pacing::Warn => PacingMode::Warn,
            Pacing::Strict => PacingMode::Strict,
            Pacing::Pace => PacingMode::Pace,
        };
        Temper {
            pacing,
            farms: self.farms,
            zone: self.zone,
            restart_at: self.restart_at,
            logout_at: self.logout_at,
            away: Duration::from_secs(self.away),
            ..Temper::default()
        }
    }
}
