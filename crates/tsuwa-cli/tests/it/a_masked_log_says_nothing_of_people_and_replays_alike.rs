use crate::notebook::{Story, log, said};
use crate::stage::tsuwa;
use std::fs;

#[test]
fn a_masked_log_says_nothing_of_people_and_replays_alike() {
    let (path, folder) = Story::told().closed();
    let (_, plain) = log(&["replay"], &path);
    assert!(["zoe", "abe", "phone", "secret"].iter().all(|word| plain.contains(word)), "{plain}");
    let named = plain
        .replace("\"zoe's secret\"", "masked")
        .replace("zoes-phone", "d2")
        .replace("abes-phone", "d1")
        .replace("zoe", "u2")
        .replace("abe", "u1");

    let (status, masked) = log(&["replay", "--mask"], &path);
    assert_eq!((status, &masked), (0, &named), "the same story of others");

    let (status, json) = log(&["show", "--json", "--mask"], &path);
    assert_eq!(status, 0);
    for word in ["zoe", "abe", "phone", "secret"] {
        assert!(!json.contains(word), "{word} in {json}");
        assert!(!log(&["show", "--mask"], &path).1.contains(word), "{word} is shown");
    }
    let report = folder.join("report.json");
    fs::write(&report, &json).unwrap();
    assert_eq!(log(&["replay"], &report), (0, named.clone()), "what is in a bug report replays");
    let piped = tsuwa().args(["log", "replay", "-"]).stdin(fs::File::open(&report).unwrap()).output().unwrap();
    assert_eq!(said(piped), (0, named));
    assert_eq!(log(&["show", "--json"], &report).1, json, "and is shown as it is");
}
