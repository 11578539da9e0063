use crate::stage::{Folder, tsuwa};
use serde_json::Value;

#[test]
fn the_demo_passes_prints_its_figures_and_keeps_the_sound() {
    let folder = Folder::new();
    let (mut success, mut report) = demo(&folder);
    // A machine that is busy with something else for a moment spoils the sound of one, and not of three.
    for _ in 0..2 {
        if !success && only_sound(&report["wrong"]) {
            (success, report) = demo(&folder);
        }
    }
    assert!(success, "{}", report["wrong"]);
    assert_eq!(report["ok"], true);
    assert_eq!(report["acts"].as_array().unwrap().len(), 11);
    assert!(report["figures"]["spans"][0]["ms"].as_f64().unwrap() > 0.0);
    assert!(report["figures"]["sounds"][0]["correlation"].as_f64().unwrap() > 0.0);
    for name in ["alice", "bob", "carol"] {
        for what in ["said", "heard"] {
            let kept = std::fs::metadata(folder.join("kept").join(format!("{name}-{what}.wav"))).unwrap();
            // Each of them talked for a second at least, at two bytes a sample.
            assert!(kept.len() > 96_000, "{name} {what}");
        }
    }
}

fn demo(folder: &Folder) -> (bool, Value) {
    let output = tsuwa().args(["demo", "--json", "--keep"]).arg(folder.join("kept")).output().unwrap();
    (output.status.success(), serde_json::from_slice(&output.stdout).unwrap())
}

/// Whether all that went wrong is how something sounded.
fn only_sound(wrong: &Value) -> bool {
    let heard = |what: &Value| what.as_str().unwrap().contains(" heard ");
    wrong.as_array().unwrap().iter().all(heard)
}
