//! 方法库目录 `methods/README.md`: the map from systems to documents, and how far each may be trusted.

use super::standings::Standings;
use crate::command::Batch;
use crate::failure::Failure;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use tanliu_diagnostic::{Lang, counted};
use tanliu_method::check::Checked;
use tanliu_method::program::VariableKind;

/// The systems that a library may serve: code, 中文, English.
const SYSTEMS: &str = include_str!("../../../../../methods/systems.csv");

const HEAD: &str = "# 方法库 Method library

<!-- 由 `cargo xtask reference` 生成（`tanliu reference library`），请勿手改。 -->

每一篇是一份可以读、也可以运行的方法学。`tanliu check` 检查，`tanliu lint` 审读，`tanliu test` 运行篇内算例，`tanliu run` 用数据计算，`tanliu doc` 排成网页。
输入、参数、因子与输出的清单见[方法参考](../docs/reference/methods/README.md)，`bad/` 里的每一篇有且只有一处错误，写明应当报告哪一条。

所有篇目都是草案或演示，不能代替主管部门发布的文本。“依据”一栏数的是篇内参数与所用因子集：**原文**，见过发布的文本；**转引**，由别人抄录，篇内写明由谁；**自拟**，本库所定，须由使用者替换；**待定**，原文没有印出，填之前用到它的结果留空。

Every document is a methodology that people read and the machine runs. All are drafts or illustrations. The last column counts parameters and factor sets: read in the issuing text (原文), copied by others (转引), our own (自拟), and named holes (待定).

";

/// The page for the documents of a folder.
pub(super) fn page(folder: &str, batch: &Batch) -> Result<String, Failure> {
    let systems = systems();
    let mut served: BTreeMap<&str, Vec<&Checked>> = BTreeMap::new();
    for checked in &batch.checked {
        for system in &checked.document.front.systems {
            let Some((code, _, _)) = systems.iter().find(|(code, _, _)| code == system) else {
                let (name, known) = (&checked.document.source, systems.len());
                return Err(Failure::new(
                    format!(
                        "{name}：systems 里的 {system} 不在 methods/systems.csv 的 {known} 行里"
                    ),
                    format!(
                        "{name}: {system} is none of the {known} systems of methods/systems.csv"
                    ),
                ));
            };
            served.entry(code.as_str()).or_default().push(checked);
        }
    }
    let mut page = HEAD.to_owned();
    let documents = batch.checked.len();
    let examples: usize = batch.checked.iter().map(examples_of).sum();
    let _ = writeln!(
        page,
        "{documents} 篇文档，{examples} 个算例，{} 个因子集在用。{}, {}.\n",
        sets_in_use(batch),
        counted(documents, "document"),
        counted(examples, "worked example"),
    );
    page.push_str("## 系统与文档 Systems and documents\n\n");
    page.push_str("| 系统 | 文档 | 依据 |\n|---|---|---|\n");
    let mut without = Vec::new();
    for (code, zh, en) in &systems {
        let Some(documents) = served.get(code.as_str()) else {
            without.push(format!("{code} {zh}"));
            continue;
        };
        let mut total = Standings::default();
        documents.iter().for_each(|checked| total.add(&Standings::of(checked, &batch.loaded)));
        let links: Vec<String> =
            documents.iter().map(|checked| link(checked, folder, short(checked))).collect();
        let _ = writeln!(
            page,
            "| {code} {zh}<br>{en} | {} | {} |",
            links.join(" · "),
            total.words(Lang::Zh)
        );
    }
    let _ = writeln!(
        page,
        "\n还没有方法文档的系统（由程序的其他部分承担，或尚未写）：{}。\n",
        without.join("、")
    );
    by_folder(&mut page, folder, batch);
    Ok(page)
}

fn by_folder(page: &mut String, folder: &str, batch: &Batch) {
    let mut groups: BTreeMap<&str, Vec<&Checked>> = BTreeMap::new();
    for checked in &batch.checked {
        let id = checked.document.front.id.as_str();
        groups.entry(id.rsplit_once('/').map_or("", |(group, _)| group)).or_default().push(checked);
    }
    page.push_str("## 按目录 By folder\n");
    for (group, documents) in groups {
        let _ = writeln!(page, "\n### {group}\n");
        page.push_str("| 文档 | 题目 | 系统 | 状态 | 算例 | 依据 |\n|---|---|---|---|---|---|\n");
        for checked in documents {
            let front = &checked.document.front;
            let title = front.title.as_ref().map(|title| title.zh.clone()).unwrap_or_default();
            let _ = writeln!(
                page,
                "| {} | {title} | {} | {} | {} | {} |",
                link(checked, folder, short(checked)),
                front.systems.join(" "),
                status(front.status.as_deref()),
                examples_of(checked),
                Standings::of(checked, &batch.loaded).words(Lang::Zh),
            );
        }
    }
}

/// The systems in the order of their numbers.
pub(super) fn systems() -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_reader(SYSTEMS.as_bytes());
    reader
        .records()
        .filter_map(Result::ok)
        .filter_map(|row| {
            let cell = |at: usize| row.get(at).map(str::to_owned);
            Some((cell(0)?, cell(1)?, cell(2)?))
        })
        .collect()
}

pub(super) fn status(word: Option<&str>) -> &'static str {
    match word {
        Some("official") => "正式",
        Some("illustration") => "演示",
        _ => "草案",
    }
}

pub(super) fn examples_of(checked: &Checked) -> usize {
    checked.document.examples.iter().filter(|example| !example.items.is_empty()).count()
}

fn short(checked: &Checked) -> &str {
    let id = checked.document.front.id.as_str();
    id.rsplit_once('/').map_or(id, |(_, name)| name)
}

fn link(checked: &Checked, folder: &str, text: &str) -> String {
    let path = &checked.document.source;
    let path = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    format!("[{text}]({path})")
}

/// The factor sets that documents take from.
fn sets_in_use(batch: &Batch) -> usize {
    let variables = batch.checked.iter().flat_map(|checked| &checked.program.variables);
    let sets = variables.filter_map(|variable| match &variable.kind {
        VariableKind::Factor(factor) => Some(factor.set.as_str()),
        _ => None,
    });
    sets.collect::<BTreeSet<_>>().len()
}
