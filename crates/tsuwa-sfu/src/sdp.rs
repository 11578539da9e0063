//! What the engine's offers lack, put in as text, and bounds for answers.

use crate::codecs::Codec;
use std::fmt::Write;
use std::net::SocketAddr;

/// Longer answers are refused: nine people's video takes about half of it.
pub(crate) const LONGEST_ANSWER: usize = 64 * 1024;

/// Most m-lines of an offer: two for sending, two for each of eight others, twice that for those who came and went.
pub(crate) const MOST_LINES: usize = 34;

/// An answer without its candidates: an ICE-lite side sends no checks, and a thousand of them would only fill memory.
pub(crate) fn without_candidates(answer: &str) -> String {
    let kept = answer.lines().filter(|line| !line.starts_with("a=candidate:"));
    kept.fold(String::with_capacity(answer.len()), |mut out, line| {
        push(line, &mut out);
        out
    })
}

/// How an offer is to be changed.
pub(crate) struct Polish<'a> {
    /// Candidates name this address instead of the sockets'.
    pub(crate) advertise: Option<SocketAddr>,
    /// The m-line on which the device sends pictures, and what it may send them in; `None`: anything.
    pub(crate) video_up: Option<(&'a str, &'a [Codec])>,
}

/// The offer as it goes to the device.
///
/// RED is moved before Opus: a browser sends with the first payload type, so behind Opus RED would be agreed on and
/// never used. Congestion-control extensions leave the sound m-lines (pictures are paced, sound is not).
pub(crate) fn polish(offer: &str, polish: &Polish<'_>) -> String {
    let mut out = String::with_capacity(offer.len() + 256);
    let mut advertised = false;
    for section in sections(offer) {
        if section.starts_with("m=audio") {
            audio(section, &mut out, polish, &mut advertised);
        } else {
            let keep =
                polish.video_up.filter(|(mid, _)| section.lines().any(|line| line.strip_prefix("a=mid:") == Some(mid)));
            match keep {
                Some((_, codecs)) => restrict(section, codecs, &mut out, polish, &mut advertised),
                None => section.lines().for_each(|line| copy(line, &mut out, polish, &mut advertised)),
            }
        }
    }
    out
}

/// The session's part and each m-line's, in order.
fn sections(sdp: &str) -> impl Iterator<Item = &str> {
    let mut rest = sdp;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find("\nm=").map_or(rest.len(), |at| at + 1);
        let (section, after) = rest.split_at(end);
        rest = after;
        Some(section)
    })
}

fn copy(line: &str, out: &mut String, polish: &Polish<'_>, advertised: &mut bool) {
    match (polish.advertise, line.starts_with("a=candidate:")) {
        (Some(addr), true) => {
            if !*advertised {
                *advertised = true;
                candidates(addr, out);
            }
        }
        _ => push(line, out),
    }
}

fn push(line: &str, out: &mut String) {
    out.push_str(line.trim_end());
    out.push_str("\r\n");
}

/// Host candidates for an address outside. Priorities as RFC 8445 5.1.2.1 computes them (type preference 126; local
/// preference: UDP before TCP).
fn candidates(addr: SocketAddr, out: &mut String) {
    let (ip, port) = (addr.ip(), addr.port());
    let _ = write!(out, "a=candidate:1 1 udp 2130706431 {ip} {port} typ host\r\n");
    let _ = write!(out, "a=candidate:2 1 tcp 2105458943 {ip} {port} typ host tcptype passive\r\n");
}

fn audio(section: &str, out: &mut String, polish: &Polish<'_>, advertised: &mut bool) {
    let red = section.lines().find_map(|line| {
        let (pt, codec) = line.strip_prefix("a=rtpmap:")?.split_once(' ')?;
        codec.starts_with("red/").then_some(pt)
    });
    for line in section.lines() {
        if line.starts_with("m=audio") {
            let mut words = line.split_whitespace();
            let head: Vec<&str> = words.by_ref().take(3).collect();
            let types: Vec<&str> = words.collect();
            let first = types.iter().filter(|pt| Some(**pt) == red);
            let others = types.iter().filter(|pt| Some(**pt) != red);
            let all: Vec<&str> = head.iter().chain(first).chain(others).copied().collect();
            push(&all.join(" "), out);
        } else if !is_paced(line) {
            copy(line, out, polish, advertised);
        }
    }
}

/// Extensions that only congestion control and simulcast have a use for.
fn is_paced(line: &str) -> bool {
    line.starts_with("a=extmap:")
        && (line.contains("transport-wide-cc") || line.contains("abs-send-time") || line.contains("rtp-stream-id"))
}

/// Leaves out the codecs that some device of the call can't decode.
fn restrict(section: &str, codecs: &[Codec], out: &mut String, polish: &Polish<'_>, advertised: &mut bool) {
    let mut kept: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("a=rtpmap:")?.split_once(' '))
        .filter(|(pt, name)| codecs.iter().any(|codec| codec.is_named(name, fmtp(section, pt))))
        .map(|(pt, _)| pt)
        .collect();
    if kept.is_empty() {
        return section.lines().for_each(|line| copy(line, out, polish, advertised));
    }
    let repair: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("a=fmtp:")?.split_once(" apt="))
        .filter(|(_, of)| kept.contains(&of.trim()))
        .map(|(pt, _)| pt)
        .collect();
    kept.extend(repair);
    for line in section.lines() {
        if line.starts_with("m=video") {
            let words: Vec<&str> = line.split_whitespace().collect();
            let all: Vec<&str> = words
                .iter()
                .enumerate()
                .filter(|(at, word)| *at < 3 || kept.contains(word))
                .map(|(_, word)| *word)
                .collect();
            push(&all.join(" "), out);
            continue;
        }
        let of = ["a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"]
            .iter()
            .find_map(|attribute| line.strip_prefix(attribute)?.split(' ').next());
        if of.is_none_or(|pt| kept.contains(&pt)) {
            copy(line, out, polish, advertised);
        }
    }
}

fn fmtp<'a>(section: &'a str, pt: &str) -> &'a str {
    section
        .lines()
        .find_map(|line| line.strip_prefix("a=fmtp:")?.split_once(' ').filter(|(of, _)| *of == pt))
        .map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\n\
        a=candidate:2 1 tcp 1 10.0.0.1 9 typ host tcptype passive\r\na=mid:0\r\n\
        a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n\
        a=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99\r\na=mid:1\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n\
        a=fmtp:97 apt=96\r\na=rtpmap:98 VP9/90000\r\na=fmtp:98 profile-id=0\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\n";

    #[test]
    fn red_comes_first_and_sound_is_not_paced() {
        let out = polish(OFFER, &Polish { advertise: None, video_up: None });
        assert!(out.contains("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n"));
        assert!(!out.contains("transport-wide-cc"));
        assert!(out.contains("10.0.0.1") && out.contains("m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99\r\n"));
    }

    #[test]
    fn the_address_outside_takes_the_sockets_place() {
        let advertise = Some("192.0.2.7:4000".parse().unwrap());
        let out = polish(OFFER, &Polish { advertise, video_up: None });
        assert!(!out.contains("10.0.0.1"));
        assert_eq!(out.matches("192.0.2.7 4000").count(), 2, "once by UDP, once by TCP");
    }

    #[test]
    fn only_codecs_that_all_decode_are_left_to_send() {
        let out = polish(OFFER, &Polish { advertise: None, video_up: Some(("1", &[Codec::Vp8])) });
        assert!(out.contains("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"));
        assert!(!out.contains("VP9") && !out.contains("apt=98"));
    }
}
