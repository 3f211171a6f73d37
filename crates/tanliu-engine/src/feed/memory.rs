//! 内存行源 The rows of inputs that are in memory, joined on their keys.

use super::{Feed, Rows};
use crate::EngineError;
use crate::atom::{Atom, AtomKind, Texts};
use crate::batch::{Cells, InputColumn, KeyColumn, RowBatch};
use crate::lane::Lanes;
use arrow::buffer::NullBuffer;
use std::collections::BTreeMap;
use std::sync::Arc;
use tanliu_method::data::Dataset;
use tanliu_method::program::{Program, Type, Value};

/// 内存行源 Rows in key order, cut into parts and batches.
#[derive(Debug)]
pub(crate) struct MemoryFeed {
    rows: Vec<Row>,
    kinds: Vec<AtomKind>,
    types: Vec<CellKind>,
    parts: usize,
    batch: usize,
}

/// A key, and a cell of each input.
type Row = (Vec<Atom>, Vec<Option<Cell>>);

#[derive(Debug, Clone)]
enum Cell {
    Number(f64),
    Bool(bool),
    Code(i64),
    Text(Arc<str>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum CellKind {
    Number,
    Bool,
    Code,
    Text,
}

impl MemoryFeed {
    /// The rows of the lanes' inputs: every key that one of them has.
    pub(crate) fn new(
        program: &Program,
        dataset: &Dataset,
        lanes: &Lanes,
        (parts, batch): (usize, usize),
    ) -> Self {
        let mut joined: BTreeMap<Vec<Atom>, Vec<Option<Cell>>> = BTreeMap::new();
        for (place, input) in lanes.inputs.iter().enumerate() {
            let Some(variable) = program.variables.get(input.id) else { continue };
            let Some(table) = dataset.inputs.get(&input.id) else { continue };
            let columns: Vec<_> = (lanes.dims.iter())
                .filter_map(|index| {
                    let own = variable.dims.iter().position(|dim| dim == index)?;
                    table.keys.get(own)
                })
                .collect();
            for (row, value) in table.values.iter().enumerate() {
                let atom = |column: &&tanliu_method::data::KeyColumn| {
                    let code = *column.codes.get(row)?;
                    column.dictionary.get(code as usize).map(Atom::from)
                };
                let key: Vec<Atom> = columns.iter().filter_map(atom).collect();
                let cells = joined.entry(key).or_insert_with(|| vec![None; lanes.inputs.len()]);
                if let Some(cell) = cells.get_mut(place) {
                    *cell = Some(cell_of(value));
                }
            }
        }
        let types = lanes.inputs.iter().map(|input| kind_of(lanes, &input.ty)).collect();
        let kinds = (0..lanes.dims.len()).map(|place| lanes.kind_at(place)).collect();
        let (parts, batch) = (parts.max(1), batch.max(1));
        Self { rows: joined.into_iter().collect(), kinds, types, parts, batch }
    }
}

impl Feed for MemoryFeed {
    fn parts(&self) -> usize {
        self.parts
    }

    fn open(&self, part: usize) -> Result<Box<dyn Rows + '_>, EngineError> {
        let size = self.rows.len().div_ceil(self.parts).max(1);
        let rows = self.rows.chunks(size).nth(part).unwrap_or_default();
        Ok(Box::new(MemoryRows { feed: self, rest: rows }))
    }
}

struct MemoryRows<'f> {
    feed: &'f MemoryFeed,
    rest: &'f [Row],
}

impl Rows for MemoryRows<'_> {
    fn next(&mut self, texts: &mut Texts) -> Result<Option<RowBatch>, EngineError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (now, rest) = self.rest.split_at(self.feed.batch.min(self.rest.len()));
        self.rest = rest;
        let keys = (self.feed.kinds.iter().enumerate())
            .map(|(place, kind)| key_column(now, place, *kind, texts))
            .collect();
        let inputs = (self.feed.types.iter().enumerate())
            .map(|(place, kind)| input_column(now, place, *kind, texts))
            .collect();
        Ok(Some(RowBatch { rows: now.len(), keys, inputs, made: Vec::new() }))
    }
}

fn key_column(rows: &[Row], place: usize, kind: AtomKind, texts: &mut Texts) -> KeyColumn {
    let atoms = rows.iter().filter_map(|(key, _)| key.get(place));
    match kind {
        AtomKind::Text => KeyColumn::Text(
            atoms.map(|atom| u32::try_from(texts.code(atom)).unwrap_or(u32::MAX)).collect(),
        ),
        _ => {
            let raw: Vec<i64> = atoms.map(|atom| texts.code(atom)).collect();
            KeyColumn::Number { raw: raw.into(), per: 1, offset: 0 }
        }
    }
}

fn input_column(rows: &[Row], place: usize, kind: CellKind, texts: &mut Texts) -> InputColumn {
    let cells: Vec<Option<&Cell>> =
        rows.iter().map(|(_, cells)| cells.get(place).and_then(Option::as_ref)).collect();
    let nulls = cells.iter().any(Option::is_none);
    let nulls = nulls.then(|| NullBuffer::from_iter(cells.iter().map(Option::is_some)));
    let values = match kind {
        CellKind::Number => Cells::Number(
            cells
                .iter()
                .map(|cell| if let Some(Cell::Number(x)) = cell { *x } else { 0.0 })
                .collect(),
        ),
        CellKind::Bool => {
            Cells::Bool(cells.iter().map(|cell| matches!(cell, Some(Cell::Bool(true)))).collect())
        }
        CellKind::Code => Cells::Code(
            cells
                .iter()
                .map(|cell| if let Some(Cell::Code(code)) = cell { *code } else { 0 })
                .collect(),
        ),
        CellKind::Text => Cells::Text(
            (cells.iter())
                .map(|cell| if let Some(Cell::Text(text)) = cell { texts.number(text) } else { 0 })
                .collect(),
        ),
    };
    InputColumn { values, nulls }
}

fn cell_of(value: &Value) -> Cell {
    match value {
        Value::Number(number) => Cell::Number(*number + 0.0),
        Value::Bool(value) => Cell::Bool(*value),
        Value::Text(text) => Cell::Text(Arc::from(&**text)),
        Value::Date(day) => Cell::Code(day.ordinal),
        Value::Key(key) => match Atom::from(key) {
            Atom::Number(number) => Cell::Code(number),
            Atom::Text(text) => Cell::Text(text),
        },
    }
}

fn kind_of(lanes: &Lanes, ty: &Type) -> CellKind {
    match ty {
        Type::Number(_) => CellKind::Number,
        Type::Bool => CellKind::Bool,
        Type::Text => CellKind::Text,
        Type::Date => CellKind::Code,
        Type::Key(index) => match lanes.kinds.get(*index) {
            Some(AtomKind::Text) => CellKind::Text,
            _ => CellKind::Code,
        },
    }
}
