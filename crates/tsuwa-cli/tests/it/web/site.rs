//! A web site for one test: some files at an address on loopback, where browsers allow the microphone.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

/// A file: its path, its media type, what is in it.
pub(crate) type File = (String, &'static str, Vec<u8>);

/// The modules of a folder of the web SDK, `src` or `ui`, below a path.
pub(crate) fn sdk(folder: &str, below: &str) -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/web").join(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            files.extend(sdk(&format!("{folder}/{name}"), &format!("{below}/{name}")));
        } else if name.ends_with(".js") {
            files.push((format!("{below}/{name}"), "text/javascript", std::fs::read(&path).unwrap()));
        }
    }
    files
}

/// Serves the files until the test process ends; gives the address, without a slash at its end.
pub(crate) fn open(files: Vec<File>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for visitor in listener.incoming().map_while(Result::ok) {
            // Whoever hangs up did not want it.
            let _ = answer(visitor, &files);
        }
    });
    url
}

fn answer(mut visitor: TcpStream, files: &[File]) -> std::io::Result<()> {
    let mut lines = BufReader::new(visitor.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let asked = first.split(' ').nth(1).unwrap_or_default();
    let path = asked.split('?').next().unwrap_or_default();
    let (status, kind, body) = match files.iter().find(|(name, ..)| name == path) {
        Some((_, kind, body)) => ("200 OK", *kind, body.as_slice()),
        None => ("404 Not Found", "text/plain", &[][..]),
    };
    let length = body.len();
    write!(
        visitor,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    visitor.write_all(body)
}
