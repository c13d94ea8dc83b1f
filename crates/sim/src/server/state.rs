//! The state on disk: a journal that holds what a world must not forget, so that a simulator that
//! was killed goes on where it was.
//!
//! One file, `DIR/state.jsonl`: a line that names the format, then one line for each change, which
//! reaches the operating system before the client hears of it. So it outlives the process, but not
//! the computer: it is synced when it is opened, not at every change. What is read is checked; a
//! last line that was cut off was never answered and is left out. A change costs what it changed.
//! When it is opened, and when it has grown far beyond what it says, everything is written anew, to
//! a second file that takes the first one's place. It must never know what an order is. Called by
//! the server and the hub.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::world::World;
use crate::world::state::{OrderState, State, StateError};

/// The format that this program writes and reads.
const FORMAT: u32 = 2;

/// Changes may be so many times as long as everything was, before everything is written anew.
const GROWTH: u64 = 4;
/// Bytes of changes that never matter.
const GROWTH_FREE: u64 = 16 * 1024 * 1024;

/// Why a state is not taken up.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    #[error("cannot {what} {path}")]
    Disk { what: &'static str, path: PathBuf, source: io::Error },
    /// Two that wrote one journal would each forget what the other did.
    #[error("another simulator has {path}")]
    Taken { path: PathBuf },
    #[error("line {line} of {path} is not a state")]
    Damaged { path: PathBuf, line: usize, source: serde_json::Error },
    #[error(
        "{path} has format {found}, which another version of this program wrote; this one knows \
         {FORMAT}. Name an empty folder, or go on with the version that wrote it"
    )]
    Format { path: PathBuf, found: u32 },
    #[error("{path} cannot be taken up")]
    World { path: PathBuf, source: StateError },
    #[error("the state was written at {kept}, which is after the start {start}")]
    Start { kept: String, start: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    gatehouse_sim_state: u32,
}

/// An open journal.
#[derive(Debug)]
pub(super) struct StateFile {
    dir: PathBuf,
    path: PathBuf,
    file: File,
    /// Bytes of everything as it was last written, and of the changes since.
    n_whole: u64,
    n_changes: u64,
    growth_free: u64,
    /// Held as long as this is: the folder belongs to one simulator.
    _lock: File,
    /// How each live order was last written.
    known: BTreeMap<usize, OrderState>,
}

impl StateFile {
    /// Opens the journal of a folder, makes it if there is none, and lets a world take up what it
    /// holds. Returns whether it held anything.
    ///
    /// # Errors
    /// The disk fails, the folder belongs to another simulator, or the state is not one that this
    /// program can take up.
    pub(super) fn open(dir: &Path, world: &mut World) -> Result<(Self, bool), StateFileError> {
        let disk = |what, path: &Path| {
            let path = path.to_owned();
            move |source| StateFileError::Disk { what, path, source }
        };
        std::fs::create_dir_all(dir).map_err(disk("make", dir))?;
        let lock_path = dir.join("lock");
        let lock = File::create(&lock_path).map_err(disk("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(StateFileError::Taken { path: dir.to_owned() });
            }
            Err(std::fs::TryLockError::Error(source)) => {
                return Err(disk("lock", &lock_path)(source));
            }
        }
        let path = dir.join("state.jsonl");
        let found = read(&path)?;
        let held = found.is_some();
        if let Some(state) = found {
            let wrong = |source| StateFileError::World { path: path.clone(), source };
            world.restore(state).map_err(wrong)?;
        }
        let everything = world.changes();
        let (file, n_whole) = write_anew(dir, &path, &everything)?;
        let state = Self {
            dir: dir.to_owned(),
            path,
            file,
            n_whole,
            n_changes: 0,
            growth_free: GROWTH_FREE,
            _lock: lock,
            known: everything.orders,
        };
        Ok((state, held))
    }

    /// Adds what changed in a world since the last call.
    ///
    /// # Errors
    /// It could not be written.
    pub(super) fn keep(&mut self, world: &mut World) -> Result<(), StateFileError> {
        let mut changes = world.changes();
        changes.orders.retain(|place, order| self.known.get(place) != Some(order));
        for (place, order) in &changes.orders {
            if order.ended.is_some() {
                self.known.remove(place);
            } else {
                self.known.insert(*place, order.clone());
            }
        }
        let path = &self.path;
        let disk = |source| StateFileError::Disk { what: "write", path: path.clone(), source };
        let bytes = line(&changes).map_err(disk)?;
        self.file.write_all(&bytes).map_err(disk)?;
        self.n_changes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.n_changes > self.growth_free + GROWTH * self.n_whole {
            (self.file, self.n_whole) = write_anew(&self.dir, &self.path, &world.state())?;
            self.n_changes = 0;
        }
        Ok(())
    }
}

fn line<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a journal; `None` where there is none, or nothing but its heading.
fn read(path: &Path) -> Result<Option<State>, StateFileError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(StateFileError::Disk { what: "read", path: path.to_owned(), source });
        }
    };
    let damaged = |line, source| StateFileError::Damaged { path: path.to_owned(), line, source };
    // What does not end with a line break was cut off.
    let mut lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).zip(1..);
    let Some((heading, _)) = lines.next() else { return Ok(None) };
    let heading: Heading = serde_json::from_str(heading).map_err(|error| damaged(1, error))?;
    if heading.gatehouse_sim_state != FORMAT {
        let found = heading.gatehouse_sim_state;
        return Err(StateFileError::Format { path: path.to_owned(), found });
    }
    let mut state: Option<State> = None;
    for (text, number) in lines {
        let change = serde_json::from_str(text).map_err(|error| damaged(number, error))?;
        match &mut state {
            Some(state) => state.lay(change),
            None => state = Some(change),
        }
    }
    Ok(state)
}

/// Writes a journal that holds everything in the place of the one that is there, and returns it
/// open at its end, with its length.
fn write_anew(dir: &Path, path: &Path, state: &State) -> Result<(File, u64), StateFileError> {
    let fresh = dir.join("state.jsonl.new");
    let write = || -> io::Result<(File, u64)> {
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(&fresh)?;
        file.write_all(&line(&Heading { gatehouse_sim_state: FORMAT })?)?;
        file.write_all(&line(state)?)?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)?;
        sync_dir(dir)?;
        let n_bytes = file.metadata()?.len();
        Ok((file, n_bytes))
    };
    write().map_err(|source| StateFileError::Disk { what: "write", path: path.to_owned(), source })
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use gatehouse_types::ClientId;

    use super::*;
    use crate::world::tests::{CLIENT, asked, world};

    fn lived(dir: &Path) -> State {
        let mut world = world();
        let (mut file, held) = StateFile::open(dir, &mut world).expect("opens");
        assert!(!held);
        world.place(CLIENT, asked(1, "BUY", 900, "MKT", None));
        file.keep(&mut world).expect("writes");
        world.place(ClientId::new(8), asked(1, "BUY", 10, "LMT", Some("100")));
        file.keep(&mut world).expect("writes");
        world.advance(world.now().plus(8));
        file.keep(&mut world).expect("writes");
        world.state()
    }

    #[test]
    fn a_folder_gives_back_what_was_kept_and_a_line_that_was_cut_off_is_left_out() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let state = lived(dir.path());
        for cut in ["", "{\"now_ms\":17"] {
            let path = dir.path().join("state.jsonl");
            let mut file = OpenOptions::new().append(true).open(&path).expect("opens");
            file.write_all(cut.as_bytes()).expect("writes");
            let mut again = world();
            let (_file, held) = StateFile::open(dir.path(), &mut again).expect("opens");
            assert!(held);
            assert_eq!(again.state(), state, "{cut}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let check = |change: fn(String) -> String, said: &str| {
            let dir = tempfile::tempdir().expect("makes a folder");
            lived(dir.path());
            let path = dir.path().join("state.jsonl");
            let text = std::fs::read_to_string(&path).expect("reads");
            std::fs::write(&path, change(text)).expect("writes");
            let error = StateFile::open(dir.path(), &mut world()).expect_err("is wrong");
            let said = said.replace("PATH", &path.display().to_string());
            assert_eq!(error.to_string(), said);
        };
        check(|text| text.replacen("now_ms", "then_ms", 3), "line 2 of PATH is not a state");
        check(
            |text| text.replacen("state\":2", "state\":1", 1),
            "PATH has format 1, which another version of this program wrote; this one knows 2. \
             Name an empty folder, or go on with the version that wrote it",
        );
        check(|text| text.replace("DU1234567", "DU7654321"), "PATH cannot be taken up");
        check(|_| "hello\n".to_owned(), "line 1 of PATH is not a state");
    }

    fn length(dir: &Path) -> u64 {
        std::fs::metadata(dir.join("state.jsonl")).expect("is there").len()
    }

    #[test]
    fn a_change_is_as_long_as_what_it_changes_and_not_as_what_rests() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let mut world = world();
        let (mut file, _) = StateFile::open(dir.path(), &mut world).expect("opens");
        let mut change = |world: &mut World, id| {
            let before = length(dir.path());
            world.place(CLIENT, asked(id, "BUY", 1, "LMT", Some("100")));
            file.keep(world).expect("writes");
            // What rests is looked at once, and then left alone.
            world.advance(world.now().plus(1));
            file.keep(world).expect("writes");
            length(dir.path()) - before
        };
        let first = change(&mut world, 1);
        for id in 2..=500 {
            change(&mut world, id);
        }
        let last = change(&mut world, 501);
        assert!(last < first + first / 10, "{first} bytes grew to {last}");
    }

    #[test]
    fn a_journal_that_grew_far_beyond_what_it_says_is_written_anew() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let mut world = world();
        let (mut file, _) = StateFile::open(dir.path(), &mut world).expect("opens");
        file.growth_free = 0;
        world.place(CLIENT, asked(1, "BUY", 1, "LMT", Some("100")));
        let mut lengths = Vec::new();
        for quantity in 2..200 {
            world.place(CLIENT, asked(1, "BUY", quantity, "LMT", Some("100")));
            file.keep(&mut world).expect("writes");
            lengths.push(length(dir.path()));
        }
        let most = lengths.iter().max().expect("was written");
        let n_anew = lengths.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(n_anew > 10, "it was written anew {n_anew} times");
        assert!(*most < 10 * lengths[0], "{most} bytes, {} at first", lengths[0]);
        drop(file);
        let mut again = crate::world::tests::world();
        StateFile::open(dir.path(), &mut again).expect("opens");
        assert_eq!(again.state(), world.state());
    }

    #[test]
    fn a_folder_belongs_to_one_simulator_at_a_time() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let first = StateFile::open(dir.path(), &mut world()).expect("opens");
        let second = StateFile::open(dir.path(), &mut world()).expect_err("is taken");
        assert!(matches!(second, StateFileError::Taken { .. }), "{second}");
        drop(first);
        StateFile::open(dir.path(), &mut world()).expect("is free again");
    }
}
