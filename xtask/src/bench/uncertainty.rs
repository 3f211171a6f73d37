//! 不确定度的测量 Ten thousand draws of a ten-thousand-line inventory, beside NumPy vectorised by hand.
//!
//! Each line is an activity times a share times the factor of its group of a hundred lines; results
//! are the total and each group's subtotal. Both programs read the same files and say mean and
//! standard deviation of the total, which must be what the closed form says. Ours says the
//! contributions to variance of every result as well; NumPy does not. They run in turn.

use super::inputs::Random;
use super::peak::{Watched, watch};
use super::peers::works;
use super::{FOLDER, measure::children_ms, under, under_shown};
use crate::TaskResult;
use crate::process::{self, Profile};
use std::fmt::Write as _;

const LINES: usize = 10_000;
const GROUPS: usize = 100;
const DRAWS: usize = 10_000;
const RUNS: usize = 5;
/// Half of a 95 % interval in standard deviations.
const HALF: f64 = 1.959_963_984_540_054;

/// A program with its runs.
struct Program {
    name: &'static str,
    words: Vec<String>,
    runs: Vec<(Watched, f64)>,
}

/// Builds, writes the inputs, runs both in turn and prints a table.
pub(super) fn run() -> TaskResult {
    let binary = process::build_tanliu(Profile::Fast)?;
    let (mean, deviation) = write_inputs()?;
    let ours = format!(
        "run {FOLDER}/uncertainty.md --data {FOLDER}/inventory --monte-carlo {DRAWS} \
         --out {FOLDER}/uncertainty"
    );
    let mut words = vec![binary.to_string_lossy().into_owned()];
    words.extend(process::words(&ours));
    let mut programs = vec![Program { name: super::OURS, words, runs: Vec::new() }];
    match numpy() {
        Ok(python) => {
            let (lines, groups) =
                (under_shown("inventory/lines.csv"), under_shown("inventory/groups.csv"));
            let script = "xtask/peers/numpy_inventory.py".to_owned();
            let words = vec![python, script, lines, groups, DRAWS.to_string()];
            programs.push(Program { name: "NumPy", words, runs: Vec::new() });
        }
        Err(reason) => println!("skipped: NumPy: {reason}"),
    }
    for round in 0..=RUNS {
        for program in &mut programs {
            let before = children_ms();
            let watched = watch(&program.words)?;
            let cpu = children_ms() - before;
            let found = if program.name == super::OURS { own_answer()? } else { last(&watched)? };
            compare(program.name, found, (mean, deviation))?;
            // The first round warms the caches.
            if round > 0 {
                program.runs.push((watched, cpu));
            }
        }
    }
    print_table(&programs);
    Ok(())
}

fn print_table(programs: &[Program]) {
    println!(
        "\n{DRAWS} draws of {LINES} lines in {GROUPS} groups, {RUNS} runs each, in turn\n\n\
         | program | wall ms | CPU ms | peak MiB | wall ÷ NumPy | CPU ÷ NumPy | memory ÷ NumPy |\n\
         |---|---:|---:|---:|---:|---:|---:|"
    );
    let figures = |program: &Program| {
        let median = |pick: &dyn Fn(&(Watched, f64)) -> f64| {
            let mut list: Vec<f64> = program.runs.iter().map(pick).collect();
            list.sort_by(f64::total_cmp);
            list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
        };
        [median(&|run| run.0.wall_ms), median(&|run| run.1), median(&|run| run.0.peak_mib)]
    };
    let peer = programs.get(1).map_or([f64::NAN; 3], figures);
    for program in programs {
        let own = figures(program);
        let mut line = format!("| {} |", program.name);
        for figure in own {
            let _ = write!(line, " {figure:.0} |");
        }
        for (own, peer) in own.iter().zip(peer) {
            let _ = write!(line, " {:.2} |", own / peer);
        }
        println!("{line}");
    }
}

/// The closed forms of mean and standard deviation of the total.
fn write_inputs() -> Result<(f64, f64), String> {
    let mut random = Random(7);
    let number = |random: &mut Random, low: f64, width: f64| {
        format!("{:.4}", low + width * random.value(1000) / 1000.0)
    };
    let mut groups = "group,ef (tCO2/MWh)\n".to_owned();
    let mut factors = Vec::new();
    for group in 0..GROUPS {
        let factor = number(&mut random, 0.3, 0.5);
        let _ = writeln!(groups, "g{group:03},{factor}");
        factors.push(value(&factor));
    }
    let mut lines = "line,group_of,activity (MWh),share_of\n".to_owned();
    let mut sums = vec![(0.0, 0.0); GROUPS];
    for line in 0..LINES {
        let group = line % GROUPS;
        let (activity, share) = (number(&mut random, 1.0, 999.0), number(&mut random, 0.5, 0.5));
        let _ = writeln!(lines, "{line},g{group:03},{activity},{share}");
        if let Some((sum, squares)) = sums.get_mut(group) {
            let own = value(&activity) * value(&share);
            *sum += own;
            *squares += own * own;
        }
    }
    let (a, s, f) = (0.10 / HALF, 0.05 / HALF, 0.20 / HALF);
    let (mut mean, mut variance) = (0.0, 0.0);
    for ((sum, squares), factor) in sums.iter().zip(&factors) {
        mean += sum * factor;
        // Var(f · Σ aᵢsᵢ) of independent factors.
        let inner = squares * ((1.0 + a * a) * (1.0 + s * s) - 1.0);
        variance += factor * factor * ((1.0 + f * f) * (inner + sum * sum) - sum * sum);
    }
    let folder = under("inventory");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, text) in [
        ("inventory/groups.csv", groups),
        ("inventory/lines.csv", lines),
        ("uncertainty.md", document()),
    ] {
        let path = under(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok((mean, variance.sqrt()))
}

fn document() -> String {
    super::inputs::document(
        "bench/uncertainty",
        "index line : integer\nindex group : text\ninput activity[line] : MWh >= 0 ± 10%\n\
         input share_of[line] : 1 ± 5%\ninput group_of[line] : group\n\
         input ef[group] : tCO2/MWh ± 20%\n\
         co2[line] : tCO2 = activity * share_of * ef[group = group_of]\n\
         output subtotal[group] : tCO2 = sum(co2 over line by group_of)\n\
         output total : tCO2 = sum(co2 over line)\n",
    )
}

fn value(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Mean and standard deviation of the total, by the columns of our table.
fn own_answer() -> Result<(f64, f64), String> {
    let path = under("uncertainty/total.uncertainty.csv");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (Some(header), Some(row)) = (lines.next(), lines.next()) else {
        return Err("our table has no row".to_owned());
    };
    let cell = |name: &str| {
        let at = header.iter().position(|own| own.trim_matches('"').starts_with(name));
        at.and_then(|at| row.get(at)).map_or(f64::NAN, |cell| value(cell))
    };
    Ok((cell("mc_mean"), cell("mc_deviation")))
}

/// Mean and standard deviation on the last line that a program printed.
fn last(watched: &Watched) -> Result<(f64, f64), String> {
    let line = watched.printed.trim().lines().last().unwrap_or_default();
    match line.split_whitespace().map(value).collect::<Vec<_>>().as_slice() {
        [mean, deviation] => Ok((*mean, *deviation)),
        _ => Err(format!("no answer in `{line}`")),
    }
}

/// Draws scatter: five standard errors of a mean, five percent of a standard deviation.
fn compare(name: &str, found: (f64, f64), wanted: (f64, f64)) -> TaskResult {
    #[allow(clippy::cast_precision_loss, reason = "ten thousand")]
    let error = 5.0 * wanted.1 / (DRAWS as f64).sqrt();
    let right = (found.0 - wanted.0).abs() <= error && (found.1 / wanted.1 - 1.0).abs() <= 0.05;
    match right {
        true => Ok(()),
        false => Err(format!("{name} finds {found:?}, not {wanted:?}")),
    }
}

fn numpy() -> Result<String, String> {
    let python = under("numpy/bin/python").to_string_lossy().into_owned();
    if works(&[&python, "-c", "import numpy"]).is_err() {
        let folder = under("numpy").to_string_lossy().into_owned();
        works(&["python3", "-m", "venv", &folder])?;
        works(&[&python, "-m", "pip", "install", "--quiet", "numpy"])?;
        works(&[&python, "-c", "import numpy"])?;
    }
    Ok(python)
}
