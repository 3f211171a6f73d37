//! 宽表运行 A run over tables that stay in their files.

use super::{Account, EngineOptions, Progress, Run, StreamedTable};
use crate::EngineError;
use crate::atom::Atom;
use crate::feed::{Feed, ScanFeed, WideInput, find_doubles};
use crate::source::runtime;
use crate::split::{Choice, Relation, waits_for_hole};
use tanliu_diagnostic::{Diagnostic, Place, counted};
use tanliu_factor::Catalogue;
use tanliu_method::data::Dataset;
use tanliu_method::eval::{RunOptions, RunOutcome};
use tanliu_method::program::{IndexId, NodeId, Program, Variable, VariableId, VariableKind};

/// How an input that something looks along is computed all the same.
const SERIES_HINT: (&str, &str) = (
    "它既跨键又沿序列看，没有索引可切，全部的行又放不进内存：先归约到较粗的索引，或加大 --memory",
    "it looks along series and across them, so no index can be cut, and all rows do not fit into \
     memory: reduce to a coarser index first, or give more --memory",
);
/// The same for one whose cells may hold notation keys.
const NOTATION_HINT: (&str, &str) = (
    "声明了 notation 的输入，其填报符号要逐格跟到结果：用 --engine reference 整表读入内存；数据里没有填报符号的，去掉 notation",
    "notation keys of an input follow every cell into the results: read the table whole with --engine \
     reference, or declare the input without notation where its data hold none",
);
/// Bytes that a remembered key takes, roughly.
const KEY_BYTES: u64 = 80;
/// What the look for doubles may hold where nothing was said.
const DOUBLES_MEMORY: u64 = 1 << 30;

/// 宽表运行 What is run.
#[derive(Debug, Clone, Copy)]
pub struct WideRun<'a> {
    /// The program.
    pub program: &'a Program,
    /// The tables in memory; an input with a wide table has no rows here.
    pub dataset: &'a Dataset,
    /// The factors.
    pub catalogue: &'a Catalogue,
    /// The inputs whose rows stay in files.
    pub wide: &'a [WideInput],
}

/// Runs a program with some inputs in tables that need not fit into memory.
///
/// # Errors
/// What is wrong with the files and their cells; a key that stands twice; parts of the program that
/// cannot run over rows; too little memory; when it is stopped.
pub fn run_wide(
    given: WideRun<'_>,
    options: &RunOptions,
    engine: &EngineOptions,
    progress: &Progress,
) -> Result<(RunOutcome, Account), EngineError> {
    let engine = EngineOptions { stream_above: None, ..engine.clone() };
    let run = run_wide_streamed(given, options, &engine, progress)?;
    Ok((run.outcome, run.account))
}

/// 有流出的运行 What [`run_wide_streamed`] comes to.
#[derive(Debug)]
pub struct Streamed {
    /// What the run says, and the tables that are held.
    pub outcome: RunOutcome,
    /// What ran where.
    pub account: Account,
    /// The tables whose rows are still to be taken out, by variable; none if a finding is an error.
    pub tables: Vec<StreamedTable>,
}

/// As [`run_wide`]; results of more than [`EngineOptions::stream_above`] rows wait to be taken out.
///
/// # Errors
/// As [`run_wide`].
pub fn run_wide_streamed(
    given: WideRun<'_>,
    options: &RunOptions,
    engine: &EngineOptions,
    progress: &Progress,
) -> Result<Streamed, EngineError> {
    let mut run = Run::new(given.program, given.dataset, given.catalogue, engine, progress);
    run.wide = given.wide.to_vec();
    run.stream_above = engine.stream_above;
    if options.drop_refused {
        return Err(EngineError::Findings(vec![
            Diagnostic::error(
                "wide-drop-refused",
                "宽表不能配合 --drop-refused 运行",
                "wide tables cannot run with --drop-refused",
            )
            .hint("先从数据里去掉这些键", "take those keys out of the data first"),
        ]));
    }
    let (outcome, account) = run.go(options, &chosen(given.wide))?;
    Ok(Streamed { outcome, account, tables: std::mem::take(&mut run.streamed) })
}

/// The inputs with wide tables, and in which each lies.
pub(super) fn chosen(wide: &[WideInput]) -> Choice {
    let number = |input: &WideInput| {
        wide.iter().position(|own| own.table.shown == input.table.shown).unwrap_or(0)
    };
    Choice::Only(wide.iter().map(|input| (input.variable, number(input))).collect())
}

impl Run<'_> {
    /// What is left must not ask for rows of wide tables: the interpreter does not have them.
    pub(super) fn check_rest(&self, roots: &[VariableId]) -> Result<(), EngineError> {
        let mut conditions: Vec<NodeId> =
            self.program.conditions.iter().map(|condition| condition.root).collect();
        conditions.retain(|node| !waits_for_hole(&self.program, &self.dataset, (&[], &[*node])));
        let reached = self.program.reach(roots, &conditions);
        let findings: Vec<Diagnostic> = (self.wide.iter())
            .filter(|input| reached.contains(&input.variable))
            .filter_map(|input| self.original.variables.get(input.variable))
            .map(|variable| {
                let users = self.users(variable);
                let notation = matches!(&variable.kind, VariableKind::Input(i) if i.notation);
                let hint = if notation { NOTATION_HINT } else { SERIES_HINT };
                Diagnostic::error(
                    "wide-not-by-rows",
                    format!("输入 `{}` 的宽表不能逐行算完{}", variable.name, users.0),
                    format!("input `{}` cannot be computed row by row{}", variable.name, users.1),
                )
                .hint(hint.0, hint.1)
            })
            .collect();
        match findings.is_empty() {
            true => Ok(()),
            false => Err(EngineError::Findings(findings)),
        }
    }

    /// The formulas that name an input, for the message.
    fn users(&self, input: &Variable) -> (String, String) {
        let Some(id) = self.original.variable(&input.name) else { return Default::default() };
        let names: Vec<&str> = (self.original.variables.iter())
            .filter(|variable| {
                let root = variable.kind.root();
                root.is_some_and(|root| self.original.named_in(root).contains(&id))
            })
            .map(|variable| variable.name.as_str())
            .collect();
        match names.is_empty() {
            true => Default::default(),
            false => (
                format!("（用在 {}）", names.join("、")),
                format!(" (used by {})", names.join(", ")),
            ),
        }
    }

    /// One pass over a wide table.
    pub(super) fn scanned(
        &mut self,
        relation: &Relation,
        also: &[VariableId],
    ) -> Result<(), EngineError> {
        let wide = self.wide.clone();
        let mut inputs: Vec<&WideInput> = Vec::new();
        for input in &relation.lanes.inputs {
            let own = wide.iter().find(|own| own.variable == input.id);
            inputs.push(own.ok_or_else(|| EngineError::internal("an input that is not wide"))?);
        }
        let names: Vec<VariableId> = inputs.iter().map(|input| input.variable).collect();
        let check = self.engine.check_keys && self.proven.insert(names);
        let context = runtime(self.engine.memory, &self.engine.spill).map_err(|error| {
            // What the library says holds a name that it made up.
            let why = std::fs::read_dir(&self.engine.spill).err().map(|error| error.to_string());
            let folder = self.engine.spill.to_string_lossy().into_owned();
            let why = why.unwrap_or_else(|| error.to_string());
            EngineError::Spill { folder, why, full: false }
        })?;
        let cut = (self.pieces(), self.engine.batch_rows, check);
        let feed = ScanFeed::new(self.original, &relation.lanes, &inputs, &context, cut)?;
        match self.over(relation, &feed, also) {
            Err(EngineError::BadCells) => Err(EngineError::Findings(feed.bad_cells())),
            other => other,
        }
    }

    /// Keys whose order proved nothing are compared one by one.
    pub(crate) fn look_for_doubles(
        &self,
        (dims, inputs): (&[IndexId], &[VariableId]),
        feed: &dyn Feed,
        rows: u64,
    ) -> Result<(), EngineError> {
        let most = self.engine.memory.unwrap_or(DOUBLES_MEMORY) / KEY_BYTES;
        let doubles = find_doubles(feed, rows, most)?;
        if doubles.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> = doubles.iter().take(5).map(|key| self.shown(dims, key)).collect();
        let table = inputs.first().and_then(|id| {
            let own = self.wide.iter().find(|own| own.variable == *id)?;
            Some(own.table.shown.clone())
        });
        let table = table.unwrap_or_default();
        let (count, list) = (doubles.len(), shown.join("；"));
        Err(EngineError::Findings(vec![
            Diagnostic::error(
                "duplicate-key",
                format!("表 {table} 里同一个键出现不止一次"),
                format!("the same key stands more than once in table {table}"),
            )
            .at(Place::File(table), "", "")
            .note(
                format!("共 {count} 个键：{list}"),
                format!("{}: {}", counted(count, "key"), list.replace('；', "; ")),
            )
            .hint("删去重复的行", "remove the repeated rows"),
        ]))
    }

    fn shown(&self, dims: &[IndexId], key: &[Atom]) -> String {
        let part = |(index, atom): (&IndexId, &Atom)| {
            let declared = self.original.indexes.get(*index)?;
            let key = crate::atom::AtomKind::of(declared).key(atom);
            Some(format!("{} = {}", declared.name, declared.show(&key)))
        };
        dims.iter().zip(key).filter_map(part).collect::<Vec<_>>().join(", ")
    }
}
