use crate::stage::{Folder, tsuwa};
use serde_json::Value;

#[test]
fn the_demo_passes_prints_its_figures_and_keeps_the_sound() {
    let folder = Folder::new();
    let output = tsuwa().args(["demo", "--json", "--keep"]).arg(folder.join("kept")).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{}", report["wrong"]);
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
