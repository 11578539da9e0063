//! How a network feels, from what the reports say of it.
//!
//! The E-model (ITU-T G.107) turns delay and loss into a rating R; ITU-T G.109 gives R its classes (best from 90, high
//! from 80, medium from 70, low from 60), which become 1 to 5 here. Delay impairment is the approximation of Cole and
//! Rosenbluth (2001); the loss robustness is that of a codec with concealment (G.113, Bpl 25.1).

use std::time::Duration;
use tsuwa_proto::Quality;

/// R without any impairment (G.107's default).
const BEST: f32 = 93.2;
/// What is added to half the round trip, in milliseconds: 20 of packet, 6.5 of Opus look-ahead, 40 of jitter buffer.
const ENDPOINTS_MS: f32 = 66.5;

/// From a round trip (`None`: not measured) and the share of packets lost, 0 to 1.
pub(crate) fn rate(round_trip: Option<Duration>, loss: Option<f32>) -> Quality {
    if round_trip.is_none() && loss.is_none() {
        return Quality::Unknown;
    }
    let delay = round_trip.unwrap_or_default().as_secs_f32() * 500.0 + ENDPOINTS_MS;
    let late = (delay - 177.3).max(0.0);
    let loss = loss.unwrap_or(0.0).clamp(0.0, 1.0) * 100.0;
    let rating = BEST - (0.024 * delay + 0.11 * late) - 95.0 * loss / (loss + 25.1);
    match rating {
        r if r >= 90.0 => Quality::Excellent,
        r if r >= 80.0 => Quality::Good,
        r if r >= 70.0 => Quality::Poor,
        r if r >= 60.0 => Quality::Bad,
        _ => Quality::VeryBad,
    }
}

/// The worse of two; an unknown one says nothing.
pub(crate) fn worse(one: Quality, other: Quality) -> Quality {
    if u8::from(one) >= u8::from(other) { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_and_loss_make_it_worse() {
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(rate(None, None), Quality::Unknown);
        assert_eq!(rate(ms(30), Some(0.0)), Quality::Excellent);
        assert_eq!(rate(ms(30), Some(0.02)), Quality::Good);
        assert_eq!(rate(ms(30), Some(0.05)), Quality::Poor);
        assert_eq!(rate(ms(30), Some(0.09)), Quality::Bad);
        assert_eq!(rate(ms(30), Some(0.3)), Quality::VeryBad);
        assert_eq!(rate(ms(500), Some(0.0)), Quality::Poor);
    }
}
