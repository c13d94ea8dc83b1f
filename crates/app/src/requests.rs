//! One answer for each request, whoever asks: the window, or the command line.

use std::sync::PoisonError;

use gatehouse_engine::{Command, CommandError, Done};
use gatehouse_gateway::session::Event;
use gatehouse_ipc::{AuditFilter, Failure, FailureKind, LimitInput, Reply, Request};
use gatehouse_proxy::AskError;
use gatehouse_types::{
    BotConfig, BotName, ClientId, LimitId, LimitUnit, LimitValue, OrderId, OrderRef, Profile, Scope,
};

use crate::app::App;
use crate::failure::{self, bad_input, broken, failure};
use crate::history::Wished;
use crate::view::words;
use crate::{audit, audit_more, chart, report, view};

/// Client ids that are proposed for new bots.
const CLIENT_IDS: std::ops::RangeInclusive<i32> = 11..=999;

/// How a person confirmed what is dangerous. The web view alone never can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Not at all.
    None,
    /// In a dialog of the operating system.
    InDialog,
    /// By typing: `--confirm` with the same value, or the word of a release.
    OnCommandLine,
}

impl App {
    /// Answers a request.
    ///
    /// # Errors
    /// `needs-confirmation` when the person must confirm first; otherwise why nothing was done.
    pub fn request(&self, request: Request, confirmation: Confirmation) -> Result<Reply, Failure> {
        match request {
            Request::Snapshot => {
                self.snapshot().map(|snapshot| Reply::Snapshot(Box::new(snapshot)))
            }
            Request::Status => self
                .status()
                .map(|status| Reply::Status(Box::new(status)))
                .ok_or_else(failure::stopping),
            Request::Limits { scope } => self.limits(&parse_scope(&scope)?),
            Request::Audit { filter, before, limit } => {
                audit::page(&self.ledger, &filter, before, limit).map(Reply::Audit)
            }
            Request::Entry { seq } => {
                audit::detail(&self.ledger, seq).map(|detail| Reply::Entry(Box::new(detail)))
            }
            Request::Verify => self.verify(),
            Request::Watch { symbols } => {
                self.show_symbols(symbols);
                Ok(Reply::Quotes { quotes: chart::quotes(self) })
            }
            Request::Marks { symbol, from, to, recorded_by } => {
                chart::marks(self, &symbol, chart::WantedMarks { from, to, recorded_by })
                    .map(|found| Reply::Marks { marks: found.marks, cut: found.cut })
            }
            Request::History => self.history_view().map(|view| Reply::History(Box::new(view))),
            Request::FillHistory { symbol, bar, what, is_regular, from, to } => {
                self.fill_history(Wished { symbol, bar, what, is_regular, from, to })
            }
            Request::HistoryCost { symbol, bar, what, is_regular, from, to } => {
                self.history_cost(Wished { symbol, bar, what, is_regular, from, to })
            }
            Request::FollowHistory { job } => self.follow_history(job),
            Request::RetryHistory { job } => Ok(self.retry_history(job)),
            Request::KeptHistory => self.kept_history(),
            Request::HistoryGaps { con_id, bar, what, is_regular } => {
                self.history_gaps(con_id, &bar, what, is_regular)
            }
            Request::SetHistoryQuota { bytes } => self.set_history_quota(bytes),
            Request::ServeHistory { bot, is_on } => self.serve_history(&parse_bot(&bot)?, is_on),
            Request::StopHistory { job } => Ok(self.stop_history(job)),
            Request::OrderSpans { symbol, from, to } => chart::order_spans(self, &symbol, from, to)
                .map(|orders| Reply::OrderSpans { orders }),
            Request::SavePicture { name, format, data } => self.save_picture(&name, &format, &data),
            Request::ChartBook => self.chart_book(),
            Request::SaveChartBook { document } => self.save_chart_book(&document),
            Request::Density { filter, buckets } => {
                audit_more::density(&mut self.ledger.reader()?, &filter, buckets)
                    .map(Reply::Density)
            }
            Request::Checkpoints => audit_more::checkpoints(&mut self.ledger.reader()?),
            Request::Export { filter, format } => self.export(&filter, &format),
            Request::Report { from, to } => report::to_folder(
                &mut self.ledger.reader()?,
                self.ledger.folder(),
                from.as_deref(),
                to.as_deref(),
            ),
            Request::PreviewOrder { ticket } => {
                self.preview_order(ticket).map(|preview| Reply::Preview(Box::new(preview)))
            }
            Request::PlaceOrder { ticket, token } => {
                self.place_order(&ticket, &token).map(|placed| Reply::Placed(Box::new(placed)))
            }
            Request::FlattenReview { scope } => {
                self.flatten_review(&scope).map(|review| Reply::FlattenReview(Box::new(review)))
            }
            Request::Flatten { scope, token } => self.flatten(&scope, &token, confirmation),
            Request::ProposeOld { seq } => self.propose_old(seq),
            Request::Day => self.day().map(|day| Reply::Day(Box::new(day))),
            Request::Scopes => self.scopes(),
            Request::CheckLimits { edits } => self.check_limits(&edits),
            Request::ApplyLimits { edits } => self.apply_limits(&edits, confirmation),
            Request::Profiles => self.profiles(),
            Request::ReplayLimits { edits, days } => self.replay_limits(&edits, days),
            Request::Gateway => {
                self.logins.ask();
                Ok(Reply::Gateway(Box::new(self.gateway_view())))
            }
            Request::Connection { hours } => {
                self.connection(hours).map(|it| Reply::Connection(Box::new(it)))
            }
            Request::Lines => self.lines(),
            Request::FindGateways => Ok(self.find_gateways()),
            Request::SetGateway { settings } => self.set_gateway(settings, confirmation),
            Request::StartGateway => Ok(self.act_on_gateway(Event::Start)),
            Request::RestartGateway => Ok(self.act_on_gateway(Event::Restart)),
            Request::StopGateway => Ok(self.act_on_gateway(Event::Stop)),
            Request::StoreLogin { mode, user, password } => self.logins.store(mode, user, password),
            Request::RemoveLogin { mode } => self.logins.remove(mode),
            Request::Doctor { address, client_id, accept_settings } => {
                self.doctor(address, client_id, accept_settings)
            }
            Request::Onboarding => self.onboarding(),
            Request::SetOnboarding { progress } => self.set_onboarding(&progress),
            Request::TryRefusal => self.try_refusal().map(|placed| Reply::Placed(Box::new(placed))),
            Request::Release { word } => self.release(word, confirmation),
            Request::AddBot { name, port, client_id } => self.add_bot(&name, port, client_id),
            Request::Alarms => self.alarms(),
            Request::AlertSettings => self.alert_settings(),
            Request::SetAlertSettings { settings, webhook } => {
                self.set_alert_settings(settings, webhook)
            }
            Request::TestAlert { channel } => self.test_alert(channel),
            Request::Codes => Ok(self.codes_view()),
            Request::Meaning { code, text } => Ok(view::codes::explain(code, &text)),
            act @ (Request::SetLimit { .. }
            | Request::SetProfile { .. }
            | Request::DiscardLimit { .. }
            | Request::SetState { .. }
            | Request::SetStateUntilNextSession { .. }
            | Request::Kill { .. }
            | Request::CancelKept
            | Request::CancelOrder { .. }
            | Request::CancelAll { .. }
            | Request::AcknowledgeAlarm { .. }
            | Request::RemoveBot { .. }) => {
                let command = command(act, confirmation)?;
                let removed = if let Command::RemoveBot { bot } = &command {
                    Some(bot.clone())
                } else {
                    None
                };
                let done = self.command(command).map(done)?;
                if let Some(bot) = removed {
                    self.unserve_history(&bot);
                }
                Ok(done)
            }
        }
    }

    /// Carries a command out.
    pub(crate) fn command(&self, command: Command) -> Result<Done, Failure> {
        self.proxy.command(command.clone()).map_err(|error| match error {
            AskError::Refused(CommandError::NeedsConfirmation) => looser(&command),
            AskError::Refused(refused) => failure::command(&refused),
            AskError::NoAnswer => broken(
                "It is not known whether this was done.",
                &error,
                "Look at the audit screen before trying again.",
            ),
        })
    }

    fn limits(&self, scope: &Scope) -> Result<Reply, Failure> {
        let status =
            self.proxy.inspect(|engine, now| engine.status(now)).ok_or_else(failure::stopping)?;
        Ok(Reply::Limits { rows: view::limits::rows(&status, scope) })
    }

    fn export(&self, filter: &AuditFilter, format: &str) -> Result<Reply, Failure> {
        let mut reader = self.ledger.reader()?;
        audit_more::export(&mut reader, self.ledger.folder(), filter, format)
    }

    fn verify(&self) -> Result<Reply, Failure> {
        let verified = audit::verify(&self.ledger)?;
        if let Reply::Verified { n_entries, broken_at, .. } = &verified {
            if broken_at.is_none() {
                self.verified_to.store(*n_entries, std::sync::atomic::Ordering::SeqCst);
                let mut at = self.verified_at.lock().unwrap_or_else(PoisonError::into_inner);
                *at = Some(self.clock.now().utc);
            }
            let broken_at = broken_at.map(gatehouse_types::EntrySeq::new);
            self.command(Command::RecordVerified { n_entries: *n_entries, broken_at })?;
        }
        Ok(verified)
    }

    /// Releases the kill, after a confirmation outside the web view.
    fn release(&self, word: String, confirmation: Confirmation) -> Result<Reply, Failure> {
        let status = self.status().ok_or_else(failure::stopping)?;
        let may_release = status.kill.is_some_and(|kill| kill.release_in_s == 0);
        if confirmation == Confirmation::None && may_release && word == "RELEASE" {
            return Err(failure(
                "needs-confirmation",
                FailureKind::YoursToFix,
                "The kill switch stays on.",
                "Every bot stays halted; you let them trade again one by one.",
                "Release the kill switch",
            ));
        }
        self.command(Command::Release { word }).map(done)
    }

    fn add_bot(
        &self,
        name: &str,
        port: Option<u16>,
        client_id: Option<i32>,
    ) -> Result<Reply, Failure> {
        let name = parse_bot(name)?;
        let status = self.status().ok_or_else(failure::stopping)?;
        let is_free = |id: i32| !status.bots.iter().any(|bot| bot.client_id == id);
        let client_id = client_id.or_else(|| CLIENT_IDS.into_iter().find(|id| is_free(*id)));
        let client_id = client_id.ok_or_else(|| {
            bad_input("The bot was not added.", "No client id is free.", "Remove a bot first.")
        })?;
        let port = port.map_or_else(free_port, Ok)?;
        let bot = BotConfig { name: name.clone(), port, client_id: ClientId::new(client_id) };
        self.command(Command::RegisterBot { bot })?;
        Ok(Reply::BotAdded { name: name.to_string(), port, client_id })
    }
}

/// Returns what a command did, as an answer.
pub(crate) fn done(done: Done) -> Reply {
    match done {
        Done::Now => Reply::Done { after_s: None, note: None },
        Done::After(delay) => Reply::Done {
            after_s: Some(u32::try_from(delay.as_secs()).unwrap_or(u32::MAX)),
            note: None,
        },
        Done::Cancelling(orders) => {
            Reply::Cancelling { orders: u32::try_from(orders).unwrap_or(u32::MAX) }
        }
    }
}

/// Returns the command that a request means, for those that are nothing but a command.
pub(crate) fn command(request: Request, confirmation: Confirmation) -> Result<Command, Failure> {
    Ok(match request {
        Request::SetLimit { scope, limit, value, confirm } => {
            let is_repeated = confirm.is_some_and(|said| repeats(&said, &value));
            let is_confirmed = is_confirmed(confirmation, is_repeated);
            let limit = parse_limit(&limit)?;
            let value = parse_value(limit, value)?;
            Command::SetLimit { scope: parse_scope(&scope)?, limit, value, is_confirmed }
        }
        Request::SetProfile { scope, profile, confirm } => {
            set_profile(&scope, &profile, confirm.as_ref(), confirmation)?
        }
        Request::DiscardLimit { scope, limit } => {
            Command::DiscardLimit { scope: parse_scope(&scope)?, limit: parse_limit(&limit)? }
        }
        Request::SetState { scope, state, why } => Command::SetState {
            scope: parse_scope(&scope)?,
            state: words::trading_state(state),
            why,
        },
        Request::SetStateUntilNextSession { scope, state, why } => {
            Command::SetStateUntilNextSession {
                scope: parse_scope(&scope)?,
                state: words::trading_state(state),
                why,
            }
        }
        Request::Kill { reason } => Command::Kill { reason },
        Request::Release { word } => Command::Release { word },
        Request::CancelKept => Command::CancelKept,
        Request::CancelOrder { bot, order_id } => Command::CancelOrder {
            order: OrderRef { bot: parse_bot(&bot)?, order_id: OrderId::new(order_id) },
        },
        Request::CancelAll { bot } => {
            Command::CancelAll { bot: bot.as_deref().map(parse_bot).transpose()? }
        }
        Request::AddBot { name, port: Some(port), client_id: Some(client_id) } => {
            let client_id = ClientId::new(client_id);
            Command::RegisterBot { bot: BotConfig { name: parse_bot(&name)?, port, client_id } }
        }
        Request::RemoveBot { name } => Command::RemoveBot { bot: parse_bot(&name)? },
        Request::AcknowledgeAlarm { alarm } => Command::AcknowledgeAlarm { alarm },
        Request::Snapshot
        | Request::Status
        | Request::Limits { .. }
        | Request::Audit { .. }
        | Request::Entry { .. }
        | Request::Verify
        | Request::Watch { .. }
        | Request::Marks { .. }
        | Request::History
        | Request::FillHistory { .. }
        | Request::HistoryCost { .. }
        | Request::FollowHistory { .. }
        | Request::RetryHistory { .. }
        | Request::KeptHistory
        | Request::HistoryGaps { .. }
        | Request::SetHistoryQuota { .. }
        | Request::StopHistory { .. }
        | Request::ServeHistory { .. }
        | Request::OrderSpans { .. }
        | Request::SavePicture { .. }
        | Request::ChartBook
        | Request::SaveChartBook { .. }
        | Request::Density { .. }
        | Request::Checkpoints
        | Request::Export { .. }
        | Request::Report { .. }
        | Request::PreviewOrder { .. }
        | Request::PlaceOrder { .. }
        | Request::FlattenReview { .. }
        | Request::Flatten { .. }
        | Request::ProposeOld { .. }
        | Request::Day
        | Request::Scopes
        | Request::CheckLimits { .. }
        | Request::ApplyLimits { .. }
        | Request::Profiles
        | Request::ReplayLimits { .. }
        | Request::Gateway
        | Request::Connection { .. }
        | Request::Lines
        | Request::FindGateways
        | Request::SetGateway { .. }
        | Request::StartGateway
        | Request::RestartGateway
        | Request::StopGateway
        | Request::StoreLogin { .. }
        | Request::RemoveLogin { .. }
        | Request::Doctor { .. }
        | Request::Alarms
        | Request::AlertSettings
        | Request::SetAlertSettings { .. }
        | Request::TestAlert { .. }
        | Request::Codes
        | Request::Meaning { .. }
        | Request::Onboarding
        | Request::SetOnboarding { .. }
        | Request::TryRefusal
        | Request::AddBot { .. } => {
            return Err(only_running());
        }
    })
}

/// `is_repeated`: whether the person typed the value again.
fn is_confirmed(confirmation: Confirmation, is_repeated: bool) -> bool {
    match confirmation {
        Confirmation::None => false,
        Confirmation::InDialog => true,
        Confirmation::OnCommandLine => is_repeated,
    }
}

fn set_profile(
    scope: &str,
    profile: &str,
    confirm: Option<&String>,
    confirmation: Confirmation,
) -> Result<Command, Failure> {
    let is_confirmed = is_confirmed(confirmation, confirm.is_some_and(|said| said == profile));
    let profile = parse_profile(profile)?;
    Ok(Command::SetProfile { scope: parse_scope(scope)?, profile, is_confirmed })
}

fn only_running() -> Failure {
    bad_input(
        "Nothing was done.",
        "This can only be answered by a running instance.",
        "Start one with: gatehouse run",
    )
}

fn looser(command: &Command) -> Failure {
    let why = if let Command::SetLimit { scope, limit, value, .. } = command {
        format!(
            "{} of {} to {} is looser. It takes effect in 60 s and can be taken back until then.",
            words::limit_title(*limit),
            words::scope(scope),
            words::limit_value(value.as_ref().map(Option::as_ref))
        )
    } else if let Command::SetProfile { scope, profile, .. } = command {
        format!(
            "Some limits of {} in the profile {} are looser. They take effect in 60 s and can be \
             taken back until then.",
            words::scope(scope),
            profile.name()
        )
    } else {
        "This is looser than before.".to_owned()
    };
    failure(
        "needs-confirmation",
        FailureKind::YoursToFix,
        "The limit was not changed.",
        why,
        "Repeat the value with --confirm, or confirm it in the window.",
    )
}

fn repeats(said: &str, value: &LimitInput) -> bool {
    match value {
        LimitInput::Set(number) => said == number,
        LimitInput::Off => said == "off",
        LimitInput::Inherit => said == "inherit",
    }
}

/// Reads a scope.
pub(crate) fn parse_scope(text: &str) -> Result<Scope, Failure> {
    Scope::parse(text).ok_or_else(|| {
        bad_input(
            "Nothing was done.",
            format!("{text:?} is not a scope."),
            "Use account, bot:NAME or symbol:SYM.",
        )
    })
}

fn parse_bot(text: &str) -> Result<BotName, Failure> {
    text.parse().map_err(|error: gatehouse_types::IdError| {
        bad_input("Nothing was done.", format!("{error}."), "Choose a name such as momentum-spy.")
    })
}

pub(crate) fn parse_limit(text: &str) -> Result<LimitId, Failure> {
    LimitId::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = LimitId::ALL.iter().map(|id| id.name()).collect();
        bad_input(
            "The limit was not changed.",
            format!("{text:?} is not a limit."),
            format!("Use one of: {}.", names.join(", ")),
        )
    })
}

fn parse_profile(text: &str) -> Result<Profile, Failure> {
    Profile::from_name(text).ok_or_else(|| {
        bad_input(
            "The profile was not changed.",
            format!("{text:?} is not a profile that can be chosen."),
            "Use careful or standard; custom is what single changes make of them.",
        )
    })
}

pub(crate) fn parse_value(
    limit: LimitId,
    value: LimitInput,
) -> Result<Option<Option<LimitValue>>, Failure> {
    let text = match value {
        LimitInput::Off => return Ok(Some(None)),
        LimitInput::Inherit => return Ok(None),
        LimitInput::Set(text) => text,
    };
    limit.parse(&text).map(|value| Some(Some(value))).map_err(|error| {
        let form = match limit.unit() {
            LimitUnit::Switch => "Give on or off.",
            LimitUnit::AllowList | LimitUnit::RefuseList => {
                "Give names between commas, such as AAPL,SPY, or the word off."
            }
            LimitUnit::Units
            | LimitUnit::BaseCurrency
            | LimitUnit::Percent
            | LimitUnit::Seconds
            | LimitUnit::Orders
            | LimitUnit::Changes
            | LimitUnit::PricePerUnit => "Give a number such as 500 or 2.5, or the word off.",
        };
        bad_input("The limit was not changed.", format!("{error}."), form)
    })
}

fn free_port() -> Result<u16, Failure> {
    let found =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    found
        .map(|address| address.port())
        .map_err(|error| broken("The bot was not added.", &error, "Name a port."))
}
