//! 规划 What it takes to check and plan a large document: two hundred variables over ten rows.
//!
//! The time is that of the whole process less that of a process that only prints its version, so
//! that what is left is reading, checking, planning, and ten rows.

use super::super::{under, under_shown};
use super::report::median;
use super::runs::{Launcher, Program, Run};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Variables over the readings, each from the one before.
const WIDE: usize = 40;
/// Their sums by month.
const REDUCED: usize = 40;
/// Variables over plants and months.
const NARROW: usize = 100;
/// Their sums by town; with the output they make two hundred.
const REGROUPED: usize = 19;
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
        environment: Vec::new(),
        answer: PathBuf::new(),
    };
    let programs = [
        program("the empty process", &["--version"], &[]),
        program("check", &["check", &document], &[]),
        program("run on 10 rows", &["run", &document, "--data", &data, "--out", &out], engine),
    ];
    let mut runs: [Vec<Run>; 3] = Default::default();
    for _ in 0..ROUNDS {
        for (program, runs) in programs.iter().zip(&mut runs) {
            runs.push(launcher.run(program, 1)?);
        }
    }
    let [empty, checked, ran] = runs.map(|runs| median(&runs));
    println!("\n| a document of {} variables | wall ms | CPU ms |\n|---|---:|---:|", variables());
    print_line("the empty process", empty, None);
    print_line("check, less the empty process", checked, Some(empty));
    print_line("run on 10 rows, less the empty process", ran, Some(empty));
    let word = if (ran.wall_s - empty.wall_s) * 1000.0 <= TARGET_MS { "met" } else { "missed" };
    println!("\nTarget: ≤ {TARGET_MS} ms wall: {word} (one processor, {ROUNDS} rounds in turn)");
    Ok(())
}

fn print_line(what: &str, run: Run, less: Option<Run>) {
    let (wall_s, cpu_s) = less.map_or((0.0, 0.0), |less| (less.wall_s, less.cpu_s));
    let wall_ms = (run.wall_s - wall_s) * 1000.0;
    println!("| {what} | {wall_ms:.1} | {:.1} |", (run.cpu_s - cpu_s) * 1000.0);
}

fn variables() -> usize {
    WIDE + REDUCED + NARROW + REGROUPED + 1
}

fn write_inputs(folder: &Path) -> Result<(), String> {
    let mut readings = "plant,instant,power (kWh)\n".to_owned();
    for row in 0..10 {
        let _ = writeln!(readings, "E{},2024-01-31 {:02}:00,{row}.5", row / 5, 19 + row % 5);
    }
    let plants = "plant,town_of\nE0,T1\nE1,T2\n".to_owned();
    let files = [
        ("variables-200.md", document()),
        ("data/readings/part-0.csv", readings),
        ("data/plants.csv", plants),
    ];
    for (name, text) in files {
        let path = folder.join(name);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(failed)?;
        std::fs::write(&path, text).map_err(failed)?;
    }
    Ok(())
}

fn document() -> String {
    let mut text = "index plant : text\nindex instant : instant\nindex month : month\n\
                    index town : text\ninput power[plant, instant] : kWh\n\
                    input town_of[plant] : town\nparam ef : kgCO2/kWh = 0.5\n"
        .to_owned();
    let before = |name: &str, number: usize, first: &str| match number {
        1 => first.to_owned(),
        _ => format!("{name}{}", number - 1),
    };
    for number in 1..=WIDE {
        let last = before("w", number, "power");
        let _ = writeln!(text, "w{number}[plant, instant] : kWh = {last} * 0.{number:02} + power");
    }
    for number in 1..=REDUCED {
        let _ =
            writeln!(text, "m{number}[plant, month] : kWh = sum(w{number} over instant to month)");
    }
    for number in 1..=NARROW {
        let last = before("n", number, "m1 * ef");
        let month = (number - 1) % REDUCED + 1;
        let _ = writeln!(text, "n{number}[plant, month] : tCO2 = {last} / 2 + m{month} * ef");
    }
    for number in 1..=REGROUPED {
        let narrow = number * NARROW / REGROUPED;
        let _ =
            writeln!(text, "t{number}[town, month] : tCO2 = sum(n{narrow} over plant by town_of)");
    }
    let terms: Vec<String> = (1..=REGROUPED).map(|number| format!("t{number}")).collect();
    let _ = writeln!(text, "output total[month] : tCO2 = sum({} over town)", terms.join(" + "));
    super::super::inputs::document("bench/variables-200", &text)
}

#[cfg(test)]
mod tests {
    use super::{document, variables};

    #[test]
    fn the_document_has_as_many_variables_as_it_says() {
        let text = document();
        let is_formula = |line: &&str| line.contains(" = ") && !line.starts_with("param");
        assert_eq!(text.lines().filter(is_formula).count(), variables());
        assert_eq!(variables(), 200);
    }
}
