//! 省级数据 The two tasks around published provincial tables: files in, files out.
//!
//! `prepare-balance INPUT.csv OUTDIR --year YEAR [--read-as FILE.csv]` writes the tables of the
//! document into `OUTDIR/tables/`, and beside it what was left out, which identities do not hold,
//! and the factors with which CEADs can be rebuilt.
//! `compare-ceads RESULTS CEADS.csv OUTDIR` sets the results of a run beside the published figures.

use crate::TaskResult;
use crate::process;
use std::path::Path;
use xtask::balance_identities;
use xtask::compare_ceads::{self, Emissions, Published};
use xtask::prepare_balance::{self, Family, Fault, TidyTable};

const PREPARE_USAGE: &str =
    "usage: cargo xtask prepare-balance INPUT.csv OUTDIR --year YEAR [--read-as READINGS.csv]";
const COMPARE_USAGE: &str = "usage: cargo xtask compare-ceads RESULTS CEADS.csv OUTDIR";

/// Turns the published balance into the document's tables.
pub(crate) fn prepare(arguments: &[String]) -> TaskResult {
    let mut words = arguments.iter();
    let (mut paths, mut year, mut readings) = (Vec::new(), None, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--year" => year = words.next().and_then(|year| year.parse::<i32>().ok()),
            "--read-as" => readings = words.next(),
            _ => paths.push(word),
        }
    }
    let ([input, folder], Some(year)) = (paths.as_slice(), year) else {
        return Err(PREPARE_USAGE.to_owned());
    };
    let readings = match readings {
        Some(path) => prepare_balance::read_unit_readings(&text_of(path)?)
            .map_err(|faults| listed(path, &faults))?,
        None => Vec::new(),
    };
    let balance = prepare_balance::read(&text_of(input)?, year, &readings)
        .map_err(|faults| listed(input, &faults))?;
    let findings = balance_identities::examine(&balance);
    let tables = Path::new(folder).join("tables");
    for table in prepare_balance::tables(&balance).iter().chain(&factor_tables()?) {
        write(&tables, table)?;
    }
    for table in [prepare_balance::left_out(&balance), balance_identities::table(&findings)] {
        write(Path::new(folder), &table)?;
    }
    println!("{} cells of {year}; blank cells mean that nothing was reported", balance.cells.len());
    for reading in &readings {
        println!(
            "read as {}: {}, {}, printed `{}`: {}",
            reading.read_as, reading.province, reading.carrier, reading.printed, reading.reason
        );
    }
    for identity in balance_identities::IDENTITIES {
        let (broken, examined) = findings.broken(identity.name);
        println!("{}: does not add up in {broken} of {examined} columns", identity.name);
    }
    Ok(())
}

/// Sets results of `tanliu run` beside the published inventory.
pub(crate) fn compare(arguments: &[String]) -> TaskResult {
    let [results, published, folder] = arguments else {
        return Err(COMPARE_USAGE.to_owned());
    };
    let mut ours = Emissions::new();
    for (file, key) in [("co2_by_fuel.csv", "fuel"), ("co2_by_gas.csv", "gas")] {
        let path = Path::new(results).join(file).to_string_lossy().into_owned();
        compare_ceads::read_results(&text_of(&path)?, key, &mut ours)
            .map_err(|faults| listed(&path, &faults))?;
    }
    let inventory =
        Published::read(&text_of(published)?).map_err(|faults| listed(published, &faults))?;
    let comparison = compare_ceads::compare(&ours, &inventory);
    let table = compare_ceads::table(&comparison);
    write(Path::new(folder), &table)?;
    for (province, fuel, sum, total) in &inventory.broken_totals {
        println!("{province}, {fuel}: the sectors give {sum} Mt, the printed total is {total} Mt");
    }
    println!(
        "{} of {} cells agree; the other {} are in {folder}/{}",
        comparison.agreeing,
        comparison.cells,
        comparison.differences.len(),
        table.file
    );
    Ok(())
}

/// The factors read off CEADs' figures, as the document's inputs.
fn factor_tables() -> Result<Vec<TidyTable>, String> {
    let sources = [
        ("implied-ceads-2007.csv", Family::Mass, "fuel,ef_mass (tCO2/t)", "ef_mass.csv"),
        ("implied-ceads-2007-gas.csv", Family::Volume, "gas,ef_gas (tCO2/万m3)", "ef_gas.csv"),
    ];
    let table = |(source, family, header, file): (&str, Family, &str, &str)| {
        let path = process::root().join("factors/cn/fuel").join(source);
        let catalogue = text_of(&path.to_string_lossy())?;
        let text = compare_ceads::factor_table(&catalogue, family, header)
            .map_err(|faults| listed(source, &faults))?;
        Ok(TidyTable { file: file.to_owned(), text })
    };
    sources.into_iter().map(table).collect()
}

fn text_of(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

fn write(folder: &Path, table: &TidyTable) -> TaskResult {
    let path = folder.join(&table.file);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, &table.text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn listed(path: &str, faults: &[Fault]) -> String {
    let shown: Vec<String> = faults.iter().take(20).map(|fault| format!("  {fault}")).collect();
    format!("{path}: {} faults, nothing was written\n{}", faults.len(), shown.join("\n"))
}
