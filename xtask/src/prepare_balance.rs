//! 平衡表整理 A published energy balance becomes the tidy tables that a document takes.
//!
//! The published table (long form: `province,row_no,item_zh,item_en,fuel_zh,unit,value`) keeps its
//! unit in a column and mixes masses, volumes, heat, electricity and standard coal. [`read`] brings
//! labels to those of the document by two explicit tables, [`ITEMS`] and [`CARRIERS`], and refuses
//! whatever they do not know, with the line and the text. [`tables`] writes one table per family of
//! units, [`left_out`] says what a computation of emissions must not take, and why.
//!
//! A blank cell of the published table means that nothing was reported. No row is made for it: the
//! document says openly that it counts as zero (`default 0`).

mod labels;

pub use labels::{CARRIERS, Carrier, Family, ITEMS, Item, LeftOut};

use std::collections::BTreeMap;
use std::fmt;

/// 问题 One thing that is wrong with a published table; the line counts from 1, with the header.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The line of the table; 0 means the table as a whole.
    pub line: u64,
    /// What was found and what was expected, with the text of the cell.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(line: u64, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// 平衡表一格 One reported figure of a balance.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The line of the published table.
    pub line: u64,
    /// As published; documents take any name.
    pub province: String,
    /// The row of the balance.
    pub item: &'static Item,
    /// The column of the balance.
    pub carrier: &'static Carrier,
    /// The figure as printed, untouched, in the unit of the carrier's family.
    pub printed: String,
    /// The same as a number; signs as printed.
    pub value: f64,
}

/// 平衡表 The reported figures of one year, in the order of the published table.
#[derive(Debug, Clone)]
pub struct Balance {
    /// The year of the balance; the published table does not carry it.
    pub year: i32,
    /// One per cell that is not blank.
    pub cells: Vec<Cell>,
}

/// 单位读法 A declared reading of a unit that is blank or misprinted in one column of one province.
///
/// It is the only way past a wrong unit: someone has to write it down, with a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitReading {
    /// As in the published table.
    pub province: String,
    /// The carrier's printed label.
    pub carrier: String,
    /// What stands in the unit column; may be empty.
    pub printed: String,
    /// The unit it is read as.
    pub read_as: String,
    /// Why.
    pub reason: String,
}

/// 整理后的表 A file to write: its name and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TidyTable {
    /// With the ending `.csv`.
    pub file: String,
    /// The whole text, with line feeds.
    pub text: String,
}

/// Reads declared readings: `province,carrier,printed,read_as,reason`.
pub fn read_unit_readings(text: &str) -> Result<Vec<UnitReading>, Vec<Fault>> {
    let records = Records::read(text, &["province", "carrier", "printed", "read_as", "reason"])?;
    let mut readings = Vec::new();
    let mut faults = Vec::new();
    for (line, [province, carrier, printed, read_as, reason]) in records.rows {
        if reason.is_empty() {
            faults.push(Fault::new(line, "a reading of a unit needs a reason"));
        }
        readings.push(UnitReading { province, carrier, printed, read_as, reason });
    }
    if faults.is_empty() { Ok(readings) } else { Err(faults) }
}

/// Reads a published balance; every fault is listed, and with a fault there is no balance.
pub fn read(text: &str, year: i32, readings: &[UnitReading]) -> Result<Balance, Vec<Fault>> {
    let columns = ["province", "row_no", "item_zh", "fuel_zh", "unit", "value"];
    let records = Records::read(text, &columns)?;
    let mut cells = Vec::new();
    let mut faults = Vec::new();
    let mut wrong_units: BTreeMap<(String, String, String), (u64, usize)> = BTreeMap::new();
    let mut seen: BTreeMap<(String, &str, &str), u64> = BTreeMap::new();
    for (line, [province, row, item, carrier, unit, printed]) in records.rows {
        let (item, carrier) = match (labels::item(&row, &item), labels::carrier(&carrier)) {
            (Ok(item), Ok(carrier)) => (item, carrier),
            (item, carrier) => {
                let messages = [item.err(), carrier.err()].into_iter().flatten();
                faults.extend(messages.map(|message| Fault::new(line, message)));
                continue;
            }
        };
        let unit_as_read = readings
            .iter()
            .find(|reading| {
                reading.province == province
                    && reading.carrier == carrier.label
                    && reading.printed == unit
            })
            .map_or(unit.as_str(), |reading| reading.read_as.as_str());
        if !carrier.family.units().contains(&unit_as_read) {
            let column = (province, carrier.label.to_owned(), unit);
            wrong_units.entry(column).or_insert((line, 0)).1 += 1;
            continue;
        }
        let Some(value) = number(&printed) else {
            faults.push(Fault::new(line, format!("`{printed}` is not a number")));
            continue;
        };
        if let Some(first) = seen.insert((province.clone(), item.code, carrier.code), line) {
            let message = format!(
                "{province}, {}, {} stands twice, first in line {first}",
                item.label, carrier.label
            );
            faults.push(Fault::new(line, message));
        }
        cells.push(Cell { line, province, item, carrier, printed, value });
    }
    faults.extend(wrong_units.into_iter().map(wrong_unit));
    faults.sort();
    if faults.is_empty() { Ok(Balance { year, cells }) } else { Err(faults) }
}

/// One message per column of a province, not one per cell.
fn wrong_unit(
    ((province, carrier, unit), (line, count)): ((String, String, String), (u64, usize)),
) -> Fault {
    let family = CARRIERS.iter().find(|known| known.label == carrier).map(|known| known.family);
    let expected = family.map_or(String::new(), |family| family.units().join(" or "));
    let found = if unit.is_empty() { "no unit".to_owned() } else { format!("unit `{unit}`") };
    Fault::new(
        line,
        format!(
            "{province}, {carrier}: {found} in {count} cells, expected {expected}; \
             declare how it is to be read, with a reason"
        ),
    )
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// One tidy table per family of units: keys by code, figures as printed, sub-totals left out.
///
/// Only `mass.csv` and `volume.csv` go into a computation of direct emissions; heat, electricity
/// and standard coal are kept for documents that ask for them.
pub fn tables(balance: &Balance) -> Vec<TidyTable> {
    let written = |family: &Family| table_of(balance, *family);
    Family::ALL.iter().map(written).collect()
}

fn table_of(balance: &Balance, family: Family) -> TidyTable {
    let mut lines = vec![family.header().to_owned()];
    let wanted = |cell: &&Cell| {
        cell.carrier.family == family && cell.carrier.left_out != Some(LeftOut::SubTotal)
    };
    for cell in balance.cells.iter().filter(wanted) {
        let mut fields = vec![field(&cell.province), balance.year.to_string()];
        fields.push(cell.item.code.to_owned());
        if family.holds_several() {
            fields.push(cell.carrier.code.to_owned());
        }
        fields.push(cell.printed.clone());
        lines.push(fields.join(","));
    }
    TidyTable { file: family.file().to_owned(), text: lines.join("\n") + "\n" }
}

/// What a computation of direct emissions does not take: carrier, cells, where it went, the reason.
pub fn left_out(balance: &Balance) -> TidyTable {
    let mut lines = vec!["carrier,cells,kept_in,reason_zh,reason_en".to_owned()];
    for carrier in CARRIERS {
        let Some(reason) = carrier.left_out else { continue };
        let cells = balance.cells.iter().filter(|cell| cell.carrier == carrier).count();
        let kept = if reason == LeftOut::SubTotal { "" } else { carrier.family.file() };
        let (zh, en) = reason.words();
        lines.push(format!("{},{cells},{kept},{},{}", carrier.label, field(zh), field(en)));
    }
    TidyTable { file: "left-out.csv".to_owned(), text: lines.join("\n") + "\n" }
}

/// A text as a field of a CSV table.
pub(crate) fn field(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Rows of a CSV text, reduced to the named columns in the named order, blanks trimmed.
pub(crate) struct Records<const N: usize> {
    pub(crate) rows: Vec<(u64, [String; N])>,
}

impl<const N: usize> Records<N> {
    pub(crate) fn read(text: &str, columns: &[&str; N]) -> Result<Self, Vec<Fault>> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| vec![Fault::new(1, error.to_string())])?;
        let header: Vec<String> = headers.iter().map(|name| name.trim().to_owned()).collect();
        let places = columns.map(|column| header.iter().position(|name| name == column));
        let missing: Vec<Fault> = columns
            .iter()
            .zip(places)
            .filter(|(_, place)| place.is_none())
            .map(|(column, _)| {
                Fault::new(1, format!("no column `{column}`; there are: {}", header.join(", ")))
            })
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut rows = Vec::new();
        let mut faults = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    let cell = |place: Option<usize>| {
                        place.and_then(|place| record.get(place)).unwrap_or_default().trim()
                    };
                    rows.push((line, places.map(|place| cell(place).to_owned())));
                }
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    faults.push(Fault::new(line, error.to_string()));
                }
            }
        }
        if faults.is_empty() { Ok(Self { rows }) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests;
