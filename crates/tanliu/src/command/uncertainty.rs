//! `tanliu run --uncertainty`, `--monte-carlo N`: intervals and contributions beside the results.

use crate::arguments::Run;
use crate::failure::Failure;
use crate::results::aligned;
use crate::screen::Screen;
use crate::session::{Bound, Session};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tanliu_diagnostic::counted;
use tanliu_method::eval::RunOutcome;
use tanliu_method::number::format_number;
use tanliu_method::uncertainty::{
    Contribution, DEFAULT_SEED, MonteCarlo, UncertainFigure, UncertaintyOptions,
    UncertaintyOutcome, UncertaintyTable, analyse,
};
use tanliu_office::{OutCell, OutColumn, OutTable};

/// So many rows of a table are printed on a screen.
const ROWS_SHOWN: usize = 100;
/// So many contributions are printed beside a figure.
const CONTRIBUTIONS_SHOWN: usize = 3;

/// 分析 What was asked for, and what came out.
pub(super) struct Study {
    pub(super) outcome: UncertaintyOutcome,
    monte_carlo: Option<MonteCarlo>,
}

impl Study {
    /// Says what cannot be, before anything is computed.
    pub(super) fn check(wanted: &Run, bound: &Bound) -> Result<(), Failure> {
        let asked = &wanted.uncertainty;
        if asked.seed.is_some() && asked.monte_carlo.is_none() {
            return Err(Failure::new(
                "--seed 只用于 --monte-carlo",
                "--seed goes with --monte-carlo",
            )
            .hint("例如 --monte-carlo 10000 --seed 7", "e.g. --monte-carlo 10000 --seed 7"));
        }
        let wanted = asked.uncertainty || asked.monte_carlo.is_some();
        if wanted && !bound.wide.is_empty() { Err(not_columnar()) } else { Ok(()) }
    }

    /// Analyses a run that stands, if the command line asks for it.
    pub(super) fn of(
        wanted: &Run,
        session: &Session,
        bound: &Bound,
        outcome: &RunOutcome,
    ) -> Result<Option<Self>, Failure> {
        let asked = &wanted.uncertainty;
        if !asked.uncertainty && asked.monte_carlo.is_none() {
            return Ok(None);
        }
        if !outcome.dropped.is_empty() && outcome.narrowed.is_none() {
            return Err(not_columnar());
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let monte_carlo = asked.monte_carlo.map(|draws| MonteCarlo {
            threads,
            ..MonteCarlo::new(draws, asked.seed.unwrap_or(DEFAULT_SEED))
        });
        let options = UncertaintyOptions { monte_carlo, also: Vec::new() };
        let dataset = outcome.narrowed.as_ref().unwrap_or(&bound.dataset);
        let (program, catalogue) = (&session.checked.program, &session.loaded.catalogue);
        let outcome = analyse(program, dataset, catalogue, &options);
        Ok(Some(Self { outcome, monte_carlo }))
    }

    /// The tables to write beside the results: `OUTPUT.uncertainty`, `OUTPUT.contributions`.
    pub(super) fn tables(&self, results: &[OutTable]) -> Vec<OutTable> {
        let tables = self.outcome.tables.iter().filter_map(|table| {
            let keys = results.iter().find(|own| own.name == table.name)?;
            let keys = keys.columns.get(..table.indexes.len())?;
            Some([self.figures(table, keys), contributions(table, keys)])
        });
        tables.flatten().collect()
    }

    fn figures(&self, table: &UncertaintyTable, keys: &[OutColumn]) -> OutTable {
        let mut columns = keys.to_vec();
        let unit = match table.unit.as_str() {
            "" | "1" => String::new(),
            unit => format!(" ({unit})"),
        };
        let mut add = |header: String, value: &dyn Fn(&UncertainFigure) -> Option<f64>| {
            let cell = |figure| value(figure).map_or(OutCell::Empty, OutCell::Number);
            columns.push(OutColumn { header, cells: table.figures.iter().map(cell).collect() });
        };
        add(format!("value{unit}"), &|own| Some(own.value));
        add(format!("deviation{unit}"), &|own| Some(own.propagated.deviation));
        add(format!("low{unit}"), &|own| Some(own.propagated.low));
        add(format!("high{unit}"), &|own| Some(own.propagated.high));
        add("half_width (%)".to_owned(), &relative);
        if self.monte_carlo.is_some() {
            add(format!("mc_mean{unit}"), &|own| Some(own.simulated.as_ref()?.mean));
            add(format!("mc_median{unit}"), &|own| Some(own.simulated.as_ref()?.median));
            add(format!("mc_deviation{unit}"), &|own| Some(own.simulated.as_ref()?.deviation));
            add(format!("mc_low{unit}"), &|own| Some(own.simulated.as_ref()?.low));
            add(format!("mc_high{unit}"), &|own| Some(own.simulated.as_ref()?.high));
            add("mc_draws".to_owned(), &|own| Some(f64::from(own.simulated.as_ref()?.draws)));
            add("mc_faults".to_owned(), &|own| Some(f64::from(own.simulated.as_ref()?.faults)));
        }
        OutTable { name: format!("{}.uncertainty", table.name), columns }
    }

    /// What the manifest says of it.
    pub(super) fn manifest(&self, files: &BTreeMap<String, (String, String)>) -> Value {
        let outputs: Vec<Value> = self
            .outcome
            .tables
            .iter()
            .map(|table| {
                let file = |part: &str| {
                    files
                        .get(&format!("{}.{part}", table.name))
                        .map(|(file, digest)| json!({ "file": file, "sha256": digest }))
                };
                json!({
                    "name": table.name,
                    "uncertainty": file("uncertainty"),
                    "contributions": file("contributions"),
                })
            })
            .collect();
        let monte_carlo = self.monte_carlo.map(|own| {
            json!({
                "draws": own.draws,
                "seed": own.seed,
                "generator": "Philox4x32-10",
                "contributions": "squared linear correlation with each variable's first-order effect",
            })
        });
        let truncated: Vec<Value> = self
            .outcome
            .truncated
            .iter()
            .map(|(name, rows)| json!({ "input": name, "rows": rows }))
            .collect();
        json!({
            "interval": "95%",
            "approach_1": "first-order propagation",
            "approach_2": monte_carlo,
            "leaves": self.outcome.leaves,
            "certain": self.outcome.certain,
            "truncated": truncated,
            "outputs": outputs,
        })
    }

    /// Prints intervals and the largest contributions.
    pub(super) fn print(&self, screen: &mut Screen) {
        let leaves = self.outcome.leaves;
        let word = if leaves == 1 { "quantity" } else { "quantities" };
        screen.line(
            format!("# 不确定度：95 % 区间，{leaves} 个不确定量"),
            format!("# uncertainty: 95 % intervals, {leaves} uncertain {word}"),
        );
        for table in &self.outcome.tables {
            self.print_table(table, screen);
        }
        if let Some(own) = self.monte_carlo {
            screen.line(
                format!("抽样 {} 次，种子 {}", own.draws, own.seed),
                format!("{} draws, seed {}", own.draws, own.seed),
            );
        }
        self.tell(screen);
    }

    fn print_table(&self, table: &UncertaintyTable, screen: &mut Screen) {
        let shown = table.figures.len().min(ROWS_SHOWN);
        let figures = table.figures.get(..shown).unwrap_or_default();
        let mut columns: Vec<(Vec<String>, bool)> = Vec::new();
        for (index, keys) in table.indexes.iter().zip(&table.keys) {
            let mut cells = vec![index.clone()];
            cells.extend(keys.iter().take(shown).map(ToString::to_string));
            columns.push((cells, false));
        }
        let header = match table.unit.as_str() {
            "" | "1" => table.name.clone(),
            unit => format!("{} ({unit})", table.name),
        };
        let mut add = |header: &str, right: bool, cell: &dyn Fn(&UncertainFigure) -> String| {
            let mut cells = vec![header.to_owned()];
            cells.extend(figures.iter().map(cell));
            columns.push((cells, right));
        };
        add(&header, true, &|own| rough(own.value));
        add("±", true, &|own| relative(own).map_or("—".to_owned(), percent));
        add(screen.word("95 % 区间", "95 % interval"), false, &|own| {
            interval(own.propagated.low, own.propagated.high)
        });
        if self.monte_carlo.is_some() {
            add(screen.word("抽样区间", "drawn interval"), false, &|own| {
                own.simulated.as_ref().map_or("—".to_owned(), |own| interval(own.low, own.high))
            });
            add(screen.word("中位数", "median"), true, &|own| {
                own.simulated.as_ref().map_or("—".to_owned(), |own| rough(own.median))
            });
        }
        add(screen.word("方差贡献", "contributions to variance"), false, &largest);
        if let Some(label) = &table.label {
            screen.text(&format!("# {label}\n"));
        }
        screen.text(&aligned(&columns));
        if table.figures.len() > shown {
            let hidden = table.figures.len() - shown;
            screen.line(
                format!("… 另有 {hidden} 行；用 --out 写出全部"),
                format!("… {} more; --out writes them all", counted(hidden, "row")),
            );
        }
        screen.text("\n");
    }

    /// What a reader of the intervals must know beside them.
    pub(super) fn tell(&self, screen: &mut Screen) {
        for (name, rows) in &self.outcome.truncated {
            screen.remark(
                format!("`{name}` 的正态分布在声明的界限处截断：{rows} 行"),
                format!(
                    "the normal distribution of `{name}` is cut off at its declared bound: {}",
                    counted(*rows, "row")
                ),
            );
        }
        if !self.outcome.certain.is_empty() {
            let names = self.outcome.certain.join(", ");
            screen.remark(
                format!("没有声明不确定度，不在表中：{names}"),
                format!("rests on nothing uncertain, not in the table: {names}"),
            );
        }
    }
}

/// The analysis asks the reference interpreter, which holds its tables in memory.
fn not_columnar() -> Failure {
    Failure::new("列式引擎不分析不确定度", "the columnar engine does not analyse uncertainty")
        .hint("加上 --engine reference", "add --engine reference")
}

/// The half-width of the first-order interval as a percentage of the value.
fn relative(figure: &UncertainFigure) -> Option<f64> {
    let half = (figure.propagated.high - figure.propagated.low) / 2.0;
    (figure.value != 0.0).then(|| half / figure.value.abs() * 100.0)
}

fn contributions(table: &UncertaintyTable, keys: &[OutColumn]) -> OutTable {
    let mut columns: Vec<OutColumn> = keys
        .iter()
        .map(|key| OutColumn { header: key.header.clone(), cells: Vec::new() })
        .collect();
    let own = ["approach", "level", "variable", "key", "share (%)"];
    columns.extend(own.map(|header| OutColumn { header: header.to_owned(), cells: Vec::new() }));
    for (row, figure) in table.figures.iter().enumerate() {
        let variables = figure.propagated.contributions.iter().map(|own| (1.0, "variable", own));
        let leaves = figure.propagated.leaves.iter().map(|own| (1.0, "leaf", own));
        let drawn = figure.simulated.iter().flat_map(|own| &own.contributions);
        let all = variables.chain(leaves).chain(drawn.map(|own| (2.0, "variable", own)));
        for (approach, level, Contribution { name, key, share }) in all {
            let own = [
                OutCell::Number(approach),
                OutCell::Text(level.to_owned()),
                OutCell::Text(name.clone()),
                OutCell::Text(key.clone()),
                OutCell::Number(share * 100.0),
            ];
            let of_row = keys.iter().map(|key| key.cells.get(row).cloned().unwrap_or_default());
            for (column, cell) in columns.iter_mut().zip(of_row.chain(own)) {
                column.cells.push(cell);
            }
        }
    }
    OutTable { name: format!("{}.contributions", table.name), columns }
}

fn largest(figure: &UncertainFigure) -> String {
    let drawn = figure.simulated.as_ref().map(|own| &own.contributions);
    let list = drawn.filter(|own| !own.is_empty()).unwrap_or(&figure.propagated.contributions);
    let words = list
        .iter()
        .take(CONTRIBUTIONS_SHOWN)
        .map(|own| format!("{} {}", own.name, percent(own.share * 100.0)));
    words.collect::<Vec<_>>().join(", ")
}

fn interval(low: f64, high: f64) -> String {
    format!("{} … {}", rough(low), rough(high))
}

fn percent(number: f64) -> String {
    format!("{number:.1} %")
}

/// Four significant digits: an interval has no more.
fn rough(number: f64) -> String {
    format_number(format!("{number:.3e}").parse().unwrap_or(number))
}
