//! 方法参考 `docs/reference/methods/`: what each document takes, rests on and gives, one page per group.

use super::library::{examples_of, status};
use super::standings::Standings;
use crate::command::Batch;
use std::collections::BTreeMap;
use std::fmt::Write;
use tanliu_diagnostic::Lang;
use tanliu_factor::Standing;
use tanliu_method::ast::{Declaration, Item, ParamValue};
use tanliu_method::check::Checked;
use tanliu_method::program::{FactorRule, Type, Variable, VariableKind};

/// A value longer than this stands in the document only.
const LONGEST: usize = 70;

/// The pages: file name and text.
pub(super) fn pages(batch: &Batch) -> BTreeMap<String, String> {
    let mut groups: BTreeMap<String, Vec<&Checked>> = BTreeMap::new();
    for checked in &batch.checked {
        groups.entry(group_of(&checked.document.front.id)).or_default().push(checked);
    }
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# 方法参考 Methods\n\n<!-- 由 `cargo xtask reference` 生成（`tanliu reference methods`），请勿手改。 -->\n\n\
         每篇文档要什么、凭什么、给什么。公式、适用条件与算例在文档本身里读。\n\n\
         What each document takes, rests on and gives; formulas, conditions and examples stand in the document.\n\n\
         | 组 | 文档 |\n|---|---|\n",
    );
    for (group, documents) in groups {
        let file = format!("{}.md", group.replace('/', "-"));
        let titles: Vec<String> = documents
            .iter()
            .map(|checked| format!("[{}]({file}#{})", title(checked), anchor(checked)))
            .collect();
        let _ = writeln!(index, "| [{group}]({file}) | {} |", titles.join(" · "));
        pages.insert(file, group_page(&group, &documents, batch));
    }
    pages.insert("README.md".to_owned(), index);
    pages
}

/// `cn/inventory/process/lime` belongs to `cn/inventory`, `score/eco-city` to `score`.
fn group_of(id: &str) -> String {
    let parts: Vec<&str> = id.split('/').collect();
    let wanted = parts.len().saturating_sub(1).clamp(1, 2);
    parts.get(..wanted).unwrap_or_default().join("/")
}

fn title(checked: &Checked) -> String {
    let front = &checked.document.front;
    front.title.as_ref().map_or_else(|| front.id.clone(), |title| title.zh.clone())
}

fn anchor(checked: &Checked) -> String {
    checked.document.front.id.replace(['/', '.'], "").to_lowercase()
}

fn group_page(group: &str, documents: &[&Checked], batch: &Batch) -> String {
    let mut page = format!(
        "# {group}\n\n<!-- 由 `cargo xtask reference` 生成（`tanliu reference methods`），请勿手改。 -->\n"
    );
    for checked in documents {
        let front = &checked.document.front;
        let _ = writeln!(page, "\n## {}\n", front.id);
        let en = front.title.as_ref().map(|title| title.en.clone()).unwrap_or_default();
        let path = &checked.document.source;
        let _ = writeln!(page, "[{}](../../../{path})（{en}）\n", title(checked));
        let _ = writeln!(
            page,
            "{} · 第 {} 版 · 系统 {} · 算例 {} 个 · 依据：{}\n",
            status(front.status.as_deref()),
            front.version,
            front.systems.join("、"),
            examples_of(checked),
            Standings::of(checked, &batch.loaded).words(Lang::Zh),
        );
        outputs(&mut page, checked);
        inputs(&mut page, checked);
        parameters(&mut page, checked);
        factors(&mut page, checked, batch);
        used(&mut page, checked);
    }
    page
}

/// The document's own variables of a kind.
fn own<'c>(
    checked: &'c Checked,
    wanted: impl Fn(&Variable) -> bool + 'c,
) -> impl Iterator<Item = &'c Variable> {
    checked.program.variables.iter().filter(move |v| v.origin.document == 0 && wanted(v))
}

fn outputs(page: &mut String, checked: &Checked) {
    page.push_str("| 输出 | 名称 | 单位 |\n|---|---|---|\n");
    for variable in own(checked, |variable| variable.output) {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} |",
            head(checked, variable),
            cell(variable.label.as_deref()),
            kind_of(checked, variable)
        );
    }
    page.push('\n');
}

/// Inputs of the document and those it passes on from documents it uses.
fn inputs(page: &mut String, checked: &Checked) {
    let taken: Vec<&Variable> = checked
        .program
        .variables
        .iter()
        .filter(|v| matches!(v.kind, VariableKind::Input(_)) && !v.name.contains('.'))
        .collect();
    if taken.is_empty() {
        return;
    }
    page.push_str("| 输入 | 名称 | 单位 | 缺了怎样 | 数据来源 |\n|---|---|---|---|---|\n");
    for variable in taken {
        let VariableKind::Input(input) = &variable.kind else { continue };
        let lacking = match (&input.default, input.optional) {
            (Some(_), _) => "取缺省值",
            (None, true) => "可缺",
            (None, false) => "必填",
        };
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {lacking} | {} |",
            head(checked, variable),
            cell(variable.label.as_deref()),
            kind_of(checked, variable),
            cell(attribute(variable, "source").as_deref()),
        );
    }
    page.push('\n');
}

fn parameters(page: &mut String, checked: &Checked) {
    let mut rows = String::new();
    for declaration in &checked.declarations {
        let Item::Param(param) = &declaration.item else { continue };
        let label = cell(param.label.as_deref());
        let value = value_of(checked, &param.value);
        let name = &param.name.text;
        let source = said(declaration, "source").or_else(|| said(declaration, "note"));
        let standing = said(declaration, "standing")
            .and_then(|word| Standing::parse(word.trim()))
            .map(|standing| standing.name(Lang::Zh).to_owned());
        let standing = match &param.value {
            ParamValue::Hole(_) => "**待定**".to_owned(),
            _ => standing.unwrap_or_default(),
        };
        let _ = writeln!(
            rows,
            "| `{name}` | {label} | {value} | {standing} | {} |",
            cell(source.as_deref())
        );
    }
    if !rows.is_empty() {
        page.push_str("| 参数 | 名称 | 取值 | 可信程度 | 来源 |\n|---|---|---|---|---|\n");
        page.push_str(&rows);
        page.push('\n');
    }
}

fn factors(page: &mut String, checked: &Checked, batch: &Batch) {
    let mut rows = String::new();
    for variable in own(checked, |v| matches!(v.kind, VariableKind::Factor(_))) {
        let VariableKind::Factor(factor) = &variable.kind else { continue };
        let rule = match &factor.rule {
            FactorRule::SameYear(_) => "同年",
            FactorRule::Latest { published: true, .. } => "此前最近公布",
            FactorRule::Latest { .. } => "此前最近",
            FactorRule::Fixed(_) => "固定",
            FactorRule::MeanOfLast { .. } => "最近几期平均",
        };
        let standing = batch.loaded.catalogue.set(&factor.set);
        let standing = standing.map_or("", |set| set.header.standing.name(Lang::Zh));
        let _ = writeln!(
            rows,
            "| `{}` | {} | `{}` | {rule} | {standing} |",
            head(checked, variable),
            cell(variable.label.as_deref()),
            factor.set,
        );
    }
    if !rows.is_empty() {
        page.push_str("| 因子 | 名称 | 因子集 | 取用 | 可信程度 |\n|---|---|---|---|---|\n");
        page.push_str(&rows);
        page.push('\n');
    }
}

fn used(page: &mut String, checked: &Checked) {
    let ids: Vec<String> = checked
        .declarations
        .iter()
        .filter_map(|declaration| match &declaration.item {
            Item::Use(used) => Some(format!("`{}`", used.id.text)),
            _ => None,
        })
        .collect();
    if !ids.is_empty() {
        let _ = writeln!(page, "引用：{}。\n", ids.join("、"));
    }
}

/// `co2[province, year]`
fn head(checked: &Checked, variable: &Variable) -> String {
    let names: Vec<&str> = variable
        .dims
        .iter()
        .filter_map(|index| Some(checked.program.indexes.get(*index)?.name.as_str()))
        .collect();
    match names.is_empty() {
        true => variable.name.clone(),
        false => format!("{}[{}]", variable.name, names.join(", ")),
    }
}

fn kind_of(checked: &Checked, variable: &Variable) -> String {
    match &variable.ty {
        Type::Number(unit) => cell(Some(&unit.to_string())),
        Type::Bool => "是否".to_owned(),
        Type::Text => "文字".to_owned(),
        Type::Date => "日期".to_owned(),
        Type::Key(index) => {
            let name = checked.program.indexes.get(*index).map(|index| index.name.clone());
            format!("`{}`", name.unwrap_or_default())
        }
    }
}

fn value_of(checked: &Checked, value: &ParamValue) -> String {
    let span = match value {
        ParamValue::Hole(span) => *span,
        ParamValue::Map(map) => map.span,
        ParamValue::Expr(expr) => expr.span,
    };
    let text = checked.document.text.get(span.start..span.end).unwrap_or_default();
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    match text.chars().count() > LONGEST {
        true => "见文档".to_owned(),
        false => format!("`{}`", text.replace('|', "\\|")),
    }
}

fn attribute(variable: &Variable, kind: &str) -> Option<String> {
    variable.attributes.iter().find(|(own, _)| own == kind).map(|(_, text)| text.clone())
}

fn said(declaration: &Declaration, kind: &str) -> Option<String> {
    let line = declaration.attributes.iter().find(|line| line.kind == kind);
    line.map(|line| line.text.clone())
}

/// A text that stands in a cell of a table.
fn cell(text: Option<&str>) -> String {
    text.unwrap_or_default().replace('|', "\\|").replace('\n', " ")
}
