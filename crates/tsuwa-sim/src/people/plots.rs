//! What takes more than one to go wrong.

use super::Deed;
use crate::doing::{Do, PhoneNo, ResidentNo};
use crate::phone::Shown;
use crate::server::ToShard;
use crate::town::{Fault, Town};
use tsuwa_call::{AdminAct, DevicePolicy, Policy, Reply};
use tsuwa_proto::{CallStage, CallType, Refusal};

impl Town {
    /// A phone of this resident that is signed in and in no call.
    fn idle_phone(&mut self, resident: ResidentNo) -> Option<PhoneNo> {
        let idle: Vec<PhoneNo> = self.residents[resident]
            .phones
            .iter()
            .copied()
            .filter(|phone| self.phones[*phone].is_up() && self.phones[*phone].view.call.is_none())
            .collect();
        self.dice.one(&idle)
    }

    fn phone_at(&mut self, stage: CallStage) -> Option<PhoneNo> {
        let at = |phone: &PhoneNo| self.phones[*phone].view.call.as_ref().is_some_and(|shown| shown.stage == stage);
        let all: Vec<PhoneNo> = (0..self.phones.len()).filter(at).collect();
        self.dice.one(&all)
    }

    /// Something is brought about that chance alone would take long for.
    pub(crate) fn plot(&mut self) {
        if self.evening {
            return;
        }
        let at = self.now + self.dice.within(1_500, 5_000);
        self.queue.put(at, Do::Plot);
        match self.dice.below(24) {
            0..=3 => self.glare(),
            4 => self.hang_up_as_they_answer(),
            5 => self.lose_while_it_rings(CallStage::Calling),
            6 => self.lose_while_it_rings(CallStage::Ringing),
            7 => self.lose_while_it_rings(CallStage::Talking),
            8 => self.leave_with_somebody_invited(true),
            9 => self.leave_with_somebody_invited(false),
            10 => self.play_the_stranger(),
            11 => self.hold_back_media(),
            12 | 13 => self.sign_in_elsewhere(),
            14..=16 => self.administer(),
            17 => self.answer_after_the_caller_went(),
            18 => self.both_sides_of_the_end(),
            19 => self.call_one_who_is_out(),
            20 => self.sleep_and_wake(),
            21 | 22 => self.ring_twice(),
            _ => {}
        }
    }

    /// Two call each other at the same moment.
    fn glare(&mut self) {
        let one = self.dice.index(self.residents.len());
        let other = self.somebody(one);
        let (Some(first), Some(second)) = (self.idle_phone(one), self.idle_phone(other)) else { return };
        let (kind, later) = (self.kind(), self.now + self.dice.below(120));
        self.deed(first, Deed::Call(other, kind, None));
        let kind = self.kind();
        self.queue.put(later, Do::Deed(second, Deed::Call(one, kind, None)));
    }

    /// The caller hangs up at the moment of the answer.
    fn hang_up_as_they_answer(&mut self) {
        let Some(ringing) = self.phone_at(CallStage::Ringing) else { return };
        let Some(part) = self.phones[ringing].view.call.as_ref().map(Shown::part) else { return };
        let calls = |phone: &PhoneNo| {
            let shown = self.phones[*phone].view.call.as_ref();
            shown.is_some_and(|shown| shown.id == part.call && shown.stage == CallStage::Calling)
        };
        let Some(caller) = (0..self.phones.len()).find(calls) else { return };
        let at = [self.now + self.dice.below(60), self.now + self.dice.below(60)];
        self.queue.put(at[0], Do::Deed(ringing, Deed::Accept(Some(part))));
        self.queue.put(at[1], Do::Deed(caller, Deed::Hangup));
    }

    fn lose_while_it_rings(&mut self, stage: CallStage) {
        if let Some(phone) = self.phone_at(stage) {
            let ms =
                if self.dice.chance(500) { self.dice.within(1_500, 14_000) } else { self.dice.within(15_000, 75_000) };
            self.go_away(phone, ms);
        }
    }

    pub(super) fn go_away(&mut self, phone: PhoneNo, ms: u64) {
        self.phones[phone].away_until = self.now + ms;
        self.counts.fault(if ms > 60_000 { Fault::LongAway } else { Fault::Partition });
        self.queue.put(self.now + ms, Do::Heal(phone));
    }

    /// One of two invites a third; then one of them hangs up while that rings.
    fn leave_with_somebody_invited(&mut self, inviter_leaves: bool) {
        let Some(phone) = self.phone_at(CallStage::Talking) else { return };
        let owner = self.phones[phone].owner;
        let Some(shown) = self.phones[phone].view.call.clone() else { return };
        let third = self.somebody(owner);
        self.deed(phone, Deed::Call(third, CallType::Audio, Some(20)));
        let other = (0..self.phones.len()).find(|each| *each != phone && self.phones[*each].view.shows(shown.id));
        let leaver = if inviter_leaves { Some(phone) } else { other };
        if let Some(leaver) = leaver {
            let at = self.now + self.dice.within(150, 900);
            self.queue.put(at, Do::Deed(leaver, Deed::Hangup));
        }
    }

    /// One of two invites a third, in vain, and once more: the answer to the first time comes when the second rings, or
    /// is even carried only then.
    fn ring_twice(&mut self) {
        let Some(phone) = self.phone_at(CallStage::Talking) else { return };
        let third = self.somebody(self.phones[phone].owner);
        let Some(asked) = self.idle_phone(third) else { return };
        let kind = self.kind();
        self.deed(phone, Deed::Call(third, kind, Some(1)));
        let mut again = self.now + self.dice.within(1_200, 4_000);
        if self.dice.chance(400) {
            // It declines, and is away by then for longer than anybody waits for an answer.
            let declined = self.now + 700;
            let away = self.dice.within(16_000, 22_000);
            self.queue.put(declined, Do::Deed(asked, Deed::DeclineUnheard(away)));
            again = declined + self.dice.within(9_000, away);
        }
        self.queue.put(again, Do::Deed(phone, Deed::Call(third, kind, None)));
    }

    /// The callee answers while its caller is lost.
    fn answer_after_the_caller_went(&mut self) {
        let Some(caller) = self.phone_at(CallStage::Calling) else { return };
        let Some(call) = self.phones[caller].view.call.as_ref().map(|shown| shown.id) else { return };
        let rings = |phone: &PhoneNo| {
            let shown = self.phones[*phone].view.call.as_ref();
            shown.is_some_and(|shown| shown.id == call && shown.stage == CallStage::Ringing)
        };
        let Some(callee) = (0..self.phones.len()).find(rings) else { return };
        let Some(part) = self.phones[callee].view.call.as_ref().map(Shown::part) else { return };
        let ms = self.dice.within(4_000, 30_000);
        self.go_away(caller, ms);
        let at = self.now + self.dice.within(2_500, 4_500);
        self.queue.put(at, Do::Deed(callee, Deed::Accept(Some(part))));
    }

    /// Both hang up at once.
    fn both_sides_of_the_end(&mut self) {
        let Some(phone) = self.phone_at(CallStage::Talking) else { return };
        let Some(call) = self.phones[phone].view.call.as_ref().map(|shown| shown.id) else { return };
        for each in 0..self.phones.len() {
            if self.phones[each].view.shows(call) {
                let at = self.now + self.dice.below(30);
                self.queue.put(at, Do::Deed(each, Deed::Hangup));
            }
        }
    }

    /// Somebody is called whose phones are all off; one of them is switched on while it rings, or not.
    fn call_one_who_is_out(&mut self) {
        let caller = self.dice.index(self.residents.len());
        let callee = self.somebody(caller);
        let Some(phone) = self.idle_phone(caller) else { return };
        for each in self.residents[callee].phones.clone() {
            if self.phones[each].view.call.is_some() {
                return;
            }
        }
        for each in self.residents[callee].phones.clone() {
            self.deed(each, Deed::Logout);
        }
        let at = self.now + self.dice.within(1_000, 3_000);
        self.queue.put(at, Do::Deed(phone, Deed::Call(callee, CallType::Audio, None)));
    }

    /// A phone is away for a whole invitation.
    fn sleep_and_wake(&mut self) {
        let caller = self.dice.index(self.residents.len());
        let callee = self.somebody(caller);
        let (Some(phone), Some(sleeper)) = (self.idle_phone(caller), self.idle_phone(callee)) else { return };
        self.go_away(sleeper, 9_000);
        let at = self.now + 500;
        self.queue.put(at, Do::Deed(phone, Deed::Call(callee, CallType::Audio, Some(2))));
    }

    /// A phone whose media does not come up, or whose answers are no good, for a while.
    fn hold_back_media(&mut self) {
        let phone = self.dice.index(self.phones.len());
        let found = &mut self.phones[phone];
        (found.no_media, found.bad_answers) = match self.dice.below(4) {
            0 | 1 => (true, false),
            2 => (false, true),
            _ => (false, false),
        };
        found.eager = self.dice.chance(500);
        let from = self.phones[phone].transport.is_some() && self.dice.chance(300);
        if from {
            self.phones[phone].media_away_until = self.now + self.dice.within(5_500, 25_000);
            self.counts.fault(Fault::MediaAway);
        }
    }

    /// A second device signs in, where only one is allowed.
    fn sign_in_elsewhere(&mut self) {
        let off = |phone: &PhoneNo| self.phones[*phone].session.is_none();
        let all: Vec<PhoneNo> = (0..self.phones.len()).filter(off).collect();
        if let Some(phone) = self.dice.one(&all) {
            let run = self.phones[phone].runs;
            self.start_app(phone, run);
        }
    }

    /// An administrator does something, at any moment and on any word.
    fn administer(&mut self) {
        let one = self.dice.index(self.residents.len());
        let other = self.somebody(one);
        let (user, blocked) = (self.residents[one].id.clone(), self.residents[other].id.clone());
        let act = match self.dice.below(12) {
            0..=2 => AdminAct::EndCall(self.books.some_live_call(self.dice.draw())),
            3 => AdminAct::SignOut { user, device: None },
            4 => {
                let phone = self.residents[one].phones.first().copied();
                AdminAct::SignOut { user, device: phone.map(|phone| self.phones[phone].at.device.clone()) }
            }
            5 => AdminAct::SetPolicy(self.some_policy()),
            6 => AdminAct::Block { user, blocked },
            7 => AdminAct::Unblock { user, blocked },
            8 => AdminAct::RemoveUser(user),
            9 => AdminAct::AddUsers(vec![user, blocked]),
            10 => AdminAct::Block { user: blocked, blocked: user },
            _ => return,
        };
        say!(self, "an administrator: {}", crate::trace::act(&act));
        self.at_shard(self.server.life, 0, None, ToShard::Admin { act });
    }

    fn some_policy(&mut self) -> Policy {
        Policy {
            devices: if self.one_device { DevicePolicy::One } else { DevicePolicy::Many },
            closed_list: self.closed_list,
            ring_timeout_s: self.dice.one(&[30, 30, 20, 12, 45, 0]).unwrap_or(30),
            grace_ms: self.dice.one(&[15_000, 15_000, 8_000, 30_000, 60_000, 70_000]).unwrap_or(15_000),
        }
    }

    pub(crate) fn administered(&mut self, _act: &AdminAct, result: &Result<Reply, Refusal>) {
        match result {
            Ok(_) => self.counts.acts += 1,
            Err(refusal) => self.counts.refusal(refusal.code),
        }
    }
}
