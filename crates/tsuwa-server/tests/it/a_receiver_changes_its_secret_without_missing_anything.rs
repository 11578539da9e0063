use crate::harness::{Folder, House};
use crate::receiver::{Receiver, signature};
use serde_json::json;
use tsuwa_server::{Config, Settings, WebhookConfig, WebhookSecret};

/// A call that is over: all that comes of it is signed so that the receiver takes it; the number of signatures.
async fn told(receiver: &mut Receiver, house: &House) -> usize {
    let mut alice = house.device("alice").await;
    let call = alice.call("bob").await;
    alice.ask("hangup", json!({ "callId": call })).await.expect("a hangup");
    let mut signatures = 0;
    for kind in ["call.started", "call.invited", "call.cancelled", "call.ended"] {
        let got = receiver.next().await;
        assert_eq!((got.kind(), got.call()), (kind, call.as_str()));
        signatures = got.headers["webhook-signature"].split(' ').count();
    }
    signatures
}

#[tokio::test]
async fn a_receiver_changes_its_secret_without_missing_anything() {
    let mut receiver = Receiver::open().await;
    let old = receiver.secret.clone();
    let house = receiver.house().await;
    assert_eq!(told(&mut receiver, &house).await, 1);

    // The new one beside the old one; then the receiver changes; then the old one goes.
    let new = WebhookSecret::random().expect("random numbers");
    let with = |secret: &WebhookSecret, older: &[WebhookSecret]| {
        let config = receiver.config();
        WebhookConfig { secret: secret.clone(), older_secrets: older.to_vec(), ..config }
    };
    let (both, new_only) = (with(&new, std::slice::from_ref(&old)), with(&new, &[]));
    let house = house.restart_with(|config| config.apps[0].webhooks = Some(both)).await;
    assert_eq!(told(&mut receiver, &house).await, 2);
    receiver.secret = new;
    assert_eq!(told(&mut receiver, &house).await, 2);
    let house = house.restart_with(|config| config.apps[0].webhooks = Some(new_only)).await;
    assert_eq!(told(&mut receiver, &house).await, 1);

    house.device("carol").await.call("bob").await;
    let got = receiver.next().await;
    assert!(
        !got.headers["webhook-signature"].contains(&signature(&got, &old)),
        "the old one is worth nothing any more"
    );
}

const NEW: &str = "whsec_bm9ib2R5IGVsc2Uga25vd3MgdGhpcyBvbmU=";
const OLD: &str = "whsec_bm9ib2R5IGVsc2Uga25ldyB0aGlzIG9uZQ==";

fn webhooks(folder: &Folder, more: &str) -> WebhookConfig {
    let text = format!("[[apps]]\nid = 7\nwebhook_url = \"https://example.org\"\n{more}");
    let path = folder.file("tsuwa.toml", &text);
    let settings = Settings { config: Some(path), data: Some(folder.0.join("data")), ..Settings::default() };
    let config = Config::load(settings).unwrap_or_else(|e| panic!("{more}: {e}"));
    config.apps[0].webhooks.clone().expect("webhooks")
}

#[test]
fn the_secrets_are_a_list_or_the_lines_of_a_file() {
    let folder = Folder::new();
    let (new, old): (WebhookSecret, WebhookSecret) = (NEW.parse().expect("one"), OLD.parse().expect("one"));
    let file = folder.file("secrets", &format!("{NEW}\n\n  {OLD}\r\n"));
    for more in [format!("webhook_secret = [\"{NEW}\", \"{OLD}\"]"), format!("webhook_secret_file = {file:?}")] {
        let webhooks = webhooks(&folder, &more);
        assert_eq!((&webhooks.secret, &webhooks.older_secrets[..]), (&new, std::slice::from_ref(&old)), "{more}");
    }
    for more in [format!("webhook_secret = \"{NEW}\""), format!("webhook_secret = [\"{NEW}\"]")] {
        let webhooks = webhooks(&folder, &more);
        assert_eq!((&webhooks.secret, webhooks.older_secrets.len()), (&new, 0), "{more}");
    }
    // The one that was made is kept in a file of the same form.
    let made = webhooks(&folder, "");
    let kept = folder.0.join("data/apps/7/webhook-secret");
    std::fs::write(&kept, format!("{NEW}\n{}\n", made.secret.expose())).expect("a line more");
    let webhooks = webhooks(&folder, "");
    assert_eq!((webhooks.secret, webhooks.older_secrets), (new, vec![made.secret]));
}
