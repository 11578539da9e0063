//! A device in a call whose link is half-dead: the server has to notice, and soon.

use super::{SLOW_APPEND_MS, SLOW_MESSAGE_MS};
use crate::doing::ConnNo;
use crate::laws::Law;
use crate::town::Town;
use tsuwa_proto::{CallId, CallStage, Millis};
use tsuwa_session::timing::LOST_MS;

/// From a device's last frame, or from its coming into a call, until everybody knows at the latest: the gateway is told of
/// the call, pings and waits, tells the shard; that may have a group under way, which the next one waits for. The rest is
/// what turns and clocks that count in whole milliseconds may take.
const KNOWN_MS: u64 = SLOW_MESSAGE_MS + LOST_MS + SLOW_MESSAGE_MS + 2 * SLOW_APPEND_MS + 20;

impl Town {
    /// Who was silent for so long is lost, or else its connection has closed: then it is judged by that.
    pub(crate) fn look_for_the_silent(&mut self) {
        if !self.server.alive {
            return;
        }
        let now = self.server.clock.at(self.now);
        let links: Vec<ConnNo> = self.server.by_conn.keys().copied().collect();
        for conn in links {
            let Some((call, from)) = self.in_call_from(conn, now) else { continue };
            let silent_ms = now.since(self.conns[conn].heard_at.max(from));
            let Some(phone) = self.conns[conn].phone else { continue };
            if silent_ms <= KNOWN_MS || !self.conns[conn].gateway_open {
                continue;
            }
            let lost = self.server.exchange.switchboard().is_lost(call, &self.phones[phone].at.user);
            self.laws.hold(Law::SilenceIsNoticed, lost, || {
                format!("{} was silent in call {call} for {silent_ms} ms", self.phones[phone].at.device.as_str())
            });
        }
    }

    /// The call that the device of this connection is in, and since when it was seen there.
    fn in_call_from(&mut self, conn: ConnNo, now: Millis) -> Option<(CallId, Millis)> {
        let at = &self.phones[self.conns[conn].phone?].at;
        let state = self.server.exchange.switchboard().call_of(at);
        let call = state.filter(|state| state.stage != CallStage::Ringing).map(|state| state.call_id);
        let seen = &mut self.conns[conn].in_call_from;
        *seen = call.map(|call| seen.filter(|(known, _)| *known == call).unwrap_or((call, now)));
        *seen
    }
}
