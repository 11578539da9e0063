//! Codes are the field's own numbers: one each, and back.

use std::collections::BTreeSet;
use tsuwa_proto::Code;

#[test]
fn every_code_has_its_own_number() {
    let numbers: BTreeSet<i32> = Code::ALL.iter().map(|code| code.number()).collect();
    assert_eq!(numbers.len(), Code::ALL.len());
    for code in Code::ALL {
        assert_eq!(Code::try_from(code.number()), Ok(*code));
        assert!(!code.text().is_empty());
    }
    assert!(Code::try_from(1).is_err());
    // The table of refusals.
    for number in [
        6014, 7501, -1202, 7003, 101_002, 20_007, 8010, 8011, -1203, 8012, 70_002, 70_003, 70_009, 70_013, 70_014,
        70_001, 70_020, 70_050, 7008, -100_013, 9508, 9520, 6208,
    ] {
        assert!(numbers.contains(&number), "{number}");
    }
}
