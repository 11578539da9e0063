use crate::client::Client;
use tsuwa_proto::Code;
use tsuwa_session::ClientOutput;

fn refused_with(client: &mut Client) -> Vec<Code> {
    let code = |output| match output {
        ClientOutput::Refused(refusal) => Some(refusal.code),
        _ => None,
    };
    client.told().into_iter().filter_map(code).collect()
}

#[test]
fn no_connection() {
    let mut client = Client::new();
    for _ in 0..150 {
        if client.link.is_some() {
            client.close();
        }
        client.pass(100);
    }
    assert_eq!(refused_with(&mut client), [Code::NoConnection]);
    client.pass(60_000);
    assert_eq!(client.link, None, "it is the app that tries again");
}

#[test]
fn no_answer() {
    let mut client = Client::new();
    client.open();
    client.pass(15_000);
    assert_eq!(refused_with(&mut client), [Code::NoAnswer]);
}
