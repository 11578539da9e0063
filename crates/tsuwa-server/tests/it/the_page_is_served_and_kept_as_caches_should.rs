use crate::harness::House;
use crate::raw_http::raw;

/// A header of an answer.
fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().find_map(|line| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

#[tokio::test]
async fn the_page_is_asked_for_anew_and_what_it_loads_is_kept() {
    let house = House::open().await;
    let page = raw(&house, "GET / HTTP/1.1\r\nHost: x\r\n", "").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert_eq!(header(&page, "cache-control"), Some("no-cache"));
    let policy = header(&page, "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(header(&page, "x-content-type-options"), Some("nosniff"));

    let etag = header(&page, "etag").unwrap();
    let again = raw(&house, &format!("GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: {etag}\r\n"), "").await;
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    let other = raw(&house, "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"another\"\r\n", "").await;
    assert!(other.starts_with("HTTP/1.1 200"), "{other}");

    let script = page.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    let module = raw(&house, &format!("GET {script} HTTP/1.1\r\nHost: x\r\n"), "").await;
    assert_eq!(header(&module, "content-type"), Some("text/javascript; charset=utf-8"));
    assert!(header(&module, "cache-control").unwrap().contains("immutable"), "{module}");
    let version = script.split('/').nth(2).unwrap();
    for (path, kept) in [("/web/latest/src/index.js", "no-cache"), ("/web/latest/page/icon.svg", "no-cache")] {
        let answer = raw(&house, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n"), "").await;
        assert_eq!(header(&answer, "cache-control"), Some(kept), "{path}");
        assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"), "{path}");
    }
    let gone = ["/web/0000000000000000/src/index.js".to_owned(), format!("/web/{version}/src/none.js")];
    for path in gone.into_iter().chain([format!("/web/{version}/../../Cargo.toml")]) {
        let answer = raw(&house, &format!("GET {path} HTTP/1.1\r\nHost: x\r\n"), "").await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}
