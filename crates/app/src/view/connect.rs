//! The line that points a bot at Gatehouse, for each client library that was tried.

/// Returns title and line by client family. Only port and client id differ from a line that
/// leads to the Gateway; `tests/` runs most of these families through Gatehouse.
pub(super) fn connect_lines(port: u16, client_id: i32) -> Vec<(String, String)> {
    let lines = [
        ("ib_async, ib_insync", format!("ib.connect('127.0.0.1', {port}, clientId={client_id})")),
        ("ibapi (official Python)", format!("app.connect('127.0.0.1', {port}, {client_id})")),
        (
            "NautilusTrader (Python adapter)",
            format!("ibg_host=\"127.0.0.1\", ibg_port={port}, ibg_client_id={client_id}"),
        ),
        (
            "@stoqey/ib, IBApi",
            format!("new IBApi({{ host: '127.0.0.1', port: {port}, clientId: {client_id} }})"),
        ),
        (
            "@stoqey/ib, IBApiNext",
            format!("new IBApiNext({{ host: '127.0.0.1', port: {port} }}).connect({client_id})"),
        ),
        ("Rust ibapi, async", format!("Client::connect(\"127.0.0.1:{port}\", {client_id}).await?")),
        (
            "Rust ibapi, blocking",
            format!("ibapi::client::blocking::Client::connect(\"127.0.0.1:{port}\", {client_id})?"),
        ),
        ("Java, C# (official)", format!("client.eConnect(\"127.0.0.1\", {port}, {client_id});")),
    ];
    lines.map(|(title, line)| (title.to_owned(), line)).into()
}

#[cfg(test)]
mod tests {
    use super::connect_lines;

    #[test]
    fn every_line_names_the_port_and_the_client_id_of_the_bot() {
        for (title, line) in connect_lines(7607, 23) {
            assert!(line.contains("7607") && line.contains("23"), "{title}: {line}");
        }
    }
}
