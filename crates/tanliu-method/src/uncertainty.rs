//! 不确定度 How far a result may be off: from what is declared of inputs, parameters and factors.
//!
//! A run is written down once as a tape: columns of numbers without keys. Approach 1 (IPCC)
//! passes derivatives back along it (`backward`), Approach 2 draws columns through it (`simulate`).
//! Both take the keys of the central run. A leaf is one cell of an input, one entry of a parameter
//! or one row of the catalogue, however many rows it serves; `shared` makes all rows one leaf.

mod backward;
mod block;
mod kernel;
mod law;
mod normal;
mod plan;
mod random;
mod record;
mod simulate;
mod summary;
mod tape;
#[cfg(test)]
mod tests;
mod uncertain;

use crate::data::Dataset;
use crate::eval::{Evaluator, shaping_holes};
use crate::program::{Program, Type, VariableId};
use backward::Backward;
use record::Recorder;
use simulate::{Drawing, Target, simulate};
use std::collections::BTreeMap;
use std::rc::Rc;
use tanliu_diagnostic::{Diagnostic, Diagnostics, counted};
use tanliu_factor::Catalogue;
use tape::Operand;

/// 种子 The seed of draws where none is given.
pub const DEFAULT_SEED: u64 = 1;
/// 每批次数 How many draws go through the program at once, where nothing else is asked for.
pub const DEFAULT_BLOCK: usize = 128;
/// How many single leaves are named under a result.
const LEAVES_SHOWN: usize = 5;

/// 选项 What is asked for beside the first-order propagation.
#[derive(Debug, Clone, Default)]
pub struct UncertaintyOptions {
    /// 方法 2 Draws as well (IPCC Approach 2).
    pub monte_carlo: Option<MonteCarlo>,
    /// 变量 Variables wanted beside the outputs.
    pub also: Vec<VariableId>,
}

/// 蒙特卡洛 How to draw. Only draws and seed show in the figures.
#[derive(Debug, Clone, Copy)]
pub struct MonteCarlo {
    /// 次数
    pub draws: u32,
    /// 种子
    pub seed: u64,
    /// 每批次数 Draws that go through the program at once.
    pub block: usize,
    /// 线程数
    pub threads: usize,
}

impl MonteCarlo {
    /// So many draws from a seed, on one thread.
    pub fn new(draws: u32, seed: u64) -> Self {
        Self { draws, seed, block: DEFAULT_BLOCK, threads: 1 }
    }
}

/// 分析结果
#[derive(Debug, Default)]
pub struct UncertaintyOutcome {
    /// One table per output that rests on something uncertain, in the order of the document.
    pub tables: Vec<UncertaintyTable>,
    /// Outputs of numbers that rest on nothing uncertain.
    pub certain: Vec<String>,
    /// 末端数 How many uncertain quantities there are.
    pub leaves: usize,
    /// 截断 Inputs whose normal distribution was cut off at a declared bound: name, rows.
    pub truncated: Vec<(String, usize)>,
    /// Errors of declarations (then there are no tables) and warnings.
    pub diagnostics: Diagnostics,
}

/// 不确定度表 One output at its keys, in the order of its results.
#[derive(Debug, Clone)]
pub struct UncertaintyTable {
    /// The variable.
    pub variable: VariableId,
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Its unit.
    pub unit: String,
    /// The names of its indexes in the declared order.
    pub indexes: Vec<String>,
    /// The keys as people read them: one list per index, one entry per row.
    pub keys: Vec<Vec<Rc<str>>>,
    /// One figure per row.
    pub figures: Vec<UncertainFigure>,
}

/// 带不确定度的数
#[derive(Debug, Clone)]
pub struct UncertainFigure {
    /// 值 Of the central run.
    pub value: f64,
    /// 方法 1
    pub propagated: Propagated,
    /// 方法 2, if it was asked for.
    pub simulated: Option<Simulated>,
}

/// 方法 1 First-order propagation around the central run.
#[derive(Debug, Clone)]
pub struct Propagated {
    /// 标准差
    pub deviation: f64,
    /// 95 % 区间下限
    pub low: f64,
    /// 95 % 区间上限
    pub high: f64,
    /// 方差贡献 The share of each variable in the variance, largest first; they add up to 1.
    pub contributions: Vec<Contribution>,
    /// The largest single leaves.
    pub leaves: Vec<Contribution>,
}

/// 方法 2 What the draws say.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// 均值
    pub mean: f64,
    /// 中位数
    pub median: f64,
    /// 2.5 % 分位
    pub low: f64,
    /// 97.5 % 分位
    pub high: f64,
    /// 标准差
    pub deviation: f64,
    /// Draws that gave a value.
    pub draws: u32,
    /// 失败 Draws that left what the program can compute.
    pub faults: u32,
    /// 方差贡献 The squared linear correlation with the first-order effect of each variable in the
    /// same draws, largest first. What lacks to 1 is curvature and interaction. Empty where there
    /// are too many effects to draw along, or the first order sees none.
    pub contributions: Vec<Contribution>,
}

/// 贡献 What one variable, or one leaf of it, adds to a variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The variable.
    pub name: String,
    /// The key of a single leaf; empty for a whole variable.
    pub key: String,
    /// The share of the variance.
    pub share: f64,
}

/// 分析 How uncertain the outputs of a program are. The run itself must stand: a program whose
/// results are refused has no uncertainty.
///
/// Pure: the same program, data, factors, draws and seed give the same figures, whatever the order
/// of rows, the size of blocks and the number of threads.
pub fn analyse(
    program: &Program,
    dataset: &Dataset,
    catalogue: &Catalogue,
    options: &UncertaintyOptions,
) -> UncertaintyOutcome {
    let evaluator = Evaluator::new(program, dataset, catalogue);
    let is_number = |id: &VariableId| matches!(evaluator.variable(*id).ty, Type::Number(_));
    let wanted: Vec<VariableId> = (0..program.variables.len())
        .filter(|id| evaluator.variable(*id).output || options.also.contains(id))
        .filter(is_number)
        .filter(|id| shaping_holes(program, dataset, &[*id], &[]).is_empty())
        .collect();
    let reached = program.reach(&wanted, &[]);
    evaluator.run_formulas(&reached);
    let mut recorder = Recorder::new(&evaluator);
    recorder.formulas(&reached);
    let mut outcome = UncertaintyOutcome::default();
    let mut outputs: Vec<Output> = Vec::new();
    for id in wanted {
        if !recorder.is_uncertain(id) {
            outcome.certain.push(evaluator.variable(id).name.clone());
            continue;
        }
        let (frame, operand) = recorder.variable_made(id);
        let rows = evaluator.shown_rows(id, &evaluator.root(id));
        debug_assert!(rows.iter().all(|row| (*row as usize) < frame.rows), "rows of the frame");
        outputs.push(Output { id, operand, rows });
    }
    outcome.diagnostics.extend(std::mem::take(&mut recorder.findings).into_list());
    if outcome.diagnostics.has_errors() {
        return outcome;
    }
    tell_bounded(&evaluator, &recorder, &mut outcome);
    outcome.leaves = recorder.tape.leaves.len();
    let study = Study { evaluator: &evaluator, recorder: &recorder, options };
    study.report(&outputs, &mut outcome);
    outcome
}

/// An output as it was recorded.
struct Output {
    id: VariableId,
    operand: Operand,
    /// The rows of its frame that are shown, in order.
    rows: Vec<u32>,
}

/// A figure's value, its standard deviation, and the effect of each leaf.
type FirstOrder = (f64, f64, Vec<(u32, f64)>);

struct Study<'s, 'e, 'p> {
    evaluator: &'s Evaluator<'p>,
    recorder: &'s Recorder<'e, 'p>,
    options: &'s UncertaintyOptions,
}

impl Study<'_, '_, '_> {
    fn report(&self, outputs: &[Output], outcome: &mut UncertaintyOutcome) {
        let tape = &self.recorder.tape;
        let mut backward = Backward::new(tape);
        let draws = self.options.monte_carlo.is_some();
        let mut first_order = Vec::new();
        for output in outputs {
            let mut table = self.table(output);
            for row in &output.rows {
                let value = tape.centre(&output.operand, *row as usize);
                let effects = backward.effects(&output.operand, *row as usize);
                let propagated = summary::propagated(tape, value, &effects);
                let deviation = propagated.deviation;
                table.figures.push(UncertainFigure { value, propagated, simulated: None });
                if draws {
                    first_order.push((value, deviation, effects));
                }
            }
            outcome.tables.push(table);
        }
        if let Some(monte_carlo) = self.options.monte_carlo {
            self.draw(outputs, &first_order, monte_carlo, outcome);
        }
    }

    fn table(&self, output: &Output) -> UncertaintyTable {
        let table = self.evaluator.table(output.id);
        UncertaintyTable {
            variable: output.id,
            name: table.name,
            label: table.label,
            unit: table.unit.unwrap_or_default(),
            indexes: table.indexes,
            keys: table.keys,
            figures: Vec::with_capacity(output.rows.len()),
        }
    }

    fn draw(
        &self,
        outputs: &[Output],
        first_order: &[FirstOrder],
        monte_carlo: MonteCarlo,
        outcome: &mut UncertaintyOutcome,
    ) {
        let places: Vec<(usize, usize, &Operand, u32)> = outputs
            .iter()
            .enumerate()
            .flat_map(|(table, output)| {
                let rows = output.rows.iter().enumerate();
                rows.map(move |(figure, row)| (table, figure, &output.operand, *row))
            })
            .collect();
        let targets: Vec<Target<'_>> = places
            .iter()
            .zip(first_order)
            .map(|((_, _, operand, row), (centre, deviation, effects))| Target {
                operand,
                row: *row as usize,
                centre: *centre,
                deviation: *deviation,
                effects,
            })
            .collect();
        let drawing = Drawing {
            draws: monte_carlo.draws.max(2),
            seed: monte_carlo.seed,
            block: monte_carlo.block,
            threads: monte_carlo.threads,
        };
        let mut faults: BTreeMap<usize, (u64, usize)> = BTreeMap::new();
        simulate(&self.recorder.tape, &targets, drawing, |number, sample| {
            let Some((table, figure, _, _)) = places.get(number) else { return };
            let simulated = summary::simulated(&self.recorder.tape, sample);
            if simulated.faults > 0 {
                let (count, rows) = faults.entry(*table).or_default();
                *count += u64::from(simulated.faults);
                *rows += 1;
            }
            let figure = outcome.tables.get_mut(*table).and_then(|t| t.figures.get_mut(*figure));
            if let Some(figure) = figure {
                figure.simulated = Some(simulated);
            }
        });
        for (table, (count, rows)) in faults {
            let Some(output) = outputs.get(table) else { continue };
            let variable = self.evaluator.variable(output.id);
            let place = self.evaluator.place(variable.origin);
            let finding = faulty(&variable.name, (count, rows), drawing.draws);
            outcome.diagnostics.push(finding.at(place, "", ""));
        }
    }
}

fn faulty(name: &str, (count, rows): (u64, usize), draws: u32) -> Diagnostic {
    Diagnostic::warning(
        "uncertainty-faults",
        format!("`{name}` 有 {count} 次抽样算不出数（{rows} 行，每行 {draws} 次）"),
        format!(
            "{count} draws of `{name}` give no number ({}, {draws} draws each)",
            counted(rows, "row")
        ),
    )
    .note(
        "除以零、负数开方取对数、超出函数适用范围等；统计量只用其余抽样",
        "a division by zero, a root or logarithm of a negative, a number outside a function's \
         range; the figures rest on the other draws",
    )
    .hint(
        "声明的不确定度可能过大，或应改用不取负值的分布（如 `~ lognormal(low, high)`）",
        "the declared uncertainty may be too large, or a distribution without negatives fits \
         better (e.g. `~ lognormal(low, high)`)",
    )
}

/// Bounded inputs: which were cut off, and which are wide for a normal interval.
fn tell_bounded(
    evaluator: &Evaluator<'_>,
    recorder: &Recorder<'_, '_>,
    outcome: &mut UncertaintyOutcome,
) {
    for (id, bounded) in &recorder.bounded {
        let variable = evaluator.variable(*id);
        let name = &variable.name;
        if bounded.truncated > 0 {
            outcome.truncated.push((name.clone(), bounded.truncated));
        }
        if bounded.wide == 0 {
            continue;
        }
        let rows = bounded.wide;
        outcome.diagnostics.push(
            Diagnostic::warning(
                "uncertainty-wide",
                format!("输入 `{name}` 有下限，但 {rows} 行的半宽超过其值的 60 %"),
                format!(
                    "input `{name}` has a lower bound, and the half-width of {} is more than \
                     60 % of the value",
                    counted(rows, "row")
                ),
            )
            .at(evaluator.place(variable.origin), "", "")
            .note(
                "方法 1 按对称的正态区间计算，区间可能越过下限；抽样在下限处截断",
                "Approach 1 takes a symmetric normal interval, which may pass the bound; draws \
                 are cut off at it",
            )
            .hint(
                "用 --monte-carlo 比较，或改用 `~ lognormal(low, high)`",
                "compare with --monte-carlo, or declare `~ lognormal(low, high)`",
            ),
        );
    }
}
