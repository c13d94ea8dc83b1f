//! What the Gateway and Gatehouse need of the machine.

use super::super::{Check, Facts, Finding, Remedy, SleepFact};
use super::{listed, sized};

const MB: u64 = 1_000_000;

/// A Gateway takes so much, with room to grow over a day; needed where none runs yet.
const MEMORY_TO_START: u64 = 2_000 * MB;
/// Below this a running Gateway is slowed down by the system.
const MEMORY_SCARCE: u64 = 500 * MB;
/// Below this the system ends programs.
const MEMORY_NONE: u64 = 150 * MB;

/// Days of the ledger fit.
const DISK_FINE: u64 = 1_000 * MB;
/// Below this the ledger may stop within the day, and every order with it.
const DISK_SCARCE: u64 = 50 * MB;

/// Programs that wait for each processor, in hundredths.
const LOAD_HIGH: u32 = 200;

pub(super) fn vpn(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Vpn;
    match &facts.machine.tunnels {
        Err(why) => Finding::blind(CHECK, format!("{why}.")),
        Ok(tunnels) if tunnels.is_empty() => Finding::pass(CHECK, "No tunnel is up."),
        Ok(tunnels) => {
            let verb = if tunnels.len() == 1 { "is" } else { "are" };
            let sentence =
                format!("A tunnel may carry the broker's line: {} {verb} up.", listed(tunnels));
            let next =
                "If the Gateway loses the broker, switch the VPN off or lead the broker around it.";
            Finding::warn(CHECK, sentence, next)
        }
    }
}

pub(super) fn memory(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Memory;
    let next = "Close other programs, or give the machine more memory.";
    let (free, total) = match facts.machine.memory {
        Ok(memory) => memory,
        Err(why) => return Finding::blind(CHECK, format!("{why}.")),
    };
    let is_here = facts.place.as_ref().is_some_and(|place| place.is_local && place.speaks());
    let of = format!("{} of {} are free", sized(free), sized(total));
    if free < MEMORY_NONE {
        return Finding::fail(CHECK, format!("{of}: the system may end the Gateway."), next);
    }
    let needed = if is_here || facts.place.as_ref().is_some_and(|it| !it.is_local) {
        MEMORY_SCARCE
    } else {
        MEMORY_TO_START
    };
    if free < needed {
        return Finding::warn(CHECK, format!("{of}, {} are needed.", sized(needed)), next);
    }
    Finding::pass(CHECK, format!("{of}, {} are needed.", sized(needed)))
}

pub(super) fn processor(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Processor;
    let (load, n) = match facts.machine.load {
        Ok(load) => load,
        Err(why) => return Finding::blind(CHECK, format!("{why}.")),
    };
    let for_each = load / u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let sentence =
        format!("{}.{:02} programs want one of {n} processors at once.", load / 100, load % 100);
    if for_each > LOAD_HIGH {
        return Finding::warn(CHECK, sentence, "Close other programs, or use a faster machine.");
    }
    Finding::pass(CHECK, sentence)
}

pub(super) fn disk(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Disk;
    let next = "Free some space; without a ledger every order is refused.";
    let (free, path) = match &facts.machine.disk {
        Ok(disk) => disk,
        Err(why) => return Finding::blind(CHECK, format!("{why}.")),
    };
    let sentence = format!("{} are free for the ledger in {}.", sized(*free), path.display());
    if *free < DISK_SCARCE {
        return Finding::fail(CHECK, sentence, next).with(Remedy::RunAgain);
    }
    if *free < DISK_FINE {
        return Finding::warn(CHECK, sentence, next);
    }
    Finding::pass(CHECK, sentence)
}

pub(super) fn sleep(facts: &Facts) -> Finding {
    const CHECK: Check = Check::Sleep;
    if facts.known.keeps_awake {
        return Finding::pass(CHECK, "Gatehouse keeps this machine awake.");
    }
    match &facts.machine.sleep {
        SleepFact::Prevented(by) => Finding::pass(CHECK, format!("{by} keeps this machine awake.")),
        SleepFact::Never => Finding::pass(CHECK, "This machine does not fall asleep by itself."),
        SleepFact::After(minutes) => {
            let sentence = format!("This machine may sleep after {minutes} min.");
            let next = "Keep it awake while bots trade.";
            let found = if facts.known.has_bots {
                Finding::fail(CHECK, sentence, next)
            } else {
                Finding::warn(CHECK, sentence, next)
            };
            found.with(Remedy::KeepAwake)
        }
        SleepFact::Unknown(why) => Finding::blind(CHECK, format!("{why}.")),
    }
}
