use crate::stage::{Folder, tsuwa};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn serve_ends_well_when_it_is_told_to() {
    let folder = Folder::new();
    let mut server = tsuwa()
        .args(["serve", "--listen", "127.0.0.1:0", "--media-ip", "127.0.0.1", "--data"])
        .arg(folder.join("data"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("http://127.0.0.1:"));
    std::thread::spawn(move || lines.for_each(drop));
    let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert!(server.wait().unwrap().success());
}
