//! 诊断页 The page of all findings, by stage, each with the example that shows it.

use super::cases::{Case, Shown, find, show};
use super::heading;
use crate::documents::shown;
use crate::failure::Failure;
use std::fmt::Write;
use tanliu_diagnostic::Lang;

/// The stages in the order in which they come: folder, Chinese, English.
const STAGES: &[(&str, &str, &str)] = &[
    ("syntax", "写法", "How a document is written"),
    ("names", "名称", "Names"),
    ("units", "单位与取值", "Units and kinds of values"),
    ("dimensions", "索引", "Indexes"),
    ("examples", "算例", "Worked examples"),
    ("lint", "审读", "Reading critically (tanliu lint)"),
    ("factors", "因子库", "The catalogue of factors"),
    ("tables", "读表", "Reading tables"),
    ("data", "数据与输入", "Data and inputs"),
    ("run", "计算与溯源", "Running and explaining"),
    ("packs", "打包与核验", "Packs"),
    ("columnar", "列式引擎", "The columnar engine"),
    ("delta", "Delta 表与写出", "Delta tables and writing"),
];

/// The page; fails if a case does not show its code.
pub(super) fn page(root: &str) -> Result<String, Failure> {
    let cases = find(root)?;
    let mut all = Vec::new();
    let mut faults = Vec::new();
    for (stage, _, _) in STAGES {
        for case in cases.iter().filter(|case| case.stage == *stage) {
            match show(case, root)? {
                Ok(shown) => all.push(shown),
                Err(fault) => faults.push(fault),
            }
        }
    }
    if !faults.is_empty() {
        let list = |lang| faults.iter().map(|f| f.get(lang)).collect::<Vec<_>>().join("\n");
        return Err(Failure::new(list(Lang::Zh), list(Lang::En)));
    }
    let mut page = heading("诊断", "Diagnostics", "diagnostics");
    page.push_str(
        "每条诊断有一个不变的代码，中英文各一句，指明位置，并尽量给出改法。以下按所在阶段排列，\
         每个代码附一例；错误（error）使文档或数据被拒绝，警告（warning）不影响计算。\n\n\
         Every finding has a stable code, a sentence in each language, a place, and where possible \
         the mend. They stand by stage, each with an example; an error refuses the document or the \
         data, a warning does not.\n\n",
    );
    let _ = writeln!(page, "{} 个代码 / codes\n", all.len());
    for (stage, zh, en) in STAGES {
        let _ = writeln!(page, "**{zh}** {en}\n");
        let links: Vec<String> =
            of_stage(&all, stage).map(|shown| format!("[`{0}`](#{0})", shown.case.code)).collect();
        let _ = writeln!(page, "{}\n", links.join(" · "));
    }
    for (stage, zh, en) in STAGES {
        let _ = writeln!(page, "## {zh} {en}\n");
        for shown in of_stage(&all, stage) {
            push_code(&mut page, shown);
        }
    }
    Ok(page.trim_end().to_owned() + "\n")
}

fn of_stage<'a>(all: &'a [Shown], stage: &'a str) -> impl Iterator<Item = &'a Shown> {
    all.iter().filter(move |shown| shown.case.stage == stage)
}

fn push_code(page: &mut String, shown: &Shown) {
    let finding = &shown.finding;
    let level = if finding.is_error() { "错误 error" } else { "警告 warning" };
    let _ = writeln!(page, "### `{}`\n", shown.case.code);
    let _ = writeln!(page, "{level} · [例 example]({})\n", link(&shown.case));
    let _ = writeln!(page, "> {}  ", on_one_line(&finding.message.zh));
    let _ = writeln!(page, "> {}\n", on_one_line(&finding.message.en));
    let _ = writeln!(page, "- 何时：{}", shown.when.zh);
    let _ = writeln!(page, "- When: {}", shown.when.en);
    if let Some(mend) = finding.hint.as_ref().or(shown.mend.as_ref()) {
        let _ = writeln!(page, "- 改法：{}", on_one_line(&mend.zh));
        let _ = writeln!(page, "- Mend: {}", on_one_line(&mend.en));
    }
    let _ = writeln!(page, "\n```text\n{}```\n", shown.rendered);
}

/// The first line; what follows it stands in the rendered example.
fn on_one_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn link(case: &Case) -> String {
    format!("../../{}", shown(&case.document))
}
