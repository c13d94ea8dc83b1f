//! Who else is logged in, which data comes, and whether the settings are those that were accepted.

use super::super::{Check, Facts, Finding, QuoteFact, Remedy, Settings};
use super::{NO_GATEWAY, counted, listed};

/// What the broker says when another session of the same user takes the data.
const COMPETING: i32 = 10197;

/// Differences that one sentence can name.
const NAMED_MAX: usize = 4;

pub(super) fn second_session(facts: &Facts) -> Finding {
    const CHECK: Check = Check::SecondSession;
    let next = "Log out elsewhere: TWS, the phone or the Client Portal with the same user.";
    let session = facts.known.session.as_ref().filter(|_| facts.is_own());
    if let Some((_, why)) = session
        && speaks_of_another(why)
    {
        return Finding::fail(CHECK, format!("Somebody else is logged in: {why}."), next)
            .with(Remedy::OpenSettings);
    }
    let told = facts.notices().any(|it| it.code == COMPETING || speaks_of_another(&it.text));
    let quote = facts.visit().map(|visit| &visit.quote);
    match quote {
        Some(QuoteFact::Refused(notice)) if notice.code == COMPETING => competing(next),
        // What was said earlier is over when data comes now.
        Some(QuoteFact::Kind(_)) => {
            Finding::pass(CHECK, "Data comes, so no other session of this user takes it.")
        }
        Some(QuoteFact::Taken | QuoteFact::Silent | QuoteFact::Refused(_)) | None if told => {
            competing(next)
        }
        Some(QuoteFact::Taken | QuoteFact::Silent | QuoteFact::Refused(_)) => {
            Finding::blind(CHECK, "Without data, another session does not show.")
        }
        None => Finding::blind(CHECK, format!("{NO_GATEWAY}.")),
    }
}

fn competing(next: &str) -> Finding {
    let sentence = "Another session of this user takes the market data (10197).";
    Finding::fail(Check::SecondSession, sentence, next).with(Remedy::RunAgain)
}

fn speaks_of_another(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["existing session", "another session", "competing", "other session"]
        .iter()
        .any(|words| text.contains(words))
}

pub(super) fn market_data(facts: &Facts) -> Finding {
    const CHECK: Check = Check::MarketData;
    let subscribe = "Subscribe in the Client Portal, under Settings, Market Data; on paper, share \
                     the live user's subscriptions.";
    let delayed = &facts.known.delayed;
    if !delayed.is_empty() && facts.is_own() {
        let n = counted(delayed.len(), "symbol");
        let verb = if delayed.len() == 1 { "has" } else { "have" };
        let sentence = format!("{n} {verb} delayed data, so entries are refused.");
        let remedy = Remedy::ShowSymbols { symbols: delayed.clone() };
        return Finding::warn(CHECK, sentence, subscribe).with(remedy);
    }
    let Some(visit) = facts.visit() else {
        return Finding::blind(CHECK, format!("{NO_GATEWAY}."));
    };
    match &visit.quote {
        QuoteFact::Kind(1) => Finding::pass(CHECK, "Quotes of SPY are live."),
        QuoteFact::Kind(2) => Finding::pass(CHECK, "Quotes of SPY stand still, as after a close."),
        QuoteFact::Kind(_) => {
            Finding::warn(CHECK, "Quotes of SPY are delayed, so entries are refused.", subscribe)
                .with(Remedy::ShowSymbols { symbols: vec!["SPY".to_owned()] })
        }
        QuoteFact::Taken => Finding::blind(CHECK, "No quote of SPY came within two seconds."),
        QuoteFact::Silent => Finding::blind(CHECK, "The Gateway did not answer about quotes."),
        QuoteFact::Refused(notice) => {
            let meaning = gatehouse_codes::meaning(notice.code, &notice.text);
            let sentence =
                format!("There are no quotes of SPY: {} ({}).", meaning.title, notice.code);
            Finding::warn(CHECK, sentence, meaning.action)
                .with(Remedy::ShowSymbols { symbols: vec!["SPY".to_owned()] })
        }
    }
}

pub(super) fn settings(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Settings;
    let Some(visit) = facts.visit() else {
        return Finding::blind(CHECK, format!("{NO_GATEWAY}."));
    };
    let account = visit.accounts().and_then(<[String]>::first);
    let (Some(settings), Some(account)) = (&visit.settings, account) else {
        return Finding::blind(
            CHECK,
            "This Gateway does not let programs read its settings; server version 219 does.",
        );
    };
    let Some(accepted) = facts.known.accepted.get(account) else {
        let n = counted(settings.len(), "setting");
        return Finding::pass(CHECK, format!("{n} read; the next time they are compared."));
    };
    let changed = changes(accepted, settings);
    if changed.is_empty() {
        return Finding::pass(CHECK, "The Gateway's settings are those that you accepted.");
    }
    let n = changed.len();
    let verb = if n == 1 { "has" } else { "have" };
    let named = changed.get(..n.min(NAMED_MAX)).unwrap_or_default();
    let sentence = format!(
        "{} of the Gateway {verb} changed: {}{}.",
        counted(n, "setting"),
        listed(named),
        if n > NAMED_MAX { ", and more" } else { "" }
    );
    let next = "Change them back in the Gateway's window, or accept them as they are.";
    Finding::warn(CHECK, sentence, next).with(Remedy::AcceptSettings)
}

/// Returns the settings that are not as they were, in words.
fn changes(before: &Settings, after: &Settings) -> Vec<String> {
    let shown =
        |value: &str| if value.is_empty() { "nothing".to_owned() } else { value.to_owned() };
    after
        .iter()
        .filter_map(|(name, value)| {
            let before = before.get(name)?;
            (before != value).then(|| format!("{name} from {} to {}", shown(before), shown(value)))
        })
        .collect()
}
