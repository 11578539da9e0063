//! What an app sees of the SDK, against a server that says what each test wants it to.

mod fake_server;
mod media_peer;
mod media_rig;

mod a_call_that_the_server_no_longer_has_is_over_once;
mod a_device_that_is_out_does_not_come_back;
mod a_hangup_before_the_answer_names_the_request;
mod a_lost_connection_is_resumed_and_nothing_is_told_twice;
mod a_new_session_tells_nobody_twice;
mod accept_with_nothing_ringing_is_refused_here;
mod after_a_hangup_nothing_is_told_of_that_call;
mod an_answer_names_the_call_that_was_told;
mod an_event_alone_opens_no_microphone;
mod hanging_up_when_idle_is_silent;
mod mute_set_before_the_call_holds_from_its_beginning;
mod no_server_is_said_as_such;
mod one_sign_in_at_a_time;

// The media engine, against a peer that echoes.
mod a_fresh_connection_takes_over;
mod a_load_test_counts_what_comes_back;
mod a_lost_connection_is_told;
mod a_missing_microphone_is_told_and_the_call_goes_on;
mod a_muted_microphone_sends_nothing;
mod a_recording_is_complete_when_the_call_ends;
mod a_third_person_joins_without_interruption;
mod an_offer_that_is_none_is_told;
mod nothing_is_sent_before_the_microphone_is_open;
mod volumes_name_everybody;
mod what_is_said_is_heard;
