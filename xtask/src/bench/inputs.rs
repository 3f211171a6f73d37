//! 输入 Documents and tables for the measurements, the same on every machine: all from one seed.

use std::fmt::Write as _;
use std::path::Path;

/// Documents of the made-up library.
const LIBRARY: usize = 100;
/// Formulas of each of them.
const FORMULAS: usize = 20;

/// 伪随机 SplitMix64: small, and the same everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    /// A number with three decimals below `limit`, as text.
    fn decimal(&mut self, limit: u64) -> String {
        let value = self.next() % (limit * 1000);
        format!("{}.{:03}", value / 1000, value % 1000)
    }

    /// The same as a number.
    pub(super) fn value(&mut self, limit: u64) -> f64 {
        self.decimal(limit).parse().unwrap_or(f64::NAN)
    }
}

/// Writes everything that is not there yet under `folder`.
pub(super) fn write(folder: &Path, rows: u64, operations: (u64, u64)) -> Result<(), String> {
    put(&folder.join("small.md"), small_document)?;
    put(&folder.join("small.csv"), small_table)?;
    put(&folder.join("broken.md"), || document("bench/broken", "output x : t = 1 t + 1 h\n"))?;
    put(&folder.join("small.yml"), small_manifest)?;
    for number in 0..LIBRARY {
        let path = folder.join(format!("library/method-{number:03}.md"));
        put(&path, || library_document(number))?;
    }
    put(&folder.join("rows.csv"), || rows_table(rows))?;
    for count in [operations.0, operations.1] {
        put(&folder.join(format!("rows-{count}.md")), || rows_document(count))?;
    }
    Ok(())
}

fn put(path: &Path, text: impl FnOnce() -> String) -> Result<(), String> {
    // The large table takes seconds to make and never changes.
    if path.ends_with("rows.csv") && path.is_file() {
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(failed)?;
    std::fs::write(path, text()).map_err(failed)
}

/// A document of declarations alone.
pub(super) fn document(id: &str, declarations: &str) -> String {
    format!(
        "---\nid: {id}\nversion: \"1\"\ntitle: {{ zh: 测量, en: A measurement }}\nkind: account\n\
         status: illustration\ngwp: AR5\n---\n\n# A measurement\n\n```tan\n{declarations}```\n"
    )
}

fn small_document() -> String {
    document(
        "bench/small",
        "index plant : text\ninput energy[plant] : tce \"能源消费量\" >= 0\n\
         param ef : tCO2/tce = 2.66\noutput co2[plant] : tCO2 = energy * ef\n\
         output total : tCO2 = sum(co2 over plant)\n",
    )
}

fn small_values() -> Vec<String> {
    let mut random = Random(10);
    (0..10).map(|_| random.decimal(1000)).collect()
}

/// What the small document's `total` is, in tCO2.
pub(super) fn small_total() -> f64 {
    small_values().iter().filter_map(|value| value.parse::<f64>().ok()).sum::<f64>() * 2.66
}

fn small_table() -> String {
    let mut text = "plant,energy (tce)\n".to_owned();
    for (number, value) in small_values().iter().enumerate() {
        let _ = writeln!(text, "plant-{number},{value}");
    }
    text
}

/// The small job as a manifest of the Impact Framework.
fn small_manifest() -> String {
    let mut text = "name: small\ndescription: energy times a coefficient\ninitialize:\n  plugins:\n    \
                    ef:\n      method: Coefficient\n      path: builtin\n      config:\n        \
                    input-parameter: energy\n        coefficient: 2.66\n        \
                    output-parameter: emission\ntree:\n  children:\n    plants:\n      pipeline:\n        \
                    compute:\n          - ef\n      inputs:\n"
        .to_owned();
    for (number, value) in small_values().iter().enumerate() {
        let _ = write!(
            text,
            "        - timestamp: 2024-01-01T{number:02}:00:00\n          duration: 3600\n          \
             energy: {value}\n"
        );
    }
    text
}

/// A document of the library: two inputs over closed and open indexes, then a chain of formulas.
fn library_document(number: usize) -> String {
    let mut random = Random(100 + number as u64);
    let mut text = format!(
        "index year : year\nindex plant : text\n\
         index fuel = coal \"煤炭\" | oil \"石油\" | gas \"天然气\"\n\
         input energy[plant, year, fuel] : tce \"能源消费量\" >= 0\n\
         input product[plant, year] : t{{product}} \"产量\"\n\
         param ef[fuel] : tCO2/tce = {{ coal: {}, oil: {}, gas: {} }}\n\
         fuel_co2[plant, year, fuel] : tCO2 = energy * ef\n\
         co2_0[plant, year] : tCO2 = sum(fuel_co2 over fuel)\n",
        random.decimal(3),
        random.decimal(3),
        random.decimal(3)
    );
    for formula in 1..=FORMULAS {
        let _ = writeln!(
            text,
            "co2_{formula}[plant, year] : tCO2 = co2_{} * {} + co2_0",
            formula - 1,
            random.decimal(2)
        );
    }
    let _ = write!(
        text,
        "output intensity[plant, year] : tCO2/t{{product}} = co2_{FORMULAS} / product\n\
         output total[year] : tCO2 = sum(co2_{FORMULAS} over plant)\n"
    );
    document(&format!("bench/library/method-{number:03}"), &text)
}

/// `operations` operations on every row: each formula multiplies and adds.
fn rows_document(operations: u64) -> String {
    let mut text =
        "index row : integer\ninput a[row] : 1\ninput b[row] : 1\nv0[row] = a\n".to_owned();
    let formulas = operations / 2;
    for formula in 1..=formulas {
        let _ = writeln!(text, "v{formula}[row] = v{} * 0.5 + b", formula - 1);
    }
    let _ = writeln!(text, "output total : 1 = sum(v{formulas} over row)");
    document(&format!("bench/rows-{operations}"), &text)
}

/// What `total` of the document of so many operations is.
pub(super) fn rows_total(rows: u64, operations: u64) -> f64 {
    let mut random = Random(1);
    let mut total = 0.0;
    for _ in 0..rows {
        let (a, b): (f64, f64) = (random.value(1000), random.value(1000));
        total += (0..operations / 2).fold(a, |value, _| value * 0.5 + b);
    }
    total
}

fn rows_table(rows: u64) -> String {
    let mut random = Random(1);
    let mut text = "row,a,b\n".to_owned();
    for row in 0..rows {
        let _ = writeln!(text, "{row},{},{}", random.decimal(1000), random.decimal(1000));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Random, library_document, rows_document, small_table};

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        // The first value of SplitMix64 for seed 1234567, from the generator's reference code.
        assert_eq!(Random(1_234_567).next(), 6_457_827_717_110_365_317);
        assert_eq!(small_table().lines().count(), 11);
        assert_eq!(library_document(7), library_document(7));
        assert_ne!(library_document(7), library_document(8));
    }

    #[test]
    fn a_formula_counts_as_two_operations() {
        let text = rows_document(10);
        assert!(text.contains("v5[row] = v4 * 0.5 + b\noutput total : 1 = sum(v5 over row)"));
    }
}
