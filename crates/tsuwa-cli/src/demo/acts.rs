//! The story after the first talk: what can become of a call.

use super::cast::{Cast, Phone, SOON};
use super::figures::Figures;
use super::talk;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};
use tsuwa::{CallOptions, CallType, LeaveReason, TrtcCallingEvent as Sees};

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<(), String>> + 'a>>;

/// One act: it begins and ends with everybody idle, but for the first ones, which are one call.
pub(super) struct Act {
    pub(super) title: &'static str,
    plays: for<'a> fn(&'a Cast, &'a mut Figures) -> Outcome<'a>,
}

impl Act {
    /// Plays it, and watches for what nobody is to see.
    pub(super) async fn play(&self, cast: &mut Cast, figures: &mut Figures) -> Result<(), String> {
        (self.plays)(cast, figures).await?;
        cast.nothing_more().await
    }
}

/// The whole story.
pub(super) const ALL: &[Act] = &[
    Act {
        title: "alice calls bob, who answers",
        plays: |cast, figures| Box::pin(talk::alice_calls_bob(cast, figures)),
    },
    Act { title: "they talk", plays: |cast, figures| Box::pin(talk::they_talk(cast, figures)) },
    Act { title: "alice mutes herself", plays: |cast, _| Box::pin(talk::alice_mutes_herself(cast)) },
    Act { title: "bob invites carol", plays: |cast, figures| Box::pin(talk::bob_invites_carol(cast, figures)) },
    Act { title: "carol leaves", plays: |cast, _| Box::pin(talk::carol_leaves(cast)) },
    Act { title: "alice hangs up", plays: |cast, _| Box::pin(hang_up(cast)) },
    Act { title: "bob rejects", plays: |cast, _| Box::pin(reject(cast)) },
    Act { title: "bob is busy", plays: |cast, _| Box::pin(busy(cast)) },
    Act { title: "bob does not answer", plays: |cast, _| Box::pin(no_answer(cast)) },
    Act { title: "alice thinks better of it", plays: |cast, _| Box::pin(cancel(cast)) },
    Act { title: "alice and bob call each other", plays: |cast, _| Box::pin(glare(cast)) },
];

/// How long bob is let ring: the shortest that there is.
const RINGS: Duration = Duration::from_secs(1);

pub(super) fn invited(sponsor: &Phone, is_from_group: bool, rings_for: Duration) -> Sees {
    Sees::OnInvited {
        sponsor: sponsor.id.clone(),
        user_ids: Vec::new(),
        is_from_group,
        kind: CallType::Audio,
        user_data: None,
        rings_for,
    }
}

pub(super) fn enters(phone: &Phone) -> Sees {
    Sees::OnUserEnter { user_id: phone.id.clone() }
}

pub(super) fn leaves(phone: &Phone) -> Sees {
    Sees::OnUserLeave { user_id: phone.id.clone(), reason: LeaveReason::Left }
}

pub(super) fn audible(phone: &Phone, available: bool) -> Sees {
    Sees::OnUserAudioAvailable { user_id: phone.id.clone(), available }
}

const END: Sees = Sees::OnCallEnd { reason: None };

/// alice hangs up while she talks to bob.
async fn hang_up(cast: &Cast) -> Result<(), String> {
    cast.alice.hangs_up();
    cast.bob.sees(&[leaves(&cast.alice), END]).await?;
    Ok(())
}

/// bob's phone rings.
async fn ring(cast: &Cast) -> Result<(), String> {
    cast.alice.calls(&cast.bob).await?;
    cast.bob.sees(&[invited(&cast.alice, false, RINGS)]).await?;
    Ok(())
}

async fn reject(cast: &Cast) -> Result<(), String> {
    ring(cast).await?;
    cast.bob.rejects().await?;
    cast.alice.sees(&[Sees::OnReject { user_id: cast.bob.id.clone() }, END]).await?;
    Ok(())
}

async fn busy(cast: &Cast) -> Result<(), String> {
    ring(cast).await?;
    cast.bob.accepts().await?;
    cast.alice.sees(&[enters(&cast.bob), audible(&cast.bob, true)]).await?;
    cast.bob.sees(&[enters(&cast.alice), audible(&cast.alice, true)]).await?;
    cast.carol.calls(&cast.bob).await?;
    cast.carol.sees(&[Sees::OnLineBusy { user_id: cast.bob.id.clone() }, END]).await?;
    cast.nothing_more().await?;
    hang_up(cast).await
}

async fn no_answer(cast: &Cast) -> Result<(), String> {
    let at = cast.alice.calls_with(&cast.bob, CallOptions::audio().timeout(RINGS)).await?;
    cast.bob.sees(&[invited(&cast.alice, false, RINGS)]).await?;
    let by = Instant::now() + RINGS + SOON;
    let told = cast.bob.sees_by(by, &[Sees::OnCallingTimeOut {}]).await?;
    cast.alice.sees_by(by, &[Sees::OnNoResp { user_id: cast.bob.id.clone() }, END]).await?;
    let rang = told.duration_since(at);
    if rang < RINGS {
        return Err(format!("bob's phone stopped ringing after {} ms", rang.as_millis()));
    }
    Ok(())
}

async fn cancel(cast: &Cast) -> Result<(), String> {
    ring(cast).await?;
    cast.alice.hangs_up();
    cast.bob.sees(&[Sees::OnCallingCancel { reason: None }]).await?;
    Ok(())
}

/// Whose call is first in the server's log is not known beforehand: the other one's phone rings, and its own call is
/// taken as the answer.
async fn glare(cast: &Cast) -> Result<(), String> {
    let (alice, bob) = (&cast.alice, &cast.bob);
    let (first, second) = tokio::join!(alice.calls(bob), bob.calls(alice));
    first?;
    second?;
    // An invitation comes before the answer to the call that is taken as its acceptance.
    let (caller, callee) = match (cast.ledger.has_seen("bob", "onInvited"), cast.ledger.has_seen("alice", "onInvited"))
    {
        (true, false) => (alice, bob),
        (false, true) => (bob, alice),
        _ => return Err("one of the two phones was to ring, and only one".to_owned()),
    };
    callee.sees(&[invited(caller, false, RINGS), enters(caller), audible(caller, true)]).await?;
    caller.sees(&[enters(callee), audible(callee, true)]).await?;
    cast.nothing_more().await?;
    hang_up(cast).await
}
