//! 旁观的表 Tables and columns that supply nothing: what is wrong in them refuses no run.
//!
//! A workbook of the field has a cover, a sheet of sums, a column of remarks. Merged cells and
//! formula errors there are worth a warning; only what figures are computed from must be whole.

use std::collections::BTreeSet;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place, Severity};
use tanliu_method::data::Dataset;

/// A sheet: file and name.
type Sheet = (String, Option<String>);

/// 旁观的表与列 What no input was taken from.
#[derive(Debug, Default)]
pub(crate) struct Bystanders {
    tables: BTreeSet<Sheet>,
    /// While an input falls back on its default, a table whose columns could not be told may be the
    /// one that was meant to supply it.
    defaulted: bool,
    columns: BTreeSet<(Sheet, u32)>,
}

impl Bystanders {
    /// Those that the binder named.
    pub(crate) fn of(dataset: &Dataset, found: &Diagnostics) -> Self {
        let defaulted = dataset
            .inputs
            .values()
            .any(|table| table.source.is_none() && (table.filled > 0 || table.values.is_empty()));
        let mut bystanders = Self { defaulted, ..Self::default() };
        for finding in found.list().iter().filter(|finding| !finding.is_error()) {
            for cell in cells(finding) {
                match finding.code {
                    "data-extra-table" => {
                        bystanders.tables.insert(sheet(cell));
                    }
                    "data-extra-column" => {
                        bystanders.columns.insert((sheet(cell), cell.column));
                    }
                    _ => {}
                }
            }
        }
        bystanders
    }

    /// Puts what reading told and what binding found together: faults of bystanders become
    /// warnings, and no fault is told twice.
    pub(crate) fn settle(
        &self,
        told: Diagnostics,
        found: Diagnostics,
        broken: bool,
    ) -> (Diagnostics, Diagnostics) {
        let faulty: BTreeSet<(Sheet, u32, u32)> = (told.list().iter())
            .filter(|finding| finding.code.starts_with("cell-formula"))
            .flat_map(cells)
            .map(|cell| (sheet(cell), cell.row, cell.column))
            .collect();
        let found = found.filter_map(|finding| {
            // Where a file could not be read at all, what it would have held is no second fault.
            let second = match finding.code {
                "data-not-found" => broken,
                "cell-formula-error" => cells(&finding)
                    .any(|cell| faulty.contains(&(sheet(cell), cell.row, cell.column))),
                _ => told.list().contains(&finding),
            };
            (!second).then_some(finding)
        });
        let told = told.filter_map(|mut finding| {
            if self.concern(&finding) {
                finding.severity = Severity::Warning;
            }
            Some(finding)
        });
        (told, found)
    }

    /// Whether a finding is about them alone.
    fn concern(&self, finding: &Diagnostic) -> bool {
        let of_cell = finding.code.starts_with("cell-");
        let of_column = of_cell || finding.code == "table-duplicate-column";
        cells(finding).any(|cell| {
            ((of_cell || !self.defaulted) && self.tables.contains(&sheet(cell)))
                || (of_column && self.columns.contains(&(sheet(cell), cell.column)))
        })
    }
}

fn sheet(cell: &CellPlace) -> Sheet {
    (cell.source.clone(), cell.sheet.clone())
}

fn cells(finding: &Diagnostic) -> impl Iterator<Item = &CellPlace> {
    finding.labels.iter().filter_map(|label| match &label.place {
        Place::Cell(cell) => Some(cell),
        _ => None,
    })
}
