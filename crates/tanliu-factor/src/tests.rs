#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

mod data;
mod load;
mod lookup;
mod show;

use crate::{Catalogue, FactorSet};
use tanliu_diagnostic::{Diagnostics, Place};
use tanliu_unit::UnitTable;
use tanliu_unit::time::TimeKey;

const HEADER: &str = r#"
title = { zh = "省级电力平均排放因子", en = "Average factors of provincial electricity" }
unit = "kgCO2/kWh"
kind = "average"
issuer = "生态环境部"
source = "公告"
section = "附表"
standing = "secondary"
keys = ["grid"]
"#;

const TABLE: &str = "\
grid,grid_label,from,to,published,value
guangdong,广东,2021,2021,2024-04-12,0.4715
guangdong,广东,2022,2022,2024-12-23,0.4403
guangdong,广东,2023,2023,2025-12-31,0.4419
zhejiang,浙江,2021,2021,2024-04-12,0.5422
zhejiang,浙江,2022,2022,2024-12-23,0.5153
zhejiang,浙江,2023,2023,2025-12-31,0.4974
";

fn day(text: &str) -> TimeKey {
    TimeKey::parse(text).unwrap()
}

fn load(header: &str, table: &str) -> (Catalogue, Diagnostics) {
    let files = [("a/b.csv", table), ("a/b.toml", header)];
    Catalogue::load(
        files.map(|(path, text)| (path.to_owned(), text.to_owned())),
        &UnitTable::builtin(),
    )
}

fn set(header: &str, table: &str) -> FactorSet {
    let (catalogue, findings) = load(header, table);
    assert!(findings.is_empty(), "{:#?}", findings.list());
    catalogue.set("a/b").expect("the set is there").clone()
}

/// The codes of all findings with the row and column of their first place (0 0: a file or span).
fn faults(header: &str, table: &str) -> Vec<(&'static str, u32, u32)> {
    let (catalogue, findings) = load(header, table);
    assert!(findings.has_errors());
    assert!(catalogue.set("a/b").is_none(), "a set with a fault is refused");
    assert!(catalogue.is_refused("a/b"));
    for finding in findings.list() {
        assert!(!finding.message.zh.is_empty() && !finding.message.en.ends_with('.'));
        assert!(!finding.labels.is_empty(), "{} has no place", finding.code);
    }
    let place = |finding: &tanliu_diagnostic::Diagnostic| match &finding.labels[0].place {
        Place::Cell(cell) => (finding.code, cell.row, cell.column),
        _ => (finding.code, 0, 0),
    };
    findings.list().iter().map(place).collect()
}
