//! What is known of one account: its orders, positions and the bots' books in it.
//!
//! A data directory can meet several: the simulator's, one with paper money, one with real money.
//! Each has a world of its own; an order or a fill in one says nothing of another. Bots, limits,
//! states and order ids are the same everywhere.

use gatehouse_types::{AccountId, Mode};

use crate::Engine;
use crate::book::Book;
use crate::books::Books;
use crate::flatten::Flatten;
use crate::positions::Positions;

/// Which world: accounts of the simulator may be named as real ones are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WorldName {
    pub(crate) mode: Mode,
    pub(crate) account: AccountId,
}

/// What is put aside while another account is connected.
#[derive(Debug, Default)]
pub(crate) struct World {
    book: Book,
    positions: Positions,
    books: Books,
}

impl Engine {
    /// Takes the account that an entry says is connected. One of another mode has a world of its
    /// own; another one of the same mode is none of ours, and nothing changes.
    pub(crate) fn meet_account(&mut self, named: WorldName) {
        let Some(held) = &self.session.world else {
            self.session.world = Some(named);
            return;
        };
        if held.mode == named.mode {
            return;
        }
        let next = self.worlds.remove(&named).unwrap_or_default();
        let World { book, positions, books } = next;
        let left = World {
            book: std::mem::replace(&mut self.book, book),
            positions: std::mem::replace(&mut self.positions, positions),
            books: std::mem::replace(&mut self.books, books),
        };
        self.worlds.insert(held.clone(), left);
        self.session.foreign.clear();
        self.session.foreign_refs.clear();
        self.session.relisted.clear();
        self.session.differences = crate::engine::Differences::default();
        self.books_looked = None;
        // A person let positions of the other account be closed.
        self.flatten = Flatten::default();
        for (_, bot) in self.bots.all_mut() {
            bot.is_other_account =
                !bot.accounts.is_empty() && !bot.accounts.contains(&named.account);
        }
        self.session.world = Some(named);
    }
}
