//! 测试 What belongs to others leaves a derivation, at every depth.

#![allow(clippy::unwrap_used)]

use super::{Reached, withhold};
use serde_json::json;

#[test]
fn branches_of_other_enterprises_are_counted_and_gone() {
    let own = json!({ "name": "co2", "key": { "enterprise": "E1" }, "operands": [] });
    let other = json!({ "name": "co2", "key": { "enterprise": "E2" }, "operands": [] });
    let sum = json!({ "name": "town", "key": { "town": "T1" }, "operands": [own, other] });
    let mut tree = json!({ "name": "all", "key": {}, "operands": [sum] });
    let reached = Reached { only: Some(["E1".to_owned()].into()) };
    withhold(&mut tree, &reached);
    let sum = &tree["operands"][0];
    assert_eq!(sum["withheld"], 1);
    assert_eq!(sum["operands"].as_array().unwrap().len(), 1);
    assert!(!tree.to_string().contains("E2"));
}
