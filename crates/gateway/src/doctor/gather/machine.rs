//! What this machine has and how it is set.

use std::path::{Path, PathBuf};

use sysinfo::{MemoryRefreshKind, System};

use super::super::{JavaFact, Machine, Seen, SleepFact};
use super::programs::Programs;
use super::{Asked, java, sleep};

pub(super) fn look(asked: &Asked, programs: &Programs) -> Machine {
    let installed = asked.places.gateways().unwrap_or_default();
    Machine {
        programs: programs.gateways(),
        java: java::look(&asked.places, installed.first()),
        installed: installed.into_iter().map(|it| it.version).collect(),
        firewall: firewall(Path::new("/etc/ufw/ufw.conf")),
        tunnels: tunnels(Path::new("/sys/class/net")),
        memory: memory(),
        load: load(),
        disk: disk(&asked.data_dir),
        sleep: sleep::look(),
    }
}

impl Machine {
    /// One that could not be looked at.
    pub(super) const fn unseen() -> Self {
        const WHY: &str = "This machine could not be looked at";
        Self {
            programs: Err(WHY),
            installed: Vec::new(),
            java: JavaFact::Missing,
            firewall: Err(WHY),
            tunnels: Err(WHY),
            memory: Err(WHY),
            load: Err(WHY),
            disk: Err(WHY),
            sleep: SleepFact::Unknown(WHY),
        }
    }
}

/// Only the switch of the front end of some systems can be read by everybody.
fn firewall(conf: &Path) -> Seen<bool> {
    let text = std::fs::read_to_string(conf)
        .map_err(|_| "Only an administrator may read the rules of the firewall")?;
    Ok(text.lines().any(|line| line.trim() == "ENABLED=yes"))
}

/// Beginnings of names that tunnels have.
const TUNNELS: [&str; 10] =
    ["tun", "tap", "wg", "ppp", "utun", "ipsec", "tailscale", "zt", "nordlynx", "proton"];

fn tunnels(net: &Path) -> Seen<Vec<String>> {
    let entries =
        net.read_dir().map_err(|_| "This system does not tell which of its networks are up")?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| is_up(&entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| TUNNELS.iter().any(|tunnel| name.starts_with(tunnel)))
        .collect();
    names.sort();
    Ok(names)
}

/// Source: Linux, Documentation/ABI/testing/sysfs-class-net; bit 0 of the flags is `IFF_UP`. A
/// tunnel that is up says `unknown`.
fn is_up(interface: &Path) -> bool {
    let read = |file: &str| std::fs::read_to_string(interface.join(file)).unwrap_or_default();
    let flags = read("flags");
    let flags = u32::from_str_radix(flags.trim().trim_start_matches("0x"), 16).unwrap_or_default();
    flags & 1 == 1 && read("operstate").trim() != "down"
}

fn memory() -> Seen<(u64, u64)> {
    let mut system = System::new().map_err(|_| "The memory of this machine cannot be read")?;
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    Ok((system.available_memory(), system.total_memory()))
}

fn load() -> Seen<(u32, usize)> {
    const WHY: &str = "This system does not tell how busy it is";
    if cfg!(windows) {
        return Err(WHY);
    }
    let load = System::load_average().map_err(|_| WHY)?;
    let hundredths = format!("{:.2}", load.one).replace('.', "").parse().map_err(|_| WHY)?;
    let n = std::thread::available_parallelism().map_err(|_| WHY)?;
    Ok((hundredths, n.get()))
}

/// Returns the free bytes of the disk of a folder, which need not be there yet.
#[cfg(unix)]
fn disk(folder: &Path) -> Seen<(u64, PathBuf)> {
    let there = folder.ancestors().find(|it| it.is_dir()).ok_or(DISK_UNREADABLE)?;
    let stat = rustix::fs::statvfs(there).map_err(|_| DISK_UNREADABLE)?;
    Ok((stat.f_bavail.saturating_mul(stat.f_frsize), folder.to_owned()))
}

#[cfg(not(unix))]
fn disk(_: &Path) -> Seen<(u64, PathBuf)> {
    Err(DISK_UNREADABLE)
}

const DISK_UNREADABLE: &str = "The free space of the disk cannot be read here";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_that_are_up_are_named() {
        let net = tempfile::tempdir().expect("a folder");
        for (name, flags, state) in [
            ("eth0", "0x1003", "up"),
            ("wg0", "0x90c1", "unknown"),
            ("tun0", "0x1090", "down"),
            ("tun1", "0x10d1", "unknown"),
            ("docker0", "0x1003", "up"),
        ] {
            let folder = net.path().join(name);
            std::fs::create_dir(&folder).expect("is made");
            std::fs::write(folder.join("flags"), format!("{flags}\n")).expect("is written");
            std::fs::write(folder.join("operstate"), format!("{state}\n")).expect("is written");
        }
        assert_eq!(tunnels(net.path()), Ok(vec!["tun1".to_owned(), "wg0".to_owned()]));
        assert!(tunnels(&net.path().join("none")).is_err());
    }

    #[test]
    fn the_switch_of_a_firewall_is_read_where_it_can_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let conf = folder.path().join("ufw.conf");
        assert!(firewall(&conf).is_err());
        std::fs::write(&conf, "# on boot\nENABLED=no\n").expect("is written");
        assert_eq!(firewall(&conf), Ok(false));
        std::fs::write(&conf, "ENABLED=yes\nLOGLEVEL=low\n").expect("is written");
        assert_eq!(firewall(&conf), Ok(true));
    }

    #[cfg(unix)]
    #[test]
    fn memory_load_and_disk_of_this_machine_are_read() {
        let (free, total) = memory().expect("is read");
        assert!(0 < free && free <= total);
        assert!(load().expect("is read").1 > 0);
        let folder = tempfile::tempdir().expect("a folder").path().join("not/there/yet");
        assert_eq!(disk(&folder).expect("is read").1, folder);
    }
}
