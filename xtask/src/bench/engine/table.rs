//! 结果表 The table that every program writes, and whether two of them say the same.

use std::collections::BTreeMap;
use std::path::Path;

/// By how much two figures of one key, or two totals, may differ, as a share. The peers add doubles
/// in the order of their threads; ours are exact sums.
const TOLERANCE: f64 = 1e-9;

/// 结果表 Tonnes by town, sector and month; the header is left out, each program has its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table(BTreeMap<String, f64>);

impl Table {
    /// Reads a CSV file whose last column is the figure and the others are the key.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
        Self::parse(&text).map_err(|message| format!("{shown}: {message}"))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut rows = BTreeMap::new();
        for line in text.trim_start_matches('\u{feff}').lines().skip(1) {
            let (key, figure) = line.trim_end().rsplit_once(',').ok_or("a row of one cell")?;
            let figure: f64 = figure.parse().map_err(|_| format!("no number in: {line}"))?;
            if rows.insert(key.to_owned(), figure).is_some() {
                return Err(format!("a key stands twice: {key}"));
            }
        }
        if rows.is_empty() { Err("it has no rows".to_owned()) } else { Ok(Self(rows)) }
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.0.len()
    }

    /// The sum of all figures, in tonnes.
    pub(super) fn total(&self) -> f64 {
        self.0.values().sum()
    }

    /// Holds this table to another, key by key and in total.
    pub(super) fn compare(&self, expected: &Self) -> Result<(), String> {
        if self.0.len() != expected.0.len() {
            return Err(format!("{} rows, not {}", self.0.len(), expected.0.len()));
        }
        for (key, right) in &expected.0 {
            let found = self.0.get(key).ok_or_else(|| format!("no row {key}"))?;
            agree(key, *found, *right)?;
        }
        agree("the total", self.total(), expected.total())
    }
}

fn agree(what: &str, found: f64, right: f64) -> Result<(), String> {
    if (found - right).abs() <= TOLERANCE * right.abs() {
        return Ok(());
    }
    Err(format!("{what} is {found}, ours {right}"))
}

#[cfg(test)]
mod tests {
    use super::Table;

    fn table(text: &str) -> Table {
        Table::parse(text).unwrap_or_default()
    }

    #[test]
    fn tables_agree_whatever_their_headers_and_order() {
        let ours =
            table("town,sector,month,co2 (tCO2)\nT01,living,2024-01,2.5\nT02,living,2024-01,1\n");
        let theirs = table(
            "town_of,sector_of,month,t\nT02,living,2024-01,1.0\nT01,living,2024-01,2.5000000000001\n",
        );
        assert_eq!((ours.rows(), ours.total()), (2, 3.5));
        assert_eq!(theirs.compare(&ours), Ok(()));
    }

    #[test]
    fn a_difference_is_named() {
        let ours = table("k,v\na,1\nb,2\n");
        assert!(
            table("k,v\na,1\nb,2.00001\n").compare(&ours).is_err_and(|m| m.starts_with("b is"))
        );
        assert!(table("k,v\na,1\nc,2\n").compare(&ours).is_err_and(|m| m.contains("no row b")));
        assert!(table("k,v\na,1\n").compare(&ours).is_err_and(|m| m.contains("1 rows")));
        assert!(Table::parse("k,v\n").is_err() && Table::parse("k,v\na,x\n").is_err());
    }
}
