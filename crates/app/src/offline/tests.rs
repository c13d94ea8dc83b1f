//! Commands on a data directory that no instance runs on.

use std::path::PathBuf;

use gatehouse_ipc::LimitInput;

use super::*;

/// A data directory of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let unique = format!("gatehouse-offline-{}-{name}", std::process::id());
        let folder = Self(std::env::temp_dir().join(unique));
        // What an earlier process of the same number left.
        std::fs::remove_dir_all(&folder.0).ok();
        folder
    }

    fn perform(&self, request: Request) -> Result<Reply, Failure> {
        perform(&self.0, request)
    }

    fn set_limit(&self, value: &str) -> Result<Reply, Failure> {
        self.perform(Request::SetLimit {
            scope: "account".to_owned(),
            limit: "order-qty".to_owned(),
            value: LimitInput::Set(value.to_owned()),
            confirm: Some(value.to_owned()),
        })
    }

    fn n_entries(&self) -> usize {
        let mut reader = recording::reader(&self.0.join(FILE_NAME)).unwrap();
        reader.replay().map(Result::unwrap).count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn kill() -> Request {
    Request::Kill { reason: "test".to_owned() }
}

fn code(result: Result<Reply, Failure>) -> String {
    result.unwrap_err().code
}

#[test]
fn a_kill_is_in_force_for_whoever_starts_next() {
    let folder = Folder::new("kill");
    let reply = folder.perform(kill()).unwrap();
    let Reply::Done { note: Some(note), .. } = reply else { panic!("{reply:?}") };
    assert!(note.contains("cancelled when Gatehouse runs next"), "nothing was sent: {note}");
    let Reply::Status(status) = folder.perform(Request::Status).unwrap() else { panic!() };
    assert!(status.kill.is_some());
    assert_eq!(code(folder.perform(kill())), "killed");
}

#[test]
fn what_would_end_with_the_process_is_not_promised() {
    let folder = Folder::new("promise");
    folder.set_limit("5").unwrap();
    let before = folder.n_entries();
    assert_eq!(code(folder.set_limit("500")), "not-running");
    assert_eq!(code(folder.perform(Request::CancelAll { bot: None })), "not-running");
    let word = "RELEASE".to_owned();
    assert_eq!(code(folder.perform(Request::Release { word })), "not-running");
    assert_eq!(folder.n_entries(), before, "nothing was recorded either");
}

#[test]
fn no_bot_gets_the_client_id_of_gatehouse_itself() {
    let folder = Folder::new("desk-id");
    let client_id = Some(recording::DESK_CLIENT_ID.get());
    let bot = Request::AddBot { name: "thief".to_owned(), port: Some(7501), client_id };
    assert_eq!(code(folder.perform(bot)), "taken");
}
