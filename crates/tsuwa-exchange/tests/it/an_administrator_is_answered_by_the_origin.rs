use crate::town::Town;
use tsuwa_call::{AdminAct, Reply};
use tsuwa_exchange::{EffectKind, Input};
use tsuwa_proto::CallId;

#[test]
fn an_administrator_is_answered_by_the_origin() {
    let (mut town, _, _, call) = Town::talking();
    let done = town.take(Input::Admin { origin: 41, act: AdminAct::EndCall(call) });
    let answer = EffectKind::AdminReply { origin: 41, result: Ok(Reply::Done) };
    assert!(done.contains(&answer), "{done:?}");
    let refused = town.take(Input::Admin { origin: 42, act: AdminAct::EndCall(CallId(1)) });
    assert!(matches!(refused[..], [EffectKind::AdminReply { origin: 42, result: Err(_) }]));
}
