//! 文本输出 CSV and JSON.

use super::{OutCell, OutTable, plain_decimal};

/// 写 CSV A table as CSV: UTF-8 without a mark, `\n`, quotes where needed, plain decimals.
pub fn write_csv(table: &OutTable) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    // Writing into memory cannot fail, and all records have one length.
    let _ = writer.write_record(table.columns.iter().map(|column| column.header.as_str()));
    for row in 0..table.row_count() {
        let _ = writer.write_record(table.columns.iter().map(|c| cell_text(c.cell(row))));
    }
    writer.into_inner().unwrap_or_default()
}

/// 写 JSON A table as a JSON array of objects, keys in the order of the columns.
pub fn write_json(table: &OutTable) -> Vec<u8> {
    let mut text = String::from("[");
    for row in 0..table.row_count() {
        text.push_str(if row == 0 { "\n  " } else { ",\n  " });
        push_object(&mut text, table, row);
    }
    text.push_str("\n]\n");
    text.into_bytes()
}

/// 写 JSON 行 A table as JSON lines: one object a line, keys in the order of the columns.
pub fn write_json_lines(table: &OutTable) -> Vec<u8> {
    let mut text = String::new();
    for row in 0..table.row_count() {
        push_object(&mut text, table, row);
        text.push('\n');
    }
    text.into_bytes()
}

fn cell_text(cell: &OutCell) -> String {
    match cell {
        OutCell::Empty => String::new(),
        OutCell::Text(text) => text.clone(),
        OutCell::Number(number) => plain_decimal(*number),
        OutCell::Bool(value) => value.to_string(),
    }
}

fn push_object(text: &mut String, table: &OutTable, row: usize) {
    text.push('{');
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&quoted(&column.header));
        text.push_str(": ");
        match column.cell(row) {
            OutCell::Empty => text.push_str("null"),
            OutCell::Text(value) => text.push_str(&quoted(value)),
            OutCell::Number(number) if number.is_finite() => text.push_str(&plain_decimal(*number)),
            // JSON has no word for it; a text is at least seen.
            OutCell::Number(number) => text.push_str(&quoted(&plain_decimal(*number))),
            OutCell::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        }
    }
    text.push('}');
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
