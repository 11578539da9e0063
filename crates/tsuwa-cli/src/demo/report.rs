//! What the demo prints.

use super::cast::Cast;
use super::figures::Figures;
use super::ledger::{Line, What, brief};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

pub(super) struct Report {
    pub(super) figures: Figures,
    json: bool,
    /// The progress line is drawn over, where somebody looks at it.
    drawn: bool,
    acts: Vec<Value>,
    wrong: Vec<String>,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { figures: Figures::default(), json, drawn: false, acts: Vec::new(), wrong: Vec::new() }
    }

    pub(super) fn begin(&mut self, cast: &Cast) {
        if !self.json {
            out(&format!("a server at {}; the telephones of alice, bob and carol", cast.address()));
        }
    }

    /// What is being played: one line that is drawn over on a terminal, else a line an act, beside the report.
    pub(super) fn progress(&mut self, number: usize, of: usize, title: &str) {
        let mut err = std::io::stderr().lock();
        // Nobody to look at it is no reason to stop.
        if err.is_terminal() {
            let _ = write!(err, "\r\x1b[K[{number}/{of}] {title} …");
            let _ = err.flush();
            self.drawn = true;
        } else {
            let _ = writeln!(err, "[{number}/{of}] {title}");
        }
    }

    fn clear_progress(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    pub(super) fn act(&mut self, title: &str, lines: Vec<Line>, outcome: Result<(), String>) {
        self.clear_progress();
        let lines_json: Vec<Value> = lines.iter().map(line_json).collect();
        self.acts.push(json!({ "act": title, "ok": outcome.is_ok(), "lines": lines_json }));
        if !self.json {
            out(&format!("\n{title}"));
            for line in &lines {
                let at = line.at.as_secs_f64();
                match &line.what {
                    What::Does(what) => out(&format!("  {at:>7.3}  {:<6} {what}", line.who)),
                    What::Sees(event) => out(&format!("  {at:>7.3}  {:<6}   {}", line.who, brief(event))),
                }
            }
        }
        if let Err(why) = outcome {
            self.wrong(title, why);
        }
    }

    pub(super) fn wrong(&mut self, title: &str, why: String) {
        self.clear_progress();
        if !self.json {
            out(&format!("  WRONG: {why}"));
        }
        self.wrong.push(format!("{title}: {why}"));
    }

    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    pub(super) fn end(self) -> ExitCode {
        let ok = self.wrong.is_empty();
        if self.json {
            let report = json!({ "ok": ok, "wrong": self.wrong, "figures": self.figures.json(), "acts": self.acts });
            out(&report.to_string());
        } else {
            out("");
            self.figures.lines().iter().for_each(|line| out(line));
            out(if ok { "\neverybody saw and heard what they were to" } else { "\nsomething was not as it is to be" });
        }
        if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn line_json(line: &Line) -> Value {
    let at_ms = u64::try_from(line.at.as_millis()).unwrap_or(u64::MAX);
    let mut value = match &line.what {
        What::Does(what) => json!({ "does": what }),
        What::Sees(event) => serde_json::to_value(event).unwrap_or_default(),
    };
    value["atMs"] = at_ms.into();
    value["who"] = line.who.into();
    value
}

/// A line of the report. Nobody reading any more is no reason to panic.
fn out(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
