//! Questions asked by the operating system's own dialogs.

use std::sync::Arc;

use gatehouse_app::App;
use gatehouse_ipc::Failure;
use tauri::{AppHandle, CloseRequestApi, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

/// Puts a request that needs confirmation to the person, and waits. Not for the main thread.
pub(crate) fn ask(handle: &AppHandle, asked: &Failure) -> bool {
    handle
        .dialog()
        .message(asked.why.clone())
        .title("Confirm in Gatehouse")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            asked.next.clone(),
            "Leave as it is".to_owned(),
        ))
        .blocking_show()
}

/// Lets the window close, or asks first when bots are connected, naming them.
pub(crate) fn close(handle: &AppHandle, api: &CloseRequestApi) {
    let bots = handle.state::<Arc<App>>().connected_bots();
    if bots.is_empty() {
        return;
    }
    api.prevent_close();
    let names = bots.join(", ");
    let question = format!(
        "Connected: {names}. Without Gatehouse they lose their connection, and their working \
         orders stay at the broker."
    );
    let closing = handle.clone();
    handle
        .dialog()
        .message(question)
        .title("Close Gatehouse with bots connected")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            format!("Close and disconnect {}", bots.len()),
            "Keep guarding".to_owned(),
        ))
        .show(move |is_confirmed| {
            if is_confirmed {
                closing.exit(0);
            }
        });
}
