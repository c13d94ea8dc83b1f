//! Files in and out again, cut off and gone on with.

mod exports;
mod folders;
mod tables;

use std::panic::{AssertUnwindSafe, catch_unwind};

use gatehouse_types::Decimal;
use tempfile::TempDir;

use super::*;
use crate::bars::Bar;
use crate::series::Described;
use crate::store::Store;

struct Scene {
    dir: TempDir,
    store: Store,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("is made");
        let store = Store::open(&dir.path().join("history.sqlite")).expect("opens");
        Self { dir, store }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn series(&mut self, what: &str) -> Described {
        let all = self.store.all_series().expect("reads");
        all.into_iter().find(|one| one.key.what == what).expect("is there")
    }

    fn rows(&mut self, what: &str) -> Vec<Bar> {
        let series = self.series(what).id;
        self.store.read(series, i64::MIN, i64::MAX).expect("reads").bars.rows().collect()
    }

    /// Returns the closes of the bars of trades between two days.
    fn rows_within(&mut self, from: &str, to: &str) -> Vec<Decimal> {
        let at = |day: &str| {
            let day: jiff::civil::Date = day.parse().expect("is a day");
            day.in_tz("UTC").expect("begins").timestamp().as_second()
        };
        let series = self.series("TRADES").id;
        let read = self.store.read(series, at(from), at(to)).expect("reads");
        read.bars.rows().map(|bar| bar.close).collect()
    }

    fn everything(&mut self) -> Vec<(String, Vec<Bar>)> {
        let all = self.store.all_series().expect("reads");
        let rows = |one: Described| {
            let read = self.store.read(one.id, i64::MIN, i64::MAX).expect("reads");
            let name = format!("{:?} {:?}", one.key, one.instrument);
            (name, read.bars.rows().collect())
        };
        all.into_iter().map(rows).collect()
    }
}

fn silent(_: Step<'_>) {}

/// Runs an import that is cut off at its first step, then one that is cut at its second, and so on
/// until one comes to its end, all on one store; and returns how many there were.
fn cut_everywhere(scene: &mut Scene, import: impl Fn(&mut Store, &mut dyn FnMut(Step<'_>))) -> u32 {
    for n_steps in 1.. {
        let path = scene.path("history.sqlite");
        let mut store = Store::open(&path).expect("opens");
        let mut n = 0;
        let whole = catch_unwind(AssertUnwindSafe(|| {
            import(&mut store, &mut |_| {
                n += 1;
                assert!(n < n_steps, "is cut off");
            });
        }));
        if whole.is_ok() {
            return n_steps;
        }
    }
    0
}

fn px(text: &str) -> Decimal {
    text.parse().expect("is a price")
}
