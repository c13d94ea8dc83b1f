//! The first run: how far it came, what is stored where, and the order that must be refused.
//!
//! Progress is kept as settings of the ledger, so that it goes on after a restart and the audit
//! shows it. Nothing here decides anything about an order: the test order goes through the gate of
//! every order.

use std::collections::BTreeMap;
use std::path::Path;

use gatehouse_engine::Command;
use gatehouse_ipc::{
    Failure, FailureKind, OnboardingProgress, OnboardingState, OnboardingStep, OnboardingView,
    OrderTicket, Outcome, Placed, Reply, StoredPlace, TicketKind, TicketSide, TradingPlace,
};
use gatehouse_types::{BotName, Decimal, LimitId, Scope};

use crate::app::App;
use crate::failure::{failure, stopping};
use crate::view;

const STATE: &str = "onboarding.state";
const STEP: &str = "onboarding.step";
const PLACE: &str = "onboarding.place";
const BOT: &str = "onboarding.bot";
const CHECKLIST: &str = "onboarding.checklist";

/// What the checklist setting says once it was put away.
const AWAY: &str = "away";

const STATES: [(&str, OnboardingState); 3] = [
    ("open", OnboardingState::Open),
    ("later", OnboardingState::Later),
    ("finished", OnboardingState::Finished),
];

const STEPS: [(&str, OnboardingStep); 6] = [
    ("welcome", OnboardingStep::Welcome),
    ("trade", OnboardingStep::Trade),
    ("gateway", OnboardingStep::Gateway),
    ("login", OnboardingStep::Login),
    ("limits", OnboardingStep::Limits),
    ("bot", OnboardingStep::Bot),
];

const PLACES: [(&str, TradingPlace); 2] =
    [("simulator", TradingPlace::Simulator), ("paper", TradingPlace::Paper)];

/// The symbol of the test order: every account may see it.
const TEST_SYMBOL: &str = "SPY";

/// So far below any market that it could not fill, were it ever sent.
const TEST_LIMIT: &str = "1";

/// Shares of the test order where no limit names a number.
const TEST_QUANTITY: u32 = 1_000_000;

impl App {
    /// Returns how far the first run came, and what is stored where.
    pub(crate) fn onboarding(&self) -> Result<Reply, Failure> {
        let (settings, has_bots) = self
            .proxy
            .inspect(|engine, now| {
                // The person's own orders have a place among the bots.
                let is_own = |name: &BotName| *name == BotName::desk();
                let bots = engine.status(now).bots;
                let has_bots = bots.iter().any(|bot| !is_own(&bot.config.name));
                (engine.settings().clone(), has_bots)
            })
            .ok_or_else(stopping)?;
        Ok(Reply::Onboarding(Box::new(OnboardingView {
            is_due: is_due(&settings, has_bots),
            progress: read(&settings),
            stored: stored(self.ledger.folder()),
        })))
    }

    /// Keeps how far the first run came.
    pub(crate) fn set_onboarding(&self, progress: &OnboardingProgress) -> Result<Reply, Failure> {
        for (setting, value) in values(progress) {
            self.command(Command::ChangeSetting { setting: setting.to_owned(), value })?;
        }
        Ok(Reply::Done { after_s: None, note: None })
    }

    /// Sends an order that the limits refuse, and returns its verdict.
    pub(crate) fn try_refusal(&self) -> Result<Placed, Failure> {
        let status = self.proxy.inspect(|engine, now| engine.status(now)).ok_or_else(stopping)?;
        let rows = view::limits::rows(&status, &Scope::Account);
        let most = rows.into_iter().find(|row| row.id == LimitId::OrderQty.name());
        let ticket = test_order(most.and_then(|row| row.value));
        let preview = self.preview_order(ticket.clone())?;
        if preview.outcome != Outcome::Refused {
            return Err(failure(
                "would-pass",
                FailureKind::YoursToFix,
                "The test order was not sent.",
                format!("No limit refuses {}.", preview.what),
                "Set a limit for the quantity of an order in Risk, and try again.",
            ));
        }
        self.place_order(&ticket, &preview.token)
    }
}

/// Returns an order for one share more than the limit allows.
fn test_order(most: Option<String>) -> OrderTicket {
    let most = most.and_then(|most| Decimal::from_str_exact(&most).ok());
    let quantity = most.map_or_else(
        || TEST_QUANTITY.to_string(),
        |most| (most.trunc() + Decimal::ONE).normalize().to_string(),
    );
    OrderTicket {
        symbol: TEST_SYMBOL.to_owned(),
        side: TicketSide::Buy,
        quantity,
        kind: TicketKind::Limit,
        limit: Some(TEST_LIMIT.to_owned()),
        stop: None,
        tif: "DAY".to_owned(),
        outside_rth: false,
        target: None,
        protective_stop: None,
        changes: None,
    }
}

/// Returns whether it opens by itself: begun and not ended, or nothing was ever set up here.
fn is_due(settings: &BTreeMap<String, String>, has_bots: bool) -> bool {
    let is_begun = settings.contains_key(STEP);
    read(settings).state == OnboardingState::Open && (is_begun || !has_bots)
}

/// Returns the progress of a ledger. What it does not know counts as the beginning.
fn read(settings: &BTreeMap<String, String>) -> OnboardingProgress {
    OnboardingProgress {
        state: named(&STATES, settings.get(STATE)).unwrap_or(OnboardingState::Open),
        step: named(&STEPS, settings.get(STEP)).unwrap_or(OnboardingStep::Welcome),
        place: named(&PLACES, settings.get(PLACE)),
        bot: settings.get(BOT).cloned(),
        is_checklist_away: settings.get(CHECKLIST).is_some_and(|value| value == AWAY),
    }
}

/// Returns each setting with its value; `None` is as if it was never set.
fn values(progress: &OnboardingProgress) -> [(&'static str, Option<String>); 5] {
    [
        (STATE, name(&STATES, Some(progress.state))),
        (STEP, name(&STEPS, Some(progress.step))),
        (PLACE, name(&PLACES, progress.place)),
        (BOT, progress.bot.clone()),
        (CHECKLIST, progress.is_checklist_away.then(|| AWAY.to_owned())),
    ]
}

fn named<T: Copy>(names: &[(&str, T)], stored: Option<&String>) -> Option<T> {
    let stored = stored?;
    names.iter().find(|(name, _)| name == stored).map(|(_, value)| *value)
}

fn name<T: Copy + PartialEq>(names: &[(&str, T)], wanted: Option<T>) -> Option<String> {
    let wanted = wanted?;
    names.iter().find(|(_, value)| *value == wanted).map(|(name, _)| (*name).to_owned())
}

fn stored(folder: &Path) -> Vec<StoredPlace> {
    let place = |title: &str, what: &str, place: String| StoredPlace {
        title: title.to_owned(),
        what: what.to_owned(),
        place,
    };
    let inside = |name: &str| folder.join(name).display().to_string();
    vec![
        place(
            "Ledger",
            "Every request, verdict, fill and setting, in a chain that shows any change.",
            inside(gatehouse_ledger::FILE_NAME),
        ),
        place("Log", "What the program did, without account numbers.", inside("log")),
        place(
            "Reports and exports",
            "Only what you ask for.",
            format!("{}, {}", inside("reports"), inside("exports")),
        ),
        place(
            "Login",
            "Nothing, unless you choose the keychain; the address of a webhook goes there too.",
            "The keychain of this system".to_owned(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(stored: &[(&str, &str)]) -> BTreeMap<String, String> {
        stored.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn it_opens_by_itself_when_begun_or_where_nothing_was_set_up() {
        let check = |stored: &[(&str, &str)], has_bots, wanted| {
            assert_eq!(is_due(&settings(stored), has_bots), wanted, "{stored:?}, {has_bots}");
        };
        check(&[], false, true);
        check(&[], true, false);
        check(&[(STATE, "open"), (STEP, "bot")], true, true);
        check(&[(STATE, "later"), (STEP, "trade")], false, false);
        check(&[(STATE, "finished"), (STEP, "bot")], false, false);
        check(&[(BOT, "mine")], true, false);
    }

    #[test]
    fn progress_is_read_as_it_was_kept() {
        for (_, step) in STEPS {
            let progress = OnboardingProgress {
                state: OnboardingState::Later,
                step,
                place: Some(TradingPlace::Paper),
                bot: Some("mine".to_owned()),
                is_checklist_away: true,
            };
            let kept = values(&progress).into_iter();
            let kept = kept.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
            assert_eq!(read(&kept), progress);
        }
    }

    #[test]
    fn what_another_version_kept_counts_as_the_beginning() {
        let read = read(&settings(&[(STATE, "paused"), (STEP, "seventh"), (PLACE, "moon")]));
        assert_eq!(read.state, OnboardingState::Open);
        assert_eq!((read.step, read.place), (OnboardingStep::Welcome, None));
    }

    #[test]
    fn the_test_order_asks_for_one_share_too_many_and_could_not_fill() {
        let check = |most: Option<&str>, wanted: &str| {
            let order = test_order(most.map(str::to_owned));
            assert_eq!((order.quantity.as_str(), order.limit.as_deref()), (wanted, Some("1")));
        };
        check(Some("500"), "501");
        check(Some("0.5"), "1");
        check(Some("2.50"), "3");
        check(None, "1000000");
        check(Some("off"), "1000000");
    }
}
