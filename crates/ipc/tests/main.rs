//! Keeps the window's copy of the contract equal to this crate.

use std::path::PathBuf;

use gatehouse_ipc::{ColumnsHead, ColumnsRequest, Failure, Reply, Request, Update};
use specta::Types;
use specta_typescript::Typescript;

const HEADER: &str = "// Generated from crates/ipc by its test `window_types_match_the_contract`.\n\
                      // UPDATE_BINDINGS=1 cargo test -p gatehouse-ipc rewrites it.";

fn bindings_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/ipc/bindings.ts")
}

fn generated() -> String {
    let types = Types::default()
        .register::<Request>()
        .register::<Reply>()
        .register::<Update>()
        .register::<Failure>()
        .register::<ColumnsRequest>()
        .register::<ColumnsHead>();
    Typescript::default()
        .header(HEADER)
        .export(&types, specta_serde::Format)
        .expect("the contract exports")
}

#[test]
fn window_types_match_the_contract() {
    let path = bindings_path();
    let wanted = generated();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&path, &wanted).expect("the bindings can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("the bindings are committed");
    assert!(
        committed == wanted,
        "ui/src/lib/ipc/bindings.ts differs from crates/ipc; \
         run UPDATE_BINDINGS=1 cargo test -p gatehouse-ipc"
    );
}
