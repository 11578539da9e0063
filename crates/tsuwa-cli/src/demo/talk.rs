//! The first acts: one call, from its ringing to its last two.

use super::acts::{audible, enters, invited, leaves};
use super::cast::{Cast, Phone, SOON};
use super::figures::Figures;
use super::heard::{self, Mark};
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tsuwa::{TrtcCallingEvent as Sees, UserId};

/// A quick hand: the media is ready before it, as it is before a slow one.
const UNTIL_ANSWERED: Duration = Duration::from_millis(500);
/// How long they talk: six pieces of half a second to compare.
const TALK: Duration = Duration::from_millis(3_200);
/// A machine that is busy with something else for a second spoils one talk, and not three.
const TRIES: u32 = 3;
/// What was said before a mute is played out by then: twice the longest that a jitter buffer holds on loopback.
const PLAYED_OUT: Duration = Duration::from_millis(400);

pub(super) async fn alice_calls_bob(cast: &Cast, figures: &mut Figures) -> Result<(), String> {
    let (alice, bob) = (&cast.alice, &cast.bob);
    let called = alice.calls(bob).await?;
    let rang = bob.sees(&[invited(alice, false, Duration::ZERO)]).await?;
    figures.span("call to ringing", called, rang);
    sleep(UNTIL_ANSWERED).await;
    let accepted = bob.accepts().await?;
    alice.sees(&[enters(bob), audible(bob, true)]).await?;
    bob.sees(&[enters(alice), audible(alice, true)]).await?;
    figures.span("accept to first sound, bob hears alice", accepted, first_sound(bob, &alice.id).await?);
    figures.span("accept to first sound, alice hears bob", accepted, first_sound(alice, &bob.id).await?);
    Ok(())
}

/// When somebody's voice came out of a phone first.
async fn first_sound(phone: &Phone, of: &UserId) -> Result<Instant, String> {
    let by = Instant::now() + SOON;
    while Instant::now() < by {
        if let Some(first) = phone.calling.first_sound(of) {
            return Ok(first.played);
        }
        sleep(Duration::from_millis(5)).await;
    }
    Err(format!("{} did not hear {}", phone.name, of.as_str()))
}

pub(super) async fn they_talk(cast: &Cast, figures: &mut Figures) -> Result<(), String> {
    let (alice, bob) = (&cast.alice, &cast.bob);
    let mut tries = 0;
    let heard = loop {
        tries += 1;
        let (from_alice, from_bob) = (Mark::of(alice, bob), Mark::of(bob, alice));
        sleep(TALK).await;
        match (heard::same(alice, bob, from_alice), heard::same(bob, alice, from_bob)) {
            (Ok(by_bob), Ok(by_alice)) => break [("bob heard alice", by_bob), ("alice heard bob", by_alice)],
            (Err(why), _) | (_, Err(why)) if tries == TRIES => return Err(why),
            _ => {}
        }
    };
    heard.into_iter().for_each(|(name, found)| figures.sound(name, found));
    for (phone, other) in [(alice, bob), (bob, alice)] {
        loud(cast, phone, &[other]).await?;
        let measured = |event: &Sees| matches!(event, Sees::OnNetworkQuality { quality, .. } if (1..=5).contains(&u8::from(*quality)));
        if !cast.ledger.periodic(phone.name, Instant::now() + SOON, measured).await {
            return Err(format!("{} was told nothing of the network's quality", phone.name));
        }
    }
    Ok(())
}

/// A phone is told that the others are loud, and has itself in the list.
async fn loud(cast: &Cast, phone: &Phone, others: &[&Phone]) -> Result<(), String> {
    let wanted = |event: &Sees| match event {
        Sees::OnUserVoiceVolume { user_volumes, total_volume } => {
            let volume =
                |of: &Phone| user_volumes.iter().find(|each| each.user_id == of.id).map(|each| each.volume.get());
            let all_loud = others.iter().all(|other| volume(other).is_some_and(|volume| volume > 0));
            all_loud && volume(phone).is_some() && total_volume.get() > 0 && user_volumes.len() == others.len() + 1
        }
        _ => false,
    };
    if cast.ledger.periodic(phone.name, Instant::now() + SOON, wanted).await {
        return Ok(());
    }
    Err(format!("{} was not told how loud the others are", phone.name))
}

pub(super) async fn alice_mutes_herself(cast: &Cast) -> Result<(), String> {
    let (alice, bob) = (&cast.alice, &cast.bob);
    alice.mutes(true);
    bob.sees(&[audible(alice, false)]).await?;
    sleep(PLAYED_OUT).await;
    let mark = Mark::of(alice, bob);
    sleep(Duration::from_millis(800)).await;
    heard::nothing(bob, mark)?;
    cast.nothing_more().await?;
    alice.mutes(false);
    bob.sees(&[audible(alice, true)]).await?;
    sleep(PLAYED_OUT).await;
    let mark = Mark::of(alice, bob);
    sleep(Duration::from_millis(500)).await;
    heard::without_a_gap(bob, mark)
}

pub(super) async fn bob_invites_carol(cast: &Cast, figures: &mut Figures) -> Result<(), String> {
    let (alice, bob, carol) = (&cast.alice, &cast.bob, &cast.carol);
    let (to_bob, to_alice) = (Mark::of(alice, bob), Mark::of(bob, alice));
    bob.calls(carol).await?;
    carol.sees(&[invited(bob, true, Duration::ZERO)]).await?;
    sleep(UNTIL_ANSWERED).await;
    let accepted = carol.accepts().await?;
    carol.sees(&[enters(alice), enters(bob)]).await?;
    carol.sees_in_any_order(&[audible(alice, true), audible(bob, true)]).await?;
    for phone in [alice, bob] {
        phone.sees(&[enters(carol), audible(carol, true)]).await?;
    }
    figures.span("accept to first sound, carol hears alice", accepted, first_sound(carol, &alice.id).await?);
    figures.span("accept to first sound, carol hears bob", accepted, first_sound(carol, &bob.id).await?);
    sleep(Duration::from_millis(1_500)).await;
    loud(cast, carol, &[alice, bob]).await?;
    loud(cast, alice, &[bob, carol]).await?;
    heard::without_a_gap(bob, to_bob)?;
    heard::without_a_gap(alice, to_alice)
}

pub(super) async fn carol_leaves(cast: &Cast) -> Result<(), String> {
    cast.carol.hangs_up();
    cast.alice.sees(&[leaves(&cast.carol)]).await?;
    cast.bob.sees(&[leaves(&cast.carol)]).await?;
    let mark = Mark::of(&cast.alice, &cast.bob);
    sleep(Duration::from_millis(500)).await;
    heard::without_a_gap(&cast.bob, mark)
}
