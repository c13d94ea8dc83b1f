//! A person's acts, each answered.

use gatehouse_types::{Actor, BotConfig, BotName, EntryKind, OrderRef};

use crate::{Command, CommandError, Done, Effect, Engine, Ticket};

impl Engine {
    pub(crate) fn person(&mut self, ticket: Ticket, command: Command) {
        let result = match command {
            Command::SetLimit { scope, limit, value, is_confirmed } => {
                self.set_limit(scope, limit, value, is_confirmed)
            }
            Command::SetProfile { scope, profile, is_confirmed } => {
                self.set_profile(&scope, profile, is_confirmed)
            }
            Command::DiscardLimit { scope, limit } => self.discard_limit(scope, limit),
            Command::SetState { scope, state, why } => self.set_state(scope, state, why, false),
            Command::SetStateUntilNextSession { scope, state, why } => {
                self.set_state(scope, state, why, true)
            }
            Command::Kill { reason } => self.kill(reason),
            Command::Release { word } => self.release_kill(&word),
            Command::CancelKept => self.cancel_kept(),
            Command::CancelOrder { order } => self.cancel_one(order),
            Command::CancelAll { bot } => self.cancel_all(bot),
            Command::Flatten { reviewed } => self.flatten(&reviewed),
            Command::RegisterBot { bot } => self.register_bot(bot),
            Command::RemoveBot { bot } => self.remove_bot(bot),
            Command::AcknowledgeAlarm { alarm } => self.acknowledge_alarm(alarm),
            Command::ChangeSetting { setting, value } => Ok(self.change_setting(setting, value)),
            Command::RecordVerified { n_entries, broken_at } => {
                self.record(Actor::Person, EntryKind::Verified { n_entries, broken_at });
                Ok(Done::Now)
            }
        };
        self.push(Effect::Reply { ticket, result });
    }

    fn cancel_one(&mut self, order: OrderRef) -> Result<Done, CommandError> {
        if self.book.find(&order).is_none_or(|order| !order.is_live()) {
            return Err(CommandError::NoOrder { order });
        }
        self.cancel_order(&order, &Actor::Person);
        Ok(Done::Cancelling(1))
    }

    fn cancel_all(&mut self, bot: Option<BotName>) -> Result<Done, CommandError> {
        if let Some(bot) = &bot
            && self.bots.get(bot).is_none()
        {
            return Err(CommandError::NoBot { bot: bot.clone() });
        }
        Ok(Done::Cancelling(self.cancel_live(bot.as_ref(), &Actor::Person)))
    }

    fn register_bot(&mut self, bot: BotConfig) -> Result<Done, CommandError> {
        let client_id = bot.client_id.get();
        let refused = |why| Err(CommandError::ClientId { client_id, why });
        if client_id == 0 {
            return refused("client id 0 binds manual orders");
        }
        if client_id < 0 {
            return refused("it is below zero");
        }
        if bot.name == BotName::desk() {
            return Err(CommandError::Taken { what: "the name", bot: bot.name });
        }
        for other in self.bots.registered().filter(|other| other.config.name != bot.name) {
            let taken = |what| CommandError::Taken { what, bot: other.config.name.clone() };
            if other.config.port == bot.port && bot.port != 0 {
                return Err(taken("the port"));
            }
            if other.config.client_id == bot.client_id {
                return Err(taken("the client id"));
            }
        }
        let old = self.bots.get(&bot.name);
        let moves = old.is_some_and(|old| old.config.client_id != bot.client_id);
        if moves && self.book.live(Some(&bot.name)).next().is_some() {
            return refused("the bot has working orders that only its old client id can cancel");
        }
        if old.is_none_or(|old| !old.is_registered || old.config != bot) {
            self.record(Actor::Person, EntryKind::BotRegistered { bot: bot.clone() });
        }
        self.push(Effect::OpenDoor(bot));
        Ok(Done::Now)
    }

    fn remove_bot(&mut self, bot: BotName) -> Result<Done, CommandError> {
        let Some(held) = self.bots.get(&bot).filter(|held| held.is_registered) else {
            return Err(CommandError::NoBot { bot });
        };
        let client_id = held.config.client_id.get();
        if bot == BotName::desk() {
            return Err(CommandError::Taken { what: "the desk's door", bot });
        }
        if self.book.live(Some(&bot)).next().is_some() {
            let why = "the bot has working orders that only this client id can cancel";
            return Err(CommandError::ClientId { client_id, why });
        }
        self.record(Actor::Person, EntryKind::BotRemoved { bot: bot.clone() });
        self.push(Effect::CloseDoor(bot));
        Ok(Done::Now)
    }
}
