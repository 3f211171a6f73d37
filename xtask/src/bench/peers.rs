//! 同行 Programs of the same field on the same inputs, installed under `target/bench/` by name.
//!
//! OpenFisca computes a country's rules over columns of people; Impact Framework runs a manifest of
//! observations through plugins. What cannot be installed is skipped, and said so.

use super::{Answer, Program, under, under_shown};
use std::process::{Command, Stdio};

/// 同行程序 What could be installed, and why the rest could not.
#[derive(Debug, Default)]
pub(super) struct Peers {
    openfisca: Option<String>,
    impact_framework: Option<String>,
    pub(super) skipped: Vec<String>,
}

/// Installs what is missing.
pub(super) fn prepare() -> Peers {
    let mut peers = Peers::default();
    match openfisca() {
        Ok(python) => peers.openfisca = Some(python),
        Err(reason) => peers.skipped.push(format!("OpenFisca: {reason}")),
    }
    match impact_framework() {
        Ok(program) => peers.impact_framework = Some(program),
        Err(reason) => peers.skipped.push(format!("Impact Framework: {reason}")),
    }
    peers
}

impl Peers {
    /// The job of ten rows.
    pub(super) fn small(&self) -> Vec<Program> {
        let mut list = Vec::new();
        if let Some(program) = &self.impact_framework {
            let (manifest, result) = (under_shown("small.yml"), under_shown("small-if"));
            list.push(Program {
                name: "Impact Framework",
                words: vec![program.clone(), "-m".into(), manifest, "-o".into(), result],
                answer: Answer::SumOfKey(under("small-if.yaml"), "emission"),
            });
        }
        list.extend(self.openfisca_job("small.csv", "energy (tce)", 0));
        list
    }

    /// The job of many rows with so many operations on each.
    pub(super) fn rows(&self, operations: u64) -> Vec<Program> {
        self.openfisca_job("rows.csv", "a,b", operations).into_iter().collect()
    }

    fn openfisca_job(&self, table: &str, columns: &str, operations: u64) -> Option<Program> {
        let mut words = vec![self.openfisca.clone()?, "xtask/peers/openfisca_rows.py".to_owned()];
        words.extend([under_shown(table), columns.to_owned(), operations.to_string()]);
        Some(Program { name: "OpenFisca", words, answer: Answer::LastLine })
    }
}

fn openfisca() -> Result<String, String> {
    let python = under("openfisca/bin/python").to_string_lossy().into_owned();
    let probe = "import openfisca_core, openfisca_country_template";
    if works(&[&python, "-c", probe]).is_err() {
        let folder = under("openfisca").to_string_lossy().into_owned();
        works(&["python3", "-m", "venv", &folder])?;
        let packages = ["openfisca-core", "openfisca-country-template"];
        works(&[&python, "-m", "pip", "install", "--quiet", packages[0], packages[1]])?;
        works(&[&python, "-c", probe])?;
    }
    Ok(python)
}

fn impact_framework() -> Result<String, String> {
    let program = under("impact-framework/node_modules/.bin/if-run");
    let shown = program.to_string_lossy().into_owned();
    if !program.exists() {
        let folder = under("impact-framework").to_string_lossy().into_owned();
        let install =
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", &folder, "@grnsft/if"];
        works(&install)?;
    }
    if program.exists() { Ok(shown) } else { Err("the package brings no if-run".to_owned()) }
}

/// Runs a command silently; its last line of error says why it failed.
pub(super) fn works(words: &[&str]) -> Result<(), String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", message.trim().lines().last().unwrap_or("failed")))
}
