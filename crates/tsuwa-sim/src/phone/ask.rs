//! What a phone asks.

use super::Part;
use crate::doing::{PhoneNo, ResidentNo};
use crate::rows::Line;
use crate::server::APP;
use crate::town::{DAWN, Town};
use serde_json::Value;
use tsuwa_proto::{CallId, CallType};
use tsuwa_usersig::Claims;

/// What a request was for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    Invite {
        who: Vec<ResidentNo>,
        group: bool,
        kind: CallType,
        /// The user has hung up before the answer.
        abandoned: bool,
        /// The call that this phone was in then.
        into: Option<CallId>,
    },
    Accept(Option<Part>),
    Reject(Option<Part>),
    Hangup(Option<Part>),
    Mute(CallId, bool),
    Camera(CallId, bool),
    /// With the call that was shown then, and whether it rang.
    Logout(Option<CallId>, bool),
    Renew,
    Media,
    Nonsense,
}

impl Asked {
    pub(crate) fn call(&self) -> Option<CallId> {
        match self {
            Self::Accept(part) | Self::Reject(part) | Self::Hangup(part) => part.map(|part| part.call),
            Self::Mute(call, _) | Self::Camera(call, _) => Some(*call),
            Self::Invite { into, .. } => *into,
            Self::Logout(call, _) => *call,
            Self::Renew | Self::Media | Self::Nonsense => None,
        }
    }
}

impl Town {
    /// Makes a request. Nothing, if the app does not run.
    pub(crate) fn ask(&mut self, phone: PhoneNo, asked: Asked, method: &str, params: Value) {
        let found = &mut self.phones[phone];
        let now = found.clock.at(self.now);
        let Some(session) = &mut found.session else { return };
        let id = session.request(now, method, params);
        say!(self, "{} asks {id:?} {asked:?}", self.phones[phone].at.device.as_str());
        self.tales.add(self.now, phone, asked.call(), Line::Asks(asked.clone()));
        self.phones[phone].asked.insert(id, asked);
        self.collect(phone);
    }

    /// A ticket, as the app's own server makes one.
    pub(crate) fn ticket(&mut self, phone: PhoneNo) -> String {
        let found = &self.phones[phone];
        let issued_at_s = (DAWN + self.now) / 1000;
        // Few different ones, since making one takes a hundred times as long as a request.
        let issued_at_s = if found.ticket_s > 1000 { DAWN / 1000 } else { issued_at_s };
        let known = (phone, issued_at_s, found.ticket_s);
        if let Some(ticket) = self.tickets.get(&known) {
            return ticket.clone();
        }
        let (user, lifetime_s) = (found.at.user.as_str().to_owned(), found.ticket_s);
        let claims = Claims { app: APP.0, user, issued_at_s, lifetime_s };
        let ticket = tsuwa_usersig::sign(&self.key, &claims).unwrap_or_default();
        self.tickets.insert(known, ticket.clone());
        ticket
    }

    pub(crate) fn renew(&mut self, phone: PhoneNo) {
        let user_sig = self.ticket(phone);
        let found = &mut self.phones[phone];
        let now = found.clock.at(self.now);
        let Some(session) = &mut found.session else { return };
        let id = session.renew(now, user_sig);
        found.expired = false;
        found.asked.insert(id, Asked::Renew);
        self.collect(phone);
    }
}
