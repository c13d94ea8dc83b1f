//! What runs on this machine, as far as it matters here.

use std::path::Path;

use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use super::super::{Program, ProgramKind, Seen};

/// Every process of the machine.
#[derive(Debug)]
pub(super) struct Programs(Option<System>);

impl Programs {
    pub(super) fn look() -> Self {
        let kind = ProcessRefreshKind::nothing()
            .with_cmd(UpdateKind::Always)
            .with_exe(UpdateKind::Always)
            .without_tasks();
        Self(System::new().ok().map(|mut system| {
            system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
            system
        }))
    }

    /// Returns a program by its number.
    pub(super) fn program(&self, pid: u32) -> Option<Program> {
        self.0.as_ref()?.process(Pid::from_u32(pid)).map(program)
    }

    /// Returns the Gateways, TWS and simulators that run, in this order.
    pub(super) fn gateways(&self) -> Seen<Vec<Program>> {
        const ORDER: [ProgramKind; 3] =
            [ProgramKind::Gateway, ProgramKind::Tws, ProgramKind::Simulator];
        let system = self.0.as_ref().ok_or("What runs on this machine cannot be read")?;
        let place = |program: &Program| ORDER.iter().position(|kind| *kind == program.kind);
        let mut found: Vec<_> =
            system.processes().values().map(program).filter(|it| place(it).is_some()).collect();
        found.sort_by_key(|program| (place(program), program.pid));
        Ok(found)
    }
}

fn program(process: &Process) -> Program {
    let own = process.name().to_string_lossy().into_owned();
    let name = process.exe().and_then(Path::file_name).map_or(own, |name| {
        // A file that was replaced meanwhile is marked by the system.
        name.to_string_lossy().trim_end_matches(" (deleted)").to_owned()
    });
    let words: Vec<_> = process.cmd().iter().map(|word| word.to_string_lossy()).collect();
    Program { kind: kind(&name, &words.join(" ")), name, pid: process.pid().as_u32() }
}

/// Tells what a program is from its file and its words.
fn kind(name: &str, words: &str) -> ProgramKind {
    let name = name.trim_end_matches(".exe").to_ascii_lowercase();
    let words = words.to_ascii_lowercase();
    let says = |any: &[&str]| any.iter().any(|part| words.contains(part));
    match name.as_str() {
        "gatehouse-sim" => ProgramKind::Simulator,
        "gatehouse" | "gatehouse-desktop" => ProgramKind::Gatehouse,
        "ibgateway" | "ibgateway1" => ProgramKind::Gateway,
        "tws" => ProgramKind::Tws,
        "java" | "javaw" | "javaapplicationstub" => {
            if says(&["ibgateway", "ib gateway", "ibcgateway", "ibgateway.gwclient"]) {
                ProgramKind::Gateway
            } else if says(&["ibctws", "jclient.loginframe", "trader workstation", "/jts/"]) {
                ProgramKind::Tws
            } else {
                ProgramKind::Other
            }
        }
        _ => ProgramKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_file_and_words() {
        for (name, words, is) in [
            ("gatehouse-sim", "gatehouse-sim --listen 127.0.0.1:4002", ProgramKind::Simulator),
            ("gatehouse", "gatehouse run", ProgramKind::Gatehouse),
            (
                "java",
                "java -cp /home/ann/Jts/ibgateway/1037/jars/x.jar ibgateway.GWClient",
                ProgramKind::Gateway,
            ),
            ("java.exe", "java ibcalpha.ibc.IbcGateway", ProgramKind::Gateway),
            ("java", "java ibcalpha.ibc.IbcTws x", ProgramKind::Tws),
            ("java", "java -cp /home/a/Jts/1037/jars/x.jar jclient.LoginFrame", ProgramKind::Tws),
            ("java", "java -jar elasticsearch.jar", ProgramKind::Other),
            ("vim", "vim ibgateway.vmoptions", ProgramKind::Other),
            ("python3.11", "python3 -m http.server 4002", ProgramKind::Other),
        ] {
            assert_eq!(kind(name, words), is, "{name}: {words}");
        }
    }

    #[test]
    fn this_program_is_found_by_its_number() {
        let found = Programs::look().program(std::process::id()).expect("it runs");
        assert_eq!((found.kind, found.pid), (ProgramKind::Other, std::process::id()));
        assert!(found.name.starts_with("gatehouse_gateway"), "{found:?}");
    }
}
