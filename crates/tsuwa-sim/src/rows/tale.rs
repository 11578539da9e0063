//! One call's story, and the rows that are in it.

use super::Line;
use crate::doing::PhoneNo;
use crate::phone::Asked;
use tsuwa_proto::{CallId, CancelReason, Code, EndReason, Event, LeaveReason, Quality, UserId};

pub(super) struct Tale<'a> {
    pub(super) call: CallId,
    pub(super) lines: &'a [(u64, PhoneNo, Line)],
    pub(super) users: &'a [UserId],
}

impl Tale<'_> {
    fn user(&self, phone: PhoneNo) -> &UserId {
        &self.users[phone]
    }

    /// The first line from `from` on that this phone saw.
    fn saw_from(&self, from: usize, phone: PhoneNo, wanted: impl Fn(&Event) -> bool) -> Option<usize> {
        let fits =
            |(_, of, line): &(u64, PhoneNo, Line)| *of == phone && matches!(line, Line::Saw(event) if wanted(event));
        self.lines[from..].iter().position(fits).map(|place| place + from)
    }

    fn saw(&self, phone: PhoneNo, wanted: impl Fn(&Event) -> bool) -> Option<usize> {
        self.saw_from(0, phone, wanted)
    }

    fn saw_enter(&self, phone: PhoneNo, who: &UserId) -> Option<usize> {
        self.saw(phone, |event| matches!(event, Event::OnUserEnter { user_id, .. } if user_id == who))
    }

    fn saw_leave(&self, from: usize, phone: PhoneNo, who: &UserId) -> Option<usize> {
        self.saw_from(from, phone, |event| matches!(event, Event::OnUserLeave { user_id, .. } if user_id == who))
    }

    fn saw_end(&self, from: usize, phone: PhoneNo) -> Option<usize> {
        self.saw_from(from, phone, |event| matches!(event, Event::OnCallEnd { .. }))
    }

    fn saw_sound(&self, phone: PhoneNo, who: &UserId, is: bool) -> Option<usize> {
        self.saw(phone, |event| {
            matches!(event, Event::OnUserAudioAvailable { user_id, available, .. } if user_id == who && *available == is)
        })
    }

    fn saw_cancel(&self, phone: PhoneNo, why: Option<CancelReason>) -> Option<usize> {
        self.saw(phone, |event| matches!(event, Event::OnCallingCancel { reason, .. } if *reason == why))
    }

    /// Every answer that came: where, whose, to what, with which code.
    fn answers(&self) -> impl Iterator<Item = (usize, PhoneNo, &Asked, Option<Code>)> {
        self.lines.iter().enumerate().filter_map(|(place, (_, phone, line))| match line {
            Line::Got(asked, code) => Some((place, *phone, asked, *code)),
            _ => None,
        })
    }

    fn events(&self) -> impl Iterator<Item = (usize, PhoneNo, &Event)> {
        self.lines.iter().enumerate().filter_map(|(place, (_, phone, line))| match line {
            Line::Saw(event) => Some((place, *phone, event)),
            _ => None,
        })
    }

    fn got(&self, phone: PhoneNo, wanted: impl Fn(&Asked) -> bool, code: Option<Code>) -> Option<usize> {
        self.answers()
            .find(|(_, of, asked, got)| *of == phone && *got == code && wanted(asked))
            .map(|(place, ..)| place)
    }

    fn accepted(&self, phone: PhoneNo) -> Option<usize> {
        self.got(phone, |asked| matches!(asked, Asked::Accept(_)), None)
    }

    fn hung_up(&self, phone: PhoneNo) -> Option<usize> {
        self.got(phone, |asked| matches!(asked, Asked::Hangup(_)), None)
    }

    /// Who began it, and whether as a group.
    fn caller(&self) -> Option<(PhoneNo, bool)> {
        self.answers().find_map(|(place, phone, asked, code)| match asked {
            Asked::Invite { into: None, group, .. }
                if code.is_none()
                    && self
                        .saw(phone, |event| matches!(event, Event::OnInvited { .. }))
                        .is_none_or(|at| at > place) =>
            {
                Some((phone, *group))
            }
            _ => None,
        })
    }

    fn phones(&self) -> Vec<PhoneNo> {
        let mut phones: Vec<PhoneNo> = self.lines.iter().map(|(_, phone, _)| *phone).collect();
        phones.sort_unstable();
        phones.dedup();
        phones
    }

    /// How many others this phone has been told are there, at a line.
    fn company(&self, phone: PhoneNo, until: usize) -> i64 {
        self.events()
            .take_while(|(place, ..)| *place <= until)
            .filter(|(_, of, _)| *of == phone)
            .map(|(_, _, event)| match event {
                Event::OnUserEnter { .. } => 1,
                Event::OnUserLeave { .. } => -1,
                _ => 0,
            })
            .sum()
    }

    /// Every row, and whether it is in this tale.
    pub(super) fn all(&self, crashes: &[u64]) -> Vec<(&'static str, bool)> {
        let mut rows = self.of_two();
        rows.extend(self.of_the_lost());
        rows.extend(self.of_more());
        rows.extend(self.of_devices());
        rows.extend(self.of_the_rest(crashes));
        rows
    }

    fn invited_one(&self, phone: PhoneNo) -> bool {
        let alone = |event: &Event| matches!(event, Event::OnInvited { user_ids, is_from_group: false, .. } if user_ids.is_empty());
        self.saw(phone, alone).is_some()
    }

    /// Rows 1 to 8 and 32.
    fn of_two(&self) -> Vec<(&'static str, bool)> {
        let Some((a, group)) = self.caller() else { return Vec::new() };
        let phones = self.phones();
        let others = || phones.iter().copied().filter(|b| *b != a && self.user(*b) != self.user(a));
        let own = self.user(a);
        let any = |wanted: &dyn Fn(PhoneNo) -> bool| !group && others().any(wanted);
        let talked = |b: PhoneNo| {
            self.accepted(b).is_some() && self.saw_enter(a, self.user(b)).is_some() && self.saw_enter(b, own).is_some()
        };
        let ended =
            |wanted: &dyn Fn(&Event) -> bool| self.saw(a, wanted).and_then(|place| self.saw_end(place, a)).is_some();
        let ended_for =
            |b: PhoneNo, wanted: &dyn Fn(&Event, &UserId) -> bool| ended(&|event| wanted(event, self.user(b)));
        let cancelled = |b: PhoneNo| {
            let (hung_up, cancel) = (self.hung_up(a), self.saw_cancel(b, None));
            hung_up.is_some() && cancel.is_some() && self.accepted(b).is_none()
        };
        let reject = |event: &Event, user: &UserId| matches!(event, Event::OnReject { user_id, .. } if user_id == user);
        let no_resp =
            |event: &Event, user: &UserId| matches!(event, Event::OnNoResp { user_id, .. } if user_id == user);
        let busy = |event: &Event| matches!(event, Event::OnLineBusy { .. });
        let heard =
            |b: PhoneNo| self.saw_sound(a, self.user(b), true).is_some() && self.saw_sound(b, own, true).is_some();
        let asks_hangup =
            self.lines.iter().position(|(_, of, line)| *of == a && matches!(line, Line::Asks(Asked::Hangup(_))));
        vec![
            ("1", any(&|b| self.invited_one(b))),
            ("2", any(&|b| talked(b) && heard(b))),
            (
                "3",
                any(&|b| {
                    self.got(b, |asked| matches!(asked, Asked::Reject(_)), None).is_some() && ended_for(b, &reject)
                }),
            ),
            ("4", !group && ended(&busy) && others().count() == 0),
            (
                "5",
                any(&|b| {
                    self.saw(b, |event| matches!(event, Event::OnCallingTimeOut { .. })).is_some()
                        && ended_for(b, &no_resp)
                }),
            ),
            ("6", any(&cancelled)),
            (
                "6a",
                any(&|b| {
                    cancelled(b)
                        && self.got(b, |asked| matches!(asked, Asked::Accept(_)), Some(Code::InvitationOver)).is_some()
                }),
            ),
            (
                "6b",
                any(&|b| {
                    let entered = self.saw_enter(a, self.user(b));
                    let crossed = entered.is_some() && asks_hangup < entered && asks_hangup.is_some();
                    let left = self.saw_leave(0, b, own);
                    talked(b) && crossed && left.and_then(|place| self.saw_end(place, b)).is_some()
                }),
            ),
            (
                "7",
                any(&|b| {
                    let left = self.saw_leave(0, b, own).and_then(|place| self.saw_end(place, b));
                    talked(b) && self.hung_up(a).is_some() && left.is_some()
                }),
            ),
            (
                "8",
                any(&|b| {
                    let left = self.saw_leave(0, a, self.user(b)).and_then(|place| self.saw_end(place, a));
                    talked(b) && self.hung_up(b).is_some() && left.is_some()
                }),
            ),
            (
                "32",
                any(&|b| {
                    let declined = self.hung_up(b).is_some() && self.saw_enter(b, own).is_none();
                    declined && self.invited_one(b) && ended_for(b, &reject)
                }),
            ),
            ("11", !group && others().count() == 0 && ended(&|event| matches!(event, Event::OnNoResp { .. }))),
        ]
    }

    /// Rows 9 to 9e and 10.
    fn of_the_lost(&self) -> Vec<(&'static str, bool)> {
        let down = |event: &Event| matches!(event, Event::OnNetworkQuality { quality: Quality::Down, .. });
        let end = |why: EndReason| {
            self.events().any(|(_, _, event)| matches!(event, Event::OnCallEnd { reason, .. } if *reason == Some(why)))
        };
        let phones = self.phones();
        let lost = phones.iter().any(|p| {
            self.saw(*p, down).is_some_and(|from| {
                let later = |event: &Event| {
                    matches!(event, Event::OnNetworkQuality { quality: Quality::Unknown, .. })
                        || matches!(event, Event::OnUserLeave { reason: LeaveReason::TimedOut, .. })
                };
                self.saw_from(from, *p, later).is_some()
            })
        });
        let met_a_lost_one = phones.iter().any(|p| {
            let Some(accepted) = self.accepted(*p) else { return false };
            let Some(enter) = self.saw(*p, |event| matches!(event, Event::OnUserEnter { .. })) else { return false };
            self.saw_from(enter, *p, down).is_some_and(|place| {
                let at_once = self.lines[place].0 <= self.lines[enter].0 + 200;
                at_once && self.lines[place].0 <= self.lines[accepted].0 + 5_000
            })
        });
        let lost_ringing = phones.iter().any(|p| {
            let Some(rings) = self.saw(*p, |event| matches!(event, Event::OnInvited { .. })) else { return false };
            let lost = self.lines[rings..].iter().position(|(_, of, line)| of == p && matches!(line, Line::Lost));
            let ended = self
                .events()
                .any(|(_, _, event)| matches!(event, Event::OnNoResp { user_id, .. } if user_id == self.user(*p)));
            lost.is_some() && self.accepted(*p).is_none() && ended
        });
        let no_media = phones.iter().any(|p| {
            let fault = |event: &Event| matches!(event, Event::OnError { code: Code::MediaFailed, .. });
            self.accepted(*p).is_some() && self.saw(*p, fault).and_then(|place| self.saw_end(place, *p)).is_some()
        });
        let told_late = self
            .events()
            .any(|(_, _, event)| matches!(event, Event::OnInvited { rings_for_ms, .. } if rings_for_ms % 1000 != 0));
        let cancel = |why: CancelReason| phones.iter().any(|p| self.saw_cancel(*p, Some(why)).is_some());
        vec![
            ("9", lost),
            ("9a", end(EndReason::TimedOut)),
            ("9b", cancel(CancelReason::CallerLost)),
            ("9c", met_a_lost_one),
            ("9d", lost_ringing),
            ("9e", no_media && end(EndReason::MediaFailed)),
            ("10", told_late),
        ]
    }

    /// Rows 14 to 20, 23, 24 and 31.
    fn of_more(&self) -> Vec<(&'static str, bool)> {
        let Some((a, group)) = self.caller() else { return Vec::new() };
        let phones = self.phones();
        let is_invited = |phone: PhoneNo, by: &UserId| {
            self.saw(phone, |event| {
                matches!(event, Event::OnInvited { sponsor, is_from_group: true, user_ids, .. } if sponsor == by && user_ids.is_empty())
            })
        };
        let (mut third, mut early, mut joined, mut by_callee) = (false, false, false, false);
        for (place, inviter, asked, code) in self.answers() {
            let Asked::Invite { into: Some(into), group: false, .. } = asked else { continue };
            if code.is_some() || *into != self.call {
                continue;
            }
            let by = self.user(inviter);
            for c in phones.iter().copied().filter(|c| *c != inviter) {
                let Some(rings) = is_invited(c, by) else { continue };
                let talking = self.company(inviter, place) > 0;
                third |= talking;
                early |= !talking && inviter == a;
                by_callee |= by != self.user(a);
                let met = self
                    .events()
                    .filter(|(at, of, event)| *at > rings && *of == c && matches!(event, Event::OnUserEnter { .. }))
                    .count();
                joined |= met >= 2 && self.accepted(c).is_some() && self.saw_enter(inviter, self.user(c)).is_some();
            }
        }
        let mut goes_on = false;
        let (mut leaves, mut last_two, mut waits) = (false, false, false);
        for (place, phone, event) in self.events() {
            let company = self.company(phone, place);
            let ends_soon = self.saw_end(place, phone).is_some_and(|end| self.lines[end].0 <= self.lines[place].0 + 50);
            match event {
                Event::OnReject { .. } | Event::OnLineBusy { .. } | Event::OnNoResp { .. } => {
                    goes_on |= company > 0 && !ends_soon
                }
                Event::OnUserLeave { .. } => {
                    leaves |= company > 0;
                    let were_more = (0..place).any(|before| self.company(phone, before) >= 2);
                    last_two |= company == 0 && ends_soon && were_more;
                    let later = |event: &Event| {
                        matches!(event, Event::OnReject { .. } | Event::OnNoResp { .. } | Event::OnUserEnter { .. })
                    };
                    waits |= company == 0 && !ends_soon && self.saw_from(place, phone, later).is_some();
                }
                _ => {}
            }
        }
        let several = self.events().any(|(_, _, event)| matches!(event, Event::OnInvited { user_ids, is_from_group: true, .. } if !user_ids.is_empty()));
        let refusals = self.events().filter(|(_, of, event)| {
            *of == a && matches!(event, Event::OnReject { .. } | Event::OnLineBusy { .. } | Event::OnNoResp { .. })
        });
        let nobody = group
            && refusals.count() >= 2
            && self.saw(a, |event| matches!(event, Event::OnUserEnter { .. })).is_none()
            && self.saw_end(0, a).is_some();
        let withdrawn = phones.iter().any(|inviter| {
            let Some(left) = self.hung_up(*inviter) else { return false };
            let stays = phones.iter().any(|b| self.saw_leave(0, *b, self.user(*inviter)).is_some());
            let rang =
                |c: &PhoneNo| is_invited(*c, self.user(*inviter)).is_some() && self.saw_cancel(*c, None).is_some();
            self.company(*inviter, left) > 0 && stays && phones.iter().any(rang)
        });
        vec![
            ("14", third),
            ("14a", early),
            ("15", joined),
            ("16", goes_on),
            ("17", by_callee),
            ("18", leaves),
            ("19", last_two),
            ("20", waits),
            ("23", several),
            ("24", nobody),
            ("31", withdrawn),
        ]
    }

    /// Rows 12, 12a, 13, 21 to 22 and 25 to 26a.
    fn of_devices(&self) -> Vec<(&'static str, bool)> {
        let phones = self.phones();
        let beside =
            |p: PhoneNo| phones.iter().copied().filter(move |other| *other != p && self.user(*other) == self.user(p));
        let glare: Vec<PhoneNo> = self
            .answers()
            .filter(|(place, phone, asked, code)| {
                let rang = self.saw(*phone, |event| matches!(event, Event::OnInvited { .. }));
                let calls = matches!(asked, Asked::Invite { group: false, .. });
                calls
                    && code.is_none()
                    && rang.is_some_and(|rang| rang < *place)
                    && self.accepted(*phone).is_none()
                    && self.saw_enter_after(*phone, *place)
            })
            .map(|(_, phone, ..)| phone)
            .filter(|phone| phones.iter().any(|a| self.saw_enter(*a, self.user(*phone)).is_some()))
            .collect();
        let elsewhere = |p: PhoneNo, why| beside(p).find(|other| self.saw_cancel(*other, Some(why)).is_some());
        let accepted = || phones.iter().copied().filter(|p| self.accepted(*p).is_some());
        let answered = |p| elsewhere(p, CancelReason::AnsweredElsewhere);
        let too_late = |p| self.got(p, |asked| matches!(asked, Asked::Accept(_)), Some(Code::InvitationOver)).is_some();
        let rejected = phones.iter().any(|p| {
            self.got(*p, |asked| matches!(asked, Asked::Reject(_)), None).is_some()
                && elsewhere(*p, CancelReason::RejectedElsewhere).is_some()
        });
        let rings_and_calls = self.answers().any(|(place, phone, asked, code)| {
            let rang =
                self.saw(phone, |event| matches!(event, Event::OnInvited { .. })).is_some_and(|rang| rang < place);
            matches!(asked, Asked::Invite { .. }) && code == Some(Code::WrongState) && rang
        });
        let rings_there = self.lines.iter().any(|(_, _, line)| matches!(line, Line::RingsThere));
        let kicked = self
            .events()
            .any(|(_, _, event)| matches!(event, Event::OnCallEnd { reason: Some(EndReason::SignedInElsewhere), .. }));
        let logged_out = |ringing: bool| {
            self.answers().any(|(_, phone, asked, code)| {
                let out = matches!(asked, Asked::Logout(Some(_), rings) if *rings == ringing) && code.is_none();
                let known = self.events().any(|(_, of, event)| match event {
                    Event::OnNoResp { user_id, .. } | Event::OnUserEnter { user_id, .. } => {
                        ringing && of != phone && user_id == self.user(phone)
                    }
                    Event::OnUserLeave { user_id, .. } => !ringing && user_id == self.user(phone),
                    Event::OnCallingCancel { .. } => !ringing && of != phone,
                    _ => false,
                });
                out && known
            })
        };
        vec![
            ("12", !glare.is_empty()),
            ("glare on two devices", glare.iter().any(|p| answered(*p).is_some())),
            ("12a", rings_and_calls),
            ("13", rings_there),
            ("21", accepted().any(|p| answered(p).is_some())),
            ("21a", accepted().any(|p| answered(p).is_some_and(too_late))),
            ("22", rejected),
            ("25", kicked),
            ("26", logged_out(true)),
            ("26a", logged_out(false)),
        ]
    }

    fn saw_enter_after(&self, phone: PhoneNo, place: usize) -> bool {
        self.saw_from(place.saturating_sub(8), phone, |event| matches!(event, Event::OnUserEnter { .. })).is_some()
    }

    /// Rows 27 to 30.
    fn of_the_rest(&self, crashes: &[u64]) -> Vec<(&'static str, bool)> {
        let phones = self.phones();
        let muted = phones.iter().any(|p| {
            let muted = self.got(*p, |asked| matches!(asked, Asked::Mute(_, true)), None).is_some();
            muted && phones.iter().any(|other| self.saw_sound(*other, self.user(*p), false).is_some())
        });
        let survived = phones.iter().any(|p| {
            let Some(enter) = self.saw(*p, |event| matches!(event, Event::OnUserEnter { .. })) else { return false };
            let Some(left) = self.hung_up(*p) else { return false };
            let apart = |crash: &&u64| self.lines[enter].0 < **crash && **crash + 1_000 < self.lines[left].0;
            crashes.iter().any(|crash| apart(&crash)) && self.company(*p, left) > 0
        });
        let by_server = self.events().any(|(_, _, event)| match event {
            Event::OnCallEnd { reason, .. } => *reason == Some(EndReason::EndedByServer),
            Event::OnCallingCancel { reason, .. } => *reason == Some(CancelReason::EndedByServer),
            _ => false,
        });
        let expired = self.events().any(|(place, p, event)| {
            let later = |event: &Event| !matches!(event, Event::OnUserSigExpired {});
            matches!(event, Event::OnUserSigExpired {})
                && (self.saw_from(place, p, later).is_some() || self.hung_up(p).is_some())
        });
        vec![("27", muted), ("28", survived), ("29", by_server), ("30", expired)]
    }
}
