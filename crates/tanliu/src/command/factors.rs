//! `tanliu factors`: the catalogue, listed, shown, searched and checked.

use crate::arguments::{FactorAction, Factors};
use crate::data::sha256;
use crate::factors::FactorFiles;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::results::aligned;
use crate::screen::Screen;
use serde_json::{Value, json};
use tanliu_diagnostic::counted;
use tanliu_factor::{Catalogue, FactorSet};

/// Does what is asked of the catalogue.
pub(crate) fn run(wanted: &Factors, screen: &mut Screen) -> Result<Ended, Failure> {
    let files = match &wanted.action {
        FactorAction::Check { folder: Some(folder) } => FactorFiles::of_folder(folder)?,
        _ => FactorFiles::find(wanted.factors.as_deref(), None)?,
    };
    let loaded = files.load_all();
    let catalogue = &loaded.catalogue;
    match &wanted.action {
        FactorAction::List => {
            list(&catalogue.sets().collect::<Vec<_>>(), &files, wanted.json, screen);
        }
        FactorAction::Search { words } => {
            let found = catalogue.search(&words.join(" "));
            if found.is_empty() && !wanted.json {
                screen.line("没有找到", "nothing found");
                return Ok(Ended::Refused);
            }
            list(&found, &files, wanted.json, screen);
        }
        FactorAction::Show { id } => show(id, catalogue, &files, wanted.json, screen)?,
        FactorAction::Check { .. } => {
            let findings = &loaded.findings;
            let (sets, errors) = (catalogue.sets().count(), findings.error_count());
            let warnings = findings.warning_count();
            if wanted.json {
                screen.json(&json!({
                    "sets": sets, "errors": errors, "warnings": warnings,
                    "findings": findings_json(findings.list(), &loaded.texts),
                }));
            } else {
                screen.findings(findings.list(), &loaded.texts, true);
                screen.line(
                    format!("{sets} 个因子集，{errors} 个错误，{warnings} 个警告"),
                    [counted(sets, "set"), counted(errors, "error"), counted(warnings, "warning")]
                        .join(", "),
                );
            }
            return Ok(Ended::from_errors(errors));
        }
    }
    Ok(Ended::Well)
}

fn list(sets: &[&FactorSet], files: &FactorFiles, as_json: bool, screen: &mut Screen) {
    if as_json {
        let list: Vec<Value> = sets.iter().map(|set| set_json(set, files)).collect();
        screen.json(&Value::Array(list));
        return;
    }
    let lang = screen.lang;
    let column = |heading: &str, cell: &dyn Fn(&FactorSet) -> String| {
        let mut cells = vec![heading.to_owned()];
        cells.extend(sets.iter().map(|set| cell(set)));
        cells
    };
    let columns = [
        (column("id", &|set| set.id.clone()), false),
        (column(screen.word("种类", "kind"), &|set| set.header.kind.clone()), false),
        (column(screen.word("单位", "unit"), &unit_of), false),
        (column(screen.word("行", "rows"), &|set| set.rows.len().to_string()), true),
        (
            column(screen.word("可信程度", "standing"), &|set| {
                set.header.standing.name(lang).to_owned()
            }),
            false,
        ),
        (column(screen.word("名称", "title"), &|set| set.header.title.get(lang).to_owned()), false),
    ];
    screen.text(&aligned(&columns));
}

fn unit_of(set: &FactorSet) -> String {
    set.unit().map(ToString::to_string).unwrap_or_default()
}

fn show(
    id: &str,
    catalogue: &Catalogue,
    files: &FactorFiles,
    as_json: bool,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let Some(set) = catalogue.set(id) else {
        let near = catalogue.nearest_ids(id);
        let failure = if catalogue.is_refused(id) {
            Failure::new(
                format!("因子集 {id} 有错误，未读入"),
                format!("the set {id} has errors and was refused"),
            )
            .hint("用 tanliu factors check 查看", "see tanliu factors check")
        } else if near.is_empty() {
            Failure::new(format!("没有因子集 {id}"), format!("there is no set {id}"))
                .hint("用 tanliu factors list 查看全部", "see tanliu factors list")
        } else {
            Failure::new(format!("没有因子集 {id}"), format!("there is no set {id}")).hint(
                format!("是否想写 {}？", near.join("、")),
                format!("did you mean {}?", near.join(", ")),
            )
        };
        return Err(failure);
    };
    if as_json {
        screen.json(&set_json(set, files));
    } else {
        let text = set.describe(screen.lang);
        screen.text(&text);
    }
    Ok(())
}

fn set_json(set: &FactorSet, files: &FactorFiles) -> Value {
    let header = &set.header;
    let rows: Vec<Value> = set.rows.iter().map(|row| crate::manifest::row_json(set, row)).collect();
    json!({
        "id": set.id,
        "title": { "zh": header.title.zh, "en": header.title.en },
        "kind": header.kind,
        "unit": unit_of(set),
        "issuer": header.issuer,
        "source": header.source,
        "page": header.page,
        "published": header.published.map(|at| at.to_string()),
        "region_set": header.region_set,
        "standing": header.standing.word(),
        "from": files.origin(&set.id),
        "sha256": sha256(set.digest_text().as_bytes()),
        "rows": rows,
    })
}
