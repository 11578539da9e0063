//! What a listener would miss if it were not so; one behaviour a file.
#![allow(clippy::disallowed_methods, reason = "a test's own time must begin at some Instant")]

mod line;

mod a_burst_after_an_outage_is_caught_up;
mod a_duplicate_is_played_once;
mod a_fast_sender_does_not_pile_up;
mod a_flood_is_bounded;
mod a_late_packet_is_dropped;
mod a_listener_that_was_held_up_goes_on_unheard;
mod a_lost_packet_comes_back_by_fec;
mod a_lost_packet_comes_back_by_red;
mod a_pause_is_silence_and_speech_resumes;
mod a_slow_sender_does_not_stutter;
mod a_wav_file_comes_back_as_written;
mod a_wav_file_of_another_rate_sounds_the_same;
mod a_wav_file_that_is_none_is_refused;
mod garbage_is_survived;
mod jitter_is_waited_for_and_forgotten;
mod loud_voices_together_do_not_wrap;
mod numbers_may_wrap;
mod packets_out_of_order_are_played_in_order;
mod red_is_read_as_it_was_written;
mod sound_begins_at_once;
mod sound_survives_the_codec;
mod the_delay_between_two_recordings_is_found;
mod two_talkers_are_told_apart;
mod volumes_go_from_silence_to_full_scale;
