//! 文件切片 The rows of tables in files that belong to a slice: read by their keys, ready to be
//! interpreted.

use crate::EngineError;
use crate::atom::{Atom, AtomKind, Texts};
use crate::batch::{Cells, RowBatch};
use crate::feed::{Feed, ScanFeed, WideInput};
use crate::lane::{LaneInput, Lanes};
use crate::narrow::keys_wanted;
use crate::pass::Watch;
use crate::run::Run;
use crate::slice::spool::Spool;
use crate::source::{Format, WideColumn, runtime};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use tanliu_method::bind::{Lack, complete_rows};
use tanliu_method::data::{Dataset, InputTable, KeyColumn};
use tanliu_method::program::{IndexId, Key, Program, Value, VariableId};
use tanliu_unit::time::{Grain, TimeKey};

/// 文件行 The inputs of one table that have the same indexes.
pub(super) struct FileRows {
    pub(super) feed: ScanFeed,
    /// The indexes, ascending, and their kinds.
    pub(super) dims: Vec<IndexId>,
    kinds: Vec<AtomKind>,
    pub(super) inputs: Vec<VariableId>,
    /// The place of the index of the cut among the indexes.
    pub(super) place: Option<usize>,
    /// Its column.
    column: Option<WideColumn>,
    /// How many rows have each key of that index, and whether they lie together.
    pub(super) counts: BTreeMap<Atom, u64>,
    pub(super) is_clustered: bool,
    /// Whether parts of the table can be read without the rest.
    pub(super) is_pruned: bool,
    /// The rows by slices, where they had to be sorted out.
    spooled: Option<Spool>,
}

/// 读得的行 The rows of a slice, as another thread read them.
pub(super) struct LoadedRows {
    dims: Vec<IndexId>,
    kinds: Vec<AtomKind>,
    inputs: Vec<(VariableId, LoadedCells)>,
}

/// 读得的值 One input: the rows that have a cell.
#[derive(Debug, Default)]
struct LoadedCells {
    /// Per index the keys met, and for each row which.
    keys: Vec<(Vec<Atom>, Vec<u32>)>,
    numbers: Vec<f64>,
    bools: Vec<bool>,
    codes: Vec<i64>,
    texts: Vec<std::sync::Arc<str>>,
}

impl Run<'_> {
    /// The tables in files of some inputs.
    pub(super) fn slice_files(
        &self,
        index: Option<IndexId>,
        inputs: &BTreeSet<VariableId>,
    ) -> Result<Vec<FileRows>, EngineError> {
        let mut tables: BTreeMap<(&str, Vec<IndexId>), Vec<&WideInput>> = BTreeMap::new();
        for own in self.wide.iter().filter(|own| inputs.contains(&own.variable)) {
            let variable = self.program.variables.get(own.variable);
            let mut dims = variable.map(|variable| variable.dims.clone()).unwrap_or_default();
            dims.sort_unstable();
            tables.entry((own.table.shown.as_str(), dims)).or_default().push(own);
        }
        let context =
            runtime(self.engine.memory, &self.engine.spill).map_err(EngineError::source)?;
        let mut files = Vec::new();
        for ((_, dims), inputs) in tables {
            let mut lanes = Lanes::over(&self.program, dims.clone());
            for own in &inputs {
                let Some(variable) = self.program.variables.get(own.variable) else { continue };
                let (id, ty) = (own.variable, variable.ty.clone());
                lanes.inputs.push(LaneInput { id, ty, default: None });
            }
            let cut = (self.engine.threads, self.engine.batch_rows, self.engine.check_keys);
            let feed = ScanFeed::new(self.original, &lanes, &inputs, &context, cut)?;
            let place = dims.iter().position(|dim| Some(*dim) == index);
            let column = inputs.first().and_then(|own| {
                let number = own.keys.iter().find(|(key, _)| Some(*key) == index)?.1;
                own.table.columns.get((number as usize).checked_sub(1)?).cloned()
            });
            files.push(FileRows {
                feed,
                kinds: (0..dims.len()).map(|place| lanes.kind_at(place)).collect(),
                dims,
                inputs: inputs.iter().map(|own| own.variable).collect(),
                place,
                column,
                counts: BTreeMap::new(),
                is_clustered: false,
                is_pruned: inputs
                    .iter()
                    .all(|own| matches!(own.table.format, Format::Parquet | Format::Delta)),
                spooled: None,
            });
        }
        Ok(files)
    }
}

impl FileRows {
    /// The key that a code stands for.
    pub(super) fn atom(&self, place: usize, code: i64, texts: &Texts) -> Atom {
        self.kinds.get(place).map_or(Atom::Number(code), |kind| kind.atom(code, texts))
    }

    /// Where a slice's rows cannot be read without all others, they are sorted out by slices first.
    pub(super) fn spool(
        &mut self,
        plan: &[BTreeSet<Atom>],
        folder: &Path,
        watch: &dyn Watch,
    ) -> Result<(), EngineError> {
        let Some(place) = self.place.filter(|_| plan.len() > 1) else { return Ok(()) };
        if self.is_clustered && self.is_pruned {
            return Ok(());
        }
        let spooled = Spool::new(&self.feed, (place, plan), folder, watch);
        self.spooled = Some(spooled.map_err(|error| self.told(error))?);
        Ok(())
    }

    /// Reads the rows of a slice.
    pub(super) fn read(
        &self,
        (number, keys): (usize, &BTreeSet<Atom>),
        watch: &dyn Watch,
    ) -> Result<LoadedRows, EngineError> {
        if let Some(spooled) = &self.spooled {
            return Ok(self.gather((&spooled.slice(number), spooled.texts()), keys, watch)?.0);
        }
        let wanted =
            self.column.as_ref().zip(self.place).and_then(|(column, place)| {
                keys_wanted(column, self.kinds.get(place).copied()?, keys)
            });
        if let Some(predicate) = wanted {
            let narrowed = self.feed.only(predicate)?;
            let found = self.gather((&narrowed, Texts::default()), keys, watch);
            let (loaded, rows) = found.map_err(|error| self.told(error))?;
            let counted: u64 = keys.iter().filter_map(|key| self.counts.get(key)).sum();
            // Keys may be written otherwise in the file than they are read: with blanks, say.
            if rows == counted {
                return Ok(loaded);
            }
        }
        let found = self.gather((&self.feed, Texts::default()), keys, watch);
        Ok(found.map_err(|error| self.told(error))?.0)
    }

    fn told(&self, error: EngineError) -> EngineError {
        match error {
            EngineError::BadCells => EngineError::Findings(self.feed.bad_cells()),
            other => other,
        }
    }

    fn gather(
        &self,
        (feed, mut texts): (&dyn Feed, Texts),
        keys: &BTreeSet<Atom>,
        watch: &dyn Watch,
    ) -> Result<(LoadedRows, u64), EngineError> {
        let mut rows = 0;
        let mut gathering: Vec<Gathering> =
            self.inputs.iter().map(|_| Gathering::new(self.dims.len())).collect();
        let mut is_own: HashMap<i64, bool> = HashMap::new();
        for part in 0..feed.parts() {
            let mut stream = feed.open(part)?;
            while let Some(batch) = stream.next(&mut texts)? {
                let before = rows;
                let mut at = 0;
                while at < batch.rows {
                    let (end, own) = match self.place.and_then(|place| batch.keys.get(place)) {
                        None => (batch.rows, true),
                        Some(column) => {
                            let code = column.code(at);
                            let own = *is_own
                                .entry(code)
                                .or_insert_with(|| keys.contains(&column.atom(at, &texts)));
                            (column.run_end(at, batch.rows).max(at + 1), own)
                        }
                    };
                    if own {
                        rows += (end - at) as u64;
                        for (place, gathering) in gathering.iter_mut().enumerate() {
                            gathering.take(&batch, place, at..end, &texts);
                        }
                    }
                    at = end;
                }
                if !watch.rows(usize::try_from(rows - before).unwrap_or(0)) {
                    return Err(EngineError::Stopped);
                }
            }
        }
        let finish = |gathering: Gathering| gathering.finish(&self.kinds, &texts);
        let inputs = self.inputs.iter().copied().zip(gathering.into_iter().map(finish)).collect();
        Ok((LoadedRows { dims: self.dims.clone(), kinds: self.kinds.clone(), inputs }, rows))
    }
}

/// 收集 The cells of one input while rows stream by.
struct Gathering {
    numbered: Vec<(HashMap<i64, u32>, Vec<i64>)>,
    rows: Vec<Vec<u32>>,
    cells: LoadedCells,
}

impl Gathering {
    fn new(dims: usize) -> Self {
        Self {
            numbered: vec![(HashMap::new(), Vec::new()); dims],
            rows: vec![Vec::new(); dims],
            cells: LoadedCells::default(),
        }
    }

    fn take(
        &mut self,
        batch: &RowBatch,
        place: usize,
        rows: std::ops::Range<usize>,
        texts: &Texts,
    ) {
        let Some(input) = batch.inputs.get(place) else { return };
        let rows: Vec<usize> = rows.filter(|row| input.has(*row)).collect();
        for ((column, (known, list)), own) in
            batch.keys.iter().zip(&mut self.numbered).zip(&mut self.rows)
        {
            let mut last: Option<(i64, u32)> = None;
            for row in &rows {
                let code = column.code(*row);
                let number = match last {
                    Some((same, number)) if same == code => number,
                    _ => *known.entry(code).or_insert_with(|| {
                        list.push(code);
                        u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
                    }),
                };
                last = Some((code, number));
                own.push(number);
            }
        }
        fn pick<T: Copy>(into: &mut Vec<T>, list: &[T], rows: &[usize]) {
            into.extend(rows.iter().filter_map(|row| list.get(*row)));
        }
        let cells = &mut self.cells;
        match &input.values {
            Cells::Number(list) => pick(&mut cells.numbers, list, &rows),
            Cells::Bool(list) => pick(&mut cells.bools, list, &rows),
            Cells::Code(list) => pick(&mut cells.codes, list, &rows),
            Cells::Text(list) => cells
                .texts
                .extend(rows.iter().filter_map(|row| list.get(*row)).map(|n| texts.text(*n))),
        }
    }

    fn finish(mut self, kinds: &[AtomKind], texts: &Texts) -> LoadedCells {
        self.cells.keys = (self.numbered.into_iter().zip(self.rows).zip(kinds))
            .map(|(((_, list), rows), kind)| {
                (list.iter().map(|code| kind.atom(*code, texts)).collect(), rows)
            })
            .collect();
        self.cells
    }
}

impl LoadedRows {
    /// The rows as tables of the interpreter, and what they lack.
    pub(super) fn tables(
        self,
        program: &Program,
        dataset: &Dataset,
    ) -> Vec<(VariableId, InputTable, Lack)> {
        let (dims, kinds) = (self.dims, self.kinds);
        let table = |(id, cells): (VariableId, LoadedCells)| {
            let mut columns: Vec<Option<KeyColumn>> = (cells.keys.into_iter().zip(&kinds))
                .map(|((atoms, codes), kind)| {
                    let dictionary = atoms.iter().map(|atom| kind.key(atom)).collect();
                    Some(KeyColumn { dictionary, codes })
                })
                .collect();
            let declared = program.variables.get(id).map(|v| v.dims.clone()).unwrap_or_default();
            let place = |index: &IndexId| dims.iter().position(|dim| dim == index);
            let keys = (declared.iter())
                .filter_map(|index| columns.get_mut(place(index)?)?.take())
                .collect();
            let values = (cells.numbers.into_iter().map(Value::Number))
                .chain(cells.bools.into_iter().map(Value::Bool))
                .chain(
                    cells
                        .codes
                        .into_iter()
                        .map(|day| Value::Date(TimeKey { grain: Grain::Day, ordinal: day })),
                )
                .chain(cells.texts.into_iter().map(|text| Value::Key(Key::Text((&*text).into()))))
                .collect();
            let shell = dataset.inputs.get(&id);
            let mut table = InputTable {
                keys,
                values,
                source: shell.and_then(|shell| shell.source),
                column: shell.map_or(0, |shell| shell.column),
                ..InputTable::default()
            };
            let lack = complete_rows(program, id, &mut table);
            (id, table, lack)
        };
        self.inputs.into_iter().map(table).collect()
    }
}
