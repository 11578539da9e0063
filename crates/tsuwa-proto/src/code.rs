//! Error codes: the field's own, so that apps keep their handling.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $text:literal;)*) => {
        /// A refusal or fault, by its number. Names say what happened; [`Code::text`] says it to people.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(try_from = "i32", into = "i32")]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number on the wire.
            pub const fn number(self) -> i32 {
                match self { $(Self::$name => $number,)* }
            }

            /// What it means, in a short sentence for developers.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        impl TryFrom<i32> for Code {
            type Error = UnknownCode;
            fn try_from(number: i32) -> Result<Self, UnknownCode> {
                match number { $($number => Ok(Self::$name),)* _ => Err(UnknownCode(number)) }
            }
        }
    };
}

codes! {
    /// JSON-RPC 2.0: not JSON.
    NotJson = -32700, "the frame is not JSON";
    /// JSON-RPC 2.0: not a request object.
    NotARequest = -32600, "the frame is not a JSON-RPC 2.0 request";
    /// JSON-RPC 2.0: no such method.
    NoSuchMethod = -32601, "no such method";
    /// No media worker can take the call.
    NoMediaWorker = -100_013, "no media worker can take the call";
    /// Media did not come up, or was lost for good.
    MediaFailed = -3301, "media could not be connected";
    /// The microphone could not be opened.
    MicrophoneFailed = -1302, "the microphone could not be opened";
    /// The camera could not be opened.
    CameraFailed = -1301, "the camera could not be opened";
    /// The loudspeaker could not be opened.
    SpeakerFailed = -1321, "the loudspeaker could not be opened";
    /// The action does not fit the state.
    WrongState = -1203, "the action does not fit the state";
    /// A parameter is missing, of the wrong type or out of range.
    BadParameter = -1202, "a parameter is missing, of the wrong type or out of range";
    /// Not signed in.
    NotSignedIn = 6014, "not signed in";
    /// Signed in elsewhere, this device is out.
    SignedInElsewhere = 6208, "signed in elsewhere; this device is out";
    /// A user id that is empty, over 32 bytes, or holds a character that is not allowed.
    BadUserId = 7003, "a user id has 1 to 32 of the characters a-z A-Z 0-9 - _";
    /// Too many requests by this user.
    RateLimited = 7008, "too many requests; slow down";
    /// A sign-in is already under way.
    SignInUnderWay = 7501, "a sign-in is already under way";
    /// The invitation is over.
    InvitationOver = 8010, "the invitation or call is over";
    /// The invitation was never this user's.
    InvitationNotYours = 8011, "the invitation is not yours";
    /// Already invited or in the call.
    AlreadyInvited = 8012, "already invited or in the call";
    /// No connection to the server (said by the SDK).
    NoConnection = 9508, "no connection to the server";
    /// No answer in time (said by the SDK).
    NoAnswer = 9520, "no answer from the server in time";
    /// The callee has blocked the caller.
    Blocked = 20007, "the callee has blocked the caller";
    /// UserSig: expired.
    SigExpired = 70001, "the UserSig has expired";
    /// UserSig: empty.
    SigEmpty = 70002, "the UserSig is empty";
    /// UserSig: can't be decoded.
    SigUndecodable = 70003, "the UserSig can't be decoded";
    /// UserSig: wrong key, or altered.
    SigWrong = 70009, "the UserSig does not match the app's key";
    /// UserSig: for another user.
    SigOtherUser = 70013, "the UserSig is for another user";
    /// UserSig: for another app.
    SigOtherApp = 70014, "the UserSig is for another app";
    /// The app is unknown here.
    AppUnknown = 70020, "the app is unknown here";
    /// Failed sign-ins from this address, too many.
    TooManyFailures = 70050, "too many failed sign-ins from this address; wait a minute";
    /// The callee is not known to the app.
    UserUnknown = 101_002, "the callee is not known to the app";
}

impl From<Code> for i32 {
    fn from(code: Code) -> Self {
        code.number()
    }
}

/// A number that is none of the codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownCode(pub i32);

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is not a code of this protocol", self.0)
    }
}

impl std::error::Error for UnknownCode {}

/// A refusal: the code, and what about this request it was for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// A sentence for developers.
    #[serde(rename = "message")]
    pub desc: String,
}

impl Refusal {
    /// A refusal with a sentence of its own.
    pub fn new(code: Code, desc: impl Into<String>) -> Self {
        Self { code, desc: desc.into() }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code, code.text())
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.desc, self.code.number())
    }
}

impl std::error::Error for Refusal {}
