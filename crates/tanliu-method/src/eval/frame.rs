//! 键框 Sets of keys: the rows at which values stand, by code of each index's dictionary.

use crate::data::{Dataset, GivenState};
use crate::program::{
    Index, IndexId, IndexKind, Key, NodeKind, ParamTree, Program, Target, Test, Type, Value,
    VariableKind,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The code of a key that no table has.
pub(crate) const NO_KEY: u32 = u32::MAX;
/// No row.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// 字典 The keys of an index in this run, ascending; codes are positions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    pub(crate) keys: Vec<Key>,
    /// Keys that some table or constant names, not only steps beside them.
    pub(crate) real: Vec<bool>,
}

impl Dictionary {
    pub(crate) fn code(&self, key: &Key) -> Option<u32> {
        self.keys.binary_search(key).ok().and_then(|code| u32::try_from(code).ok())
    }

    /// The codes of a list of keys; one that ascends is found in one walk.
    pub(crate) fn codes(&self, keys: &[Key]) -> Vec<u32> {
        let mut at = 0;
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            while self.keys.get(at).is_some_and(|own| own < key) {
                at += 1;
            }
            if self.keys.get(at) == Some(key) {
                found.push(u32::try_from(at).unwrap_or(NO_KEY));
            } else {
                found.push(self.code(key).unwrap_or(NO_KEY));
            }
        }
        found
    }

    pub(crate) fn key(&self, code: u32) -> Option<&Key> {
        self.keys.get(code as usize)
    }
}

/// 键框 Rows of keys. `columns[i]` holds the codes of `dims[i]`; `dims` ascend.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) id: usize,
    pub(crate) dims: Vec<IndexId>,
    pub(crate) columns: Vec<Vec<u32>>,
    pub(crate) rows: usize,
    /// Rows ascend and differ.
    pub(crate) sorted: bool,
}

impl Frame {
    pub(crate) fn column(&self, index: IndexId) -> Option<&[u32]> {
        let position = self.dims.iter().position(|dim| *dim == index)?;
        self.columns.get(position).map(Vec::as_slice)
    }

    pub(crate) fn key(&self, row: usize) -> Vec<u32> {
        self.columns.iter().map(|column| column.get(row).copied().unwrap_or(NO_KEY)).collect()
    }
}

/// For each row of one frame the row of another.
type Positions = Rc<Vec<u32>>;

/// 框库 Makes frames and remembers how they lie in each other.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    next: std::cell::Cell<usize>,
    kept: RefCell<Vec<Rc<Frame>>>,
    located: RefCell<BTreeMap<(usize, usize), Positions>>,
    /// Rows by packed key, for lasting frames that are asked again and again.
    packed: RefCell<BTreeMap<usize, Rc<HashMap<u64, u32>>>>,
    /// How many codes each index has, for packing.
    sizes: Vec<u64>,
}

impl Frames {
    pub(crate) fn new(dictionaries: &[Dictionary]) -> Self {
        let sizes = dictionaries.iter().map(|d| d.keys.len() as u64 + 1).collect();
        Self { sizes, ..Self::default() }
    }

    pub(crate) fn make(
        &self,
        dims: Vec<IndexId>,
        columns: Vec<Vec<u32>>,
        rows: usize,
        sorted: bool,
    ) -> Rc<Frame> {
        debug_assert!(
            columns.iter().all(|column| column.len() == rows),
            "columns are of one length"
        );
        let id = self.next.get();
        self.next.set(id + 1);
        Rc::new(Frame { id, dims, columns, rows, sorted })
    }

    /// Sorts rows, drops doubles, and gives the one frame for this set of keys.
    pub(crate) fn intern(
        &self,
        dims: Vec<IndexId>,
        columns: Vec<Vec<u32>>,
        rows: usize,
    ) -> Rc<Frame> {
        let columns = sorted_rows(columns, rows);
        let rows = if dims.is_empty() { rows.min(1) } else { columns.first().map_or(0, Vec::len) };
        let kept = self.kept.borrow();
        let same = kept
            .iter()
            .find(|frame| frame.rows == rows && frame.dims == dims && frame.columns == columns);
        if let Some(frame) = same {
            return Rc::clone(frame);
        }
        drop(kept);
        let frame = self.make(dims, columns, rows, true);
        self.kept.borrow_mut().push(Rc::clone(&frame));
        frame
    }

    /// The rows of a frame at some positions.
    pub(crate) fn pick(&self, frame: &Frame, rows: &[u32]) -> Rc<Frame> {
        let columns = frame
            .columns
            .iter()
            .map(|column| {
                rows.iter()
                    .map(|row| column.get(*row as usize).copied().unwrap_or(NO_KEY))
                    .collect()
            })
            .collect();
        self.make(frame.dims.clone(), columns, rows.len(), frame.sorted)
    }

    /// The distinct keys of some of a frame's indexes.
    pub(crate) fn project(&self, frame: &Rc<Frame>, dims: &[IndexId]) -> Rc<Frame> {
        if frame.sorted && frame.dims == dims {
            return Rc::clone(frame);
        }
        let columns =
            dims.iter().map(|index| frame.column(*index).unwrap_or_default().to_vec()).collect();
        self.intern(dims.to_vec(), columns, frame.rows)
    }

    /// For each row of `source` the row of `target` (whose indexes it has) with the same key.
    pub(crate) fn locate(&self, target: &Rc<Frame>, source: &Rc<Frame>) -> Rc<Vec<u32>> {
        if let Some(found) = self.located.borrow().get(&(target.id, source.id)) {
            return Rc::clone(found);
        }
        let found = Rc::new(self.find(target, source));
        // Only frames that live as long as the run are worth remembering.
        let lasting = |frame: &Frame| self.kept.borrow().iter().any(|kept| kept.id == frame.id);
        if source.rows > 64 && lasting(target) && lasting(source) {
            self.located.borrow_mut().insert((target.id, source.id), Rc::clone(&found));
        }
        found
    }

    fn find(&self, target: &Frame, source: &Frame) -> Vec<u32> {
        if target.id == source.id {
            return (0..u32::try_from(source.rows).unwrap_or(NO_ROW)).collect();
        }
        if target.dims.is_empty() {
            return vec![if target.rows > 0 { 0 } else { NO_ROW }; source.rows];
        }
        let columns: Vec<&[u32]> =
            target.dims.iter().map(|index| source.column(*index).unwrap_or_default()).collect();
        let leads = source.sorted
            && target.sorted
            && source.dims.get(..target.dims.len()) == Some(target.dims.as_slice());
        // A small part of a large frame is found by hash, without a walk through the whole.
        let small = source.rows.saturating_mul(8) < target.rows;
        if leads && !small {
            return merge_find(target, &columns, source.rows);
        }
        // A few rows of a large frame (the slices of a recurrence) are not worth a map.
        if target.sorted && source.rows.saturating_mul(16) < target.rows {
            return search_find(target, &columns, source.rows);
        }
        self.hash_find(target, &columns, source.rows)
    }

    /// Finds by packed keys in a hash map; only asked, never iterated.
    fn hash_find(&self, target: &Frame, columns: &[&[u32]], rows: usize) -> Vec<u32> {
        let sizes: Vec<u64> = target
            .dims
            .iter()
            .map(|index| self.sizes.get(*index).copied().unwrap_or(1).saturating_add(1))
            .collect();
        let fits = sizes.iter().try_fold(1_u64, |all, size| all.checked_mul(*size)).is_some();
        if !fits {
            return wide_find(target, columns, rows);
        }
        let pack = |columns: &[&[u32]], row: usize| -> Option<u64> {
            columns.iter().zip(&sizes).try_fold(0_u64, |packed, (column, size)| {
                let code = u64::from(column.get(row).copied()?);
                (code < *size).then_some(packed * size + code)
            })
        };
        let known = self.packed.borrow().get(&target.id).cloned();
        let map = known.unwrap_or_else(|| {
            let own: Vec<&[u32]> = target.columns.iter().map(Vec::as_slice).collect();
            let mut map: HashMap<u64, u32> = HashMap::with_capacity(target.rows);
            for row in 0..target.rows {
                if let (Some(packed), Ok(number)) = (pack(&own, row), u32::try_from(row)) {
                    map.insert(packed, number);
                }
            }
            let map = Rc::new(map);
            if self.kept.borrow().iter().any(|kept| kept.id == target.id) {
                self.packed.borrow_mut().insert(target.id, Rc::clone(&map));
            }
            map
        });
        (0..rows)
            .map(|row| {
                pack(columns, row).and_then(|packed| map.get(&packed).copied()).unwrap_or(NO_ROW)
            })
            .collect()
    }
}

/// Finds each row by halving.
fn search_find(target: &Frame, columns: &[&[u32]], rows: usize) -> Vec<u32> {
    let order = |at: usize, row: usize| {
        (target.columns.iter().zip(columns))
            .map(|(own, other)| own.get(at).cmp(&other.get(row)))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    let find = |row: usize| {
        let (mut low, mut high) = (0, target.rows);
        while low < high {
            let middle = usize::midpoint(low, high);
            match order(middle, row) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return u32::try_from(middle).unwrap_or(NO_ROW),
            }
        }
        NO_ROW
    };
    (0..rows).map(find).collect()
}

fn wide_find(target: &Frame, columns: &[&[u32]], rows: usize) -> Vec<u32> {
    let mut map: HashMap<Vec<u32>, u32> = HashMap::with_capacity(target.rows);
    for row in 0..target.rows {
        map.insert(target.key(row), u32::try_from(row).unwrap_or(NO_ROW));
    }
    (0..rows)
        .map(|row| {
            let key: Vec<u32> =
                columns.iter().map(|column| column.get(row).copied().unwrap_or(NO_KEY)).collect();
            map.get(&key).copied().unwrap_or(NO_ROW)
        })
        .collect()
}

/// Both sides ascend in the target's indexes: one walk through both.
fn merge_find(target: &Frame, columns: &[&[u32]], rows: usize) -> Vec<u32> {
    let mut found = Vec::with_capacity(rows);
    let mut at = 0_usize;
    for row in 0..rows {
        loop {
            let order = target
                .columns
                .iter()
                .zip(columns)
                .map(|(own, other)| own.get(at).cmp(&other.get(row)))
                .find(|order| order.is_ne());
            match order {
                _ if at >= target.rows => {
                    found.push(NO_ROW);
                    break;
                }
                None => {
                    found.push(u32::try_from(at).unwrap_or(NO_ROW));
                    break;
                }
                Some(std::cmp::Ordering::Less) => at += 1,
                Some(_) => {
                    found.push(NO_ROW);
                    break;
                }
            }
        }
    }
    found
}

/// Rows in ascending order without doubles.
fn sorted_rows(columns: Vec<Vec<u32>>, rows: usize) -> Vec<Vec<u32>> {
    let before = |a: usize, b: usize| {
        columns
            .iter()
            .map(|column| column.get(a).cmp(&column.get(b)))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    if (1..rows).all(|row| before(row - 1, row).is_lt()) {
        return columns;
    }
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_unstable_by(|a, b| before(*a, *b));
    order.dedup_by(|a, b| before(*a, *b).is_eq());
    columns
        .iter()
        .map(|column| order.iter().filter_map(|row| column.get(*row).copied()).collect())
        .collect()
}

/// The order of rows by some columns, for grouping: positions sorted by key, then by row.
pub(crate) fn sort_positions(columns: &[Vec<u32>], rows: usize) -> Vec<u32> {
    let before = |a: u32, b: u32| {
        columns
            .iter()
            .map(|column| column.get(a as usize).cmp(&column.get(b as usize)))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.cmp(&b))
    };
    let mut order: Vec<u32> = (0..u32::try_from(rows).unwrap_or(NO_ROW)).collect();
    if !order.windows(2).all(|pair| matches!(pair, [a, b] if before(*a, *b).is_lt())) {
        order.sort_unstable_by(|a, b| before(*a, *b));
    }
    order
}

/// Collects the keys of every index: from data, constants, closed sets; then coarser keys, then
/// the steps beside them that shifts and windows ask for.
pub(crate) fn dictionaries(program: &Program, dataset: &Dataset) -> Vec<Dictionary> {
    let mut lists: Vec<Vec<Key>> = vec![Vec::new(); program.indexes.len()];
    for (index, list) in program.indexes.iter().zip(&mut lists) {
        if let IndexKind::Closed(members) = &index.kind {
            list.extend((0..members.len()).filter_map(|n| u32::try_from(n).ok()).map(Key::Member));
        }
    }
    collect_data(program, dataset, &mut lists);
    collect_constants(program, &mut lists);
    lists.iter_mut().for_each(settle);
    collect_coarser(program, &mut lists);
    let real = lists.clone();
    collect_steps(program, &mut lists);
    lists
        .into_iter()
        .zip(real)
        .map(|(keys, real)| Dictionary {
            real: match keys.len() == real.len() {
                true => vec![true; keys.len()],
                false => keys.iter().map(|key| real.binary_search(key).is_ok()).collect(),
            },
            keys,
        })
        .collect()
}

/// Ascending, without doubles.
fn settle(list: &mut Vec<Key>) {
    list.sort_unstable();
    list.dedup();
}

fn add(lists: &mut [Vec<Key>], index: IndexId, key: &Key) {
    if let Some(list) = lists.get_mut(index) {
        list.push(key.clone());
    }
}

fn collect_data(program: &Program, dataset: &Dataset, lists: &mut [Vec<Key>]) {
    for (id, table) in &dataset.inputs {
        let Some(variable) = program.variables.get(*id) else { continue };
        for (index, column) in variable.dims.iter().zip(&table.keys) {
            column.dictionary.iter().for_each(|key| add(lists, *index, key));
        }
        if let Type::Key(index) = variable.ty {
            for value in &table.values {
                if let Value::Key(key) = value {
                    add(lists, index, key);
                }
            }
        }
        for state in &table.states {
            if let GivenState::Fault(fault) = state {
                fault.key.iter().for_each(|(index, key)| add(lists, *index, key));
            }
        }
    }
    for (index, key) in &dataset.known {
        add(lists, *index, key);
    }
    let given = dataset.inputs.values().flat_map(|table| &table.loose);
    for fault in dataset.loose.iter().chain(given) {
        fault.key.iter().for_each(|(index, key)| add(lists, *index, key));
    }
}

fn collect_constants(program: &Program, lists: &mut [Vec<Key>]) {
    for node in &program.nodes {
        match (&node.kind, &node.ty) {
            (NodeKind::Constant(Value::Key(key)), Type::Key(index)) => add(lists, *index, key),
            (NodeKind::Match(value, arms), _) => {
                let Some(Type::Key(index)) = program.nodes.get(*value).map(|node| &node.ty) else {
                    continue;
                };
                for (test, _) in arms {
                    collect_test(test, *index, lists);
                }
            }
            _ => {}
        }
    }
    for variable in &program.variables {
        match &variable.kind {
            VariableKind::Param(tree) => {
                collect_tree(tree, &variable.dims, &variable.ty, lists);
            }
            VariableKind::Input(input) => {
                if let (Some(Value::Key(key)), Type::Key(index)) = (&input.default, &variable.ty) {
                    add(lists, *index, key);
                }
            }
            _ => {}
        }
    }
}

fn collect_test(test: &Test, index: IndexId, lists: &mut [Vec<Key>]) {
    let mut value = |value: &Value| {
        if let Value::Key(key) = value {
            add(lists, index, key);
        }
    };
    match test {
        Test::OneOf(values) => values.iter().for_each(value),
        Test::Range(low, high) => {
            value(low);
            value(high);
        }
        Test::Compare(_, bound) => value(bound),
        Test::Either(tests) => tests.iter().for_each(|test| collect_test(test, index, lists)),
        Test::Equals(_) | Test::Else => {}
    }
}

fn collect_tree(tree: &ParamTree, dims: &[IndexId], ty: &Type, lists: &mut [Vec<Key>]) {
    match tree {
        ParamTree::Leaf(Value::Key(key)) => {
            if let Type::Key(index) = ty {
                add(lists, *index, key);
            }
        }
        ParamTree::Leaf(_) => {}
        ParamTree::Level { exact, steps, .. } => {
            let Some((index, rest)) = dims.split_first() else { return };
            for (key, tree) in exact {
                add(lists, *index, key);
                collect_tree(tree, rest, ty, lists);
            }
            for (_, tree) in steps {
                collect_tree(tree, rest, ty, lists);
            }
        }
    }
}

fn collect_coarser(program: &Program, lists: &mut [Vec<Key>]) {
    // Keys of `day` may come from `instant` and go on to `month`: one round per grain does.
    for _ in 0..6 {
        let mut grown = false;
        for node in &program.nodes {
            let NodeKind::Group(group) = &node.kind else { continue };
            for target in &group.targets {
                let Target::To { from, index } = target else { continue };
                let mut found: Vec<Key> = lists
                    .get(*from)
                    .into_iter()
                    .flatten()
                    .filter_map(|key| coarser(program, *from, *index, key))
                    .collect();
                settle(&mut found);
                if let Some(list) = lists.get_mut(*index) {
                    let before = list.len();
                    list.append(&mut found);
                    settle(list);
                    grown |= list.len() > before;
                }
            }
        }
        if !grown {
            return;
        }
    }
}

/// 归入较粗的键 The key of the coarser index in which a key lies.
pub(crate) fn coarser(program: &Program, from: IndexId, to: IndexId, key: &Key) -> Option<Key> {
    let IndexKind::Time { ends, .. } = program.indexes.get(from)?.kind else { return None };
    let IndexKind::Time { grain, .. } = program.indexes.get(to)?.kind else { return None };
    match key {
        Key::Time(key) => Some(Key::Time(key.coarsen(grain, ends))),
        _ => None,
    }
}

fn collect_steps(program: &Program, lists: &mut [Vec<Key>]) {
    for node in &program.nodes {
        let (index, from, to) = match &node.kind {
            NodeKind::Shift { index, steps, .. } => (*index, *steps, *steps),
            NodeKind::Window(window) => (window.index, -i64::from(window.steps.min(64)), -1),
            _ => continue,
        };
        let Some(list) = lists.get_mut(index) else { continue };
        // A window over a long series needs no keys before it but the first few.
        let count = if from == to { list.len() } else { list.len().min(64) };
        let mut found: Vec<Key> = Vec::new();
        for key in list.iter().take(count) {
            found.extend((from..=to).filter_map(|steps| step(key, steps)));
        }
        list.append(&mut found);
        settle(list);
    }
}

/// The key some calendar steps further.
pub(crate) fn step(key: &Key, steps: i64) -> Option<Key> {
    match key {
        Key::Time(key) => Some(Key::Time(key.step(steps))),
        Key::Integer(number) => number.checked_add(steps).map(Key::Integer),
        _ => None,
    }
}

/// A key as people read it.
pub(crate) fn show(index: Option<&Index>, dictionary: Option<&Dictionary>, code: u32) -> String {
    match (index, dictionary.and_then(|dictionary| dictionary.key(code))) {
        (Some(index), Some(key)) => index.show(key),
        _ => "?".to_owned(),
    }
}
