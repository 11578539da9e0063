//! `tsuwa bench kills`.

mod books;
mod hooks;
mod load;
mod party;
mod story;

use super::draw::Draw;
use super::spread::Spread;
use super::stand::Stand;
use books::Books;
use clap::Args as ClapArgs;
use hooks::Receiver;
use load::Load;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// How long the server is gone at the most.
const DOWN: Duration = Duration::from_millis(300);
/// How long the load goes on behind the last kill.
const AFTERWARDS: Duration = Duration::from_secs(2);
/// A call that was begun is over by then: the longest story, the longest pause of a device that comes back, twice.
const SETTLE: Duration = Duration::from_secs(90);
/// How often is looked whether something has come.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What `tsuwa bench kills` takes.
#[derive(ClapArgs)]
pub(crate) struct Args {
    /// How often the server is killed.
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    kills: u32,
    /// Calls a second.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rate: u32,
    /// So many of a hundred calls are between devices with media.
    #[arg(long, default_value = "10%", value_parser = percent)]
    media: u32,
    /// Between a start and the next kill, in milliseconds, on average; each time is drawn from 0 to twice that.
    #[arg(long, default_value_t = 1_500, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    every: u64,
    /// So many of a hundred webhooks are refused by their receiver.
    #[arg(long, default_value = "5%", value_parser = percent)]
    refuse: u32,
    /// What is drawn is the same for the same number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn percent(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse();
    number.ok().filter(|number| *number <= 100).ok_or_else(|| "is not between 0 and 100".into())
}

/// Fails if a call that began has not exactly one record, a webhook did not come or came in disorder, or anything is
/// left over.
pub(crate) async fn run(args: &Args) -> ExitCode {
    match play(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            for each in wrong {
                eprintln!("tsuwa bench: {each}");
            }
            ExitCode::FAILURE
        }
    }
}

/// What the kills were like.
#[derive(Default)]
struct Deaths {
    listening: Spread,
    /// Killed before it listened.
    unborn: u32,
}

async fn play(args: &Args) -> Result<(), Vec<String>> {
    let one = |why: String| vec![why];
    let mut draw = Draw(args.seed);
    let receiver = Receiver::open(args.refuse, draw.split()).await.map_err(one)?;
    let mut stand = Stand::new(&receiver.configuration()).map_err(one)?;
    stand.spawn().map_err(one)?;
    stand.listening().await.map_err(one)?;
    let books = Arc::new(Books::default());
    let load = Load::sign_in(&stand, args.rate, args.media, Arc::clone(&books), draw.split()).await.map_err(one)?;
    println!(
        "{} calls a second, {} % with media; {} kills, {} ms apart on average; {} devices are signed in",
        args.rate,
        args.media,
        args.kills,
        args.every,
        load.devices()
    );
    let calling = load.begin();
    let deaths = kill(&mut stand, args, &mut draw).await.map_err(one)?;
    sleep(AFTERWARDS).await;
    let load = timeout(SETTLE, calling.end()).await.map_err(|_| one("calls did not come to their end".into()))?;
    let (held_back, lasted) = load.pace();
    let (calls, all) = (books.calls(), books.begun());
    println!(
        "{calls} calls in {:.0} s, {:.1} a second ({}); {} more had no answer, {held_back} were due when nobody was free",
        lasted.as_secs_f64(),
        calls as f64 / lasted.as_secs_f64(),
        books.outcomes(),
        books.unanswered()
    );
    println!(
        "start to listening in ms: median {}, p95 {}, longest {}; {} of {} kills came before",
        deaths.listening.percentile(50).as_millis(),
        deaths.listening.percentile(95).as_millis(),
        deaths.listening.longest().as_millis(),
        deaths.unborn,
        args.kills
    );
    let mut wrong = books.faults();
    wrong.extend(load.hears_nothing_more().await);
    wrong.extend(load.sign_out().await);
    wrong.extend(books.check_records(&stand).await);
    receiver.wait_for_ends(&all, SETTLE).await;
    wrong.extend(receiver.check(&all, books.is_complete()));
    wrong.extend(nothing_is_left(&stand).await);
    println!("{}", receiver.figures());
    stand.kill().await.map_err(one)?;
    if wrong.is_empty() {
        println!("every call has its record, every webhook came in its order, and nothing is left over");
        Ok(())
    } else {
        Err(wrong)
    }
}

/// Kills it so often, each time at a moment that is drawn, be it listening by then or not; and leaves it running.
async fn kill(stand: &mut Stand, args: &Args, draw: &mut Draw) -> Result<Deaths, String> {
    let mut deaths = Deaths::default();
    let mut started = Instant::now();
    let mut listens = true;
    for number in 1..=args.kills {
        let dies = started + draw.up_to(Duration::from_millis(2 * args.every));
        if !listens {
            match timeout(dies.saturating_duration_since(Instant::now()), stand.listening()).await {
                Ok(listening) => deaths.listening.add(listening?.duration_since(started)),
                Err(_) => deaths.unborn += 1,
            }
        }
        sleep(dies.saturating_duration_since(Instant::now())).await;
        stand.kill().await.map_err(|why| format!("before kill {number}: {why}"))?;
        sleep(draw.up_to(DOWN)).await;
        started = stand.spawn()?;
        listens = false;
    }
    let listening = timeout(SETTLE, stand.listening()).await.map_err(|_| "the server does not listen any more")?;
    deaths.listening.add(listening?.duration_since(started));
    Ok(deaths)
}

/// No call is live, no session is kept, and the media workers carry nothing.
async fn nothing_is_left(stand: &Stand) -> Vec<String> {
    let by = Instant::now() + SETTLE;
    loop {
        let left = match what_is_left(stand).await {
            Ok(left) if left.is_empty() => return Vec::new(),
            Ok(left) => left,
            Err(why) => vec![why],
        };
        if Instant::now() >= by {
            return left;
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn what_is_left(stand: &Stand) -> Result<Vec<String>, String> {
    let calls = stand.ask("calls").await?["calls"].as_array().map_or(1, Vec::len);
    let mut left = if calls > 0 { vec![format!("{calls} calls are live")] } else { Vec::new() };
    for (what, name) in
        [("sessions", "tsuwa_sessions"), ("media rooms", "tsuwa_media_rooms"), ("media legs", "tsuwa_media_legs")]
    {
        let count = stand.metric(name).await?;
        if count > 0.0 {
            left.push(format!("{count} {what} are left over"));
        }
    }
    Ok(left)
}
