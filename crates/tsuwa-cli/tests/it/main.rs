//! The binary as people use it: a server and telephones, each a process of its own, over loopback.

mod stage;

mod a_call_survives_a_lost_connection;
mod a_phone_calls_over_tls;
mod a_phone_started_again_within_the_grace_is_in_its_call_again;
mod a_refused_command_shows_in_the_exit_status;
mod a_refused_sign_in_ends_the_phone;
mod a_wait_that_runs_out_fails_the_script;
mod one_who_vanishes_is_missed;
mod the_demo_passes;
mod the_end_of_the_script_hangs_up;
mod what_one_phone_plays_the_other_records;
