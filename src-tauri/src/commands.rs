//! What the web view may call. A request that needs confirmation is put to the person here, in a
//! native dialog that the web view cannot reach.

#![allow(clippy::let_underscore_must_use, reason = "the command macro writes such a binding")]

use std::sync::Arc;

use gatehouse_app::{App, Confirmation};
use gatehouse_ipc::{ColumnsRequest, Failure, FailureKind, Reply, Request, Update};
use tauri::ipc::{Channel, Response};
use tauri::{AppHandle, State};

use crate::confirm;

#[tauri::command]
pub(crate) async fn ask(
    handle: AppHandle,
    app: State<'_, Arc<App>>,
    request: Request,
) -> Result<Reply, Failure> {
    let app = Arc::clone(&app);
    tauri::async_runtime::spawn_blocking(move || {
        let request = without_confirmation(request);
        match app.request(request.clone(), Confirmation::None) {
            Err(failure) if failure.code == "needs-confirmation" => {
                if confirm::ask(&handle, &failure) {
                    app.request(request, Confirmation::InDialog)
                } else {
                    Err(declined(failure))
                }
            }
            answer => answer,
        }
    })
    .await
    .unwrap_or_else(|error| Err(broken(&error)))
}

/// Answers a chart with raw bytes, which the window reads without parsing.
#[tauri::command]
pub(crate) async fn columns(
    app: State<'_, Arc<App>>,
    request: ColumnsRequest,
) -> Result<Response, Failure> {
    let app = Arc::clone(&app);
    tauri::async_runtime::spawn_blocking(move || app.columns(&request).map(Response::new))
        .await
        .unwrap_or_else(|error| Err(broken(&error)))
}

#[tauri::command]
pub(crate) fn subscribe(app: State<'_, Arc<App>>, channel: Channel<Update>) {
    app.subscribe(Box::new(move |update| channel.send(update).is_ok()));
}

/// Takes out what only the command line may say.
fn without_confirmation(request: Request) -> Request {
    if let Request::SetLimit { scope, limit, value, .. } = request {
        return Request::SetLimit { scope, limit, value, confirm: None };
    }
    if let Request::SetProfile { scope, profile, .. } = request {
        return Request::SetProfile { scope, profile, confirm: None };
    }
    request
}

fn declined(asked: Failure) -> Failure {
    Failure {
        code: "declined".to_owned(),
        kind: FailureKind::Refused,
        why: "You did not confirm it.".to_owned(),
        next: "Nothing to do; everything is as it was.".to_owned(),
        ..asked
    }
}

fn broken(error: &dyn std::error::Error) -> Failure {
    Failure {
        code: "broken".to_owned(),
        kind: FailureKind::Broken,
        what: "The request was not answered.".to_owned(),
        why: format!("{error}."),
        next: "Try again; if it stays, close and open the window.".to_owned(),
    }
}
