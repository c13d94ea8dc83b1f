//! The shell: walks a ledger file, and leaves the rest to the fold.

use gatehouse_ledger::{ReadError, Reader};

use crate::day::Say;
use crate::report::{Chain, Folding, Report, Wanted};

/// Reads the whole ledger, each entry checked against the chain, and returns the wanted days of it.
/// Where the chain breaks the report ends, and says so.
///
/// # Errors
/// `Query` or `Decode` when the file cannot be read.
pub fn read(
    reader: &mut Reader,
    wanted: Wanted,
    version: &str,
    say: Say<'_>,
) -> Result<Report, ReadError> {
    let mut folding = Folding::new(say);
    let mut chain = Chain::default();
    for stored in reader.replay() {
        match stored {
            Ok(stored) => {
                chain.n_entries = stored.entry.seq.get();
                chain.head = stored.hash.to_string();
                folding.fold(stored.entry);
            }
            Err(ReadError::Broken(broken)) => {
                chain.broken = Some(broken.to_string());
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(folding.finish(wanted, chain, version))
}
