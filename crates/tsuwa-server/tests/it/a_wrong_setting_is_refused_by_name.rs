use crate::harness::Folder;
use tsuwa_server::{Config, Settings};

/// A configuration file, and the setting that is wrong in it.
const WRONG: &[(&str, &str)] = &[
    ("listen = \"localhost\"", "listen"),
    ("drain_s = 100000", "drain_s"),
    ("proxies = [\"10.0.0.0/8\"]", "proxies"),
    ("[media]\nips = [\"example.org\"]", "media.ips"),
    ("[media]\nips = [\"0.0.0.0\"]", "media.ips"),
    ("[media]\nport = 70000", "media.port"),
    ("[media]\nport = 65535\nworkers = 2", "media.port"),
    ("[media]\nworkers = 0", "media.workers"),
    ("[media]\nadvertise = \"203.0.113.7\"\nport = 9000", "media.advertise"),
    ("[media]\nadvertise = \"203.0.113.7:9000\"", "media.advertise"),
    ("[tls]\ncertificate = \"/nowhere.pem\"", "tls.key"),
    ("[tls]\nkey = \"/nowhere.pem\"", "tls.certificate"),
    ("[tls]\ncertificate = \"/nowhere.pem\"\nkey = \"/nowhere.pem\"", "tls.certificate"),
    ("[log]\nsync = \"sometimes\"", "log.sync"),
    ("[limits]\nsign_in_s = 0", "limits.sign_in_s"),
    ("[limits]\nsockets = 10\nstrangers = 11", "limits.strangers"),
    ("[limits]\nstrangers = 10\nstrangers_per_address = 11", "limits.strangers_per_address"),
    ("[limits]\nrequests_per_s = 0", "limits.requests_per_s"),
    ("[[apps]]\nid = 0", "apps.id"),
    ("[[apps]]\nid = 7\n[[apps]]\nid = 7", "apps.id"),
    ("[[apps]]\nid = 7\nsecret = \"short\"", "apps.secret"),
    ("[[apps]]\nid = 7\nsecret = \"replace-this-by-a-secret-of-your-own-of-at-least-32-bytes\"", "apps.secret"),
    ("[[apps]]\nid = 7\nsecret = \"5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e\"", "apps.secret"),
    ("[[apps]]\nid = 7\nsecret = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "apps.secret"),
    ("[[apps]]\nid = 7\nsecret_file = \"/nowhere\"", "apps.secret_file"),
    (
        "[[apps]]\nid = 7\nsecret = \"b1f0c3d2a4958677b1f0c3d2a4958677\"\n\
         admin_token = \"b1f0c3d2a4958677b1f0c3d2a4958677\"",
        "apps.admin_token",
    ),
    ("[log]\nrecords_days = 40000", "log.records_days"),
    ("[[apps]]\nid = 7\nwebhook_url = \"hooks.example.org\"", "apps.webhook_url"),
    ("[[apps]]\nid = 7\nwebhook_url = \"http://203.0.113.7/hooks\"", "apps.webhook_url"),
    ("[[apps]]\nid = 7\nwebhook_secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"", "apps.webhook_secret"),
    (
        "[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\nwebhook_secret = \"whsec_c2hvcnQ=\"",
        "apps.webhook_secret",
    ),
    (
        "[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\nwebhook_secret_file = \"/nowhere\"",
        "apps.webhook_secret_file",
    ),
    ("[[apps]]\nid = 7\nwebhook_url = \"https://example.org:70000\"", "apps.webhook_url"),
    ("[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\nwebhook_secret = []", "apps.webhook_secret"),
    (
        "[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\n\
         webhook_secret = [\"whsec_bm9ib2R5IGVsc2Uga25vd3MgdGhpcyBvbmU=\", \"whsec_bm9ib2R5IGVsc2Uga25vd3MgdGhpcyBvbmU=\"]",
        "apps.webhook_secret",
    ),
    (
        "[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\n\
         webhook_secret = [\"whsec_bm9ib2R5IGVsc2Uga25vd3MgdGhpcyBvbmU=\", \"whsec_c2hvcnQ=\"]",
        "apps.webhook_secret",
    ),
    // The example of the documents.
    (
        "[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\n\
         webhook_secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"",
        "apps.webhook_secret",
    ),
    ("[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\nwebhook_ca = \"/nowhere\"", "apps.webhook_ca"),
    ("[[apps]]\nid = 7\nwebhook_ca = \"/nowhere\"", "apps.webhook_ca"),
    ("[[apps]]\nid = 7\nusers = [\"no spaces\"]", "apps.users"),
    ("[[apps]]\nid = 7\n[[apps.blocklist]]\nuser = \"a\"\nblocked = \"\"", "apps.blocklist.blocked"),
    ("[[apps]]\nid = 7\n[apps.policy]\nring_timeout_s = 0", "apps.policy.ring_timeout_s"),
    ("[[apps]]\nid = 7\n[apps.policy]\ngrace_ms = 10", "apps.policy.grace_ms"),
    ("[[apps]]\nid = 7\n[apps.policy]\ngrace_ms = 60001", "apps.policy.grace_ms"),
];

/// A file that can't be read as a configuration, and what its refusal must tell of.
const UNREADABLE: &[(&str, &str)] = &[
    ("lisen = \"127.0.0.1:1\"", "lisen"),
    ("[media]\nprot = 9000", "prot"),
    ("[[apps]]\nid = 7\n[apps.policy]\ndevices = \"some\"", "devices"),
    ("[[apps]]\nid = \"seven\"", "id"),
    ("[[apps]]\nsecret = \"x\"", "id"),
    ("drain_s = \"soon\"", "drain_s"),
    ("[[apps]]\nid = 7\nwebhook_secret = 5", "a text, or a list of texts"),
];

fn load(folder: &Folder, text: &str) -> tsuwa_server::ConfigError {
    let path = folder.file("tsuwa.toml", text);
    let settings = Settings { config: Some(path), data: Some(folder.0.join("data")), ..Settings::default() };
    Config::load(settings).expect_err(text)
}

#[test]
fn a_wrong_setting_is_refused_by_name() {
    let folder = Folder::new();
    for (text, setting) in WRONG {
        let refusal = load(&folder, text);
        assert_eq!(refusal.setting(), *setting, "{text}\n{refusal}");
        assert!(!refusal.reason().is_empty());
    }
    for (text, word) in UNREADABLE {
        let refusal = load(&folder, text);
        assert!(refusal.setting().ends_with("tsuwa.toml"), "{refusal}");
        assert!(refusal.reason().contains(word), "{text}\n{refusal}");
    }
    let missing = Settings { config: Some(folder.0.join("missing.toml")), ..Settings::default() };
    let refusal = Config::load(missing).expect_err("a file that is not there");
    assert!(refusal.setting().ends_with("missing.toml"), "{refusal}");
}
