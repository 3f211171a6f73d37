//! 名录 The promises of the directory.

use crate::house::{House, act};
use crate::samples::{district, enterprise, meter, sectors, towns};
use tanliu_platform::directory::EnterpriseQuery;
use tanliu_platform::port::{DirectoryStore, StoreError, Trail};

pub async fn a_district_is_read_as_it_was_put(house: &House) {
    let before = house.store.district().await;
    assert!(matches!(before, Err(StoreError::Absent("district"))));
    district(house).await;
    let known = house.store.district().await.unwrap();
    assert_eq!((known.name.as_str(), known.notice.as_deref()), ("虚构区", Some("均为虚构")));
    assert_eq!(house.store.towns().await.unwrap(), towns());
    assert_eq!(house.store.sectors().await.unwrap(), sectors());

    let mut again = towns();
    again.truncate(1);
    again[0].name = "改名镇".into();
    let other = tanliu_platform::directory::District { name: "改名区".into(), notice: None };
    house.store.put_district(&other, &again, &[], act(2)).await.unwrap();
    assert_eq!(house.store.district().await.unwrap(), other);
    assert_eq!(house.store.towns().await.unwrap(), vec![again[0].clone(), towns()[1].clone()]);
    assert_eq!(house.store.sectors().await.unwrap(), sectors());
}

pub async fn enterprises_and_meters_are_read_as_they_were_added(house: &House) {
    district(house).await;
    let all: Vec<_> = (1..=10).map(enterprise).collect();
    house.store.add_enterprises(&all, &[meter(3), meter(1)], act(2)).await.unwrap();
    let (known, count) = house.store.enterprises(&EnterpriseQuery::default()).await.unwrap();
    assert_eq!((known, count), (all.clone(), 10));
    assert_eq!(house.store.enterprise("E00004").await.unwrap(), Some(all[3].clone()));
    assert_eq!(house.store.enterprise("E99999").await.unwrap(), None);
    assert_eq!(house.store.meters("E00003").await.unwrap(), vec![meter(3)]);
    assert_eq!(house.store.meter("M00001").await.unwrap(), Some(meter(1)));
    assert_eq!(house.store.meter("M00002").await.unwrap(), None);
}

pub async fn enterprises_are_found_by_town_sector_text_and_ids(house: &House) {
    district(house).await;
    let mut all: Vec<_> = (1..=20).map(enterprise).collect();
    all[6].name = "百分之 50% 与_下划线".into();
    house.store.add_enterprises(&all, &[], act(2)).await.unwrap();
    let find = async |query: EnterpriseQuery| {
        let (found, count) = house.store.enterprises(&query).await.unwrap();
        (found.into_iter().map(|one| one.id).collect::<Vec<_>>(), count)
    };
    let base = EnterpriseQuery::default;
    let (found, count) =
        find(EnterpriseQuery { town: Some("T02".into()), offset: 2, limit: 3, ..base() }).await;
    assert_eq!((found, count), (vec!["E00006".into(), "E00008".into(), "E00010".into()], 10));
    let both =
        EnterpriseQuery { town: Some("T02".into()), sector: Some("building".into()), ..base() };
    assert_eq!(find(both).await.0, ["E00006", "E00012", "E00018"]);
    let ids = Some(vec!["E00003".to_owned(), "E00001".to_owned(), "E77777".to_owned()]);
    assert_eq!(find(EnterpriseQuery { ids, ..base() }).await.0, ["E00001", "E00003"]);
    let none = EnterpriseQuery { ids: Some(Vec::new()), ..base() };
    assert_eq!(find(none).await, (Vec::new(), 0));
    let text = |text: &str| EnterpriseQuery { text: Some(text.into()), ..base() };
    assert_eq!(find(text("e00013")).await.0, ["E00013"]);
    assert_eq!(find(text("TEST000019")).await.0, ["E00019"]);
    assert_eq!(find(text(" mill ")).await.1, 19);
    assert_eq!(find(text("50%")).await.0, ["E00007"]);
    assert_eq!(find(text("与_下")).await.0, ["E00007"]);
    assert_eq!(find(text("0_与")).await.1, 0);
}

pub async fn a_second_editor_of_an_enterprise_is_told(house: &House) {
    district(house).await;
    house.store.add_enterprises(&[enterprise(1)], &[], act(2)).await.unwrap();
    let read = house.store.enterprise("E00001").await.unwrap().unwrap();
    let mut mine = read.clone();
    mine.name = "新名".into();
    mine.place = Some((120.0, 31.0));
    house.store.change_enterprise(&mine, act(3)).await.unwrap();
    let known = house.store.enterprise("E00001").await.unwrap().unwrap();
    assert_eq!((known.name.as_str(), known.edition, known.place), ("新名", 1, Some((120.0, 31.0))));

    let head = house.store.head().await.unwrap();
    let theirs = house.store.change_enterprise(&read, act(4)).await;
    assert!(matches!(theirs, Err(StoreError::Edited)));
    let none = house.store.change_enterprise(&enterprise(2), act(4)).await;
    assert!(matches!(none, Err(StoreError::Absent("enterprise"))));
    assert_eq!(house.store.head().await.unwrap(), head);
    assert_eq!(house.store.enterprise("E00001").await.unwrap().unwrap(), known);
}

pub async fn of_many_enterprises_all_are_added_or_none(house: &House) {
    district(house).await;
    let head = house.store.head().await.unwrap();
    let mut all: Vec<_> = (1..=1500).map(enterprise).collect();
    all.push(enterprise(700));
    let twice = house.store.add_enterprises(&all, &[], act(2)).await;
    assert!(matches!(twice, Err(StoreError::Refused(_))), "{twice:?}");
    all.pop();
    let no_such_enterprise = house.store.add_enterprises(&all, &[meter(1501)], act(2)).await;
    assert!(matches!(no_such_enterprise, Err(StoreError::Refused(_))), "{no_such_enterprise:?}");
    assert_eq!(house.store.enterprises(&EnterpriseQuery::default()).await.unwrap().1, 0);
    assert_eq!(house.store.head().await.unwrap(), head);
    house.store.add_enterprises(&all, &[meter(1500)], act(2)).await.unwrap();
    assert_eq!(house.store.enterprises(&EnterpriseQuery::default()).await.unwrap().1, 1500);
}

pub async fn a_number_that_is_none_is_refused(house: &House) {
    district(house).await;
    for number in [f64::NAN, f64::INFINITY] {
        let mut one = enterprise(2);
        one.land_mu = Some(number);
        let refused = house.store.add_enterprises(&[one], &[], act(2)).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))));
    }
    let mut one = enterprise(2);
    one.land_mu = Some(-0.0);
    one.place = Some((0.1 + 0.2, f64::MIN_POSITIVE));
    house.store.add_enterprises(&[one.clone()], &[], act(2)).await.unwrap();
    let known = house.store.enterprise("E00002").await.unwrap().unwrap();
    assert_eq!(known.place, one.place);
    assert_eq!(known.land_mu.map(f64::to_bits), Some(0.0f64.to_bits()));
}
