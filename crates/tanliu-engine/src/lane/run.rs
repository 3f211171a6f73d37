//! 运行 One batch through the lanes.

use super::column::{FAULT, LaneColumn, LaneValues};
use super::{Lane, LaneId, Lanes, number};
use crate::atom::{Atom, Literal, Texts};
use crate::batch::{Cells, InputColumn, RowBatch};
use std::collections::{BTreeMap, HashMap};
use tanliu_method::eval::FaultKind;
use tanliu_method::program::{IndexId, TimePart, Type, VariableId};
use tanliu_unit::time::{Grain, TimeKey};

/// 答案 A leaf at the keys that the rows have.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The places, in the relation's indexes, of the leaf's own.
    pub(crate) places: Vec<usize>,
    /// Keys by row of the values.
    pub(crate) rows: BTreeMap<Vec<Atom>, u32>,
    /// The values, texts by their numbers in [`Shared::texts`].
    pub(crate) values: LaneColumn,
}

/// 错误处 A fault as rows refer to it: kind, and its key if it is not the row's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Site {
    pub(crate) kind: FaultKind,
    /// `None`: at the row's own key, of these indexes.
    pub(crate) key: Option<Vec<(IndexId, Atom)>>,
    pub(crate) dims: Vec<IndexId>,
}

/// 共有 What all workers know before they begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared {
    pub(crate) answers: Vec<Answer>,
    pub(crate) sites: Vec<Site>,
    pub(crate) texts: Texts,
    /// For each row input the indexes of its declaration, ascending, and the state of a lacking cell.
    pub(crate) missing: Vec<u32>,
    /// For each row input its default, texts by number.
    pub(crate) defaults: Vec<Option<Literal>>,
    /// Where leaves are at faults that no row carries: what asks them is to be noted.
    pub(crate) watched: Vec<super::Root>,
}

/// 工作台 One worker's lanes: what it has learned, and the columns of the batch at hand.
pub(crate) struct Bench<'a> {
    pub(crate) lanes: &'a Lanes,
    pub(crate) shared: &'a Shared,
    pub(crate) rows: usize,
    pub(crate) texts: Texts,
    pub(crate) sites: Vec<Site>,
    columns: Vec<LaneColumn>,
    /// For each leaf, rows of its answer by the worker's own key codes.
    found: Vec<HashMap<Vec<i64>, u32>>,
    /// Rows answered by a default, by input.
    pub(crate) defaulted: BTreeMap<VariableId, u64>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(lanes: &'a Lanes, shared: &'a Shared) -> Self {
        Self {
            lanes,
            shared,
            rows: 0,
            texts: shared.texts.clone(),
            sites: shared.sites.clone(),
            columns: Vec::new(),
            found: vec![HashMap::new(); shared.answers.len()],
            defaulted: BTreeMap::new(),
        }
    }

    /// Computes all lanes of a batch.
    pub(crate) fn take(&mut self, batch: &RowBatch) {
        let lanes = self.lanes;
        self.rows = batch.rows;
        self.columns.clear();
        for step in &lanes.steps {
            let column = self.step(&step.lane, step.node, batch);
            self.columns.push(column);
        }
    }

    /// A lane of the batch at hand.
    pub(crate) fn column(&self, lane: LaneId) -> &LaneColumn {
        #[expect(clippy::indexing_slicing, reason = "operands stand before")]
        &self.columns[lane]
    }

    pub(super) fn type_of(&self, lane: LaneId) -> &'a Type {
        #[expect(clippy::indexing_slicing, reason = "one type per lane")]
        &self.lanes.types[lane]
    }

    /// The state that stands for a fault at the row's own key.
    pub(crate) fn site(&mut self, kind: FaultKind) -> u32 {
        let known = self.sites.iter().position(|site| site.key.is_none() && site.kind == kind);
        let number = known.unwrap_or_else(|| {
            let dims = self.lanes.dims.clone();
            self.sites.push(Site { kind, key: None, dims });
            self.sites.len() - 1
        });
        u32::try_from(number).unwrap_or(u32::MAX - FAULT) + FAULT
    }

    /// The state that stands for a fault with a key of its own.
    pub(crate) fn given_site(&mut self, kind: FaultKind, key: Vec<(IndexId, Atom)>) -> u32 {
        self.sites.push(Site { kind, key: Some(key), dims: Vec::new() });
        u32::try_from(self.sites.len() - 1).unwrap_or(u32::MAX - FAULT) + FAULT
    }

    /// The fault of a state.
    pub(crate) fn fault(&self, state: u32) -> Option<&Site> {
        self.sites.get(state.checked_sub(FAULT)? as usize)
    }

    pub(super) fn is_missing(&self, state: u32) -> bool {
        self.fault(state).is_some_and(|site| site.kind.is_missing())
    }

    fn step(&mut self, lane: &Lane, node: usize, batch: &RowBatch) -> LaneColumn {
        match lane {
            Lane::Input(place) => self.input(*place, batch),
            Lane::Leaf(place) => self.leaf(*place, batch),
            Lane::Made(place) => match batch.made.get(*place) {
                Some(column) => column.clone(),
                None => LaneColumn { values: LaneValues::Bool(Vec::new()), state: Vec::new() },
            },
            Lane::Same(a) => self.column(*a).clone(),
            Lane::Convert(a, conversion) => {
                let column = self.column(*a).clone();
                number::map(self, node, column, |x| conversion.apply(x))
            }
            Lane::Negate(a) => {
                let column = self.column(*a).clone();
                number::map(self, node, column, |x| 0.0 - x)
            }
            Lane::InRange(a, low, high) => {
                let column = self.column(*a).clone();
                number::in_range(self, node, &column, (*low, *high))
            }
            Lane::Round(a, mode, step) => {
                let column = self.column(*a).clone();
                number::round(self, node, &column, (*mode, *step))
            }
            Lane::Arithmetic(operator, a, b) => {
                let (a, b) = (self.column(*a).clone(), self.column(*b).clone());
                number::arithmetic(self, node, *operator, (&a, &b))
            }
            Lane::Adjust(inflate, a, b) => {
                let (a, b) = (self.column(*a).clone(), self.column(*b).clone());
                number::adjust(self, node, *inflate, (&a, &b))
            }
            Lane::Call(function, arguments) => {
                let columns: Vec<LaneColumn> =
                    arguments.iter().map(|lane| self.column(*lane).clone()).collect();
                number::call(self, node, *function, &columns.iter().collect::<Vec<_>>())
            }
            Lane::Not(a) => Bench::not(self.column(*a)),
            Lane::And(a, b) => self.logic(self.column(*a), self.column(*b), true),
            Lane::Or(a, b) => self.logic(self.column(*a), self.column(*b), false),
            Lane::Compare(operator, a, b) => self.compare(*operator, *a, *b),
            Lane::Default(a, b) => self.default(self.column(*a), self.column(*b)),
            Lane::Where(a, b) => self.kept(self.column(*a), self.column(*b)),
            Lane::If(a, b, c) => self.either(self.column(*a), self.column(*b), self.column(*c)),
            Lane::Match(a, arms) => self.arms(node, *a, arms),
            Lane::Known(a) => self.known(self.column(*a)),
            Lane::TimePart(part, a, ends) => self.time_part(*part, *a, *ends),
            Lane::NumberOfKey(a) => self.number_of_key(*a),
            Lane::DateArithmetic(operation, a, b) => self.date_arithmetic(node, *operation, *a, *b),
        }
    }

    fn input(&mut self, place: usize, batch: &RowBatch) -> LaneColumn {
        let Some(input) = batch.inputs.get(place) else {
            return LaneColumn { values: LaneValues::Bool(Vec::new()), state: Vec::new() };
        };
        let mut column = LaneColumn { values: values_of(input), state: Vec::new() };
        if input.nulls.is_none() {
            return column;
        }
        let default = self.shared.defaults.get(place).cloned().flatten();
        let missing = self.shared.missing.get(place).copied().unwrap_or(FAULT);
        let lacking: Vec<usize> = (0..batch.rows).filter(|row| !input.has(*row)).collect();
        match default {
            None => lacking.into_iter().for_each(|row| column.set_state(row, missing)),
            Some(value) => {
                if let Some(id) = self.lanes.inputs.get(place).map(|input| input.id) {
                    *self.defaulted.entry(id).or_default() += lacking.len() as u64;
                }
                let one = self.constant(&value);
                let filled = LaneColumn::choose(batch.rows, &[&column, &one], |row| {
                    usize::from(!input.has(row))
                });
                column = filled;
            }
        }
        column
    }

    /// One value for every row of the batch.
    fn constant(&mut self, value: &Literal) -> LaneColumn {
        LaneColumn { values: repeated(value, self.rows, &mut self.texts), state: Vec::new() }
    }

    /// The row of a leaf's answer for each row of the batch.
    fn leaf(&mut self, place: usize, batch: &RowBatch) -> LaneColumn {
        let Some(answer) = self.shared.answers.get(place) else {
            return LaneColumn { values: LaneValues::Bool(Vec::new()), state: Vec::new() };
        };
        if answer.places.is_empty() {
            return gather(&answer.values, &vec![0; batch.rows]);
        }
        let mut rows: Vec<u32> = Vec::with_capacity(batch.rows);
        let mut at = 0;
        while at < batch.rows {
            let mut end = batch.rows;
            let mut codes = Vec::with_capacity(answer.places.len());
            for place in &answer.places {
                if let Some(keys) = batch.keys.get(*place) {
                    end = keys.run_end(at, end);
                    codes.push(keys.code(at));
                }
            }
            let row = self.answer_row(place, answer, codes, (batch, at));
            rows.resize(end, row);
            at = end;
        }
        gather(&answer.values, &rows)
    }

    fn answer_row(
        &mut self,
        place: usize,
        answer: &Answer,
        codes: Vec<i64>,
        (batch, at): (&RowBatch, usize),
    ) -> u32 {
        let Some(found) = self.found.get_mut(place) else { return 0 };
        if let Some(row) = found.get(&codes) {
            return *row;
        }
        let atoms: Vec<Atom> = (answer.places.iter())
            .filter_map(|place| Some(batch.keys.get(*place)?.atom(at, &self.texts)))
            .collect();
        let row = answer.rows.get(&atoms).copied().unwrap_or(u32::MAX);
        debug_assert_ne!(row, u32::MAX, "a leaf is answered at every key that the rows have");
        found.insert(codes, row);
        row
    }

    fn time_part(&self, part: TimePart, lane: LaneId, ends: bool) -> LaneColumn {
        let column = self.column(lane);
        let grain = self.grain(self.type_of(lane)).unwrap_or(Grain::Day);
        let of =
            |row: usize| part.of(TimeKey { grain, ordinal: column.code(row).unwrap_or(0) }, ends);
        let values: Vec<f64> = (0..self.rows).map(of).collect();
        LaneColumn { values: LaneValues::Number(values.into()), state: column.state.clone() }
    }
}

/// One constant, as often as there are rows.
pub(crate) fn repeated(value: &Literal, rows: usize, texts: &mut Texts) -> LaneValues {
    match value {
        Literal::Number(number) => LaneValues::Number(vec![*number; rows].into()),
        Literal::Bool(value) => LaneValues::Bool(vec![*value; rows]),
        Literal::Code(code) => LaneValues::Code(vec![*code; rows].into()),
        Literal::Text(text) => LaneValues::Text(vec![texts.number(text); rows]),
    }
}

fn values_of(input: &InputColumn) -> LaneValues {
    match &input.values {
        Cells::Number(list) => LaneValues::Number(list.clone()),
        Cells::Bool(list) => LaneValues::Bool(list.clone()),
        Cells::Code(list) => LaneValues::Code(list.clone()),
        Cells::Text(list) => LaneValues::Text(list.clone()),
    }
}

fn gather(column: &LaneColumn, rows: &[u32]) -> LaneColumn {
    fn at<T: Copy>(list: &[T], rows: &[u32], blank: T) -> Vec<T> {
        rows.iter().map(|row| list.get(*row as usize).copied().unwrap_or(blank)).collect()
    }
    let values = match &column.values {
        LaneValues::Number(list) => LaneValues::Number(at(list, rows, 0.0).into()),
        LaneValues::Bool(list) => LaneValues::Bool(at(list, rows, false)),
        LaneValues::Code(list) => LaneValues::Code(at(list, rows, 0).into()),
        LaneValues::Text(list) => LaneValues::Text(at(list, rows, 0)),
    };
    let state = match column.state.is_empty() {
        true => Vec::new(),
        false => rows.iter().map(|row| column.state(*row as usize)).collect(),
    };
    LaneColumn { values, state }
}
