//! `tanliu reference`: the generated pages of `docs/reference`, as Markdown.

mod cases;
mod diagnostics;
mod library;
mod methods;
mod standings;

use crate::arguments::{Page, Reference, Sources};
use crate::command::Batch;
use crate::deliver::write_file;
use crate::embedded;
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use std::collections::BTreeMap;
use std::fmt::Write;
use tanliu_diagnostic::Lang;
use tanliu_factor::{Catalogue, FactorSet};
use tanliu_unit::{Unit, UnitTable};

/// Prints a page, or writes the pages of the methods.
pub(crate) fn run(wanted: &Reference, screen: &mut Screen) -> Result<Ended, Failure> {
    let text = match wanted.page {
        Page::Diagnostics => diagnostics::page(&wanted.cases)?,
        Page::Units => units(),
        Page::Factors => factors(),
        Page::Library => library::page(&wanted.methods, &library_of(wanted)?)?,
        Page::Methods => {
            let batch = library_of(wanted)?;
            for (name, text) in methods::pages(&batch) {
                let path = format!("{}/{name}", wanted.out.trim_end_matches('/'));
                write_file(&path, text.as_bytes())?;
            }
            return Ok(Ended::Well);
        }
    };
    screen.text(&text);
    Ok(Ended::Well)
}

/// The documents of the library, which must be sound to be listed.
fn library_of(wanted: &Reference) -> Result<Batch, Failure> {
    let batch = Batch::read(std::slice::from_ref(&wanted.methods), &Sources::default())?;
    let (errors, _) = batch.counts();
    match errors {
        0 => Ok(batch),
        errors => Err(Failure::new(
            format!("方法库有 {errors} 个错误，先用 tanliu check 看"),
            format!("the library has {errors} errors: see them with tanliu check"),
        )),
    }
}

fn heading(zh: &str, en: &str, page: &str) -> String {
    format!(
        "# {zh} {en}\n\n<!-- 由 `cargo xtask reference` 生成（`tanliu reference {page}`），请勿手改。 -->\n\n"
    )
}

/// 单位组 Names that mean the same unit.
struct Same {
    names: Vec<String>,
    unit: Unit,
}

fn units() -> String {
    let table = UnitTable::builtin();
    let mut groups: BTreeMap<(String, String), Same> = BTreeMap::new();
    for name in table.names() {
        let Ok(unit) = table.parse(name) else { continue };
        let words = (unit.dimension().words_zh(), unit.scale().to_string());
        let group = groups.entry(words).or_insert_with(|| Same { names: Vec::new(), unit });
        group.names.push(name.to_owned());
    }
    let mut page = heading("单位", "Units", "units");
    page.push_str(
        "同一行的名称是同一个单位。拉丁单位多可加 SI 词头（`kW`、`MJ`），中文单位可加 `千 兆 吉 …`，\
         `十 百 千 万 亿` 可乘在任何单位前（`万吨`、`亿千瓦时`）；质量单位后可接物质（`tCO2`、`kgCH4`），\
         花括号里是注记（`t{clinker}`）。见《语言》第 3 节。\n\n\
         Names in one row are one unit. The last column is the size in the dimension's base unit.\n\n\
         | 量纲 | dimension | 名称 names | 换算 scale |\n|---|---|---|---|\n",
    );
    for ((zh, scale), same) in &groups {
        let names: Vec<String> =
            same.names.iter().map(|name| format!("`{}`", name.replace('|', "\\|"))).collect();
        let en = same.unit.dimension().words_en();
        let _ = writeln!(page, "| {zh} | {en} | {} | {scale} |", names.join(" "));
    }
    page
}

fn factors() -> String {
    let files = embedded::factors().iter();
    let files = files.map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let (catalogue, _) = Catalogue::load(files, &UnitTable::builtin());
    let mut page = heading("因子库", "Factors", "factors");
    page.push_str(
        "随程序提供的因子集。每一行的值、有效期、出处与页码见 `tanliu factors show ID`。\
         “可信程度”说明数字是从哪里读到的。\n\n\
         The sets that come with the program; `tanliu factors show ID` prints the rows.\n\n\
         | 因子集 set | 名称 title | 种类 kind | 单位 unit | 行 rows | 可信程度 standing |\n\
         |---|---|---|---|---|---|\n",
    );
    for set in catalogue.sets() {
        let header = &set.header;
        let _ = writeln!(
            page,
            "| [`{}`](#{}) | {} | {} | {} | {} | {} |",
            set.id,
            anchor(&set.id),
            header.title.zh,
            header.kind,
            unit_of(set),
            set.rows.len(),
            header.standing.name(Lang::Zh),
        );
    }
    for set in catalogue.sets() {
        push_set(&mut page, set);
    }
    page
}

fn push_set(page: &mut String, set: &FactorSet) {
    let header = &set.header;
    let _ = writeln!(page, "\n## `{}`\n", set.id);
    let _ = writeln!(page, "{}（{}）\n", header.title.zh, header.title.en);
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(page, "- {name}：{value}");
        }
    };
    let keys: Vec<String> = header
        .keys
        .iter()
        .map(|key| format!("`{}`（{} 个）", key.column, set.members(&key.column).len()))
        .collect();
    let first = set.rows.iter().min_by_key(|row| row.validity.first_day().ordinal);
    let last = set.rows.iter().max_by_key(|row| row.validity.first_day().ordinal);
    let span = first.zip(last).map(|(first, last)| {
        let end = last.validity.to.map_or_else(|| "今".to_owned(), |to| to.to_string());
        format!("{} 至 {end}", first.validity.from)
    });
    say("种类", Some(header.kind.clone()));
    say("单位", Some(unit_of(set)));
    say("键", Some(keys.join("、")));
    say("有效期", span);
    say("发布", Some(header.issuer.clone()));
    say("出处", header.source.clone());
    say("页或节", header.page.clone());
    say("公布", header.published.map(|at| at.to_string()));
    say("区域划分", header.region_set.clone());
    say("可信程度", Some(header.standing.name(Lang::Zh).to_owned()));
    say("核对", header.standing_note.as_ref().map(|note| note.zh.clone()));
    say("允许缺口", header.gaps.clone());
    say("说明", header.note.as_ref().map(|note| note.zh.clone()));
}

fn unit_of(set: &FactorSet) -> String {
    set.unit().map(ToString::to_string).unwrap_or_default()
}

/// The anchor that Markdown renderers make of a heading.
fn anchor(id: &str) -> String {
    id.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}
