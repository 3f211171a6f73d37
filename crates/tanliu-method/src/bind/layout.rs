//! 表的布局 What each column of a table is: an index, a value, a unit, an uncertainty, or unknown.

use super::context::{Context, table_title};
use super::header::{normal, split_header};
use crate::program::{IndexId, Type, VariableId};
use crate::table::{Column, Table};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics};

/// 表的布局 A table with its columns told apart.
pub(super) struct Layout<'a> {
    /// Its number in [`super::BindInput::tables`].
    pub(super) number: usize,
    /// The table.
    pub(super) table: &'a Table,
    /// Index columns.
    pub(super) indexes: BTreeMap<IndexId, &'a Column>,
    /// Columns of inputs, holes and factors.
    pub(super) values: Vec<ValueColumn<'a>>,
    /// Columns `± energy (%)`.
    pub(super) spreads: Vec<ValueColumn<'a>>,
    /// The column `unit`.
    pub(super) unit: Option<&'a Column>,
    /// Columns that are none of these.
    pub(super) extra: Vec<&'a Column>,
    /// The columns of the table `evidence`.
    pub(super) evidence: Option<EvidenceColumns<'a>>,
    /// Index columns that stand twice.
    doubled: Vec<(&'a Column, &'a Column)>,
}

/// 值列 A column with the variables that its header names.
pub(super) struct ValueColumn<'a> {
    /// The column.
    pub(super) column: &'a Column,
    /// The unit in its header.
    pub(super) unit: Option<String>,
    /// Whom it may supply: more than one if they share a label.
    pub(super) variables: Vec<VariableId>,
}

/// 证据表的列
#[derive(Default)]
pub(super) struct EvidenceColumns<'a> {
    /// `item`
    pub(super) item: Option<&'a Column>,
    /// `status`
    pub(super) status: Option<&'a Column>,
}

/// What the header of a column says.
enum Role {
    Index(Vec<IndexId>),
    Value(Option<String>, Vec<VariableId>),
    Spread(Option<String>, Vec<VariableId>),
    Unit,
    Unknown,
}

impl<'a> Layout<'a> {
    /// Tells the columns of a table apart.
    pub(super) fn of(context: &Context<'_>, number: usize, table: &'a Table) -> Self {
        let mut layout = Self {
            number,
            table,
            indexes: BTreeMap::new(),
            values: Vec::new(),
            spreads: Vec::new(),
            unit: None,
            extra: Vec::new(),
            evidence: is_evidence(context, number, table).then(EvidenceColumns::default),
            doubled: Vec::new(),
        };
        for column in &table.columns {
            layout.add(context, column);
        }
        layout
    }

    fn add(&mut self, context: &Context<'_>, column: &'a Column) {
        let whole = normal(&column.header);
        if let Some(evidence) = &mut self.evidence {
            let slot = match whole.as_str() {
                "item" => Some(&mut evidence.item),
                "status" => Some(&mut evidence.status),
                _ => None,
            };
            if let Some(slot) = slot.filter(|slot| slot.is_none()) {
                *slot = Some(column);
                return;
            }
        }
        match role(context, self.number, &whole) {
            Role::Index(ids) => {
                for id in ids {
                    let first = *self.indexes.entry(id).or_insert(column);
                    if first.number != column.number {
                        self.doubled.push((first, column));
                    }
                }
            }
            Role::Value(unit, variables) => {
                self.values.push(ValueColumn { column, unit, variables })
            }
            Role::Spread(unit, variables) => {
                self.spreads.push(ValueColumn { column, unit, variables });
            }
            Role::Unit if self.unit.is_none() => self.unit = Some(column),
            Role::Unit | Role::Unknown => {
                if !(whole.is_empty() && is_blank(column)) {
                    self.extra.push(column);
                }
            }
        }
    }

    /// Whether it has columns for all these indexes.
    pub(super) fn has_indexes(&self, dims: &[IndexId]) -> bool {
        dims.iter().all(|id| self.indexes.contains_key(id))
    }

    /// The value columns that name the variable, with their numbers.
    pub(super) fn value_columns(
        &self,
        id: VariableId,
    ) -> impl Iterator<Item = (usize, &ValueColumn<'a>)> {
        self.values.iter().enumerate().filter(move |(_, value)| value.variables.contains(&id))
    }

    /// How many columns hold numbers.
    pub(super) fn number_columns(&self, context: &Context<'_>) -> usize {
        let is_number = |id: &VariableId| {
            context.variable(*id).is_some_and(|variable| matches!(variable.ty, Type::Number(_)))
        };
        self.values.iter().filter(|value| value.variables.iter().any(is_number)).count()
    }

    /// `energy.csv (year, fuel, energy (tce))`: the table with its columns, for lists of what was seen.
    pub(super) fn summary(&self) -> String {
        const COLUMNS: usize = 12;
        let mut headers: Vec<String> = (self.table.columns.iter().take(COLUMNS))
            .map(|column| column.header.trim().to_owned())
            .collect();
        if self.table.columns.len() > COLUMNS {
            headers.push("…".to_owned());
        }
        format!("{}: {}", table_title(self.table), headers.join(" | "))
    }

    /// Index columns that stand twice.
    pub(super) fn check(&self, diagnostics: &mut Diagnostics) {
        for (first, second) in &self.doubled {
            let name = first.header.trim();
            diagnostics.push(
                Diagnostic::error(
                    "data-ambiguous",
                    format!("{} 有两列索引 {name}", table_title(self.table)),
                    format!("{} has two columns for index {name}", table_title(self.table)),
                )
                .at(self.table.header_place(second), "又出现一次", "a second time")
                .see(self.table.header_place(first), "第一次", "the first")
                .hint("删去或改名其中一列", "remove or rename one of them"),
            );
        }
    }
}

/// What a header says; `whole` is its normal text.
fn role(context: &Context<'_>, number: usize, whole: &str) -> Role {
    if let ids @ [_, ..] = context.indexes_named(whole) {
        return Role::Index(ids.to_vec());
    }
    if let Some(rest) = whole.strip_prefix('±') {
        return match named(context, number, rest.trim()) {
            Some((unit, variables)) => Role::Spread(unit, variables),
            None => Role::Unknown,
        };
    }
    match named(context, number, whole) {
        Some((unit, variables)) => Role::Value(unit, variables),
        None if matches!(whole, "unit" | "Unit" | "UNIT" | "单位") => Role::Unit,
        None => Role::Unknown,
    }
}

/// The variables a header names, and its unit.
fn named(
    context: &Context<'_>,
    number: usize,
    whole: &str,
) -> Option<(Option<String>, Vec<VariableId>)> {
    let allowed = |ids: &[VariableId]| {
        let ids = ids.iter().copied().filter(|id| context.allows(number, *id));
        Some(ids.collect::<Vec<_>>()).filter(|ids| !ids.is_empty())
    };
    let (name, unit) = split_header(whole);
    if let Some(ids) = allowed(context.variables_named(whole)) {
        // A label that itself ends in brackets: they hold a unit, or belong to the label.
        return Some((unit.filter(|unit| context.units.parse(unit).is_ok()), ids));
    }
    allowed(context.variables_named(&name)).map(|ids| (unit, ids))
}

fn is_evidence(context: &Context<'_>, number: usize, table: &Table) -> bool {
    match context.restricted {
        Some(restricted) => restricted
            .get(number)
            .is_some_and(|names| names.iter().any(|name| normal(name) == "evidence")),
        None => normal(&table.name) == "evidence",
    }
}

fn is_blank(column: &Column) -> bool {
    (0..column.cells.len()).all(|row| column.cells.get(row).to_string().trim().is_empty())
}
