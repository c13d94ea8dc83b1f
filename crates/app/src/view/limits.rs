//! The rows of the Risk screen for one scope.

use gatehouse_engine::{Headroom, Status};
use gatehouse_ipc::LimitRow;
use gatehouse_types::{BotName, LimitId, LimitValue, Scope, Stricter};

use super::words;

/// Returns every limit as it holds in `scope`.
pub(crate) fn rows(status: &Status, scope: &Scope) -> Vec<LimitRow> {
    let base = status
        .net_liquidation
        .map_or_else(|| "account currency".to_owned(), |known| known.value.currency().to_string());
    LimitId::ALL.iter().map(|id| row(status, scope, *id, &base)).collect()
}

fn row(status: &Status, scope: &Scope, id: LimitId, base: &str) -> LimitRow {
    let own = status.policy.own(scope, id);
    let desk = BotName::desk();
    let (bot, symbol) = match scope {
        Scope::Account => (None, ""),
        Scope::Bot(bot) => (Some(bot), ""),
        Scope::Symbol(symbol) => (Some(&desk), symbol.as_str()),
    };
    let effective: Option<(LimitValue, Scope)> = match bot {
        None => own.flatten().map(|value| (value.clone(), Scope::Account)),
        Some(bot) => {
            status.policy.in_force(bot, symbol, id).map(|(value, scope)| (value, scope.into()))
        }
    };
    let nearest = nearest(status, scope, id);
    LimitRow {
        id: id.name().to_owned(),
        rule: id.control().to_string(),
        group: words::limit_group(id).to_owned(),
        title: words::limit_title(id).to_owned(),
        sentence: words::limit_sentence(id).to_owned(),
        unit: words::limit_unit(id, base),
        form: words::limit_form(id),
        value: effective.as_ref().map(|(value, _)| value.to_string()),
        own: own.flatten().map(|value| value.to_string()),
        is_off_here: own == Some(None),
        from: from(scope, effective.as_ref().map(|(_, scope)| scope)),
        measured: nearest.map(|it| {
            let (measured, unit) = words::measure(&it.measured);
            if it.subject.is_empty() {
                format!("{measured} {unit}")
            } else {
                format!("{} {measured} {unit}", it.subject)
            }
        }),
        percent: nearest.map(|it| it.percent),
        scheduled: status
            .scheduled
            .iter()
            .find(|it| it.change.scope == *scope && it.change.limit == id)
            .map(|it| {
                let left = u32::try_from(it.time_left.as_secs()).unwrap_or(u32::MAX);
                (words::limit_value(it.change.new.as_ref().map(Option::as_ref)), left)
            }),
        higher_is_stricter: id.stricter() == Stricter::Higher,
        when_reached: words::when_reached(id).to_owned(),
    }
}

fn from(scope: &Scope, source: Option<&Scope>) -> String {
    match source {
        None => "Off".to_owned(),
        Some(source) if source == scope && *scope != Scope::Account => "Set here".to_owned(),
        Some(source) => words::scope(source),
    }
}

/// Returns the fullest measure of the limit: of the bot, or of any bot for the account.
fn nearest<'a>(status: &'a Status, scope: &Scope, id: LimitId) -> Option<&'a Headroom> {
    status
        .bots
        .iter()
        .filter(|bot| match scope {
            Scope::Account | Scope::Symbol(_) => true,
            Scope::Bot(name) => bot.config.name == *name,
        })
        .flat_map(|bot| &bot.headroom)
        .filter(|headroom| headroom.limit == id)
        .max_by_key(|headroom| headroom.percent)
}
