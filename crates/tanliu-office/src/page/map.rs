//! 参数表 Maps of parameters as tables: one index down the side, two as a grid.

use super::Page;
use super::html::{escape, header_row, row, table};
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{MapExpr, MapKey, MapValue, Name};

/// A value with the keys that lead to it.
struct Cell {
    keys: Vec<String>,
    value: String,
}

/// The table of a parameter's map.
pub(super) fn map_table(page: &Page<'_>, name: &str, dims: &[Name], map: &MapExpr) -> String {
    let mut cells = Vec::new();
    flatten(page, dims, map, &mut Vec::new(), &mut cells);
    let symbol = page.symbols.get(name);
    let title = symbol.and_then(|symbol| symbol.label.as_deref()).unwrap_or(name);
    let mut caption = escape(title);
    if let Some(symbol) = symbol.filter(|symbol| !symbol.unit.is_empty()) {
        let unit = escape(&symbol.unit);
        caption.push_str(&match page.lang() {
            Lang::Zh => format!("（{unit}）"),
            Lang::En => format!(" ({unit})"),
        });
    }
    let titles: Vec<String> = dims.iter().map(|dim| escape(&dim.text)).collect();
    let value_title = page.say("取值", "value");
    let rows = match titles.as_slice() {
        [first] => list(first, value_title, &cells),
        [heads @ .., across] => grid(heads, across, &cells),
        [] => list("", value_title, &cells),
    };
    table(&caption, "figures", &rows)
}

fn list(title: &str, value_title: &str, cells: &[Cell]) -> String {
    let mut rows = header_row(&[title, value_title]);
    rows.push_str("<tbody>\n");
    for cell in cells {
        rows.push_str(&row(&[cell.keys.join(" "), cell.value.clone()]));
    }
    rows + "</tbody>\n"
}

/// The last index across, all others down the side.
fn grid(heads: &[String], across: &str, cells: &[Cell]) -> String {
    let mut columns: Vec<&String> = Vec::new();
    let mut sides: Vec<&[String]> = Vec::new();
    for cell in cells {
        if let Some((last, side)) = cell.keys.split_last() {
            if !columns.contains(&last) {
                columns.push(last);
            }
            if !sides.contains(&side) {
                sides.push(side);
            }
        }
    }
    let corner = format!("{} ＼ {across}", heads.join(" · "));
    let titles: Vec<&str> =
        std::iter::once(corner.as_str()).chain(columns.iter().map(|key| key.as_str())).collect();
    let mut rows = header_row(&titles);
    rows.push_str("<tbody>\n");
    for side in sides {
        let mut line = vec![side.join(" · ")];
        for column in &columns {
            let found = cells.iter().find(|cell| {
                cell.keys.split_last().is_some_and(|(last, keys)| last == *column && keys == side)
            });
            line.push(found.map_or_else(|| "—".to_owned(), |cell| cell.value.clone()));
        }
        rows.push_str(&row(&line));
    }
    rows + "</tbody>\n"
}

fn flatten(
    page: &Page<'_>,
    dims: &[Name],
    map: &MapExpr,
    keys: &mut Vec<String>,
    cells: &mut Vec<Cell>,
) {
    let (dim, rest) = match dims.split_first() {
        Some((dim, rest)) => (Some(dim.text.as_str()), rest),
        None => (None, dims),
    };
    for entry in &map.entries {
        keys.push(key_markup(page, dim, &entry.key));
        match &entry.value {
            Some(MapValue::Map(inner)) => flatten(page, rest, inner, keys, cells),
            Some(MapValue::Literal(literal)) => {
                let value = escape(&page.literal_text(literal));
                cells.push(Cell { keys: keys.clone(), value });
            }
            Some(MapValue::Name(name)) => {
                let member = page.symbols.member(&name.text, None, page.lang());
                let value = escape(&member.unwrap_or_else(|| name.text.clone()));
                cells.push(Cell { keys: keys.clone(), value });
            }
            None => cells.push(Cell { keys: keys.clone(), value: "—".to_owned() }),
        }
        keys.pop();
    }
}

fn key_markup(page: &Page<'_>, dim: Option<&str>, key: &MapKey) -> String {
    let text = match key {
        MapKey::Name(name) => {
            let member = page.symbols.member(&name.text, dim, page.lang());
            match member {
                Some(member) => member,
                None => name.text.clone(),
            }
        }
        MapKey::Key(key) => super::declaration::key_text(key),
        MapKey::From(key) => {
            let key = super::declaration::key_text(key);
            match page.lang() {
                Lang::Zh => format!("{key} 起"),
                Lang::En => format!("from {key}"),
            }
        }
        MapKey::Until(key) => {
            let key = super::declaration::key_text(key);
            match page.lang() {
                Lang::Zh => format!("{key} 起不再适用"),
                Lang::En => format!("ends before {key}"),
            }
        }
    };
    escape(&text)
}
