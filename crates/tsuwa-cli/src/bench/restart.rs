//! `tsuwa bench restart`.

mod phone;

use super::draw::Draw;
use super::spread::Spread;
use super::stand::{APP, Stand};
use clap::Args as ClapArgs;
use phone::Phone;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tsuwa::{CallType, TrtcCalling};

/// A server that is back at once leaves a gap of a tenth of a second, which concealment bridges: there would be no
/// moment at which the sound comes back.
const LEAST_DOWN_MS: u64 = 250;
/// What takes longer has failed: the grace of a call.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same for a crowd, on however small a machine.
const CROWD_PATIENCE: Duration = Duration::from_secs(60);
/// How often is looked whether something has come.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What `tsuwa bench restart` takes.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// How often.
    #[arg(short = 'n', long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    runs: u32,
    /// So many more devices are signed in, in no call, and come back too.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=20_000))]
    crowd: u32,
    /// How long the server is gone at the most, in milliseconds; how long each time is drawn, from 250 on.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(LEAST_DOWN_MS..=10_000))]
    down: u64,
    /// What is drawn is the same for the same number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Fails if it ever takes longer from the server's start to the sound, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    limit: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Fails if a call was lost, somebody was told of something, or the limit was not held.
pub(crate) async fn run(args: &Args) -> ExitCode {
    match measure(args).await {
        Ok(report) => {
            if args.json {
                println!("{}", report.json(args));
            } else {
                report.print(args);
            }
            if report.sound.longest() <= Duration::from_millis(args.limit) {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(why) => {
            eprintln!("tsuwa bench: {why}");
            ExitCode::FAILURE
        }
    }
}

/// From the start of the process, unless it says otherwise. The parts are those of the phone that heard last.
#[derive(Default)]
struct Report {
    listening: Spread,
    session: Spread,
    /// From the moment that the phone could: what the back-off costs.
    knocking: Spread,
    media: Spread,
    heard: Spread,
    sound: Spread,
    /// From the kill to the sound: what people notice.
    gap: Spread,
    crowd: Spread,
    /// What was heard and what was said, before the kills and after them.
    alike: [Alike; 2],
}

/// Correlations.
#[derive(Default)]
struct Alike(Vec<f32>);

impl Alike {
    fn add(&mut self, correlation: f32) {
        self.0.push(correlation);
        self.0.sort_by(f32::total_cmp);
    }

    fn median_and_least(&self) -> [f32; 2] {
        [self.0.len() / 2, 0].map(|place| self.0.get(place).copied().unwrap_or_default())
    }
}

async fn measure(args: &Args) -> Result<Report, String> {
    let mut stand = Stand::new("")?;
    stand.spawn()?;
    stand.listening().await?;
    let mut pair = [Phone::sign_in(&stand, "alice", 1).await?, Phone::sign_in(&stand, "bob", 2).await?];
    let mut crowd = Vec::new();
    for number in 0..args.crowd {
        crowd.push(one_more(&stand, number).await?);
    }
    let (mut draw, mut report) = (Draw(args.seed), Report::default());
    for number in 1..=args.runs {
        let down = Duration::from_millis(LEAST_DOWN_MS) + draw.up_to(Duration::from_millis(args.down - LEAST_DOWN_MS));
        let run = one_run(&mut stand, &mut pair, &crowd, down, &mut report).await;
        let run = run.map_err(|why| format!("run {number} of {}: {why}", args.runs))?;
        if !args.json {
            println!("run {number}: {} ms without a server; from its start on: {run}", ms(down));
        }
    }
    stand.kill().await?;
    Ok(report)
}

async fn one_run(
    stand: &mut Stand,
    [alice, bob]: &mut [Phone; 2],
    crowd: &[TrtcCalling],
    down: Duration,
    report: &mut Report,
) -> Result<String, String> {
    alice.succeeds("call", alice.calling.call("bob", CallType::Audio).await)?;
    bob.sees("onInvited").await?;
    bob.succeeds("accept", bob.calling.accept().await)?;
    for phone in [&mut *alice, &mut *bob] {
        phone.sees("onUserEnter").await?;
        phone.sees("onUserAudioAvailable").await?;
    }
    let (call, _) = alice.calling.current_call().ok_or("alice is in no call")?;
    report.alike[0].add(alice.is_heard_by(bob).await?);
    report.alike[0].add(bob.is_heard_by(alice).await?);
    [&*alice, &*bob].into_iter().for_each(Phone::listen_for_the_return);
    let killed = Instant::now();
    stand.kill().await?;
    sleep(down).await;
    let started = stand.spawn()?;
    let listening = stand.listening().await?;
    report.listening.add(listening.duration_since(started));
    let back = async {
        while alice.heard_again().is_none() || bob.heard_again().is_none() {
            sleep(LOOK_EVERY).await;
        }
    };
    if tokio::time::timeout(PATIENCE, back).await.is_err() {
        return Err(format!("the sound did not come back; {}; {}", alice.stands(started), bob.stands(started)));
    }
    let times = note([killed, started, listening], &[alice, bob], report)?;
    report.alike[1].add(alice.is_heard_by(bob).await?);
    report.alike[1].add(bob.is_heard_by(alice).await?);
    [&mut *alice, &mut *bob].map(Phone::saw_nothing).into_iter().collect::<Result<(), _>>()?;
    all_back(crowd, started, &mut report.crowd).await?;
    let talked = killed.elapsed();
    alice.calling.hangup();
    bob.sees("onUserLeave").await?;
    bob.sees("onCallEnd").await?;
    recorded(stand, &call.to_string(), talked).await?;
    Ok(times)
}

/// Takes the times of the phone that heard last.
fn note([killed, started, listening]: [Instant; 3], pair: &[&Phone; 2], report: &mut Report) -> Result<String, String> {
    let last = pair.iter().max_by_key(|phone| phone.heard_again()).ok_or("nobody is there")?;
    let (connected, heard) = (last.calling.connected(), last.heard_again().ok_or("nothing is heard")?);
    let (session, media) = (connected.session.ok_or("no session")?, connected.media.ok_or("no media")?);
    if session < started || media < started {
        return Err("the connections are those of before".into());
    }
    report.session.add(session - started);
    report.knocking.add(session.saturating_duration_since(listening));
    report.media.add(media.saturating_duration_since(session));
    report.heard.add(heard.saturating_duration_since(media));
    report.sound.add(heard - started);
    report.gap.add(heard - killed);
    let [listening, session, media, heard] = [listening, session, media, heard].map(|moment| ms(moment - started));
    Ok(format!("listens at {listening} ms, session at {session}, media at {media}, sound at {heard}"))
}

/// Somebody without media, in no call.
async fn one_more(stand: &Stand, number: u32) -> Result<TrtcCalling, String> {
    let calling = TrtcCalling::builder().server(stand.url()).without_media().build().map_err(|e| e.to_string())?;
    let user = format!("one-{number}");
    let answer = calling.login(APP, &user, &stand.ticket(&user)?).await;
    answer.into_result().map_err(|refused| format!("sign-in: {refused}"))?;
    Ok(calling)
}

/// Waits until everybody has a session on the new server.
async fn all_back(crowd: &[TrtcCalling], started: Instant, times: &mut Spread) -> Result<(), String> {
    let mut away: Vec<&TrtcCalling> = crowd.iter().collect();
    let back = async {
        while !away.is_empty() {
            away.retain(|one| match one.connected().session.filter(|since| *since >= started) {
                Some(since) => {
                    times.add(since - started);
                    false
                }
                None => true,
            });
            sleep(LOOK_EVERY).await;
        }
    };
    let all = tokio::time::timeout(CROWD_PATIENCE, back).await;
    all.map_err(|_| format!("{} of {} did not come back", away.len(), crowd.len()))
}

/// The call has one record, which says that they talked, over the gap too.
async fn recorded(stand: &Stand, call: &str, talked: Duration) -> Result<(), String> {
    let by = Instant::now() + PATIENCE;
    loop {
        let newest = stand.ask("records?limit=10").await?;
        let records = newest["records"].as_array().ok_or("no list of records")?;
        let of_this: Vec<&Value> = records.iter().filter(|record| record["callId"] == call).collect();
        match of_this[..] {
            [record] if record["outcome"] == "answered" && record["talkedMs"].as_u64() >= Some(ms(talked)) => {
                return Ok(());
            }
            [] if Instant::now() < by => sleep(LOOK_EVERY).await,
            _ => return Err(format!("the records of the call are {of_this:?}")),
        }
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Report {
    fn rows(&self) -> [(&'static str, &Spread); 8] {
        [
            ("start to listening", &self.listening),
            ("start to session resumed", &self.session),
            ("listening to session resumed", &self.knocking),
            ("session to media up", &self.media),
            ("media up to sound", &self.heard),
            ("start to sound", &self.sound),
            ("kill to sound", &self.gap),
            ("start to a device of the crowd being back", &self.crowd),
        ]
    }

    fn print(&self, args: &Args) {
        println!("in ms, over {} runs:", args.runs);
        for (what, times) in self.rows().into_iter().filter(|(_, times)| times.count() > 0) {
            let [median, p95, p99] = [50, 95, 99].map(|percent| ms(times.percentile(percent)));
            println!("  {what}: median {median}, p95 {p95}, p99 {p99}, longest {}", ms(times.longest()));
        }
        let [before, after] = [&self.alike[0], &self.alike[1]].map(Alike::median_and_least);
        println!(
            "correlation of what was heard with what was said: before the kill {:.2} (at the least {:.2}), after {:.2} ({:.2})",
            before[0], before[1], after[0], after[1]
        );
        let held = self.sound.longest() <= Duration::from_millis(args.limit);
        println!("limit of {} ms from start to sound: {}", args.limit, if held { "held" } else { "not held" });
    }

    fn json(&self, args: &Args) -> Value {
        let rows = self.rows().into_iter().filter(|(_, times)| times.count() > 0).map(|(what, times)| {
            let [median, p95, p99] = [50, 95, 99].map(|percent| ms(times.percentile(percent)));
            let row = json!({ "median": median, "p95": p95, "p99": p99, "longest": ms(times.longest()) });
            (format!("{}_ms", what.replace(' ', "_")), row)
        });
        let mut report: serde_json::Map<String, Value> = rows.collect();
        report.insert("runs".into(), args.runs.into());
        report.insert("crowd".into(), args.crowd.into());
        for (name, alike) in ["correlation_before", "correlation_after"].into_iter().zip(&self.alike) {
            let [median, least] = alike.median_and_least();
            report.insert(name.into(), json!({ "median": median, "least": least }));
        }
        report.into()
    }
}
