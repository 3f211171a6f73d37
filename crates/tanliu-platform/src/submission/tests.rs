//! 测试 Whatever is tried, approval rests on a review by others.

#![allow(clippy::unwrap_used)]

use super::{Review, State, Step, next};
use crate::account::{Actor, Reach, Role};
use crate::moment::Moment;
use proptest::prelude::*;

fn actor(name: &str) -> Actor {
    let reach = Reach::default();
    Actor { name: name.into(), shown: name.into(), role: Role::District, reach }
}

fn made(step: Step, by: &str) -> Review {
    Review { submission: 1, step, by: by.into(), at: Moment(0), reason: String::new() }
}

#[test]
fn the_usual_way_leads_to_approval_by_three_people() {
    let mut reviews = Vec::new();
    let mut state = State::Draft;
    for (step, who) in [(Step::Submit, "甲"), (Step::Pass, "乙"), (Step::Approve, "丙")] {
        state = next(state, step, &actor(who), &reviews, "").unwrap();
        reviews.push(made(step, who));
    }
    assert_eq!(state, State::Approved);
}

#[test]
fn nobody_reviews_what_the_same_person_submitted() {
    let refused = next(State::Submitted, Step::Pass, &actor("甲"), &[made(Step::Submit, "甲")], "");
    assert_eq!(refused.unwrap_err().code, "same-person");
}

#[test]
fn a_return_without_a_reason_is_refused() {
    let refused =
        next(State::Submitted, Step::Return, &actor("乙"), &[made(Step::Submit, "甲")], "  ");
    assert_eq!(refused.unwrap_err().code, "no-reason");
}

const STEPS: [Step; 5] = [Step::Submit, Step::Pass, Step::Approve, Step::Return, Step::Withdraw];

proptest! {
    /// Whatever is tried in whatever order: what is approved was submitted, passed and approved,
    /// in this order, the passing by another than the submitter, and it stays approved.
    #[test]
    fn approval_always_rests_on_a_review(tries in prop::collection::vec((0usize..5, 0usize..3), 0..40)) {
        let mut state = State::Draft;
        let mut reviews: Vec<Review> = Vec::new();
        for (step, who) in tries {
            let name = ["甲", "乙", "丙"].get(who).copied().unwrap_or_default();
            let step = STEPS.get(step).copied().unwrap();
            if let Ok(to) = next(state, step, &actor(name), &reviews, "理由") {
                prop_assert_ne!(state, State::Approved);
                state = to;
                reviews.push(made(step, name));
            }
        }
        if state == State::Approved {
            let mut last = reviews.iter().rev();
            let approved = last.next().unwrap();
            let passed = last.next().unwrap();
            let submitted = last.next().unwrap();
            prop_assert_eq!(approved.step, Step::Approve);
            prop_assert_eq!(passed.step, Step::Pass);
            prop_assert_eq!(submitted.step, Step::Submit);
            prop_assert_ne!(&approved.by, &passed.by);
            prop_assert_ne!(&passed.by, &submitted.by);
        }
    }
}
