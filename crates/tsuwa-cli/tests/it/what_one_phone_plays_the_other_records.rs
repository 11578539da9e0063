use crate::stage::{Stage, read, talk};
use std::fs;
use std::path::Path;
use tsuwa::sound::{Match, RATE_HZ, Talker, Wav, compare, wav_header};

#[test]
fn what_one_phone_plays_from_a_file_the_other_records_into_one() {
    let stage = Stage::open();
    let (said_in, heard_in) = (stage.folder.join("said.wav"), stage.folder.join("heard.wav"));
    let mut said = vec![0; 4 * RATE_HZ as usize];
    Talker::new(7).fill(&mut said);
    let mut file = wav_header(RATE_HZ, said.len()).to_vec();
    file.extend(said.iter().flat_map(|sample| sample.to_le_bytes()));
    fs::write(&said_in, file).unwrap();
    // The file is played round and round.
    let said = said.repeat(3);
    let mut found = None;
    // A machine that is busy with something else for a moment spoils one recording, and not every one.
    for _ in 0..5 {
        let heard = record(&stage, &said_in, &heard_in);
        found = compare(&said, &heard, said.len());
        if found.is_some_and(is_the_same) {
            return;
        }
    }
    panic!("{found:?}");
}

fn is_the_same(found: Match) -> bool {
    found.pieces >= 4 && found.correlation > 0.8 && found.level_db.abs() < 3.0
}

/// What bob's phone records of a call in which alice's plays this file.
fn record(stage: &Stage, said_in: &Path, heard_in: &Path) -> Vec<i16> {
    let mut alice = stage.phone_with("alice", &["--silent", "--repeat", "--play", said_in.to_str().unwrap()]);
    let mut bob = stage.phone_with("bob", &["--silent", "--record", heard_in.to_str().unwrap()]);
    talk(&mut alice, &mut bob);
    assert_eq!(bob.event("onUserAudioAvailable")["available"], true);
    let loud = bob.until("alice's volume", |line| {
        line["event"] == "onUserVoiceVolume" && line["params"]["totalVolume"].as_u64().unwrap() > 0
    });
    let volumes = loud["params"]["userVolumes"].as_array().unwrap();
    assert_eq!(volumes.len(), 2, "everybody is listed: {loud}");
    bob.types("sleep 3");
    bob.types("hangup");
    alice.event("onCallEnd");
    let (status, _) = bob.ends();
    assert!(status.success());

    Wav::parse(&read(heard_in)).unwrap().at_48k()
}
