//! The browser's side: bare pages, the web SDK, and the telephone at `/`, in Chromium.

mod admin;
pub(crate) mod proxy;
mod site;
mod town;

mod a_call_survives_what_networks_do;
mod a_call_that_was_missed_shows_at_the_sign_in;
mod a_page_and_a_native_phone_talk;
mod a_page_calls_a_page_and_both_hear;
mod a_page_made_from_the_protocol_alone_talks_with_a_phone;
mod a_page_notices_a_dead_socket_in_time;
mod a_refused_permission_is_said_and_the_call_goes_on;
mod a_video_call_shows_both;
mod devices_come_and_go;
mod every_state_of_the_phone_fits_its_screen;
mod from_accept_to_sound;
mod pages_go_on_after_the_server_was_killed;
mod pages_see_what_the_scenarios_say;
mod sound_that_the_browser_holds_back_begins_with_a_touch;
mod the_phone_in_other_settings;
mod the_phone_is_used_without_a_mouse_or_a_look;
mod the_readme_of_the_sdk_makes_a_video_call;
mod the_sdk_is_small;
mod the_sdk_plays_the_recorded_conversations;
