use crate::harness::House;
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn secrets_are_their_owners_only() {
    let house = House::open().await;
    let (data, app) = (&house.config.data, house.config.apps[0].id);
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let calls = data.calls_path(app);
    let beside = ["-wal", "-shm", "-head"].map(|part| format!("{}{part}", calls.display()).into());
    let secrets = [data.secret_path(app), data.admin_token_path(app), data.path().join("server.key"), calls];
    for file in secrets.into_iter().chain(beside) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    assert_eq!(mode(data.secret_path(app).parent().expect("a folder")), 0o700);
    let secret = &house.config.apps[0].secret;
    assert_ne!(*secret, house.config.apps[0].admin_token);
    let webhooks = data.webhook_secret(app).expect("it is made");
    assert_eq!(mode(&data.webhook_secret_path(app)), 0o600);
    assert_eq!(data.webhook_secret(app).expect("it is kept"), webhooks);
    assert!(!format!("{webhooks:?}").contains(webhooks.expose()));
    assert!(!format!("{:?}", house.config).contains(secret.expose()), "no log gets it");
}
