//! What the Risk screen asks beside the limits of one scope: the tree of scopes, what edits would
//! mean, edits applied together, and profiles.

use gatehouse_engine::{Command, Engine, Status};
use gatehouse_ipc::{
    EditEffect, Failure, FailureKind, LimitEdit, LimitInput, ProfileRow, Reply, ScopeNode,
};
use gatehouse_types::{BotName, EntrySeq, LimitChange, LimitId, LimitValue, Profile, Scope};

use crate::app::App;
use crate::audit_more;
use crate::failure::{bad_input, broken, failure, stopping};
use crate::requests::{Confirmation, parse_limit, parse_scope, parse_value};
use crate::view::words;

/// Seconds before a looser value applies, as the engine's settings say.
const LOOSER_AFTER_S: u32 = 60;

/// One edit that can be read.
pub(crate) type Edit = (Scope, LimitId, Option<Option<LimitValue>>);

impl App {
    /// Returns every place at which limits may be set.
    pub(crate) fn scopes(&self) -> Result<Reply, Failure> {
        let status = self.proxy.inspect(|engine, now| engine.status(now)).ok_or_else(stopping)?;
        Ok(Reply::Scopes { nodes: nodes(&status) })
    }

    /// Returns what edits would mean.
    pub(crate) fn check_limits(&self, edits: &[LimitEdit]) -> Result<Reply, Failure> {
        Ok(Reply::Edits { effects: self.effects(edits)? })
    }

    fn effects(&self, edits: &[LimitEdit]) -> Result<Vec<EditEffect>, Failure> {
        let read: Vec<Result<Edit, Failure>> = edits.iter().map(read).collect();
        let asked: Vec<Option<Edit>> =
            read.iter().map(|edit| edit.as_ref().ok().cloned()).collect();
        let weighed = self
            .proxy
            .inspect(move |engine, _| {
                let base = base(engine);
                let weigh = |edit: Option<Edit>| edit.map(|edit| weigh(engine, edit, &base));
                asked.into_iter().map(weigh).collect::<Vec<_>>()
            })
            .ok_or_else(stopping)?;
        let of = |((edit, read), weighed): ((&LimitEdit, Result<Edit, Failure>), _)| match (
            read, weighed,
        ) {
            (Ok(_), Some(effect)) => effect,
            (Err(failure), _) => troubled(edit, failure.why),
            (Ok(_), None) => troubled(edit, "Gatehouse is stopping.".to_owned()),
        };
        Ok(edits.iter().zip(read).zip(weighed).map(of).collect())
    }

    /// Applies edits: all of them, or none when one cannot be applied.
    pub(crate) fn apply_limits(
        &self,
        edits: &[LimitEdit],
        confirmation: Confirmation,
    ) -> Result<Reply, Failure> {
        let effects = self.effects(edits)?;
        if effects.iter().any(|effect| effect.trouble.is_some()) {
            return Ok(Reply::Edits { effects });
        }
        let looser: Vec<&EditEffect> = effects.iter().filter(|it| !it.is_tighter).collect();
        let is_confirmed = confirmation == Confirmation::InDialog;
        if !looser.is_empty() && !is_confirmed {
            return Err(asks(&looser));
        }
        for edit in edits {
            let (scope, limit, value) = read(edit)?;
            self.command(Command::SetLimit { scope, limit, value, is_confirmed })?;
        }
        Ok(Reply::Edits { effects })
    }

    /// Returns the profiles, each with what it would change for the account.
    pub(crate) fn profiles(&self) -> Result<Reply, Failure> {
        let profiles = self
            .proxy
            .inspect(|engine, now| {
                let current = engine.status(now).policy.profile(&Scope::Account);
                let base = base(engine);
                [Profile::Careful, Profile::Standard, Profile::Custom]
                    .map(|profile| row(engine, profile, current, &base))
                    .to_vec()
            })
            .ok_or_else(stopping)?;
        Ok(Reply::Profiles { profiles })
    }

    /// Returns the edit that sets back what an entry changed.
    pub(crate) fn propose_old(&self, seq: u64) -> Result<Reply, Failure> {
        let unreadable =
            |error| broken("The ledger could not be read.", &error, "Run: gatehouse audit verify");
        let stored = self.ledger.reader()?.entry(EntrySeq::new(seq)).map_err(unreadable)?;
        let change = stored.as_ref().and_then(|stored| audit_more::change_of(&stored.entry.kind));
        let Some(LimitChange { scope, limit, old, .. }) = change else {
            return Err(bad_input(
                "Nothing was proposed.",
                format!("Entry {seq} changed no limit."),
                "Choose a setting change.",
            ));
        };
        let value = match old {
            None => LimitInput::Inherit,
            Some(None) => LimitInput::Off,
            Some(Some(value)) => LimitInput::Set(value.to_string()),
        };
        let edit = LimitEdit {
            scope: scope.to_string(),
            limit: limit.name().to_owned(),
            value: value.clone(),
        };
        let effect = self.effects(&[edit])?.pop().filter(|effect| effect.old != effect.new);
        let value = effect.is_some().then_some(value);
        Ok(Reply::Proposal { edit: effect, value })
    }
}

/// Reads an edit.
pub(crate) fn read(edit: &LimitEdit) -> Result<Edit, Failure> {
    let limit = parse_limit(&edit.limit)?;
    Ok((parse_scope(&edit.scope)?, limit, parse_value(limit, edit.value.clone())?))
}

/// Returns the account's base currency in words.
fn base(engine: &Engine) -> String {
    let known = engine.base_currency();
    known.map_or_else(|| "account currency".to_owned(), |currency| currency.to_string())
}

fn weigh(engine: &Engine, (scope, limit, value): Edit, base: &str) -> EditEffect {
    let said = words::limit_value(value.as_ref().map(Option::as_ref));
    match engine.weigh_limit(scope.clone(), limit, value) {
        Ok((change, is_tighter)) => EditEffect {
            scope: scope.to_string(),
            limit: limit.name().to_owned(),
            title: words::limit_title(limit).to_owned(),
            old: words::limit_value(change.old.as_ref().map(Option::as_ref)),
            new: words::limit_value(change.new.as_ref().map(Option::as_ref)),
            unit: words::limit_unit(limit, base),
            is_tighter,
            after_s: if is_tighter { 0 } else { LOOSER_AFTER_S },
            trouble: None,
        },
        Err(error) => EditEffect {
            scope: scope.to_string(),
            limit: limit.name().to_owned(),
            title: words::limit_title(limit).to_owned(),
            old: String::new(),
            new: said,
            unit: words::limit_unit(limit, base),
            is_tighter: false,
            after_s: 0,
            trouble: Some(crate::failure::command(&error).why),
        },
    }
}

fn troubled(edit: &LimitEdit, why: String) -> EditEffect {
    EditEffect {
        scope: edit.scope.clone(),
        limit: edit.limit.clone(),
        title: edit.limit.clone(),
        old: String::new(),
        new: match &edit.value {
            LimitInput::Set(value) => value.clone(),
            LimitInput::Off => "off".to_owned(),
            LimitInput::Inherit => "inherited".to_owned(),
        },
        unit: String::new(),
        is_tighter: false,
        after_s: 0,
        trouble: Some(why),
    }
}

/// Asks the person for all looser values at once, outside the web view.
fn asks(looser: &[&EditEffect]) -> Failure {
    let each: Vec<String> = looser
        .iter()
        .map(|it| format!("{} of {}: {} to {} {}", it.title, it.scope, it.old, it.new, it.unit))
        .collect();
    failure(
        "needs-confirmation",
        FailureKind::YoursToFix,
        "No limit was changed.",
        format!(
            "Looser: {}. It takes effect in {LOOSER_AFTER_S} s and can be taken back until then.",
            each.join("; ")
        ),
        "Apply these limits",
    )
}

fn row(engine: &Engine, profile: Profile, current: Profile, base: &str) -> ProfileRow {
    let (title, sentence) = match profile {
        Profile::Careful => ("Careful", "For a first bot: every limit on, and small."),
        Profile::Standard => ("Standard", "For a bot that has run some days as meant."),
        Profile::Custom => ("Custom", "Whatever you changed."),
    };
    let is_current = profile == current;
    let edits = if is_current || profile == Profile::Custom {
        Vec::new()
    } else {
        let covered = LimitId::ALL.iter().copied().filter(|id| Profile::covers(*id));
        let weighed = covered
            .map(|id| weigh(engine, (Scope::Account, id, Some(profile.value(id))), base))
            .filter(|effect| effect.old != effect.new);
        weighed.collect()
    };
    ProfileRow {
        name: profile.name().to_owned(),
        title: title.to_owned(),
        sentence: sentence.to_owned(),
        is_current,
        edits,
    }
}

fn nodes(status: &Status) -> Vec<ScopeNode> {
    let n_own = |scope: &Scope| {
        let set = LimitId::ALL.iter().filter(|id| status.policy.own(scope, **id).is_some());
        u32::try_from(set.count()).unwrap_or(u32::MAX)
    };
    let account = ScopeNode {
        scope: Scope::Account.to_string(),
        title: "Account".to_owned(),
        n_own: n_own(&Scope::Account),
        state: Some(words::state(status.account_state)),
        is_connected: None,
        symbols: Vec::new(),
    };
    let bots = status.bots.iter().filter(|bot| bot.config.name != BotName::desk()).map(|bot| {
        let scope = Scope::Bot(bot.config.name.clone());
        let held = bot.positions.iter().filter(|it| !it.held.size().is_zero());
        let working = status
            .working
            .iter()
            .filter(|order| order.order.as_ref().is_some_and(|order| order.bot == bot.config.name));
        let symbols = held.map(|it| &it.symbol).chain(working.map(|it| &it.symbol));
        let symbols: std::collections::BTreeSet<&String> =
            symbols.filter(|symbol| !symbol.is_empty()).collect();
        ScopeNode {
            title: bot.config.name.to_string(),
            n_own: n_own(&scope),
            scope: scope.to_string(),
            state: Some(words::state(bot.state)),
            is_connected: Some(bot.is_connected),
            symbols: symbols.into_iter().cloned().collect(),
        }
    });
    let symbols = status.policy.symbols().map(|symbol| {
        let scope = Scope::Symbol(symbol.to_owned());
        ScopeNode {
            title: symbol.to_owned(),
            n_own: n_own(&scope),
            scope: scope.to_string(),
            state: None,
            is_connected: None,
            symbols: Vec::new(),
        }
    });
    [account].into_iter().chain(bots).chain(symbols.filter(|node| node.n_own > 0)).collect()
}
