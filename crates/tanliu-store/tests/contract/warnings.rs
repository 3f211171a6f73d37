//! 预警与工单 The promises about warnings and their orders.

use crate::house::{House, act};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{StoreError, Warnings};
use tanliu_platform::warning::{OrderState, OrderStep, Warning};

pub fn warning(address: &str, enterprise: &str, level: i32, at: i64) -> Warning {
    Warning {
        id: 0,
        address: address.into(),
        enterprise: enterprise.into(),
        town: "T01".into(),
        period: "2021".into(),
        level,
        rule: "rise".into(),
        text: "同比上升".into(),
        at: Moment(at),
        state: OrderState::Found,
        edition: 0,
    }
}

async fn found(house: &House, town: Option<&str>, open_only: bool) -> Vec<i64> {
    let found = house.store.warnings(town, None, open_only, 0).await.unwrap();
    found.into_iter().map(|warning| warning.id).collect()
}

pub async fn a_warning_known_already_is_left_as_it_is(house: &House) {
    let one = warning("1/co2[town=T01]", "", 2, 5);
    assert_eq!(house.store.add_warnings(std::slice::from_ref(&one), act(5)).await.unwrap(), 1);
    let mut same = one.clone();
    same.level = 1;
    let mut other_rule = one.clone();
    other_rule.rule = "fall".into();
    let new = house.store.add_warnings(&[same, other_rule], act(6)).await.unwrap();
    assert_eq!(new, 1);
    let (known, steps) = house.store.warning(1).await.unwrap().unwrap();
    assert_eq!((known, steps), (Warning { id: 1, ..one }, Vec::new()));
    assert_eq!(found(house, None, false).await, [2, 1]);
    assert_eq!(house.store.warning(3).await.unwrap(), None);
}

pub async fn warnings_are_found_gravest_and_newest_first(house: &House) {
    let mut all = vec![
        warning("1/a", "E00001", 3, 50),
        warning("1/b", "E00002", 1, 10),
        warning("1/c", "E00001", 1, 20),
        warning("1/d", "", 2, 90),
    ];
    all[3].town = "T02".into();
    house.store.add_warnings(&all, act(5)).await.unwrap();
    assert_eq!(found(house, None, false).await, [3, 2, 4, 1]);
    assert_eq!(found(house, Some("T02"), false).await, [4]);
    let of = ["E00001".to_owned()];
    let theirs = house.store.warnings(None, Some(&of), true, 1).await.unwrap();
    assert_eq!(theirs.iter().map(|warning| warning.id).collect::<Vec<_>>(), [3]);
    assert!(house.store.warnings(None, Some(&[]), false, 0).await.unwrap().is_empty());
}

pub async fn an_order_is_kept_step_by_step(house: &House) {
    let all = [warning("1/a", "E00001", 3, 50), warning("1/b", "E00002", 1, 10)];
    house.store.add_warnings(&all, act(5)).await.unwrap();
    let step = |to, text: &str, at| OrderStep {
        warning: 1,
        to,
        text: text.into(),
        by: "乙".into(),
        at: Moment(at),
    };
    let (first, _) = house.store.warning(1).await.unwrap().unwrap();
    let notice = step(OrderState::Noticed, "请说明", 60);
    house.store.order_step(&first, &notice, act(60)).await.unwrap();
    let late = step(OrderState::Closed, "算了", 61);
    let refused = house.store.order_step(&first, &late, act(61)).await;
    assert!(matches!(refused, Err(StoreError::Edited)));
    let (second, _) = house.store.warning(1).await.unwrap().unwrap();
    assert_eq!((second.state, second.edition), (OrderState::Noticed, 1));
    let close = step(OrderState::Closed, "已整改", 62);
    house.store.order_step(&second, &close, act(62)).await.unwrap();
    let (_, steps) = house.store.warning(1).await.unwrap().unwrap();
    assert_eq!(steps, [notice, close]);
    assert_eq!(found(house, None, true).await, [2]);
    assert_eq!(found(house, None, false).await, [2, 1]);
}
