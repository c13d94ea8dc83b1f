//! What the judgement would say to an order that nobody sent: a read-only question.
//!
//! Nothing is sent, recorded, counted or asked of the desk. Called between two steps, for a person
//! who fills in a ticket.

use gatehouse_risk::{Lookup, Reading};
use gatehouse_types::{
    BotName, Finding, Instrument, Intent, Known, Money, Quote, Scope, Verdict, Weight,
};

use crate::Engine;
use crate::ids::Identity;
use crate::market::Details;

/// What would become of an intent, and what was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub verdict: Verdict,
    /// What each control measures, now and with the order.
    pub readings: Vec<Reading>,
    /// `None` while the contract is not known.
    pub instrument: Option<Instrument>,
    pub quote: Option<Quote>,
    pub net_liquidation: Option<Known<Money>>,
}

impl Engine {
    /// Judges an intent as if it came now, with what is known now.
    ///
    /// An id that names a working order of the bot makes it a change of that order.
    #[must_use]
    pub fn preview(&self, bot: &BotName, intent: &Intent) -> Preview {
        let identity = self.identify(bot, intent.order_id);
        let replaces = match identity {
            Identity::Change(entry) => Some(entry),
            Identity::New | Identity::Refused { .. } => None,
        };
        let mut verdict = self.verdict(bot, intent, replaces);
        if let Identity::Refused { refusal, is_live: _ } = identity {
            let scope = Scope::Bot(bot.clone());
            verdict.findings.push(Finding { weight: Weight::Refuse, scope, refusal });
        }
        let details = self.market.details(&intent.contract, self.now.mono);
        let instrument = match details {
            Details::Known(Lookup::Found(found)) => Some(found.clone()),
            Details::Known(Lookup::Unknown | Lookup::Ambiguous) | Details::Awaited { .. } => None,
        };
        let con_id = instrument.as_ref().map(|found| found.con_id);
        Preview {
            quote: con_id.and_then(|con_id| self.market.quote(con_id)).copied(),
            instrument,
            net_liquidation: self.session.net_liquidation,
            readings: self.readings(bot, intent, replaces),
            verdict,
        }
    }
}
