//! Time per verdict: the judgement with every rule, beside NautilusTrader's RiskEngine from its
//! wheel, which has a handful, in the same run.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_risk::evaluate;
use gatehouse_testkit::{Facts, facts, intent, now};
use gatehouse_types::{Intent, LimitId, Now, Policy, Scope, Side};
use serde_json::Value;

use crate::figures::{Samples, Table, micros, publish, ratio};

/// Different orders and books, so that no processor learns one of them by heart.
const N_SCENES: u32 = 64;
const N_WARM: usize = 20_000;
const N_VERDICTS: usize = 400_000;

/// The peer's script, which prints one object.
const PEER: &str = include_str!("nautilus_risk.py");

struct Scene {
    facts: Facts,
    intent: Intent,
    now: Now,
}

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, peer: Option<&str>) -> anyhow::Result<()> {
    let policy = Policy::careful();
    let scenes: Vec<Scene> = (0..N_SCENES).map(scene).collect();
    let (mut n_allowed, mut n_refused) = (0, 0);
    for scene in &scenes {
        if judge(&policy, scene) { n_allowed += 1 } else { n_refused += 1 }
    }
    ensure!(n_allowed > n_refused && n_refused > 0, "{n_allowed} allowed, {n_refused} refused");
    let n_rules = LimitId::ALL.iter().filter(|id| is_on(&policy, **id)).count();
    let n_allocations = allocations(&policy, &scenes);
    let (mut each, mean) = time(&policy, &scenes);
    let theirs = peer.map(of_peer).transpose()?;
    let heads =
        ["who", "rules with a limit", "mean ns", "p50 µs", "p99 µs", "p99.99 µs", "÷ Gatehouse"];
    let mut table = Table::new("Time per verdict (percentiles include the timer)", &heads);
    let (p50, p99, p9999) = (each.p50(), each.p99(), each.percentile(9999));
    table.row(&[
        "Gatehouse",
        &n_rules.to_string(),
        &mean.as_nanos().to_string(),
        &micros(p50),
        &micros(p99),
        &micros(p9999),
        "1.00",
    ]);
    if let Some((version, own_mean, own_p50, own_p99)) = &theirs {
        let name = format!("NautilusTrader {version}");
        let beside = ratio(*own_mean, mean);
        let own_mean = own_mean.as_nanos().to_string();
        table.row(&[&name, "3", &own_mean, &micros(*own_p50), &micros(*own_p99), "–", &beside]);
    } else {
        println!("The peer was not measured: no Python with nautilus_trader was named.");
    }
    table.goal("p50 at most 0.25 µs", &micros(p50), p50 <= Duration::from_nanos(250));
    table.goal("p99 at most 1 µs", &micros(p99), p99 <= Duration::from_micros(1));
    table.goal("p99.99 at most 10 µs", &micros(p9999), p9999 <= Duration::from_micros(10));
    table.goal("no allocation when allowed", &n_allocations.to_string(), n_allocations == 0);
    if let Some((_, own_mean, ..)) = theirs {
        table.goal("10 times as fast as the peer", &ratio(own_mean, mean), own_mean >= mean * 10);
    }
    publish(dir, "risk", &[table])
}

fn is_on(policy: &Policy, id: LimitId) -> bool {
    matches!(policy.own(&Scope::Account, id), Some(Some(_)))
}

fn judge(policy: &Policy, scene: &Scene) -> bool {
    evaluate(policy, &scene.facts.view(), &scene.intent, scene.now).may_send()
}

/// One bot's morning: a position, some working orders, some that went before.
fn scene(n: u32) -> Scene {
    let now = now();
    let mut facts = facts().holding(i64::from(n % 7));
    let other = gatehouse_testkit::bot();
    for k in 0..n % 6 {
        let side = if k % 2 == 0 { Side::Buy } else { Side::Sell };
        facts = facts.working(Some(&other), side, 1 + k % 3);
    }
    for k in 0..n % 4 {
        let ago = Duration::from_secs(u64::from(11 + k));
        let at = gatehouse_testkit::Clock::new().ago(ago);
        facts = facts.sent(at, &intent().buy(1).limit("655.00").build(), true);
    }
    // Every eighth is above the limit of one order.
    let quantity = if n % 8 == 7 { 600 } else { 1 + n % 3 };
    let price = format!("659.{:02}", n % 98);
    Scene { facts, intent: intent().buy(quantity).limit(&price).build(), now }
}

fn allocations(policy: &Policy, scenes: &[Scene]) -> u64 {
    let allowed: Vec<&Scene> = scenes.iter().filter(|scene| judge(policy, scene)).collect();
    let count = allocation_counter::measure(|| {
        for scene in &allowed {
            black_box(judge(policy, scene));
        }
    });
    count.count_total
}

/// Returns the time of each verdict, and their mean without a timer in between.
fn time(policy: &Policy, scenes: &[Scene]) -> (Samples, Duration) {
    let mut each = Samples::default();
    for scene in scenes.iter().cycle().take(N_WARM) {
        black_box(judge(policy, scene));
    }
    for scene in scenes.iter().cycle().take(N_VERDICTS) {
        let begin = Instant::now();
        black_box(judge(policy, scene));
        each.add(begin.elapsed());
    }
    let begin = Instant::now();
    for scene in scenes.iter().cycle().take(N_VERDICTS) {
        black_box(judge(policy, scene));
    }
    let n_verdicts = u32::try_from(N_VERDICTS).unwrap_or(u32::MAX);
    (each, begin.elapsed() / n_verdicts)
}

/// Returns the version and the mean, p50 and p99 of the peer.
fn of_peer(python: &str) -> anyhow::Result<(String, Duration, Duration, Duration)> {
    let output = Command::new(python).args(["-c", PEER]).output().context("starting the peer")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the peer failed: {said}");
    let told: Value = serde_json::from_slice(&output.stdout).context("reading the peer")?;
    let nanos = |key: &str| {
        told[key].as_u64().map(Duration::from_nanos).with_context(|| format!("the peer's {key}"))
    };
    let version = told["version"].as_str().context("the peer's version")?.to_owned();
    Ok((version, nanos("mean")?, nanos("p50")?, nanos("p99")?))
}
