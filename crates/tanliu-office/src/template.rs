//! 由方法生成模板 The workbook to fill, described from a method's inputs.
//!
//! Headers are those that [`tanliu_method::bind`] reads back: `label（unit）` where the label means
//! one thing only, else `name (unit)`. Inputs that share their indexes share a sheet.

mod column;
mod header;
#[cfg(test)]
mod tests;

use crate::{Dictionary, Template, TemplateColumn, TemplateColumnKind, TemplateSheet, Validation};
use column::{key_column, value_column};
use header::Headers;
use std::collections::BTreeMap;
use tanliu_method::document::Document;
use tanliu_method::program::{IndexId, IndexKind, Program, Variable, VariableId, VariableKind};

/// More rows than this are not filled beforehand.
const MOST_ROWS: usize = 20_000;
/// The sheet of the inputs without indexes.
const SCALARS: &str = "标量";
/// The table of evidence and its dictionaries.
const EVIDENCE: &str = "evidence";
const STATUSES: &str = "evidence status";
const ITEMS: &str = "evidence item";

/// 生成模板 The template of a checked document: one sheet for each list of indexes that inputs
/// share, one of scalars (标量), one of evidence. Open parameters (`?`) are asked for like inputs.
pub fn of_program(program: &Program, document: &Document) -> Template {
    let headers = Headers::new(program, document);
    let mut sheets: Vec<TemplateSheet> =
        (groups(program).into_iter()).map(|group| sheet(program, &headers, &group)).collect();
    sheets.extend(evidence_sheet(program));
    let title = document.front.title.clone();
    let title = title.unwrap_or_else(|| tanliu_diagnostic::Text::same(document.front.id.clone()));
    Template {
        method_id: document.front.id.clone(),
        version: document.front.version.clone(),
        title_zh: title.zh,
        title_en: title.en,
        instructions: instructions(program, &headers),
        sheets,
        dictionaries: dictionaries(program),
    }
}

/// Inputs with the same set of indexes; those without indexes come last.
struct Group {
    dims: Vec<IndexId>,
    variables: Vec<VariableId>,
}

fn is_asked_for(variable: &Variable) -> bool {
    matches!(variable.kind, VariableKind::Input(_) | VariableKind::Hole)
}

fn groups(program: &Program) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_set: BTreeMap<Vec<IndexId>, usize> = BTreeMap::new();
    for (id, variable) in program.variables.iter().enumerate() {
        if !is_asked_for(variable) {
            continue;
        }
        let mut set = variable.dims.clone();
        set.sort_unstable();
        let number = *by_set.entry(set).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.variables.push(id),
            None => groups.push(Group { dims: variable.dims.clone(), variables: vec![id] }),
        }
    }
    groups.sort_by_key(|group| group.dims.is_empty());
    groups
}

fn sheet(program: &Program, headers: &Headers<'_>, group: &Group) -> TemplateSheet {
    let keys = group.dims.iter().filter_map(|id| key_column(program, *id));
    let values = (group.variables.iter()).filter_map(|id| value_column(program, headers, *id));
    TemplateSheet {
        name: sheet_name(program, group),
        columns: keys.chain(values).collect(),
        rows: if group.dims.is_empty() { Vec::new() } else { all_keys(program, &group.dims) },
    }
}

/// The first label, else the indexes; `evidence` is kept for the table of that name.
fn sheet_name(program: &Program, group: &Group) -> String {
    if group.dims.is_empty() {
        return SCALARS.to_owned();
    }
    let variables = || group.variables.iter().filter_map(|id| program.variables.get(*id));
    let first = variables().find_map(|variable| variable.label.clone());
    let name = match (first, variables().count()) {
        (Some(label), 1) => label,
        (Some(label), _) => format!("{label}等"),
        (None, 1) => variables().map(|variable| variable.name.clone()).collect(),
        (None, _) => index_names(program, &group.dims, "·"),
    };
    if name.trim().eq_ignore_ascii_case(EVIDENCE) { format!("{name} data") } else { name }
}

fn index_names(program: &Program, dims: &[IndexId], between: &str) -> String {
    let names = dims.iter().filter_map(|id| program.indexes.get(*id));
    names.map(|index| index.name.as_str()).collect::<Vec<_>>().join(between)
}

/// All combinations of members; nothing if an index is open or there are too many.
fn all_keys(program: &Program, dims: &[IndexId]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    for id in dims {
        let Some(members) = member_words(program, *id) else { return Vec::new() };
        if rows.len().saturating_mul(members.len()) > MOST_ROWS {
            return Vec::new();
        }
        let longer = |row: &Vec<String>| {
            let longer = members.iter().map(|member| {
                let mut row = row.clone();
                row.push(member.clone());
                row
            });
            longer.collect::<Vec<_>>()
        };
        rows = rows.iter().flat_map(longer).collect();
    }
    rows
}

/// The members of a closed index as people choose them: by label, else by name.
fn member_words(program: &Program, id: IndexId) -> Option<Vec<String>> {
    let IndexKind::Closed(members) = &program.indexes.get(id)?.kind else { return None };
    // A label that is another member's name would be read as that member.
    let is_name = |word: &str| members.iter().any(|(name, _)| name == word);
    let word = |(name, label): &(String, Option<String>)| match label {
        Some(label) if !label.trim().is_empty() && !is_name(label) => label.clone(),
        _ => name.clone(),
    };
    Some(members.iter().map(word).collect())
}

fn dictionaries(program: &Program) -> Vec<Dictionary> {
    let mut list: Vec<Dictionary> = (program.indexes.iter().enumerate())
        .filter_map(|(id, index)| {
            Some(Dictionary { name: index.name.clone(), values: member_words(program, id)? })
        })
        .collect();
    if !program.evidence.is_empty() {
        let mut items: Vec<String> = Vec::new();
        for evidence in &program.evidence {
            if !items.contains(&evidence.message) {
                items.push(evidence.message.clone());
            }
        }
        list.push(Dictionary { name: ITEMS.to_owned(), values: items });
        let words = ["satisfied", "violated"].map(str::to_owned);
        list.push(Dictionary { name: STATUSES.to_owned(), values: words.to_vec() });
    }
    list
}

/// The table `evidence`: items filled beforehand, unless their keys are only known to the data.
fn evidence_sheet(program: &Program) -> Option<TemplateSheet> {
    if program.evidence.is_empty() {
        return None;
    }
    let mut dims: Vec<IndexId> = Vec::new();
    for id in program.evidence.iter().flat_map(|evidence| &evidence.dims) {
        if !dims.contains(id) {
            dims.push(*id);
        }
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for evidence in &program.evidence {
        for keys in all_keys(program, &evidence.dims) {
            let mut row = vec![evidence.message.clone()];
            row.extend(dims.iter().map(|id| {
                let place = evidence.dims.iter().position(|own| own == id);
                place.and_then(|place| keys.get(place)).cloned().unwrap_or_default()
            }));
            rows.push(row);
        }
    }
    let item = TemplateColumn {
        header: "item".to_owned(),
        note: "证据项，照抄方法学文本 / the item, as the method words it".to_owned(),
        kind: TemplateColumnKind::Key,
        width: Some(48.0),
        validation: Validation::List(ITEMS.to_owned()),
        ..TemplateColumn::default()
    };
    let status = TemplateColumn {
        header: "status".to_owned(),
        note: "satisfied 满足；violated 不满足；留空：未定，结果中列出 / empty: open, listed in \
               the result"
            .to_owned(),
        width: Some(16.0),
        validation: Validation::List(STATUSES.to_owned()),
        ..TemplateColumn::default()
    };
    let keys = dims.iter().filter_map(|id| key_column(program, *id));
    let columns = std::iter::once(item).chain(keys).chain(std::iter::once(status)).collect();
    Some(TemplateSheet { name: EVIDENCE.to_owned(), columns, rows })
}

/// How to fill it, in both languages; defaults are named one by one.
fn instructions(program: &Program, headers: &Headers<'_>) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = [
        (
            "怎样填",
            "每张表一行一条记录：先填蓝色键列，再填绿色数值列。列的说明、允许的范围和来源要求写在表头\
             批注里。数值以表头括号里的单位计；改了括号里的单位，读入时按改后的换算。",
        ),
        (
            "how to fill",
            "one record a row: the blue key columns first, then the green value columns. The note at \
             each header says what is meant, the bounds and the sources. Do not change the names in \
             the headers; only the unit in the brackets may be changed to that of your data, and it \
             is converted on reading",
        ),
        (
            "空单元格",
            "空单元格表示没有数据，从不当作零。确实为零的，请填 0。带下拉列表的键须逐个填全，否则读入\
             时报错，并列出缺少的键。",
        ),
        (
            "empty cells",
            "an empty cell is no value, never zero: write 0 where it is zero. Every member of a closed \
             list is needed, or reading reports which are missing",
        ),
        (
            "键的写法",
            "年 2024；季 2024-Q1；月 2024-01；日 2024-01-31；时 2024-01-31T13；时刻 2024-01-31 13:15。",
        ),
        (
            "keys",
            "year 2024; quarter 2024-Q1; month 2024-01; day 2024-01-31; hour 2024-01-31T13; instant \
             2024-01-31 13:15",
        ),
    ]
    .map(|(what, text)| (what.to_owned(), text.to_owned()))
    .to_vec();
    let defaults: Vec<String> = (program.variables.iter().enumerate())
        .filter_map(|(id, variable)| {
            let value = column::default_text(program, variable)?;
            Some(format!("{} = {value}", headers.title(id)))
        })
        .collect();
    if defaults.is_empty() {
        lines.push((
            "缺省值 defaults".to_owned(),
            "没有缺省值：每项都要填 / there are none: everything is needed".to_owned(),
        ));
    } else {
        let text = format!(
            "只有下列各项留空时取缺省值 / only these may be left empty:\n{}",
            defaults.join("\n")
        );
        lines.push(("缺省值 defaults".to_owned(), text));
    }
    if !program.evidence.is_empty() {
        lines.push((
            "证据 evidence".to_owned(),
            "表 evidence 逐项选 satisfied（满足）或 violated（不满足）；violated 则不予计算，留空为未定。\
             / choose satisfied or violated; violated refuses the run, empty means open"
                .to_owned(),
        ));
    }
    lines
}
