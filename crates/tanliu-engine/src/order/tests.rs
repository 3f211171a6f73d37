#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use super::bytes::{Travel, seal, unseal};
use super::{Order, Partial, Task};
use crate::atom::Atom;
use crate::pass::{Failing, Made, MadeValue, Passed};
use crate::reduce::Slot;
use crate::run::Step;
use crate::spill::Gathered;
use std::collections::BTreeMap;
use std::sync::Arc;
use tanliu_diagnostic::{CellPlace, Diagnostic, Place, Span};
use tanliu_method::eval::{FaultKind, RefusedFactor};
use tanliu_method::program::Reduction;
use tanliu_method::table::{CellValue, Cells, Column, Table};

fn faults() -> Vec<FaultKind> {
    let refused = RefusedFactor {
        code: "factor-key-unknown",
        message: ("没有".to_owned(), "none".to_owned()),
        seen: vec![("见".to_owned(), "seen".to_owned())],
        hint: None,
    };
    vec![
        FaultKind::Missing(3),
        FaultKind::Refused(1, Box::new(refused)),
        FaultKind::OutOfRange(9, "-1".to_owned()),
        FaultKind::NegativeWeight(usize::MAX),
        FaultKind::NotWholeSteps(8, "1.5".to_owned()),
        FaultKind::DateOutOfRange(7),
    ]
}

fn step() -> Step {
    let key = [Atom::Number(-7), Atom::Text("甲".into())];
    let kinds = [Reduction::Sum, Reduction::Mean, Reduction::Deviation, Reduction::Median]
        .into_iter()
        .chain([Reduction::Quantile, Reduction::Min, Reduction::Max, Reduction::Count])
        .chain([Reduction::Any, Reduction::All]);
    let slots = kinds.enumerate().map(|(number, reduction)| {
        (vec![Atom::Number(number as i64)], Slot::new(reduction, number % 2 == 1))
    });
    let loose = faults().into_iter().map(|kind| (kind, vec![(0, key[0].clone())])).collect();
    let values = [MadeValue::Number(-0.0), MadeValue::Bool(true), MadeValue::Code(1)];
    let rows = values.into_iter().zip(0..);
    let rows = rows.map(|(value, number)| (vec![key[1].clone(), Atom::Number(number)], value));
    let slots = Gathered::new(slots.collect(), Vec::new());
    let rows = Gathered::new(rows.collect(), Vec::new());
    Step::Rows(Passed {
        works: vec![Made::Groups(slots, loose), Made::Rows(rows)],
        failing: vec![Failing {
            rows: BTreeMap::from([(key.to_vec(), vec![None, Some(MadeValue::Bool(false))])]),
        }],
        defaulted: BTreeMap::from([(2, 5)]),
        rows: 8,
        unique: None,
        asked: BTreeMap::from([(0, (3, BTreeMap::from([(1, [key.to_vec()].into())])))]),
    })
}

fn order() -> Order {
    let cells = vec![
        CellValue::Empty,
        CellValue::Number(0.1 + 0.2),
        CellValue::Percent(5.0),
        CellValue::Date("2024-01-31".to_owned()),
        CellValue::Bool(true),
        CellValue::Error("#N/A".to_owned()),
    ];
    let table = Table {
        name: "t".to_owned(),
        source: "t.xlsx".to_owned(),
        sheet: Some("表".to_owned()),
        header_row: 1,
        columns: vec![Column { header: "x".to_owned(), number: 1, cells: Cells::Mixed(cells) }],
        row_numbers: vec![2, 3, 4, 5, 6, 7],
    };
    let task = Task {
        document: ("a.md".to_owned(), "文".to_owned()),
        tables: vec![table],
        ..Task::default()
    };
    Order {
        task: Arc::new(task),
        steps: Arc::new(vec![step()]),
        errand: [7; 32],
        share: 1,
        shares: 3,
        pieces: 6,
        check_keys: true,
    }
}

#[test]
fn what_is_read_is_what_was_written() {
    let bytes = order().to_bytes();
    assert_eq!(Order::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    let partial = Partial { errand: [9; 32], share: 0, made: Ok(step()) };
    let bytes = partial.to_bytes();
    assert_eq!(Partial::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    assert!(Order::from_bytes(&bytes).is_err(), "a partial is no order");
    for kind in faults() {
        assert_eq!(unseal::<FaultKind>("fault", &seal("fault", &kind)).unwrap(), kind);
    }
}

#[test]
fn a_byte_more_or_less_or_other_is_refused() {
    let bytes = order().to_bytes();
    for length in 0..bytes.len() {
        assert!(Order::from_bytes(&bytes[..length]).is_err(), "cut at {length}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(Order::from_bytes(&changed).is_err(), "changed at {place}");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(Order::from_bytes(&longer).is_err());
}

/// Behind the digest too: bodies that somebody made up give an order or nothing, never a panic.
#[test]
fn a_made_up_body_does_no_harm() {
    let mut body = Vec::new();
    order().write(&mut body);
    for place in 0..body.len() {
        for value in [0, 1, 7, 0x7F, 0x80, 0xFF] {
            let mut changed = body.clone();
            changed[place] = value;
            if let Some(mut read) = Order::read(&mut changed.as_slice()).map(|o| o.steps.to_vec()) {
                read.iter_mut().for_each(|own| _ = own.join(step()));
            }
        }
    }
}

#[test]
fn findings_travel_whole() {
    let cell = CellPlace {
        source: "读数/a.parquet".to_owned(),
        sheet: None,
        row: 7,
        column: 3,
        text: "NaN".to_owned(),
    };
    let finding = Diagnostic::error("data-bad-value", "坏", "bad")
        .at(Place::Cell(cell), "在此", "here")
        .see(Place::span("m.md", Span::new(3, 9)), "声明", "declared")
        .note("注", "a note")
        .hint("改", "mend it");
    let found = vec![finding, Diagnostic::warning("a-code-of-its-own", "", "")];
    let partial = Partial { errand: [9; 32], share: 2, made: Err(found.clone()) };
    assert_eq!(Partial::from_bytes(&partial.to_bytes()).unwrap().findings(), found);
    let mut body = Vec::new();
    partial.write(&mut body);
    for place in 0..body.len() {
        for value in [0, 1, 7, 0x7F, 0x80, 0xFF] {
            let mut changed = body.clone();
            changed[place] = value;
            // It may read as other findings, never as a panic.
            let _ = Partial::read(&mut changed.as_slice());
        }
    }
}

/// A refusal under a code that is not known here could not come back.
#[test]
fn every_refusal_of_a_catalogue_travels() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tanliu-factor/src");
    let mut codes = 0;
    for name in ["explain.rs", "lookup.rs"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        for rest in text.split("Refusal::new(").skip(1) {
            let code = rest.split('"').nth(1).unwrap();
            assert!(super::travel::REFUSALS.contains(&code), "{code}");
            codes += 1;
        }
    }
    assert!(codes > 4, "{codes}");
}
