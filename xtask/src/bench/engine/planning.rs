//! 规划 What it takes to check and plan a large document: two hundred variables over ten rows.
//!
//! The binary itself says how long its check took (reading, parsing, checking the text) and how
//! long the engine planned (what runs over rows, compiled to lanes, over all its rounds). Beside
//! it stand whole processes, less one that only prints its version.

use super::super::{under, under_shown};
use super::report::median;
use super::runs::{HEARD, Launcher, Program, Run};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What makes the binary tell its times.
const TIMES: &str = "TANLIU_TIMES";
/// Variables over the readings, each from the one before.
const WIDE: usize = 40;
/// Their sums by month.
const REDUCED: usize = 40;
/// Variables over plants and months.
const NARROW: usize = 100;
/// Their sums by town; with the two outputs they make two hundred.
const REGROUPED: usize = 18;
/// Conditions, over readings and over sums in turn.
const CONDITIONS: usize = 12;
/// How often each process runs.
const ROUNDS: usize = 21;
/// What it shall not exceed.
const TARGET_MS: f64 = 50.0;

/// Writes the document and its ten rows, runs, prints.
pub(super) fn run(launcher: &Launcher, binary: &Path, engine: &[String]) -> Result<(), String> {
    write_inputs(&under("planning"))?;
    let data = under_shown("planning/data");
    let document = under_shown("planning/variables-200.md");
    let out = under_shown("planning/out");
    let binary = binary.to_string_lossy().into_owned();
    let program = |name: &'static str, words: &[&str], more: &[String]| Program {
        name,
        words: [binary.as_str()]
            .iter()
            .chain(words)
            .map(|w| (*w).to_owned())
            .chain(more.iter().cloned())
            .collect(),
        environment: vec![(TIMES, "1")],
        answer: PathBuf::new(),
    };
    let programs = [
        program("the empty process", &["--version"], &[]),
        program("check", &["check", &document], &[]),
        program("run on 10 rows", &["run", &document, "--data", &data, "--out", &out], engine),
    ];
    let mut runs: [Vec<Run>; 3] = Default::default();
    let mut told: [Vec<f64>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(launcher.run(program, 1)?);
        }
        // What was heard last is the whole run.
        let heard = std::fs::read_to_string(under(HEARD)).unwrap_or_default();
        for (what, told) in ["check", "planning"].iter().zip(&mut told) {
            told.push(time(&heard, what).ok_or(format!("the binary tells no time of {what}"))?);
        }
    }
    let [empty, checked, ran] = runs.map(|runs| median(&runs));
    let [(check, check_best), (planning, planning_best)] = told.map(middle_and_best);
    println!("\n| a document of {} variables | median ms | best ms |", variables());
    println!("|---|---:|---:|");
    println!("| checking it, within the process | {check:.1} | {check_best:.1} |");
    println!("| planning, within the process | {planning:.1} | {planning_best:.1} |");
    println!("| both | {:.1} | {:.1} |", check + planning, check_best + planning_best);
    println!("\n| whole processes | wall ms | CPU ms |\n|---|---:|---:|");
    print_line("the empty process", empty, None);
    print_line("check, less the empty process", checked, Some(empty));
    print_line("run on 10 rows, less the empty process", ran, Some(empty));
    let word = if check + planning <= TARGET_MS { "met" } else { "missed" };
    println!("\nTarget: both ≤ {TARGET_MS} ms: {word} (one processor, {ROUNDS} rounds in turn)");
    Ok(())
}

/// The milliseconds of a line `time: check 12.345 ms`.
fn time(heard: &str, what: &str) -> Option<f64> {
    let begin = format!("time: {what} ");
    let line = heard.lines().find_map(|line| line.strip_prefix(begin.as_str()))?;
    line.strip_suffix(" ms")?.parse().ok()
}

/// The median, and the best: what other processes of a busy machine took least from.
fn middle_and_best(mut list: Vec<f64>) -> (f64, f64) {
    list.sort_by(f64::total_cmp);
    let at = |place: usize| list.get(place).copied().unwrap_or(f64::NAN);
    (at(list.len() / 2), at(0))
}

fn print_line(what: &str, run: Run, less: Option<Run>) {
    let (wall_s, cpu_s) = less.map_or((0.0, 0.0), |less| (less.wall_s, less.cpu_s));
    let wall_ms = (run.wall_s - wall_s) * 1000.0;
    println!("| {what} | {wall_ms:.1} | {:.1} |", (run.cpu_s - cpu_s) * 1000.0);
}

fn variables() -> usize {
    WIDE + REDUCED + NARROW + REGROUPED + 2
}

fn write_inputs(folder: &Path) -> Result<(), String> {
    let mut readings = "plant,instant,power (kWh),spare (kWh)\n".to_owned();
    for row in 0..10 {
        let (plant, hour) = (row / 5, 19 + row % 5);
        let _ = writeln!(readings, "E{plant},2024-01-31 {hour:02}:00,{row}.5,0.{row}");
    }
    let plants = "plant,town_of,grid_of,sector_of\nE0,T1,shanxi,heavy\nE1,T2,shandong,light\n";
    let files = [
        ("variables-200.md", document()),
        ("data/readings/part-0.csv", readings),
        ("data/plants.csv", plants.to_owned()),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(failed)?;
        std::fs::write(&path, text).map_err(failed)?;
    }
    Ok(())
}

/// Inputs, parameters, a factor, choices, defaults, conditions, reductions and regroupings in the
/// mix of a large inventory.
fn document() -> String {
    let mut text = "index plant : text\nindex instant : instant\nindex month : month\n\
                    index town : text\nindex grid : text\nindex sector = heavy | light\n\
                    input power[plant, instant] : kWh\n\
                    input spare[plant, instant] : kWh default 0 kWh\n\
                    input town_of[plant] : town\ninput grid_of[plant] : grid\n\
                    input sector_of[plant] : sector\n\
                    param loss[sector] : % = { heavy: 4 %, light: 6 % }\n\
                    factor ef[grid] : kgCO2/kWh from \
                    \"cn/grid/average/provincial-assessment-2016\" as of fixed at 2016\n"
        .to_owned();
    (1..=WIDE).for_each(|number| wide(&mut text, number));
    for number in 1..=REDUCED {
        let reduction = ["sum", "mean", "max"].get(number % 3).copied().unwrap_or("sum");
        let _ = writeln!(
            text,
            "m{number}[plant, month] : kWh = {reduction}(w{number} over instant to month)"
        );
    }
    (1..=NARROW).for_each(|number| narrow(&mut text, number));
    for number in 1..=REGROUPED {
        let narrow = number * NARROW / REGROUPED;
        let _ =
            writeln!(text, "t{number}[town, month] : tCO2 = sum(n{narrow} over plant by town_of)");
    }
    for number in 1..=CONDITIONS {
        let (word, name) = if number % 2 == 0 { ("require", "w") } else { ("warn", "m") };
        let _ = writeln!(text, "{word} {name}{number} >= 0 kWh \"consumption is negative\"");
    }
    let terms: Vec<String> = (1..=REGROUPED).map(|number| format!("t{number}")).collect();
    let _ = writeln!(text, "output by_town[town, month] : tCO2 = {}", terms.join(" + "));
    text.push_str("output total[month] : tCO2 = sum(by_town over town)\n");
    super::super::inputs::document("bench/variables-200", &text)
}

fn before(name: &str, number: usize, first: &str) -> String {
    if number == 1 { first.to_owned() } else { format!("{name}{}", number - 1) }
}

fn wide(text: &mut String, number: usize) {
    let last = before("w", number, "power");
    let value = match number % 4 {
        0 => format!("if power > 100 kWh then {last} else {last} * 0.{number:02}"),
        1 => format!("{last} * 0.{number:02} + power + spare"),
        2 => format!("max({last}, power) * (1 + loss[sector = sector_of])"),
        _ => format!("match power {{ 0 kWh..10 kWh: {last}, else: {last} * 0.9 }}"),
    };
    let _ = writeln!(text, "w{number}[plant, instant] : kWh = {value}");
}

fn narrow(text: &mut String, number: usize) {
    let last = before("n", number, "m1 * ef[grid = grid_of]");
    let sum = format!("m{} * ef[grid = grid_of]", (number - 1) % REDUCED + 1);
    let value = match number % 3 {
        0 => format!("if {last} > {sum} then {last} / 2 else {sum}"),
        1 => format!("{last} / 2 + {sum}"),
        _ => format!("match sector_of {{ heavy: {last} / 2 + {sum}, light: {sum} }}"),
    };
    let _ = writeln!(text, "n{number}[plant, month] : tCO2 = {value}");
}

#[cfg(test)]
mod tests {
    use super::{document, time, variables};

    #[test]
    fn a_time_is_read_from_what_the_binary_says() {
        let heard = "warning\ntime: check 12.500 ms\ntime: planning 2.250 ms\n";
        assert_eq!(time(heard, "planning"), Some(2.25));
        assert_eq!(time("time: check soon", "check"), None);
    }

    #[test]
    fn the_document_has_as_many_variables_as_it_says() {
        let text = document();
        let is_formula = |line: &&str| {
            let other = ["param", "index", "require", "warn"];
            line.contains(" = ") && !other.iter().any(|word| line.starts_with(word))
        };
        assert_eq!(text.lines().filter(is_formula).count(), variables());
        assert_eq!(variables(), 200);
    }
}
