//! The rooms against WebRTC clients in the same process, on virtual time. One behaviour per module.
#![allow(clippy::disallowed_methods, reason = "one Instant is needed to begin with; all others are derived from it")]

mod a_camera_goes_on_without_a_gap_in_the_sound;
mod a_lost_device_is_reported_and_comes_back;
mod a_muted_party_is_not_heard;
mod a_packet_that_a_receiver_missed_is_sent_again;
mod a_panicking_room_takes_no_other_with_it;
mod a_party_without_red_gets_plain_opus;
mod a_restart_makes_a_fresh_transport_without_a_gap;
mod a_third_party_joins_without_a_gap;
mod dtls_from_an_unknown_address_is_ignored;
mod frames_of_a_tcp_stream_come_out_whole;
mod hostile_answers_harm_nobody_else;
mod media_is_set_up_without_waiting_for_timers;
mod offers_name_everybody_who_is_to_be_heard;
mod pictures_are_sent_in_a_codec_that_all_decode;
mod pictures_begin_with_a_key_frame;
mod rfc5769;
mod sound_flows_from_admission_and_never_before;
mod sound_survives_a_bad_network;
mod the_long_term_request_of_rfc_5769_is_for_nobody_here;
mod the_request_of_rfc_5769_binds_its_sender;
mod the_responses_of_rfc_5769_bind_nobody;
mod the_vectors_of_rfc_5769_are_written_down_right;
mod town;
mod unauthenticated_packets_change_nothing;
