use serde_json::json;
use tsuwa_proto::RequestId;
use tsuwa_session::{Kept, Results};

#[test]
fn a_forgotten_request_is_not_done_again() {
    let mut results = Results::new();
    // Numbers have gaps: pings have theirs too.
    for number in (2..=200).step_by(2) {
        assert_eq!(results.of(RequestId(number)), Kept::New);
        results.keep(RequestId(number), Ok(json!({ "did": number })));
    }
    for number in (74..=200).step_by(2) {
        let outcome = Ok(json!({ "did": number }));
        assert_eq!(results.of(RequestId(number)), Kept::Done(&outcome), "the last 64 are kept");
    }
    assert_eq!(results.of(RequestId(72)), Kept::Forgotten, "the 65th is not");
    assert_eq!(results.of(RequestId(199)), Kept::Forgotten, "nor is a number that was passed over done late");
    assert_eq!(results.of(RequestId(201)), Kept::New);
}
