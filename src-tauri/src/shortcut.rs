//! The kill by keys while another window is in front: Ctrl Shift K, held for a second. While the
//! window itself is in front, the page hears the keys and shows how long they are held.
//!
//! Works where the desktop lets a program listen to keys of others: X11, Windows, macOS. On
//! Wayland only programs under Xwayland are heard; nothing fails there.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use gatehouse_app::{App, Confirmation};
use gatehouse_ipc::Request;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};
use tauri_plugin_global_shortcut::{
    Builder, Code, GlobalShortcutExt as _, Modifiers, Shortcut, ShortcutState,
};

/// As long as the button in the window.
const HELD: Duration = Duration::from_secs(1);

/// A person cannot press faster than these are taken.
const CAPACITY: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    Down,
    Up,
}

fn chord() -> Shortcut {
    Shortcut::new(Some(Modifiers::CONTROL | Modifiers::SHIFT), Code::KeyK)
}

/// Returns the plugin that listens, and starts the thread that counts the second.
pub(crate) fn plugin(app: &Arc<App>) -> std::io::Result<TauriPlugin<Wry>> {
    let (keys, heard) = sync_channel(CAPACITY);
    let app = Arc::clone(app);
    std::thread::Builder::new().name("kill-keys".to_owned()).spawn(move || {
        watch(&heard, HELD, || kill(&app));
    })?;
    Ok(Builder::new().with_handler(move |_, _, event| tell(&keys, event.state)).build())
}

fn tell(keys: &SyncSender<Keys>, state: ShortcutState) {
    let pressed = match state {
        ShortcutState::Pressed => Keys::Down,
        ShortcutState::Released => Keys::Up,
    };
    if keys.try_send(pressed).is_err() {
        tracing::warn!("A key of the kill was not taken");
    }
}

/// Listens while the window is not in front.
pub(crate) fn listen(handle: &AppHandle, is_in_front: bool) {
    let shortcuts = handle.global_shortcut();
    let is_listening = shortcuts.is_registered(chord());
    let done = match (is_in_front, is_listening) {
        (false, false) => shortcuts.register(chord()),
        (true, true) => shortcuts.unregister(chord()),
        (false, true) | (true, false) => return,
    };
    if let Err(error) = done {
        tracing::warn!(%error, "The keys of the kill belong to another program");
    }
}

/// Calls `held` each time the keys stay down for `hold`; ends with the sender.
fn watch(keys: &Receiver<Keys>, hold: Duration, mut held: impl FnMut()) {
    while let Ok(pressed) = keys.recv() {
        if pressed == Keys::Up {
            continue;
        }
        match keys.recv_timeout(hold) {
            Err(RecvTimeoutError::Timeout) => held(),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => {}
        }
    }
}

fn kill(app: &App) {
    let reason = "You held Ctrl Shift K".to_owned();
    if let Err(failure) = app.request(Request::Kill { reason }, Confirmation::None) {
        tracing::error!(what = failure.what, why = failure.why, "The kill by keys failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the kills of a row of keys; `hold` is none at all or longer than any test.
    fn kills(pressed: &[Keys], hold: Duration) -> u32 {
        let (keys, heard) = sync_channel(CAPACITY);
        for key in pressed {
            keys.send(*key).expect("the keys are watched");
        }
        let mut n = 0;
        // The sender stays until the keys were taken, so that only time or a key ends the hold.
        let watching = std::thread::spawn(move || {
            watch(&heard, hold, || n += 1);
            n
        });
        drop(keys);
        watching.join().expect("watching does not fail")
    }

    #[test]
    fn keys_let_go_too_early_do_nothing() {
        assert_eq!(kills(&[Keys::Down, Keys::Up, Keys::Down, Keys::Up], Duration::MAX), 0);
    }

    #[test]
    fn letting_go_without_pressing_does_nothing() {
        assert_eq!(kills(&[Keys::Up], Duration::ZERO), 0);
    }

    #[test]
    fn keys_that_are_held_kill_once() {
        let (keys, heard) = sync_channel(CAPACITY);
        let (killed, kills) = sync_channel(CAPACITY);
        let watching = std::thread::spawn(move || {
            watch(&heard, Duration::ZERO, || killed.send(()).expect("the test listens"));
        });
        keys.send(Keys::Down).expect("the keys are watched");
        kills.recv().expect("held for longer than nothing");
        keys.send(Keys::Up).expect("the keys are watched");
        drop(keys);
        watching.join().expect("watching does not fail");
        assert!(kills.recv().is_err());
    }
}
