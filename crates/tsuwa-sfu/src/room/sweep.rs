//! What is looked after twice a second: devices that fell silent, offers without an answer, layers, quality.

use super::Room;
use crate::engine::STATS_EVERY;
use crate::keys::Happening;
use crate::quality;
use crate::room::hang_up;
use crate::rooms::Shared;
use std::time::{Duration, Instant};
use tsuwa_proto::Quality;

/// A device is lost when nothing authenticated came for so long (the contract's number).
const LOST_AFTER: Duration = Duration::from_secs(5);
/// An offer is made again when its answer does not come for so long: its frame may have gone with a socket.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// … and so often; then only an admission or a restart makes another.
const OFFERS: u32 = 3;
/// A transport that is brought up beside a working one is given up after so long.
const UP_WITHIN: Duration = Duration::from_secs(15);

impl Room {
    pub(crate) fn sweep(&mut self, shared: &mut Shared, now: Instant) {
        for at in 0..self.legs.len() {
            self.look_after(shared, now, at);
        }
        self.choose_layers(shared, now);
        if self.quality_at.is_none_or(|due| due <= now) {
            self.quality_at = Some(now + STATS_EVERY);
            self.tell_quality(shared);
        }
    }

    fn look_after(&mut self, shared: &mut Shared, now: Instant, at: usize) {
        let Some(leg) = self.leg(at) else { return };
        let silent = now.saturating_duration_since(leg.heard_at) >= LOST_AFTER;
        if leg.up && silent != leg.lost {
            leg.lost = silent;
            let key = leg.key.clone();
            self.tell(shared, if silent { Happening::Lost(key) } else { Happening::Back(key) });
        }
        let Some(leg) = self.leg(at) else { return };
        let given_up = leg.current.is_some()
            && leg.next.as_ref().is_some_and(|next| now.saturating_duration_since(next.made_at) >= UP_WITHIN);
        if given_up && let Some(next) = leg.next.take() {
            hang_up(shared, next, now);
            return;
        }
        let offered = leg.next.as_ref().or(leg.current.as_ref()).and_then(|transport| transport.pending.as_ref());
        let overdue = offered.is_some_and(|pending| now.saturating_duration_since(pending.at) >= ANSWER_WITHIN);
        if overdue && leg.unanswered < OFFERS {
            self.offer_again(shared, now, at);
        }
    }

    fn tell_quality(&mut self, shared: &mut Shared) {
        let of: Vec<_> = self
            .legs
            .iter()
            .flatten()
            .filter(|leg| leg.admitted && leg.up)
            .map(|leg| {
                let quality = leg.current.as_ref().filter(|_| !leg.lost).map_or(Quality::Down, |transport| {
                    let up = quality::rate(transport.round_trip, transport.loss_up);
                    quality::worse(up, quality::rate(transport.round_trip, transport.loss_down))
                });
                (leg.key.user.clone(), quality)
            })
            .collect();
        let to: Vec<_> = self.legs.iter().flatten().filter(|leg| leg.is_open()).map(|leg| leg.key.clone()).collect();
        if !of.is_empty() && !to.is_empty() {
            self.tell(shared, Happening::Quality { to, of });
        }
    }
}
