use crate::stage::{Folder, tsuwa};
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[test]
fn serve_warns_where_browsers_refuse_the_microphone() {
    let folder = Folder::new();
    let mut server = tsuwa()
        .args(["serve", "--listen", "0.0.0.0:0", "--media-ip", "127.0.0.1", "--data"])
        .arg(folder.join("data"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let warned = lines.map_while(Result::ok).any(|line| line.contains("microphone"));
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(warned);
}
