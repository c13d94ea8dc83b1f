//! A crate depends only on crates of lower rank. The table is the one in crates/ARCHITECTURE.md.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::Value;

/// Rank of each package. Equal ranks do not depend on each other.
const RANKS: &[(&str, u8)] = &[
    ("gatehouse-types", 0),
    ("gatehouse-tws", 1),
    ("gatehouse-risk", 1),
    ("gatehouse-ipc", 1),
    ("gatehouse-codes", 1),
    ("gatehouse-studies", 1),
    ("gatehouse-engine", 2),
    ("gatehouse-ledger", 3),
    ("gatehouse-history", 3),
    ("gatehouse-gateway", 3),
    ("gatehouse-alerts", 3),
    ("gatehouse-proxy", 4),
    ("gatehouse-desk", 4),
    ("gatehouse-sim", 4),
    ("gatehouse-report", 4),
    ("gatehouse-app", 5),
    ("gatehouse-desktop", 6),
];

/// Packages for tests and development: they may see all, nothing of the product may see them.
const DEVELOPMENT: &[&str] = &[
    "gatehouse-stand-in",
    "gatehouse-testkit",
    "gatehouse-sample-bots",
    "gatehouse-bench",
    "gatehouse-tests",
    "xtask",
];

/// Packages that must not meet, whatever their rank, and why.
const STRANGERS: &[(&str, &str, &str)] = &[
    ("gatehouse-sim", "gatehouse-engine", "the simulator would agree with the engine's bugs"),
    ("gatehouse-sim", "gatehouse-risk", "the simulator would agree with the judgement's bugs"),
];

struct Edge {
    from: String,
    to: String,
    is_dev: bool,
}

/// Returns every dependency that goes the wrong way, and every package without a rank.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("starting cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut edges = Vec::new();
    for package in packages {
        let from = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            if names.contains(&to) {
                let is_dev = dependency["kind"].as_str() == Some("dev");
                edges.push(Edge { from: from.to_owned(), to: to.to_owned(), is_dev });
            }
        }
    }
    let unranked = names
        .iter()
        .filter(|name| rank(name).is_none() && !DEVELOPMENT.contains(name))
        .map(|name| format!("{name}: no rank, add it to xtask/src/tidy/ranks.rs"));
    Ok(unranked.chain(edges.iter().filter_map(breach)).collect())
}

fn rank(name: &str) -> Option<u8> {
    RANKS.iter().find(|(ranked, _)| *ranked == name).map(|(_, rank)| *rank)
}

fn breach(edge: &Edge) -> Option<String> {
    let Edge { from, to, is_dev } = edge;
    let stranger = STRANGERS.iter().find(|(a, b, _)| a == from && b == to);
    if let Some((_, _, why)) = stranger {
        return Some(format!("{from} -> {to}: {why}"));
    }
    if *is_dev || DEVELOPMENT.contains(&from.as_str()) {
        return None;
    }
    match (rank(from), rank(to)) {
        (Some(upper), Some(lower)) if upper > lower => None,
        (_, _) => Some(format!("{from} -> {to}: a crate depends only on lower ranks")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str, is_dev: bool) -> Option<String> {
        breach(&Edge { from: from.to_owned(), to: to.to_owned(), is_dev })
    }

    #[test]
    fn refuses_upward_sideways_and_development_dependencies() {
        assert!(check("gatehouse-types", "gatehouse-tws", false).is_some());
        assert!(check("gatehouse-tws", "gatehouse-risk", false).is_some());
        assert!(check("gatehouse-engine", "gatehouse-testkit", false).is_some());
        assert!(check("gatehouse-engine", "gatehouse-risk", false).is_none());
    }

    #[test]
    fn the_simulator_never_sees_the_engine_even_in_tests() {
        assert!(check("gatehouse-sim", "gatehouse-engine", true).is_some());
    }
}
