//! Each row and each fault of the interceptors that this project began as, through a hand-written
//! trait and through a generated client alike.
//!
//! The back end speaks the envelope: `{code, msg, data}`, refusals under HTTP 400, the token in a
//! header called `token`, the refresh token as a parameter of `/token/refresh`.

mod by_hand;
mod face;
mod faults;
mod generated;
mod rows;

macro_rules! through {
    ($client:path; $($module:ident: $($test:ident)*;)*) => {
        $($(#[test]
        fn $test() {
            perennial_tests::run(crate::$module::$test::<$client>());
        })*)*
    };
}

macro_rules! all_through {
    ($($name:ident = $client:path;)*) => {$(
        mod $name {
            through! { $client;
                rows:
                    row_01_each_request_carries_the_token_in_a_header_of_any_name
                    row_02_an_opted_out_request_goes_without_it
                    row_03_code_401_in_http_400_means_expired
                    row_04_the_first_failure_posts_the_refresh_token_as_a_parameter
                    row_05_later_failures_queue
                    row_06_queued_requests_are_sent_again_with_the_new_token_only
                    row_07_the_caller_just_sees_the_answer
                    row_08_code_402_ends_the_session
                    row_09_code_400_is_a_typed_error_with_the_message
                    row_10_any_other_failure_is_the_same_typed_error
                    row_11_a_call_handles_statuses_itself
                    row_12_transport_errors_are_told_apart;
                faults:
                    fault_1_the_queue_is_emptied
                    fault_2_a_failed_refresh_frees_the_queue
                    fault_3_a_401_to_the_old_token_starts_no_second_refresh
                    fault_4_a_request_that_fails_after_its_replay_does_not_loop
                    fault_5_the_refresh_bypasses_the_session
                    fault_6_a_cancelled_caller_leaves_the_refresh_alone
                    fault_7_sign_out_during_a_refresh_is_not_undone
                    fault_8_a_transport_failure_keeps_its_cause;
            }
        }
    )*};
}

all_through! {
    hand_written = crate::by_hand::OriginApiClient;
    through_gen_client = perennial_tests::origin::Origin;
}
