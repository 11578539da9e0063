use crate::stage::{Folder, tsuwa};

/// Flags and a configuration file, and the setting that is wrong in them.
const WRONG: &[(&[&str], &str, &str)] = &[
    (&[], "drain_s = 100000", "drain_s"),
    (&[], "lisen = \"127.0.0.1:1\"", "lisen"),
    (&["--media-advertise", "203.0.113.7:9000"], "", "media.advertise"),
    (&["--workers", "0"], "", "media.workers"),
    (&["--tls-key", "/nowhere.pem"], "", "tls.certificate"),
    (&["--listen", "somewhere"], "", "--listen"),
    (&["--listen", "192.0.2.1:1"], "", "listen"),
];

#[test]
fn serve_refuses_a_wrong_setting_by_name() {
    let folder = Folder::new();
    for (flags, text, name) in WRONG {
        let config = folder.join("tsuwa.toml");
        std::fs::write(&config, text).unwrap();
        let mut command = tsuwa();
        command.arg("serve").args(*flags).arg("--data").arg(folder.join("data")).arg("--config").arg(config);
        let ended = command.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name), "{name}: {said}");
    }
}
