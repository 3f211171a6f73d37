//! 导出 One table as CSV, with its unit in the header and the address of every figure.

use super::download;
use super::figures::FiguresAsk;
use crate::address::Address;
use crate::caller::Caller;
use crate::error::{Answer, ApiError};
use crate::extract::Ask;
use crate::house::House;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::fmt::Write;
use tanliu_platform::figure::FigureTable;
use tanliu_platform::permission::{Action, Object};

/// One output as CSV.
#[utoipa::path(get, path = "/api/v1/figures.csv", tag = "figures", params(FiguresAsk),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn csv(
    State(house): State<House>,
    caller: Caller,
    Ask(ask): Ask<FiguresAsk>,
) -> Answer<Response> {
    caller.may(Action::Read, &Object::District)?;
    let wanted = ask.wanted()?;
    if wanted.outputs.len() != 1 {
        return Err(ApiError::bad_request("一次导出一个结果", "one output at a time"));
    }
    let run = ask.run(&house).await?;
    let cut = house.cut(&caller.actor, &run, &wanted).await?;
    let table = &cut.first().ok_or_else(ApiError::absent)?.table;
    let facts = json!({ "output": table.output, "rows": table.rows.len() });
    let act = house.act(caller.name(), "figures.export", &format!("run/{}", run.id), &facts);
    house.store().record(act).await?;
    let text = written(run.id, table);
    let name = format!("{}-{}.csv", table.output, run.id);
    Ok(download(text, &name, "text/csv; charset=utf-8"))
}

/// With the mark that spreadsheets know UTF-8 by.
fn written(run: i64, table: &FigureTable) -> String {
    let mut text = String::from("\u{feff}");
    let label = if table.label.is_empty() { &table.output } else { &table.label };
    let title =
        if table.unit.is_empty() { label.clone() } else { format!("{label} [{}]", table.unit) };
    let mut header: Vec<String> = table.indexes.iter().map(|index| field(index)).collect();
    header.extend([field(&title), field("文字 text"), field("地址 address")]);
    let _ = write!(text, "{}\r\n", header.join(","));
    for row in &table.rows {
        let mut fields: Vec<String> = row.keys.iter().map(|key| field(key)).collect();
        fields.push(row.number.map_or_else(String::new, |number| number.to_string()));
        fields.push(field(&row.text));
        let address = Address::of(run, &table.output, &table.indexes, &row.keys);
        fields.push(field(&address.to_string()));
        let _ = write!(text, "{}\r\n", fields.join(","));
    }
    text
}

/// A field that no spreadsheet takes for a formula.
fn field(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_text_is_no_formula_and_a_comma_no_column() {
        assert_eq!(field("=1+2"), "'=1+2");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("说\"好\""), "\"说\"\"好\"\"\"");
        assert_eq!(field("T01"), "T01");
    }
}
