//! Small programs by hand, tables from lines with bars, findings as text.

use crate::bind::{BindInput, bind};
use crate::data::{Dataset, InputTable};
use crate::program::{
    DocumentInfo, Factor, FactorRule, Index, IndexId, IndexKind, Input, Key, Origin, Program, Type,
    Value, Variable, VariableKind,
};
use crate::table::{CellValue, Cells, Column, Table};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostics, Lang, Place, Span, render};
use tanliu_unit::UnitTable;
use tanliu_unit::time::{Grain, TimeKey};

/// A program under construction.
pub(super) struct Doc {
    pub(super) program: Program,
    pub(super) units: UnitTable,
}

impl Doc {
    pub(super) fn new() -> Self {
        let document = DocumentInfo { source: "m.md".into(), id: "m".into(), version: "1".into() };
        let program = Program { documents: vec![document], ..Program::default() };
        Self { program, units: UnitTable::builtin() }
    }

    /// year, month, day, fuel = coal "煤炭" | oil "石油", plant : text, batch : integer.
    pub(super) fn usual() -> Self {
        let mut doc = Self::new();
        doc.index("year", IndexKind::Time { grain: Grain::Year, ends: false });
        doc.index("month", IndexKind::Time { grain: Grain::Month, ends: false });
        doc.index("day", IndexKind::Time { grain: Grain::Day, ends: false });
        doc.index("stamp", IndexKind::Time { grain: Grain::Instant, ends: true });
        doc.closed("fuel", &[("coal", Some("煤炭")), ("oil", Some("石油"))]);
        doc.index("plant", IndexKind::Text);
        doc.index("batch", IndexKind::Integer);
        doc
    }

    pub(super) fn index(&mut self, name: &str, kind: IndexKind) -> IndexId {
        self.program.indexes.push(Index { name: name.into(), kind, origin: Origin::default() });
        self.program.indexes.len() - 1
    }

    pub(super) fn closed(&mut self, name: &str, members: &[(&str, Option<&str>)]) -> IndexId {
        let members = members.iter().map(|(n, l)| ((*n).into(), l.map(Into::into))).collect();
        self.index(name, IndexKind::Closed(members))
    }

    /// An input; `ty` is a unit, an index, `bool`, `text` or `date`.
    pub(super) fn input(&mut self, name: &str, dims: &[&str], ty: &str) -> &mut Variable {
        self.variable(name, dims, ty, VariableKind::Input(Input::default()))
    }

    pub(super) fn factor(&mut self, name: &str, dims: &[&str], ty: &str) {
        let rule = FactorRule::Fixed(TimeKey { grain: Grain::Day, ordinal: 0 });
        let factor = Factor { set: "cn/grid".into(), columns: Vec::new(), rule };
        self.variable(name, dims, ty, VariableKind::Factor(factor));
    }

    pub(super) fn variable(
        &mut self,
        name: &str,
        dims: &[&str],
        ty: &str,
        kind: VariableKind,
    ) -> &mut Variable {
        let ty = match ty {
            "bool" => Type::Bool,
            "text" => Type::Text,
            "date" => Type::Date,
            other => match self.program.index(other) {
                Some(index) => Type::Key(index),
                None => Type::Number(self.units.parse(other).unwrap()),
            },
        };
        self.program.variables.push(Variable {
            name: name.into(),
            dims: dims.iter().map(|dim| self.program.index(dim).unwrap()).collect(),
            ty,
            kind,
            label: None,
            output: false,
            origin: Origin { document: 0, span: Span::new(0, 5) },
            attributes: Vec::new(),
            uncertainty: None,
        });
        self.program.variables.last_mut().unwrap()
    }

    pub(super) fn bind(&self, tables: &[Table]) -> Bound {
        self.bind_all(tables, &[], None)
    }

    pub(super) fn set(&self, scalars: &[(&str, &str)]) -> Bound {
        self.bind_all(&[], scalars, None)
    }

    pub(super) fn bind_all(
        &self,
        tables: &[Table],
        scalars: &[(&str, &str)],
        restricted: Option<&[Vec<String>]>,
    ) -> Bound {
        let scalars: Vec<_> = (scalars.iter())
            .map(|(name, value)| {
                ((*name).into(), (*value).into(), Place::File(format!("--set {name}")))
            })
            .collect();
        let input = BindInput { tables, restricted, scalars: &scalars, units: &self.units };
        let (dataset, diagnostics) = bind(&self.program, &input);
        Bound { dataset, diagnostics, program: self.program.clone() }
    }
}

/// Adjusts an input's declaration.
pub(super) fn declare(variable: &mut Variable, change: impl FnOnce(&mut Input)) {
    let VariableKind::Input(input) = &mut variable.kind else { panic!("no input") };
    change(input);
}

/// What came of it.
pub(super) struct Bound {
    pub(super) dataset: Dataset,
    pub(super) diagnostics: Diagnostics,
    program: Program,
}

impl Bound {
    /// Passes it on if there is no finding at all.
    pub(super) fn clean(self) -> Self {
        assert!(self.diagnostics.is_empty(), "{}", self.en());
        self
    }

    pub(super) fn codes(&self) -> Vec<&'static str> {
        self.diagnostics.list().iter().map(|diagnostic| diagnostic.code).collect()
    }

    pub(super) fn en(&self) -> String {
        self.render(Lang::En)
    }

    pub(super) fn zh(&self) -> String {
        self.render(Lang::Zh)
    }

    fn render(&self, lang: Lang) -> String {
        let sources = BTreeMap::from([("m.md".to_owned(), "input energy".to_owned())]);
        render(self.diagnostics.list(), &sources, lang, false)
    }

    /// Asserts that the findings contain these phrases, in either language.
    #[track_caller]
    pub(super) fn says(&self, phrases: &[&str]) -> &Self {
        let (zh, en) = (self.zh(), self.en());
        for phrase in phrases {
            assert!(zh.contains(phrase) || en.contains(phrase), "no {phrase:?} in\n{zh}\n{en}");
        }
        self
    }

    pub(super) fn table(&self, name: &str) -> &InputTable {
        &self.dataset.inputs[&self.program.variable(name).unwrap()]
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.dataset.inputs.contains_key(&self.program.variable(name).unwrap())
    }

    /// `2016 coal = 1.5`, one text for each row.
    pub(super) fn rows(&self, name: &str) -> Vec<String> {
        let variable = &self.program.variables[self.program.variable(name).unwrap()];
        let table = self.table(name);
        let row = |row: usize| {
            let key = |(index, column): (&IndexId, &crate::data::KeyColumn)| {
                self.program.indexes[*index].show(&column.dictionary[column.codes[row] as usize])
            };
            let mut parts: Vec<String> = variable.dims.iter().zip(&table.keys).map(key).collect();
            parts.push(format!("= {}", self.show(&table.values[row], &variable.ty)));
            parts.join(" ")
        };
        (0..table.values.len()).map(row).collect()
    }

    fn show(&self, value: &Value, ty: &Type) -> String {
        match (value, ty) {
            (Value::Number(number), _) => number.to_string(),
            (Value::Bool(value), _) => value.to_string(),
            (Value::Text(text), _) => text.to_string(),
            (Value::Date(day), _) => day.to_string(),
            (Value::Key(key), Type::Key(index)) => self.program.indexes[*index].show(key),
            (Value::Key(key), _) => key.to_string(),
        }
    }
}

/// A table from lines: the header first, cells between bars.
pub(super) fn table(source: &str, text: &str) -> Table {
    let mut lines = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let columns = (header.iter().enumerate())
        .map(|(number, header)| {
            let mut cells = Cells::packed();
            for row in &rows {
                cells.push_text(row.get(number).copied().unwrap_or(""));
            }
            Column { header: (*header).into(), number: number as u32 + 1, cells }
        })
        .collect();
    Table {
        name: source.split('.').next().unwrap().into(),
        source: source.into(),
        sheet: None,
        header_row: 1,
        columns,
        row_numbers: (2..rows.len() as u32 + 2).collect(),
    }
}

/// A sheet with typed cells, by columns.
pub(super) fn sheet(name: &str, columns: Vec<(&str, Vec<CellValue>)>) -> Table {
    let rows = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let columns = (columns.into_iter().enumerate())
        .map(|(number, (header, cells))| Column {
            header: header.into(),
            number: number as u32 + 1,
            cells: Cells::Mixed(cells),
        })
        .collect();
    Table {
        name: name.into(),
        source: "book.xlsx".into(),
        sheet: Some(name.into()),
        header_row: 3,
        columns,
        row_numbers: (4..rows as u32 + 4).collect(),
    }
}

/// A key of a member.
pub(super) fn member(number: u32) -> Key {
    Key::Member(number)
}
