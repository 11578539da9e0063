//! What the words and frames hold to, one behaviour a file.

mod a_bad_frame_names_what_is_wrong;
mod a_user_id_is_checked_once;
mod every_code_has_its_own_number;
mod every_event_goes_over_the_wire_and_back;
mod every_request_is_read_from_its_frame;
mod later_versions_notifications_are_ignored;
mod secrets_and_ids_are_not_logged_whole;
