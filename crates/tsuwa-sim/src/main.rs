//! `cargo xtask sim` starts this: it lives through many seeds, on every core.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tsuwa_sim::{Broken, Counts, live};

const USAGE: &str = "\
tsuwa-sim [--seeds N] [--from K] [--threads T] [--trace]
  --seeds N     how many days to live through (default 100)
  --from K      the first one's seed (default 1)
  --threads T   on so many threads (default: one a core)
  --trace       tell the story as it happens (of one seed)";

struct Options {
    seeds: u64,
    from: u64,
    threads: usize,
    trace: bool,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let began = Instant::now();
    let (counts, broken) = run(&options);
    let took = began.elapsed();
    for broken in &broken {
        tell(broken);
    }
    println!("{counts}");
    let rate = counts.seeds as f64 / took.as_secs_f64().max(0.001);
    println!("{:.1} s on {} threads: {:.0} seeds an hour", took.as_secs_f64(), options.threads, rate * 3600.0);
    let zeros = counts.zeros();
    // A row that comes to pass once in a hundred days has to in some hundreds.
    let enough = options.seeds >= ENOUGH;
    if !zeros.is_empty() {
        println!("never happened: {}", zeros.join("; "));
    }
    if broken.is_empty() && (zeros.is_empty() || !enough) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// From so many seeds on, what never happened is a failure.
const ENOUGH: u64 = 200;
/// So many failing seeds are enough to know.
const MOST_BROKEN: usize = 5;

fn options() -> Option<Options> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut options = Options { seeds: 100, from: 1, threads, trace: false };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seeds" => options.seeds = args.next()?.parse().ok()?,
            "--from" => options.from = args.next()?.parse().ok()?,
            "--threads" => options.threads = args.next()?.parse().ok().filter(|threads| *threads > 0)?,
            "--trace" => options.trace = true,
            _ => return None,
        }
    }
    Some(options)
}

fn run(options: &Options) -> (Counts, Vec<Broken>) {
    let next = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let found: Mutex<(Counts, Vec<Broken>)> = Mutex::default();
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= options.seeds {
                return;
            }
            let lived = live(options.from + number, options.trace);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            match lived {
                Ok(counts) => found.0.add(&counts),
                Err(broken) => found.1.push(*broken),
            }
            if found.1.len() >= MOST_BROKEN {
                stop.store(true, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads).map(|_| scope.spawn(work)).collect();
        let mut said = Instant::now();
        while workers.iter().any(|worker| !worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(20));
            if said.elapsed() > Duration::from_secs(20) {
                said = Instant::now();
                println!("{} of {} seeds", next.load(Ordering::Relaxed).min(options.seeds), options.seeds);
            }
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn tell(broken: &Broken) {
    println!("SEED {} BROKE at step {}: {}\n  {}", broken.seed, broken.step, broken.law, broken.how);
    broken.story.iter().for_each(|line| println!("  {line}"));
    println!("  again: cargo xtask sim --from {} --seeds 1 --trace\n", broken.seed);
}
