//! 契约 What every store must do: one suite, on SQLite always and on PostgreSQL when the variable
//! `TANLIU_TEST_POSTGRES` holds the URL of a server on which schemas may be made.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    unreachable_pub
)]

mod accounts;
mod backup;
mod directory;
mod evidence;
mod figures;
mod histories;
mod house;
mod opening;
mod samples;
mod submissions;
mod trail;
mod warnings;

/// Every promise as two tests.
macro_rules! promises {
    ($($subject:ident: $($promise:ident),+;)+) => {
        mod on_sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    let house = crate::house::House::sqlite().await;
                    crate::$subject::$promise(&house).await;
                    house.leave().await;
                }
            )+)+
        }

        mod on_postgres_if_tanliu_test_postgres_is_set {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $promise() {
                    let Some(house) = crate::house::House::postgres(stringify!($promise)).await
                    else {
                        return;
                    };
                    crate::$subject::$promise(&house).await;
                    house.leave().await;
                }
            )+)+
        }
    };
}

/// Named so that a list of tests shows what did not run: each test on PostgreSQL says by its name
/// that it is skipped where the variable is not set.
#[test]
fn tests_on_postgres_are_skipped_without_tanliu_test_postgres() {
    match std::env::var(house::VARIABLE) {
        Ok(_) => eprintln!("{} is set: PostgreSQL is tested too", house::VARIABLE),
        Err(_) => eprintln!("{} is not set: only SQLite is tested", house::VARIABLE),
    }
}

promises! {
    directory:
        a_district_is_read_as_it_was_put,
        enterprises_and_meters_are_read_as_they_were_added,
        enterprises_are_found_by_town_sector_text_and_ids,
        a_second_editor_of_an_enterprise_is_told,
        of_many_enterprises_all_are_added_or_none,
        a_number_that_is_none_is_refused;
    accounts:
        users_are_read_as_they_were_put,
        a_session_lasts_until_its_end,
        a_token_lasts_until_its_end,
        who_is_out_of_service_has_no_session;
    submissions:
        datasets_are_read_as_they_were_put,
        a_submission_is_read_as_it_was_added,
        submissions_are_found_by_dataset_subject_and_state,
        a_key_twice_in_one_submission_is_refused_whole,
        a_second_reviewer_is_told,
        approved_and_withdrawn_submissions_stay_so,
        a_later_value_of_the_same_dataset_supersedes,
        another_dataset_that_differs_opens_a_conflict,
        another_dataset_that_agrees_opens_none,
        a_correction_that_agrees_ends_the_conflict,
        the_chosen_value_counts,
        a_choice_is_made_once_and_between_the_two,
        one_input_of_two_documents_makes_no_conflict,
        values_are_known_as_they_counted_at_a_moment;
    figures:
        calculations_are_read_as_they_were_put,
        a_run_has_its_figures_in_the_order_given,
        figures_are_restricted_by_any_index,
        the_newest_run_that_wants_to_be_is_current,
        a_run_ends_once_and_whole,
        findings_are_raised_and_answered;
    warnings:
        a_warning_known_already_is_left_as_it_is,
        warnings_are_found_gravest_and_newest_first,
        an_order_is_kept_step_by_step;
    evidence:
        a_file_is_kept_under_its_digest,
        a_file_that_was_changed_on_disk_is_refused;
    trail:
        every_change_is_one_entry,
        many_at_once_keep_the_chain,
        approvals_at_once_leave_one_value_that_counts,
        a_changed_entry_is_found,
        a_cut_tail_is_found;
    opening:
        what_was_stored_is_there_after_opening_again,
        a_newer_database_is_refused,
        a_database_of_another_program_is_refused,
        a_database_made_from_other_texts_is_refused,
        several_open_an_empty_database_at_once,
        the_list_of_tables_is_the_schemas;
    backup:
        a_backup_comes_back_equal,
        a_backup_of_one_comes_back_in_the_other,
        a_damaged_backup_is_refused_whole,
        a_backup_needs_an_empty_folder_whole_evidence_and_an_empty_database;
    histories:
        at_every_moment_at_most_one_value_counts;
}
