//! 测试 Figures of one enterprise or one town are found by an index, not by reading all of a run.

#![allow(clippy::unwrap_used)]

use super::selection;
use crate::SqlStore;
use tanliu_platform::figure::FigureQuery;

/// How SQLite looks for the rows of a query in a table of enterprise, town, year and fuel.
async fn plan(keys: &[&str]) -> String {
    let keys = keys.iter().map(|name| ((*name).to_owned(), vec!["K".to_owned()])).collect();
    let query = FigureQuery { run: 1, outputs: Vec::new(), keys };
    let indexes = ["enterprise", "town", "year", "fuel"].map(str::to_owned);
    let (text, cells, _) = selection(&query, 1, &indexes);
    let store = SqlStore::open(":memory:", "unused").await.unwrap();
    let rows = store.database.rows(&format!("EXPLAIN QUERY PLAN {text}"), cells).await.unwrap();
    let steps = rows.iter().map(|row| row.reader_from(3).text().unwrap());
    steps.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_enterprise_and_a_town_are_found_by_their_index() {
    let of_enterprise = plan(&["enterprise", "fuel"]).await;
    let index = "USING COVERING INDEX figure_of_enterprise (run=? AND place=? AND enterprise=?)";
    assert!(of_enterprise.contains(index), "{of_enterprise}");
    let of_town = plan(&["town", "year"]).await;
    let index = "USING COVERING INDEX figure_of_town (run=? AND place=? AND town=? AND year=?)";
    assert!(of_town.contains(index), "{of_town}");
    for plan in [of_enterprise, of_town] {
        assert!(plan.contains("USING PRIMARY KEY (run=? AND place=? AND line=?)"), "{plan}");
    }
}

#[tokio::test]
async fn an_output_is_read_in_its_order_without_sorting() {
    for keys in [&[][..], &["year"], &["fuel"], &["enterprise"]] {
        let plan = plan(keys).await;
        assert!(!plan.contains("TEMP B-TREE FOR ORDER BY"), "{plan}");
    }
}
