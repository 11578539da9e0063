//! Residents: what they think of doing, and how they answer.

mod deeds;
mod plots;
mod stranger;

pub(crate) use deeds::{Deed, naming};

use crate::doing::{Do, PhoneNo, ResidentNo};
use crate::phone::Part;
use crate::town::Town;
use tsuwa_proto::{CallStage, CallType, Event, UserId};

/// Somebody with one phone or two, or with none that is ever signed in.
pub(crate) struct Resident {
    pub(crate) id: UserId,
    pub(crate) phones: Vec<PhoneNo>,
    /// Whom it likes to call.
    pub(crate) friends: Vec<ResidentNo>,
}

impl Town {
    /// Every few seconds somebody looks at its phones.
    pub(crate) fn think(&mut self, resident: ResidentNo) {
        let at = self.now + self.dice.within(1_000, 5_000);
        if !self.evening {
            self.queue.put(at, Do::Think(resident));
        }
        let phones = self.residents[resident].phones.clone();
        let Some(phone) = self.dice.one(&phones) else { return };
        if self.phones[phone].session.is_none() {
            return;
        }
        let stage = self.phones[phone].view.call.as_ref().map(|shown| (shown.part(), shown.stage));
        let asking = !self.phones[phone].asked.is_empty();
        let dice = self.dice.below(1000);
        let deed = match stage {
            _ if self.evening => return,
            None if asking => match dice {
                0..60 => Deed::HangupUnanswered,
                _ => return,
            },
            None => match self.idle_deed(resident, dice) {
                Some(deed) => deed,
                None => return,
            },
            Some((part, CallStage::Ringing)) => match dice {
                0..250 => Deed::Accept(Some(part)),
                250..300 => Deed::Reject(Some(part)),
                300..330 => Deed::Hangup,
                330..360 => Deed::Call(self.somebody(resident), self.kind(), None),
                360..375 => Deed::Silly(self.dice.below(40)),
                375..385 => Deed::Logout,
                _ => return,
            },
            Some((_, CallStage::Calling)) => match dice {
                0..70 => Deed::Hangup,
                70..120 => Deed::Call(self.somebody(resident), self.kind(), None),
                120..135 => Deed::Mute(true),
                135..150 => Deed::Silly(self.dice.below(40)),
                150..158 => Deed::Logout,
                158..166 => Deed::Kill,
                _ => return,
            },
            Some(_) => match dice {
                0..130 => Deed::Hangup,
                130..210 => Deed::Call(self.somebody(resident), self.kind(), None),
                210..230 => Deed::Group(self.several(resident), self.kind()),
                230..260 => Deed::Mute(self.dice.chance(600)),
                260..280 => Deed::Camera(self.dice.chance(600)),
                280..300 => Deed::Silly(self.dice.below(40)),
                300..308 => Deed::Logout,
                308..320 => Deed::Kill,
                320..335 => Deed::NetworkChanges,
                335..345 => Deed::Restart,
                _ => return,
            },
        };
        self.deed(phone, deed);
    }

    fn idle_deed(&mut self, resident: ResidentNo, dice: u64) -> Option<Deed> {
        Some(match dice {
            0..240 => {
                let timeout_s = if self.dice.chance(250) { Some(self.dice.within(1, 45)) } else { None };
                Deed::Call(self.somebody(resident), self.kind(), timeout_s)
            }
            240..310 => Deed::Group(self.several(resident), self.kind()),
            310..330 => Deed::Silly(self.dice.below(40)),
            330..336 => Deed::Logout,
            336..344 => Deed::Kill,
            344..350 => Deed::NetworkChanges,
            350..365 => Deed::CallAndHangup(self.somebody(resident)),
            365..375 => Deed::Accept(None),
            375..390 => Deed::Renew,
            _ => return None,
        })
    }

    pub(crate) fn kind(&mut self) -> CallType {
        if self.dice.chance(700) { CallType::Audio } else { CallType::Video }
    }

    pub(crate) fn somebody(&mut self, but: ResidentNo) -> ResidentNo {
        let friends = self.residents[but].friends.clone();
        if self.dice.chance(600)
            && let Some(friend) = self.dice.one(&friends)
        {
            return friend;
        }
        let other = self.dice.index(self.residents.len() - 1);
        if other >= but { other + 1 } else { other }
    }

    pub(crate) fn several(&mut self, but: ResidentNo) -> Vec<ResidentNo> {
        let count = match self.dice.below(20) {
            0 => 9,
            1 => 1,
            2..=9 => 2,
            _ => self.dice.within(3, 5),
        };
        (0..count).map(|_| self.somebody(but)).collect()
    }

    /// A phone was told something: its user may act on it.
    pub(crate) fn moved_by(&mut self, phone: PhoneNo, event: &Event) {
        if self.evening {
            return;
        }
        match event {
            Event::OnInvited { call_id, invitation_id, .. } => {
                let owner = self.phones[phone].owner;
                let soon = self.now + self.dice.within(150, 6_000);
                let part = Some(Part::new(*call_id, *invitation_id));
                match self.dice.below(100) {
                    0..42 => self.queue.put(soon, Do::Deed(phone, Deed::Accept(part))),
                    42..52 => self.queue.put(soon, Do::Deed(phone, Deed::Reject(part))),
                    52..55 => self.queue.put(soon, Do::Deed(phone, Deed::Hangup)),
                    // On all of its phones at once, and twice on one.
                    55..65 => {
                        for other in self.residents[owner].phones.clone() {
                            let deed = if self.dice.chance(900) { Deed::Accept(part) } else { Deed::Reject(part) };
                            let soon = soon + self.dice.below(20);
                            self.queue.put(soon, Do::Deed(other, deed.clone()));
                            self.queue.put(soon, Do::Deed(other, deed));
                        }
                    }
                    // Its owner does not find it, or the network goes.
                    65..67 => self.queue.put(soon, Do::Deed(phone, Deed::Kill)),
                    67..69 => self.queue.put(soon, Do::Deed(phone, Deed::Logout)),
                    _ => {}
                }
            }
            Event::OnUserSigExpired {} if self.dice.chance(700) => {
                let at = self.now + self.dice.within(500, 20_000);
                self.queue.put(at, Do::Deed(phone, Deed::Renew));
            }
            _ => {}
        }
    }
}
