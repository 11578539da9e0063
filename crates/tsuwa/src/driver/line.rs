//! A session and the socket that it goes over just now.

use super::media::MediaWay;
use super::{Driver, SignIn};
use crate::ActionCallback;
use crate::server_url::ServerUrl;
use crate::socket::{Socket, SocketNews};
use crate::teller::{Asker, Change};
use std::net::IpAddr;
use std::time::Instant;
use tsuwa_proto::{AppId, CallStage, Code, EndReason, Event, Millis, Refusal, UserId};
use tsuwa_session::{ClientOutput, ClientSession, Link};

pub(super) struct Line {
    pub(super) app: AppId,
    pub(super) user: UserId,
    pub(super) session: ClientSession,
    pub(super) wake_at: Option<Millis>,
    /// The server has said welcome.
    pub(super) signed_in: bool,
    /// The answer to the `login` that began it, until it is given.
    login: Option<Asker>,
    server: ServerUrl,
    socket: Option<(Link, Socket)>,
    /// This machine's address that the present socket goes from, and the one before it that was signed in.
    address: Option<IpAddr>,
    address_before: Option<IpAddr>,
    /// As the session was told last.
    in_call: bool,
    /// `onKickedOffline` was told.
    kicked: bool,
}

impl Line {
    pub(super) fn new(app: AppId, user: UserId, sign_in: SignIn) -> Self {
        Self {
            app,
            user,
            session: sign_in.session,
            wake_at: None,
            signed_in: false,
            login: Some(sign_in.asker),
            server: sign_in.server,
            socket: None,
            address: None,
            address_before: None,
            in_call: false,
            kicked: false,
        }
    }

    /// What comes from the socket; pends while there is none.
    pub(super) async fn news(line: &mut Option<Self>) -> SocketNews {
        match line.as_mut().and_then(|line| line.socket.as_mut()) {
            Some((_, socket)) => socket.news().await,
            None => std::future::pending().await,
        }
    }
}

impl Driver {
    pub(super) fn socket_news(&mut self, news: SocketNews) {
        let now = self.now();
        let Some(line) = &mut self.line else { return };
        let Some((link, _)) = &line.socket else { return };
        let link = *link;
        match news {
            SocketNews::Opened(address) => {
                line.address = address;
                line.session.opened(now, link);
            }
            SocketNews::Text(text) => line.session.frame(now, link, &text),
            SocketNews::Alive => line.session.heard(now, link),
            SocketNews::Closed(why) => {
                tracing::debug!(why, "the socket is closed");
                line.socket = None;
                line.session.closed(now, link);
            }
        }
    }

    /// Does what the session wants done, until it wants nothing.
    pub(super) fn drain_session(&mut self) {
        loop {
            let now = self.now();
            let in_call = !self.standing.idle();
            let Some(line) = &mut self.line else { return };
            if std::mem::replace(&mut line.in_call, in_call) != in_call {
                line.session.set_in_call(now, in_call);
            }
            let Some(output) = line.session.poll_output() else { return };
            self.session_wants(now, output);
        }
    }

    fn session_wants(&mut self, now: Millis, output: ClientOutput) {
        let Some(line) = &mut self.line else { return };
        match output {
            ClientOutput::Connect { link } => {
                line.socket = Some((link, Socket::connect(line.server.clone(), self.tls.clone())));
            }
            ClientOutput::SendText { link, text } => {
                if let Some((present, socket)) = &line.socket
                    && *present == link
                    && !socket.send(text)
                {
                    // So many frames wait that the socket is as good as dead.
                    line.socket = None;
                    line.session.closed(now, link);
                }
            }
            ClientOutput::CloseSocket { link } => {
                if line.socket.as_ref().is_some_and(|(present, _)| *present == link)
                    && let Some((_, socket)) = line.socket.take()
                {
                    tokio::spawn(socket.close());
                }
            }
            ClientOutput::WakeAt(at) => line.wake_at = Some(at),
            ClientOutput::SignedIn { welcome } => self.signed_in(welcome),
            ClientOutput::Lost => self.desk.connected().session = None,
            ClientOutput::Back { .. } => self.is_back(),
            ClientOutput::Event { event, .. } => self.hears(event),
            ClientOutput::Signal(signal) => self.hears_signal(signal),
            ClientOutput::Reply { id, outcome } => self.reply(id, outcome),
            ClientOutput::Fault(refusal) => self.tell_error(refusal),
            ClientOutput::Refused(refusal) => self.refused(refusal),
            ClientOutput::SignedOut => self.hang_up_the_line(),
        }
    }

    /// The session goes on, over a new socket.
    fn is_back(&mut self) {
        self.desk.connected().session = Some(Instant::now());
        let Some(line) = &mut self.line else { return };
        let before = std::mem::replace(&mut line.address_before, line.address);
        // From another address than before: the device has another network, and what media stood on is gone.
        if before != line.address {
            self.media_way = MediaWay::Moved;
        }
        self.mend_media();
    }

    fn signed_in(&mut self, welcome: tsuwa_proto::Welcome) {
        let Some(line) = &mut self.line else { return };
        let first = !std::mem::replace(&mut line.signed_in, true);
        self.desk.connected().session = Some(Instant::now());
        line.address_before = line.address;
        let asker = line.login.take();
        if first {
            *self.desk.who() = Some((line.app, line.user.clone()));
        }
        self.change(&Change::SignedIn);
        self.finds(welcome.call, first);
        if !first {
            self.mend_media();
        }
        match asker {
            Some(asker) => self.tell_answer(Change::SignedIn, asker, ActionCallback::success()),
            None => self.tell_silently(Change::SignedIn),
        }
    }

    /// The session is over for good.
    fn refused(&mut self, refusal: Refusal) {
        let Some(line) = &mut self.line else { return };
        let (login, kicked) = (line.login.take(), line.kicked);
        match login {
            Some(asker) => {
                self.end_line();
                self.tell_answer(Change::SignedOut, asker, refusal);
                return;
            }
            None if refusal.code == Code::SignedInElsewhere => {
                // What the server had to say of it can't be delivered any more.
                if !kicked {
                    self.tell_of(Event::OnKickedOffline {});
                }
                // Who only rang here is told of nothing more: the invitation rings on where the user is now.
                if let Some((call, stage)) = self.standing.call().filter(|(_, stage)| *stage != CallStage::Ringing) {
                    self.tell_of(Self::end_of(call, stage, Some(EndReason::SignedInElsewhere)));
                }
            }
            None => {
                self.tell_error(refusal);
                if let Some((call, stage)) = self.standing.call() {
                    self.tell_of(Self::end_of(call, stage, None));
                }
            }
        }
        self.hang_up_the_line();
    }

    /// Signed out, by whomever.
    pub(super) fn hang_up_the_line(&mut self) {
        self.end_line();
        self.tell_silently(Change::SignedOut);
    }

    /// As [`Driver::hang_up_the_line`], where the caller tells of it.
    pub(super) fn end_line(&mut self) {
        if let Some(line) = self.line.take() {
            if let Some((_, socket)) = line.socket {
                tokio::spawn(socket.close());
            }
            if let Some(asker) = line.login {
                self.tell_answer(Change::SignedOut, asker, Refusal::new(Code::NotSignedIn, "signed out meanwhile"));
            }
        }
        *self.desk.who() = None;
        self.desk.connected().session = None;
        self.change(&Change::SignedOut);
        self.answer_all_unsent();
        self.asked.clear();
        self.hung_up.clear();
        self.doubtful.clear();
        self.resync = super::Resync::default();
    }

    pub(super) fn note_event(&mut self, event: &Event) {
        if let (Event::OnKickedOffline {}, Some(line)) = (event, &mut self.line) {
            line.kicked = true;
        }
    }

    /// Begins a sign-in.
    pub(super) fn sign_in(&mut self, server: ServerUrl, app: AppId, user: UserId, sig: String, asker: Asker) {
        let login = tsuwa_proto::Login {
            sdk_app_id: app,
            user_id: user.clone(),
            user_sig: sig,
            device_id: self.device.clone(),
            media: if self.engine.is_some() { tsuwa_proto::MediaMode::Webrtc } else { tsuwa_proto::MediaMode::None },
        };
        // Each sign-in of this process starts its back-off elsewhere.
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let session = ClientSession::new(self.now(), login, self.seed);
        self.line = Some(Line::new(app, user, SignIn { server, session, asker }));
    }
}
