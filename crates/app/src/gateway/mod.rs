//! The Gateway that looks after itself: what is kept up, and what a person may ask of it.
//!
//! [`keeper`] is the one thread that acts; [`shown`] is what everybody else reads. The session's
//! rules are in `gatehouse_gateway`, and orders are judged elsewhere.

mod awake;
mod calendar;
mod farms;
mod finder;
mod keeper;
mod logins;
mod memory;
mod process;
mod settings;
mod shown;
mod source;

use std::sync::Arc;

use gatehouse_desk::Aside;
use gatehouse_engine::{Command, DeskNews, Input};
use gatehouse_gateway::session::Event;
use gatehouse_ipc::{
    ConnectionTimeline, Failure, FailureKind, GatewaySettings, GatewaySource, GatewayView, Reply,
    TradingMode,
};
use gatehouse_proxy::Proxy;

pub(crate) use calendar::{Calendar, in_words, zone};
use farms::{Farm, farm};
pub(crate) use keeper::{Hands, KeeperEnd, Word, may_start, start};
pub(crate) use logins::Logins;
pub(crate) use process::Process;
pub(crate) use settings::{
    by_name as settings_by_name, defaults as default_settings, may_be as setting_may_be,
    with as setting_changed,
};
use shown::{FARM_ALARM, FARM_SEVERITY};
pub(crate) use shown::{Shown, ShownProcess, State};
pub(crate) use source::{Choice, Source};

use crate::app::App;
use crate::failure::{self, bad_input, failure};
use crate::view;

/// Longest timeline, in hours: 30 days.
const HOURS_MAX: u32 = 720;

/// Returns what the command line and the recorded settings say together.
pub(crate) fn choice(
    arg: Option<&crate::cli::GatewayArg>,
    engine: &gatehouse_engine::Engine,
) -> Choice {
    Choice::of(arg, settings::read(engine.settings()))
}

/// Stands between the desk and the engine: tells the keeper, and keeps an account of the wrong mode
/// from the engine, for which there is no connection then.
#[derive(Debug)]
pub(crate) struct Gate {
    keeper: KeeperEnd,
    shown: Arc<Shown>,
    is_shut: std::sync::atomic::AtomicBool,
}

impl Gate {
    pub(crate) fn new(keeper: KeeperEnd, shown: Arc<Shown>) -> Self {
        Self { keeper, shown, is_shut: std::sync::atomic::AtomicBool::new(false) }
    }

    /// Returns whether the engine may hear the news.
    pub(crate) fn passes(&self, news: &DeskNews) -> bool {
        use std::sync::atomic::Ordering::SeqCst;
        let mut refusal = None;
        if let DeskNews::Connected { account, .. } = news {
            refusal = self.shown.state().choice.and_then(|choice| choice.refusal(account));
            self.is_shut.store(refusal.is_some(), SeqCst);
        }
        if matches!(news, DeskNews::Lost { .. }) {
            self.is_shut.store(false, SeqCst);
        }
        self.keeper.heard(news, refusal);
        !self.is_shut.load(SeqCst)
    }

    /// Takes what is only shown.
    pub(crate) fn aside(&self, aside: &Aside, proxy: &Proxy) {
        if let Aside::Clock { asked, answered, .. } = aside {
            self.shown.round_trip(answered.since(*asked));
        }
        if let Aside::Notice { code, message } = aside {
            self.shown.notice(*code, message);
        }
        if let Aside::Notice { code, message } = aside
            && let Some(Farm { name, sentence }) = farm(*code, message)
        {
            let alarm = format!("{FARM_ALARM}{name}");
            proxy.send(match sentence {
                Some(sentence) => Input::AlarmRaised { alarm, severity: FARM_SEVERITY, sentence },
                None => Input::AlarmEnded { alarm },
            });
        }
    }
}

impl App {
    /// Returns what the Gateway screen says.
    pub(crate) fn gateway_view(&self) -> GatewayView {
        let state = self.gateway.state();
        let now = self.clock.now();
        let clock = self.market.clock();
        let outside = view::gateway::Outside {
            clock_offset_ms: clock
                .and_then(|(gateway, at)| view::session::offset(now, gateway, at)),
            credentials: self.logins.view(),
        };
        view::gateway::view(&state, now, outside)
    }

    pub(crate) fn connection(&self, hours: u32) -> Result<ConnectionTimeline, Failure> {
        if hours == 0 || hours > HOURS_MAX {
            return Err(bad_input(
                "The timeline was not made.",
                format!("{hours} hours is not within the 30 days that are kept."),
                "Ask for 1 to 720 hours.",
            ));
        }
        let to = self.clock.now().utc;
        Ok(view::gateway::timeline(&self.gateway.state().timeline, to, hours))
    }

    pub(crate) fn set_gateway(
        &self,
        wanted: GatewaySettings,
        confirmation: crate::Confirmation,
    ) -> Result<Reply, Failure> {
        let wanted = settings::checked(wanted)?;
        let before = self
            .proxy
            .inspect(|engine, _| settings::read(engine.settings()))
            .ok_or_else(failure::stopping)?;
        let becomes_live = wanted.mode == TradingMode::Live
            && wanted.source != GatewaySource::Simulator
            && (before.mode != wanted.mode || before.source == GatewaySource::Simulator);
        if becomes_live && confirmation == crate::Confirmation::None {
            return Err(failure(
                "needs-confirmation",
                FailureKind::YoursToFix,
                "The Gateway's settings were not changed.",
                "Gatehouse connects to an account with real money. It can be watched; its orders \
                 are refused in this version.",
                "Connect to a LIVE account",
            ));
        }
        for (setting, value) in settings::values(&wanted) {
            self.command(Command::ChangeSetting { setting: setting.to_owned(), value })?;
        }
        let choice = Choice::of(self.gateway_arg.as_ref(), wanted);
        let note = choice.is_by_command_line.then(|| {
            "The command line chose the Gateway of this run; the source counts from the next start."
                .to_owned()
        });
        self.keeper.tell(Word::Changed(Box::new(choice)));
        Ok(Reply::Done { after_s: None, note })
    }

    pub(crate) fn act_on_gateway(&self, event: Event) -> Reply {
        self.keeper.event(event);
        Reply::Done { after_s: None, note: None }
    }

    pub(crate) fn find_gateways(&self) -> Reply {
        Reply::FoundGateways(Box::new(finder::find()))
    }
}
