//! 数据 What a run is given: typed tables for inputs, scalars, evidence.

use crate::program::{IndexId, Key, Value, VariableId};
use std::collections::BTreeMap;

/// 数据集 Everything bound to a program's inputs, checked cell by cell.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// The tables that figures point back to.
    pub sources: Vec<SourceTable>,
    /// The values of each input (and of factors that an example supplies, and of filled holes).
    pub inputs: BTreeMap<VariableId, InputTable>,
    /// Rows of the table `evidence`.
    pub evidence: Vec<EvidenceRow>,
    /// Faults that no row carries, found elsewhere (see [`InputTable::states`]).
    pub loose: Vec<GivenFault>,
    /// What gaps among them lack; messages name it.
    pub gaps: Vec<GivenGap>,
    /// Keys that stand in data that are not here.
    pub known: Vec<(IndexId, Key)>,
}

/// 来源表 A table as the manifest and the trace name it.
#[derive(Debug, Clone, Default)]
pub struct SourceTable {
    /// File.
    pub source: String,
    /// Sheet.
    pub sheet: Option<String>,
    /// Rows read.
    pub rows: usize,
}

/// 输入表 The values of one input: one row per key, in no particular order, without duplicates.
#[derive(Debug, Clone, Default)]
pub struct InputTable {
    /// One key column per index of the variable, in its declared order.
    pub keys: Vec<KeyColumn>,
    /// The values, in the variable's unit.
    pub values: Vec<Value>,
    /// Notation keys by row (empty if there is none): see [`Notation`].
    pub notations: Vec<Option<Notation>>,
    /// The relative half-width of each row's 95 % interval, as a fraction, from a column
    /// `± energy (%)`; empty without such a column, shorter than the values by the rows filled.
    pub half_widths: Vec<Option<f64>>,
    /// Which table of [`Dataset::sources`] it came from; none for a scalar that was set.
    pub source: Option<usize>,
    /// The row numbers, as people count; empty for scalars and filled defaults at the end.
    pub rows: Vec<u32>,
    /// The column's number, from 1.
    pub column: u32,
    /// The unit as the data wrote it, if it differs from the declared one.
    pub unit_seen: Option<String>,
    /// How many rows were filled with the default (the last ones).
    pub filled: usize,
    /// Where the table stands for a part of a program that was computed elsewhere: what each row
    /// came to; empty if every row has its value.
    pub states: Vec<GivenState>,
    /// Of such a part, the faults that no row carries: they count once the run asks for any of it.
    pub loose: Vec<GivenFault>,
}

/// 给定值的状态 What a row computed elsewhere came to.
#[derive(Debug, Clone, PartialEq)]
pub enum GivenState {
    /// It has its value.
    Present,
    /// It has no value and wants none.
    Absent,
    /// It is at fault.
    Fault(GivenFault),
}

/// 给定的错误 A fault that was found elsewhere, at a key.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenFault {
    /// Which.
    pub kind: crate::eval::FaultKind,
    /// Index and key.
    pub key: Vec<(IndexId, Key)>,
}

/// 给定的缺口 The key that an earlier value or a window found absent, where that was computed elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GivenGap {
    /// The operation.
    pub node: crate::program::NodeId,
    /// The key at which it was asked.
    pub key: Vec<(IndexId, Key)>,
    /// The key that is not there.
    pub absent: Vec<(IndexId, Key)>,
}

/// 键列 Keys by code of a local dictionary.
#[derive(Debug, Clone, Default)]
pub struct KeyColumn {
    /// The distinct keys, in order of first appearance.
    pub dictionary: Vec<Key>,
    /// One code per row.
    pub codes: Vec<u32>,
}

/// 标注键 Notation keys; the order is their precedence in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notation {
    /// Not estimated.
    NE,
    /// Confidential.
    C,
    /// Included elsewhere.
    IE,
    /// Not occurring.
    NO,
    /// Not applicable.
    NA,
}

impl Notation {
    /// Reads `NO`, `NA`, `IE`, `NE`, `C`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "NE" => Some(Self::NE),
            "C" => Some(Self::C),
            "IE" => Some(Self::IE),
            "NO" => Some(Self::NO),
            "NA" => Some(Self::NA),
            _ => None,
        }
    }

    /// Writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NE => "NE",
            Self::C => "C",
            Self::IE => "IE",
            Self::NO => "NO",
            Self::NA => "NA",
        }
    }
}

/// 证据行 One row of the table `evidence`.
#[derive(Debug, Clone)]
pub struct EvidenceRow {
    /// The item.
    pub item: String,
    /// `satisfied` (true) or `violated`.
    pub satisfied: bool,
    /// Index name and key, as far as the table has index columns.
    pub keys: Vec<(String, Key)>,
    /// Which source table.
    pub source: usize,
    /// Row number.
    pub row: u32,
}
