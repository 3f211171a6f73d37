//! 完整性 Closed indexes are complete for each combination of the other keys, or filled with the
//! declared default. Missing data is never zero by itself.

use super::BindInput;
use super::context::{Context, input_of, table_title};
use super::layout::{Layout, ValueColumn};
use super::read::pack;
use crate::data::{InputTable, Notation};
use crate::program::{IndexKind, Key, Program, Value, Variable, VariableId};
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place};
use tanliu_unit::UnitTable;

/// How many missing keys an error lists.
const LISTED: usize = 5;
/// A default is not filled into more rows than this.
const MOST_FILLED: u64 = 50_000_000;

/// 网格 All keys that an input should have: its combinations of open keys, times all members.
struct Grid {
    /// Closed indexes: which of the variable's, how many members.
    closed: Vec<(usize, u64)>,
    /// Open indexes: which of the variable's.
    open: Vec<usize>,
    /// Members of all closed indexes together.
    product: u64,
    /// A row for each combination of open keys.
    combinations: Vec<usize>,
    /// Numbers of the keys that are there, ascending: combination × product + members.
    present: Vec<u64>,
}

/// Checks an input for completeness, or fills it with its default; holes and factors need nothing.
///
/// `found` is the column it came from.
pub(super) fn complete(
    context: &Context<'_>,
    id: VariableId,
    table: &mut InputTable,
    found: Option<(&Layout<'_>, &ValueColumn<'_>)>,
    diagnostics: &mut Diagnostics,
) {
    let Some(variable) = context.variable(id) else { return };
    let Some(input) = input_of(variable) else { return };
    let Some(grid) = Grid::of(context.program, variable, table) else { return };
    let missing = grid.missing_count();
    if missing == 0 {
        return;
    }
    match &input.default {
        Some(_) if missing > MOST_FILLED => diagnostics.push(too_many(context, variable, missing)),
        Some(default) => fill(&grid, table, (default, input.default_notation)),
        None if input.optional => {}
        None => {
            let lack = grid.lack(context.program, variable, table);
            diagnostics.push(incomplete(context, variable, &lack, found));
        }
    }
}

/// 缺漏 What an input lacks of the keys that its closed indexes want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lack {
    /// How many values.
    pub missing: u64,
    /// Of how many.
    pub wanted: u64,
    /// The first of them, as people read them.
    pub keys: Vec<String>,
}

impl Lack {
    /// Adds what a later part lacks.
    pub fn join(&mut self, other: Self) {
        self.missing += other.missing;
        self.wanted += other.wanted;
        self.keys.extend(other.keys);
        self.keys.truncate(LISTED);
    }
}

/// Completes the rows of an input that were read by themselves: fills them up with the default, or
/// tells what they lack.
pub fn complete_rows(program: &Program, id: VariableId, table: &mut InputTable) -> Lack {
    let Some(variable) = program.variables.get(id) else { return Lack::default() };
    let Some(grid) = Grid::of(program, variable, table) else { return Lack::default() };
    let Some(input) = input_of(variable) else { return Lack::default() };
    match &input.default {
        Some(default) => {
            fill(&grid, table, (default, input.default_notation));
            Lack::default()
        }
        None if input.optional => Lack::default(),
        None => grid.lack(program, variable, table),
    }
}

/// What is told of an input that lacks values; `source` is its table.
pub fn tell_lack(
    program: &Program,
    id: VariableId,
    source: &str,
    lack: &Lack,
) -> Option<Diagnostic> {
    let variable = program.variables.get(id)?;
    let units = UnitTable::builtin();
    let input = BindInput { tables: &[], restricted: None, scalars: &[], units: &units };
    let context = Context::new(program, &input);
    let told = lacking(&context, variable, lack, source).at(Place::File(source.to_owned()), "", "");
    Some(told.see(context.declared(variable), "在此声明", "declared here"))
}

impl Grid {
    /// The grid of an input; nothing if it has open indexes only.
    fn of(program: &Program, variable: &Variable, table: &InputTable) -> Option<Self> {
        let mut closed = Vec::new();
        let mut open = Vec::new();
        for (position, index) in variable.dims.iter().enumerate() {
            match &program.indexes.get(*index)?.kind {
                IndexKind::Closed(members) => closed.push((position, members.len() as u64)),
                _ => open.push(position),
            }
        }
        if closed.is_empty() && !open.is_empty() {
            return None;
        }
        let product = closed.iter().fold(1_u64, |product, (_, size)| product.saturating_mul(*size));
        let rows = table.values.len();
        let (combinations, ranks) = combinations(table, &open, rows);
        let mut present: Vec<u64> = (ranks.iter().enumerate())
            .filter_map(|(row, rank)| {
                let members = member_number(table, &closed, row)?;
                Some(rank.saturating_mul(product).saturating_add(members))
            })
            .collect();
        present.sort_unstable();
        present.dedup();
        Some(Self { closed, open, product, combinations, present })
    }

    /// How many keys there should be; without open indexes there is one combination, always.
    fn count(&self) -> u64 {
        let combinations = if self.open.is_empty() { 1 } else { self.combinations.len() as u64 };
        combinations.saturating_mul(self.product)
    }

    fn missing_count(&self) -> u64 {
        self.count().saturating_sub(self.present.len() as u64)
    }

    fn lack(&self, program: &Program, variable: &Variable, table: &InputTable) -> Lack {
        let shown = |number| shown_key(program, variable, (self, table), number);
        let keys = self.missing().take(LISTED).map(shown).collect();
        Lack { missing: self.missing_count(), wanted: self.count(), keys }
    }

    /// The numbers of the keys that are not there, ascending.
    fn missing(&self) -> impl Iterator<Item = u64> {
        let mut present = self.present.iter().peekable();
        (0..self.count()).filter(move |number| present.next_if_eq(&number).is_none())
    }

    /// The row whose open keys a number stands for, and its member of each closed index.
    fn key(&self, number: u64) -> (Option<usize>, Vec<u32>) {
        let product = self.product.max(1);
        let combination = usize::try_from(number / product).unwrap_or(usize::MAX);
        let mut rest = number % product;
        let mut members: Vec<u32> = (self.closed.iter().rev())
            .map(|(_, size)| {
                let member = rest % (*size).max(1);
                rest /= (*size).max(1);
                u32::try_from(member).unwrap_or(0)
            })
            .collect();
        members.reverse();
        (self.combinations.get(combination).copied(), members)
    }
}

/// Numbers the combinations of open keys: a row for each, and the number of each row's.
fn combinations(table: &InputTable, open: &[usize], rows: usize) -> (Vec<usize>, Vec<u64>) {
    let columns: Vec<(Vec<u32>, usize)> = (open.iter())
        .filter_map(|position| table.keys.get(*position))
        .map(|key| (key.codes.clone(), key.dictionary.len()))
        .collect();
    let packed = pack(&columns, rows);
    let mut sorted: Vec<(u64, usize)> = packed.into_iter().zip(0..).collect();
    sorted.sort_unstable();
    let mut representatives = Vec::new();
    let mut ranks = vec![0_u64; rows];
    let mut last = None;
    for (number, row) in sorted {
        if last != Some(number) {
            representatives.push(row);
            last = Some(number);
        }
        if let Some(rank) = ranks.get_mut(row) {
            *rank = (representatives.len() as u64).saturating_sub(1);
        }
    }
    (representatives, ranks)
}

/// The number of a row's members among all combinations of members.
fn member_number(table: &InputTable, closed: &[(usize, u64)], row: usize) -> Option<u64> {
    closed.iter().try_fold(0_u64, |number, (position, size)| {
        let key = table.keys.get(*position)?;
        let code = *key.codes.get(row)? as usize;
        match key.dictionary.get(code)? {
            Key::Member(member) => {
                Some(number.saturating_mul(*size).saturating_add(u64::from(*member)))
            }
            _ => None,
        }
    })
}

/// Adds the missing keys with the default, at the end.
fn fill(grid: &Grid, table: &mut InputTable, (default, notation): (&Value, Option<Notation>)) {
    let mut filled = 0;
    if notation.is_some() {
        table.notations.resize(table.values.len(), None);
    }
    for number in grid.missing() {
        let (row, members) = grid.key(number);
        for ((position, _), member) in grid.closed.iter().zip(members) {
            let Some(key) = table.keys.get_mut(*position) else { continue };
            let known = key.dictionary.iter().position(|known| *known == Key::Member(member));
            let code = known.unwrap_or_else(|| {
                key.dictionary.push(Key::Member(member));
                key.dictionary.len() - 1
            });
            key.codes.push(u32::try_from(code).unwrap_or(u32::MAX));
        }
        for position in &grid.open {
            let Some(key) = table.keys.get_mut(*position) else { continue };
            let code = row.and_then(|row| key.codes.get(row).copied()).unwrap_or(0);
            key.codes.push(code);
        }
        table.values.push(default.clone());
        if notation.is_some() || !table.notations.is_empty() {
            table.notations.push(notation);
        }
        filled += 1;
    }
    table.filled = filled;
}

fn incomplete(
    context: &Context<'_>,
    variable: &Variable,
    lack: &Lack,
    found: Option<(&Layout<'_>, &ValueColumn<'_>)>,
) -> Diagnostic {
    let title = context.title(variable);
    let source = found.map(|(layout, _)| table_title(layout.table)).unwrap_or_default();
    let mut diagnostic = match variable.dims.is_empty() {
        true => Diagnostic::error(
            "data-incomplete",
            format!("{source} 有{}的列，但没有值", title.zh),
            format!("{source} has the column of {}, but no value in it", title.en),
        ),
        false => lacking(context, variable, lack, &source),
    };
    if let Some((layout, column)) = found {
        let place = layout.table.header_place(column.column);
        diagnostic = diagnostic.at(place, "此列不全", "this column is incomplete");
    }
    diagnostic.see(context.declared(variable), "在此声明", "declared here")
}

fn lacking(context: &Context<'_>, variable: &Variable, lack: &Lack, source: &str) -> Diagnostic {
    let title = context.title(variable);
    let Lack { missing, wanted, keys } = lack;
    let more = if *missing > LISTED as u64 { ", …" } else { "" };
    let keys = format!("{}{more}", keys.join(", "));
    Diagnostic::error(
        "data-incomplete",
        format!("{source} 缺{}的 {missing} 个值（共应有 {wanted} 个）", title.zh),
        format!("{source} lacks {missing} of {wanted} values of {}", title.en),
    )
    .note(format!("缺：{keys}"), format!("missing: {keys}"))
    .hint(
        "补上这些行（没有的写 0）；若缺省有意义，在声明中写 default",
        "add these rows (0 where there is none), or declare a default if absence has a meaning",
    )
}

/// `(2016, gas)`
fn shown_key(
    program: &Program,
    variable: &Variable,
    (grid, table): (&Grid, &InputTable),
    number: u64,
) -> String {
    let (row, members) = grid.key(number);
    let parts: Vec<String> = (variable.dims.iter().enumerate())
        .filter_map(|(position, index)| {
            let index = program.indexes.get(*index)?;
            if let Some(which) = grid.closed.iter().position(|(closed, _)| *closed == position) {
                return Some(index.show(&Key::Member(*members.get(which)?)));
            }
            let key = table.keys.get(position)?;
            let code = *key.codes.get(row?)? as usize;
            Some(index.show(key.dictionary.get(code)?))
        })
        .collect();
    match parts.as_slice() {
        [one] => one.clone(),
        parts => format!("({})", parts.join(", ")),
    }
}

fn too_many(context: &Context<'_>, variable: &Variable, missing: u64) -> Diagnostic {
    let title = context.title(variable);
    Diagnostic::error(
        "data-incomplete",
        format!("{}须以缺省值补 {missing} 行，太多", title.zh),
        format!("{} would be filled up with {missing} rows, which are too many", title.en),
    )
    .at(context.declared(variable), "在此声明", "declared here")
}
