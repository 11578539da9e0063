//! What becomes of a call.

use super::books::Books;
use super::party::Party;
use crate::bench::draw::Draw;
use std::time::Duration;
use tokio::time::sleep;
use tsuwa::{ActionCallback, CallId, CallOptions, CallType, Code};
use tsuwa_proto::CallOutcome;

/// A phone in no call takes up to 10 s to try again, and finds the server killed again by then, perhaps several times:
/// it is let ring until it is back.
const RINGS: Duration = Duration::from_secs(120);

/// Three who call each other, and nobody else.
pub(super) struct Trio {
    pub(super) parties: [Party; 3],
}

#[derive(Clone, Copy)]
pub(super) enum Plan {
    /// They talk, and the caller or the callee hangs up.
    Talk { caller_hangs_up: bool },
    /// Declined.
    Reject,
    /// The caller thinks better of it.
    Cancel,
    /// Nobody answers.
    TimeOut,
    /// They talk, and the third finds the callee busy.
    Busy,
    /// The two others are invited at once; both come, or one declines.
    Group { both: bool },
}

/// Why a story did not come to its end.
pub(super) enum Broken {
    /// Nobody knows what became of a `call`: it had no answer in time.
    Unanswered,
    Fault(String),
}

impl From<String> for Broken {
    fn from(why: String) -> Self {
        Self::Fault(why)
    }
}

impl Plan {
    /// Most calls are answered.
    pub(super) fn draw(draw: &mut Draw) -> Self {
        match draw.below(100) {
            0..55 => Self::Talk { caller_hangs_up: draw.percent(50) },
            55..65 => Self::Reject,
            65..75 => Self::Cancel,
            75..83 => Self::TimeOut,
            83..92 => Self::Busy,
            _ => Self::Group { both: draw.percent(50) },
        }
    }

    /// How many calls it is.
    pub(super) fn calls(self) -> u32 {
        if matches!(self, Self::Busy) { 2 } else { 1 }
    }
}

impl Trio {
    pub(super) async fn play(&mut self, plan: Plan, draw: &mut Draw, books: &Books) -> Result<(), Broken> {
        let [a, b, c] = &mut self.parties;
        match plan {
            Plan::Talk { caller_hangs_up } => {
                talk(a, b, draw, books).await?;
                sleep(talking(draw)).await;
                if caller_hangs_up { end(a, b).await? } else { end(b, a).await? }
            }
            Plan::Reject => {
                let call = ring(a, b).await?;
                sleep(ringing(draw)).await;
                b.succeeds("reject", b.calling.reject().await)?;
                a.sees("onReject").await?;
                a.sees("onCallEnd").await?;
                books.ended(call, &a.user, CallOutcome::Declined)?;
            }
            Plan::Cancel => {
                let call = ring(a, b).await?;
                sleep(ringing(draw)).await;
                a.calling.hangup();
                b.sees("onCallingCancel").await?;
                books.ended(call, &a.user, CallOutcome::Cancelled)?;
            }
            Plan::TimeOut => {
                let rings = CallOptions::audio().timeout(Duration::from_secs(1 + draw.below(2)));
                let call = begin(a, a.calling.call_with(&b.user, rings).await)?;
                let call = a.sees("onNoResp").await?.or(call);
                a.sees("onCallEnd").await?;
                // Who was away for all that time is told of nothing.
                if b.has_seen("onInvited").await? {
                    b.sees("onCallingTimeOut").await?;
                }
                books.ended(call, &a.user, CallOutcome::NoAnswer)?;
            }
            Plan::Busy => {
                talk(a, b, draw, books).await?;
                let mut call = begin(c, c.calling.call(&b.user, CallType::Audio).await)?;
                let then = c.sees("onLineBusy").await?;
                c.sees("onCallEnd").await?;
                call = call.or(then);
                books.ended(call, &c.user, CallOutcome::Busy)?;
                end(b, a).await?;
            }
            Plan::Group { both } => group([a, b, c], both, draw, books).await?,
        }
        for party in &mut self.parties {
            party.is_done()?;
        }
        Ok(())
    }
}

async fn group([a, b, c]: [&mut Party; 3], both: bool, draw: &mut Draw, books: &Books) -> Result<(), Broken> {
    let options = CallOptions::audio().timeout(RINGS);
    let call = begin(a, a.calling.group_call_with(&[&b.user, &c.user], options).await)?;
    let call = b.sees("onInvited").await?.or(call);
    c.sees("onInvited").await?;
    sleep(ringing(draw)).await;
    b.succeeds("accept", b.calling.accept().await)?;
    a.sees("onUserEnter").await?;
    b.sees("onUserEnter").await?;
    if both {
        c.succeeds("accept", c.calling.accept().await)?;
        a.sees("onUserEnter").await?;
        b.sees("onUserEnter").await?;
        c.sees_in_any_order(&["onUserEnter", "onUserEnter"]).await?;
        sleep(talking(draw)).await;
        a.hears(&[&b.user, &c.user]).await?;
        b.hears(&[&a.user, &c.user]).await?;
        c.hears(&[&a.user, &b.user]).await?;
        a.calling.hangup();
        b.sees("onUserLeave").await?;
        c.sees("onUserLeave").await?;
        end(b, c).await?;
    } else {
        c.succeeds("reject", c.calling.reject().await)?;
        a.sees("onReject").await?;
        sleep(talking(draw)).await;
        a.hears(&[&b.user]).await?;
        b.hears(&[&a.user]).await?;
        end(a, b).await?;
    }
    books.ended(call, &a.user, CallOutcome::Answered)?;
    Ok(())
}

/// One calls; gives the call, if it is not over by now.
fn begin(caller: &Party, answer: ActionCallback) -> Result<Option<CallId>, Broken> {
    if [Code::NoAnswer, Code::NoConnection].map(Code::number).contains(&answer.code) {
        return Err(Broken::Unanswered);
    }
    caller.succeeds("call", answer)?;
    Ok(caller.calling.current_call().map(|(call, _)| call))
}

/// It rings.
async fn ring(caller: &mut Party, callee: &mut Party) -> Result<Option<CallId>, Broken> {
    let options = CallOptions::audio().timeout(RINGS);
    let call = begin(caller, caller.calling.call_with(&callee.user, options).await)?;
    Ok(callee.sees("onInvited").await?.or(call))
}

/// They talk, and hear each other.
async fn talk(caller: &mut Party, callee: &mut Party, draw: &mut Draw, books: &Books) -> Result<(), Broken> {
    let call = ring(caller, callee).await?;
    sleep(ringing(draw)).await;
    callee.succeeds("accept", callee.calling.accept().await)?;
    caller.sees("onUserEnter").await?;
    callee.sees("onUserEnter").await?;
    caller.hears(&[&callee.user]).await?;
    callee.hears(&[&caller.user]).await?;
    books.ended(call, &caller.user, CallOutcome::Answered)?;
    Ok(())
}

/// One hangs up, and the other was the last.
async fn end(who: &mut Party, other: &mut Party) -> Result<(), Broken> {
    who.calling.hangup();
    other.sees("onUserLeave").await?;
    other.sees("onCallEnd").await?;
    Ok(())
}

/// From a phone's ring to a quick hand.
fn ringing(draw: &mut Draw) -> Duration {
    draw.up_to(Duration::from_millis(800))
}

fn talking(draw: &mut Draw) -> Duration {
    draw.up_to(Duration::from_millis(2_500))
}
