//! `login`, `logout`, and to which server.

use super::TrtcCalling;
use crate::callback::Answer;
use crate::command::Command;
use crate::desk::Connected;
use crate::server_url::{BadServer, ServerUrl};
use crate::standing::SignedIn;
use tsuwa_proto::{AppId, Code, Refusal, UserId};

impl TrtcCalling {
    /// Signs in to the component; every other function needs it.
    ///
    /// * `sdk_app_id`: the application's id, as the server's operator gave it.
    /// * `user_id`: this user's id: 1 to 32 of the letters a–z and A–Z, the digits 0–9, `-` and `_`.
    /// * `user_sig`: the ticket that the app's own server made for this user (`tsuwa sig` makes one).
    ///
    /// For the user who is signed in already it renews the ticket, and nothing else changes.
    ///
    /// Answers 0; 7003 for a user id that is none; 70001, 70002, 70003, 70009, 70013, 70014, 70020 for a ticket that is
    /// expired, empty, unreadable, wrong, another user's, another app's, of an unknown app; 70050 after too many failed
    /// attempts; 7501 while a sign-in is under way; -1203 while another user is signed in; 9508 without a connection to
    /// the server, 9520 without an answer in time.
    pub fn login(&self, sdk_app_id: u32, user_id: &str, user_sig: &str) -> Answer {
        let user: UserId = match user_id.parse() {
            Ok(user) => user,
            Err(error) => return Answer::known(Refusal::new(Code::BadUserId, format!("userId: {error}"))),
        };
        if user_sig.is_empty() {
            return Answer::known(Code::SigEmpty);
        }
        let server = self.desk().server().clone();
        let (app, sig) = (AppId(sdk_app_id), user_sig.to_owned());
        let mut standing = self.desk().standing();
        match standing.signed_in {
            SignedIn::UnderWay => return Answer::known(Code::SignInUnderWay),
            SignedIn::Out => standing.signed_in = SignedIn::UnderWay,
            SignedIn::In => {}
            SignedIn::Gone => return Answer::destroyed(),
        }
        self.ask(|asker| Command::Login { server, app, user, sig, asker })
    }

    /// Signs out of the component: leaves the call, and no call can be made or comes in any more.
    ///
    /// Answers 0; 6014 if nobody is signed in; 9508 or 9520 where the server could not be told (this device is signed
    /// out nevertheless).
    pub fn logout(&self) -> Answer {
        let standing = self.desk().standing();
        match standing.signed_in {
            SignedIn::Out => Answer::known(Code::NotSignedIn),
            SignedIn::Gone => Answer::destroyed(),
            SignedIn::UnderWay | SignedIn::In => self.ask(|asker| Command::Logout { asker }),
        }
    }

    /// Says where the server is, from the next `login` on: `ws://` or `wss://` (`http` and `https` stand for them),
    /// without a path at `/rpc`.
    ///
    /// # Errors
    /// [`BadServer`] if the text is no such address; the older one stays.
    pub fn set_server(&self, url: &str) -> Result<(), BadServer> {
        *self.desk().server() = ServerUrl::parse(url)?;
        Ok(())
    }

    /// Who is signed in.
    pub fn user_id(&self) -> Option<UserId> {
        if self.desk().standing().signed_in == SignedIn::Gone {
            return None;
        }
        self.desk().who().as_ref().map(|(_, user)| user.clone())
    }

    /// Since when its connections stand; for measuring.
    pub fn connected(&self) -> Connected {
        *self.desk().connected()
    }

    /// The device's network has changed (Wi-Fi to mobile): the connection is made anew at once, and not only when the
    /// old one is found dead.
    pub fn network_changed(&self) {
        self.send(Command::NetworkChanged);
    }
}
