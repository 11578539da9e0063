//! Which rows of the table of scenarios came to pass: by what the parties saw, and not by what was meant to happen.

mod tale;

use crate::doing::PhoneNo;
use crate::phone::Asked;
use std::collections::BTreeMap;
use tale::Tale;
use tsuwa_proto::{CallId, Code, Event, UserId};

/// Every row of `scenarios.md` but 28a, which is of several nodes.
pub(crate) const ROWS: [&str; 45] = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "6a",
    "6b",
    "7",
    "8",
    "9",
    "9a",
    "9b",
    "9c",
    "9d",
    "9e",
    "10",
    "11",
    "11a",
    "12",
    "12a",
    "13",
    "14",
    "14a",
    "15",
    "16",
    "17",
    "18",
    "19",
    "20",
    "21",
    "21a",
    "22",
    "23",
    "24",
    "25",
    "26",
    "26a",
    "27",
    "28",
    "29",
    "30",
    "31",
    "32",
    "glare on two devices",
];

/// Something that a party saw, or did.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    Saw(Event),
    Asks(Asked),
    Got(Asked, Option<Code>),
    Lost,
    /// Who is busy has a phone that rings.
    RingsThere,
}

/// All calls, as their parties lived them.
#[derive(Default)]
pub(crate) struct Tales {
    calls: BTreeMap<CallId, Vec<(u64, PhoneNo, Line)>>,
}

impl Tales {
    pub(crate) fn add(&mut self, now: u64, phone: PhoneNo, call: Option<CallId>, line: Line) {
        if let Some(call) = call {
            self.calls.entry(call).or_default().push((now, phone, line));
        }
    }

    /// The rows that came to pass. `users`: whose each phone is.
    pub(crate) fn rows(&self, users: &[UserId], crashes: &[u64], count: &mut dyn FnMut(&'static str)) {
        for (call, lines) in &self.calls {
            let tale = Tale { call: *call, lines, users };
            for (row, is) in tale.all(crashes) {
                if is {
                    count(row);
                }
            }
        }
    }
}
