//! Whatever tables hold, binding ends, and what it takes is well formed.

use super::fixture::{Doc, declare, sheet};
use crate::data::Dataset;
use crate::program::{Value, VariableKind};
use crate::table::{CellValue, Table};
use proptest::prelude::*;

fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "year", "fuel", "plant", "batch", "day", "energy (tce)", "energy", "energy (%)", "people",
            "home", "± energy (%)", "unit", "opened", "shared (t)", "item", "status", "消费量（吨标准煤）",
        ]).prop_map(str::to_owned),
        1 => ".{0,8}",
    ]
}

fn cell() -> impl Strategy<Value = CellValue> {
    let words = vec![
        "2016",
        "2017",
        "coal",
        "oil",
        "煤炭",
        "A",
        "B",
        "1",
        "2,500",
        "-",
        "",
        "5%",
        "NO",
        "tce",
        "kg",
        "true",
        "2024-01-31",
        "satisfied",
        "不满足",
        "1e400",
        "-3",
        "０",
    ];
    prop_oneof![
        6 => prop::sample::select(words).prop_map(|word| CellValue::Text(word.into())),
        1 => Just(CellValue::Empty),
        2 => prop::num::f64::ANY.prop_map(CellValue::Number),
        2 => (0..3000_i32).prop_map(|number| CellValue::Number(f64::from(number))),
        1 => prop::num::f64::ANY.prop_map(CellValue::Percent),
        1 => ".{0,10}".prop_map(CellValue::Date),
        1 => any::<bool>().prop_map(CellValue::Bool),
        1 => Just(CellValue::Error("#N/A".into())),
        1 => ".{0,6}".prop_map(CellValue::Text),
    ]
}

fn any_table() -> impl Strategy<Value = Table> {
    let column = (header(), prop::collection::vec(cell(), 0..7));
    let name = prop::sample::select(vec!["e", "evidence"]);
    (name, prop::collection::vec(column, 0..6)).prop_map(|(name, columns)| {
        sheet(
            name,
            columns.iter().map(|(header, cells)| (header.as_str(), cells.clone())).collect(),
        )
    })
}

fn doc() -> Doc {
    let mut doc = Doc::usual();
    doc.input("energy", &["year", "fuel"], "tce").label = Some("消费量".into());
    declare(doc.input("people", &["year"], "1"), |input| input.notation = true);
    doc.input("home", &["plant"], "fuel");
    doc.input("opened", &["plant"], "date");
    declare(doc.input("shared", &["fuel", "batch"], "t"), |input| {
        input.default = Some(Value::Number(0.0));
    });
    doc.variable("hole", &["day"], "%", VariableKind::Hole);
    doc
}

/// Keys and values have one length, codes lie in their dictionaries, no key stands twice.
fn well_formed(dataset: &Dataset) {
    for table in dataset.inputs.values() {
        let rows = table.values.len();
        let mut keys = std::collections::BTreeSet::new();
        for row in 0..rows {
            let key: Vec<_> = (table.keys.iter())
                .map(|column| column.dictionary[column.codes[row] as usize].clone())
                .collect();
            keys.insert(key);
        }
        assert!(table.keys.iter().all(|column| column.codes.len() == rows));
        assert!(table.notations.is_empty() || table.notations.len() == rows);
        assert_eq!(table.rows.len() + table.filled, rows.max(table.filled));
        assert!(keys.len() <= rows);
        for value in &table.values {
            assert!(!matches!(value, Value::Number(number) if !number.is_finite()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_tables_never_panic(tables in prop::collection::vec(any_table(), 0..4)) {
        let bound = doc().bind(&tables);
        well_formed(&bound.dataset);
        let _ = (bound.zh(), bound.en());
        if !bound.diagnostics.has_errors() {
            for table in bound.dataset.inputs.values() {
                let keys: std::collections::BTreeSet<Vec<u32>> = (0..table.values.len())
                    .map(|row| table.keys.iter().map(|column| column.codes[row]).collect())
                    .collect();
                prop_assert_eq!(keys.len(), table.values.len());
            }
        }
    }

    #[test]
    fn random_scalars_never_panic(name in "[a-z]{0,6}|energy|people|home", value in ".{0,12}") {
        let _ = doc().set(&[(&name, &value), ("hole", &value)]).zh();
    }

    #[test]
    fn packed_codes_tell_keys_apart(rows in prop::collection::vec((0..4_u32, 0..3_u32, 0..5_u32), 0..30)) {
        // Sizes so large that the product overflows and has to be ranked.
        let columns: Vec<(Vec<u32>, usize)> = vec![
            (rows.iter().map(|row| row.0).collect(), u32::MAX as usize),
            (rows.iter().map(|row| row.1).collect(), u32::MAX as usize),
            (rows.iter().map(|row| row.2).collect(), u32::MAX as usize),
        ];
        let packed = crate::bind::read::pack(&columns, rows.len());
        for (one, key) in rows.iter().zip(&packed) {
            for (other, other_key) in rows.iter().zip(&packed) {
                prop_assert_eq!(one == other, key == other_key);
            }
        }
    }
}
