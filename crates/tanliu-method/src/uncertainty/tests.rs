#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]
#![allow(clippy::disallowed_methods, reason = "closed forms within a tolerance")]

mod closed;
mod draws;
mod factors;
mod random;

use super::{MonteCarlo, UncertainFigure, UncertaintyOptions, UncertaintyOutcome, analyse};
use crate::check::{Library, check};
use crate::data::{Dataset, InputTable, KeyColumn};
use crate::eval::{Figure, RunOptions, run};
use crate::program::{IndexKind, Key, Program, Value};
use std::rc::Rc;
use tanliu_factor::Catalogue;
use tanliu_unit::UnitTable;
use tanliu_unit::time::TimeKey;

struct Nothing;

impl Library for Nothing {
    fn document(&self, _: &str) -> Option<(String, String)> {
        None
    }
    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A document with data, ready to be analysed.
struct Case {
    program: Program,
    dataset: Dataset,
    catalogue: Catalogue,
}

impl Case {
    fn new(declarations: &str) -> Self {
        Self::with_factors(declarations, Vec::new())
    }

    fn with_factors(declarations: &str, files: Vec<(String, String)>) -> Self {
        let (catalogue, findings) = Catalogue::load(files, &UnitTable::builtin());
        assert!(!findings.has_errors(), "{findings:?}");
        let text = format!(
            "---\nid: u\nversion: \"1\"\ntitle: u\nkind: account\nstatus: illustration\ngwp: AR5\n\
             ---\n```tan\n{declarations}\n```\n"
        );
        let checked = check("u.md", &text, &Nothing, &catalogue);
        assert!(!checked.diagnostics.has_errors(), "{:#?}", checked.diagnostics);
        Self { program: checked.program, dataset: Dataset::default(), catalogue }
    }

    /// Adds a table: each row its keys, blank between, and its value.
    fn table(mut self, name: &str, rows: &[(&str, f64)]) -> Self {
        let id = self.program.variable(name).unwrap();
        let dims = self.program.variables[id].dims.clone();
        let keys = vec![KeyColumn::default(); dims.len()];
        let mut table = InputTable { keys, ..InputTable::default() };
        for (keys, value) in rows {
            for ((word, index), column) in keys.split_whitespace().zip(&dims).zip(&mut table.keys) {
                let index = &self.program.indexes[*index];
                let key = match &index.kind {
                    IndexKind::Closed(_) => Key::Member(index.member(word).unwrap()),
                    IndexKind::Integer => Key::Integer(word.parse().unwrap()),
                    IndexKind::Text => Key::Text(Rc::from(word)),
                    IndexKind::Time { grain, .. } => {
                        Key::Time(TimeKey::parse_as(word, *grain).unwrap())
                    }
                };
                let known = column.dictionary.iter().position(|own| *own == key);
                let code = known.unwrap_or_else(|| {
                    column.dictionary.push(key);
                    column.dictionary.len() - 1
                });
                column.codes.push(u32::try_from(code).unwrap());
            }
            table.values.push(Value::Number(*value));
        }
        self.dataset.inputs.insert(id, table);
        self
    }

    fn widths(mut self, name: &str, widths: &[Option<f64>]) -> Self {
        let id = self.program.variable(name).unwrap();
        self.dataset.inputs.get_mut(&id).unwrap().half_widths = widths.to_vec();
        self
    }

    /// A mapping into a text index.
    fn mapping(mut self, name: &str, rows: &[(&str, &str)]) -> Self {
        let plain: Vec<(&str, f64)> = rows.iter().map(|(key, _)| (*key, 0.0)).collect();
        self = self.table(name, &plain);
        let id = self.program.variable(name).unwrap();
        let values = rows.iter().map(|(_, to)| Value::Key(Key::Text(Rc::from(*to)))).collect();
        self.dataset.inputs.get_mut(&id).unwrap().values = values;
        self
    }

    fn analyse(&self, monte_carlo: Option<MonteCarlo>) -> UncertaintyOutcome {
        let options = UncertaintyOptions { monte_carlo, also: Vec::new() };
        let outcome = analyse(&self.program, &self.dataset, &self.catalogue, &options);
        let run = run(&self.program, &self.dataset, &self.catalogue, &RunOptions::default());
        assert!(!run.diagnostics.has_errors(), "{:#?}", run.diagnostics);
        // The central figures are those of the run, to the last bit.
        for table in &outcome.tables {
            let own = run.tables.iter().find(|own| own.name == table.name).unwrap();
            assert_eq!(own.keys, table.keys);
            for (figure, own) in table.figures.iter().zip(&own.figures) {
                assert_eq!(*own, Figure::Number(figure.value));
            }
        }
        outcome
    }

    /// Approach 1 alone.
    fn first(&self) -> UncertaintyOutcome {
        self.analyse(None)
    }

    /// Draws as well.
    fn drawn(&self, draws: u32) -> UncertaintyOutcome {
        self.analyse(Some(MonteCarlo::new(draws, 1)))
    }
}

impl UncertaintyOutcome {
    fn at(&self, name: &str, keys: &str) -> &UncertainFigure {
        let table = self.tables.iter().find(|table| table.name == name).expect(name);
        let wanted: Vec<&str> = keys.split_whitespace().collect();
        let row = (0..table.figures.len())
            .find(|row| table.keys.iter().zip(&wanted).all(|(keys, own)| &*keys[*row] == *own))
            .expect(keys);
        &table.figures[row]
    }

    /// The half-width of the first-order interval.
    fn half(&self, name: &str, keys: &str) -> f64 {
        let own = &self.at(name, keys).propagated;
        (own.high - own.low) / 2.0
    }

    fn share(&self, name: &str, keys: &str, of: &str) -> f64 {
        let own = &self.at(name, keys).propagated;
        own.contributions.iter().find(|own| own.name == of).map_or(0.0, |own| own.share)
    }
}

fn close(found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1e-9), "{found} is not {wanted}");
}

/// Within a share of what is wanted: draws scatter.
fn near(found: f64, wanted: f64, share: f64) {
    assert!((found - wanted).abs() <= share * wanted.abs(), "{found} is not near {wanted}");
}
