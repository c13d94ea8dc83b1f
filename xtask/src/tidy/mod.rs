//! The house rules that a machine can hold: crate ranks, banned calls in the pure crates, where
//! Tauri may be imported, and the size of files and functions.

mod banned;
mod budgets;
mod exceptions;
mod ranks;
mod tree;

use std::path::Path;

use anyhow::bail;

/// Checks every rule and reports every breach.
///
/// # Errors
/// When there is at least one breach; they are printed.
pub(crate) fn tidy(root: &Path) -> anyhow::Result<()> {
    let files = tree::files(root)?;
    let mut exceptions = exceptions::Exceptions::read(root)?;
    let mut breaches = ranks::check(root)?;
    breaches.extend(banned::check(&files));
    breaches.extend(budgets::check(&files, &mut exceptions)?);
    breaches.extend(exceptions.unused());
    if breaches.is_empty() {
        println!("tidy: {} files, no breach", files.len());
        return Ok(());
    }
    for breach in &breaches {
        eprintln!("{breach}");
    }
    bail!("{} breaches of the house rules", breaches.len())
}
