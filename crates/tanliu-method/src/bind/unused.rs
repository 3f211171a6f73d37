//! 未用 Columns and tables that supply nothing: warnings, or errors where a slip would silently
//! put a default in the place of data.

use super::context::{Context, input_of, table_title};
use super::find::Plan;
use super::header::{normal, split_header};
use super::keys::is_nothing;
use super::layout::Layout;
use crate::program::{Variable, VariableKind};
use crate::table::{Column, Table};
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, is_slip, nearest};

/// Reports what is not used.
pub(super) fn report(
    context: &Context<'_>,
    layouts: &[Layout<'_>],
    plan: &Plan,
    diagnostics: &mut Diagnostics,
) {
    for layout in layouts {
        if let Some(restricted) = context.restricted {
            let given = restricted.get(layout.number).map_or(&[] as &[String], Vec::as_slice);
            check_given(context, layout, given, diagnostics);
            continue;
        }
        let mut warnings = Vec::new();
        for column in &layout.extra {
            match slip(context, plan, column) {
                Some(variable) => {
                    diagnostics.push(slipped(context, layout.table, column, variable))
                }
                None => match stands_in(context, layout, plan, column).as_slice() {
                    [] => warnings.push(extra_column(context, layout.table, column)),
                    variables => {
                        diagnostics.push(perhaps_meant(context, layout.table, column, variables));
                    }
                },
            }
        }
        for value in &layout.values {
            if !plan.spoken_for.contains(&(layout.number, value.column.number)) {
                warnings.push(beside(context, layout, value.column));
            }
        }
        let supplies = plan.chosen.contains_key(&layout.number)
            || layout.evidence.is_some()
            || layout
                .values
                .iter()
                .any(|value| plan.spoken_for.contains(&(layout.number, value.column.number)));
        if supplies {
            diagnostics.extend(warnings);
        } else {
            diagnostics.push(extra_table(layout));
        }
    }
}

/// In a worked example every name has its column, and every column its name.
fn check_given(
    context: &Context<'_>,
    layout: &Layout<'_>,
    given: &[String],
    diagnostics: &mut Diagnostics,
) {
    for name in given.iter().filter(|name| layout.evidence.is_none() || normal(name) != "evidence")
    {
        let ids = context.variables_named(&normal(name));
        if ids.is_empty() {
            diagnostics.push(not_to_be_given(context, layout.table, name));
        } else if !ids.iter().any(|id| layout.value_columns(*id).next().is_some()) {
            let seen = layout.summary();
            diagnostics.push(
                Diagnostic::error(
                    "data-not-found",
                    format!("表中没有 {name} 的列"),
                    format!("the table has no column for {name}"),
                )
                .at(header_row(layout.table), format!("应有 {name} 列"), format!("expected {name}"))
                .note(format!("已有的列：{seen}"), format!("seen: {seen}")),
            );
        }
    }
    for column in &layout.extra {
        let header = column.header.trim();
        // A remark may stand in the table; an input that is not named there is likely forgotten.
        let (name, _) = split_header(&normal(header));
        let forgotten = !context.variables_named(&name).is_empty();
        let found = if forgotten { Diagnostic::error } else { Diagnostic::warning };
        diagnostics.push(
            found(
                "data-extra-column",
                format!("列「{header}」既不是索引，也不在 given 之列"),
                format!("column `{header}` is neither an index nor among the names given"),
            )
            .at(layout.table.header_place(column), "多余的列", "extra column")
            .hint(
                "在「Table: given」后写上它的名称，或删去此列",
                "name it behind `Table: given`, or remove the column",
            ),
        );
    }
}

fn not_to_be_given(context: &Context<'_>, table: &Table, name: &str) -> Diagnostic {
    let fixed = context.program.variables.iter().find(|variable| variable.name == *name);
    if let Some(variable) = fixed {
        let title = context.title(variable);
        return Diagnostic::error(
            "data-not-found",
            format!("{}由文档给定，算例不能另给", title.zh),
            format!("{} is fixed by the document and cannot be given", title.en),
        )
        .at(header_row(table), "在此给出", "given here")
        .see(context.declared(variable), "在此声明", "declared here");
    }
    let diagnostic = Diagnostic::error(
        "data-not-found",
        format!("没有名为 {name} 的输入或因子"),
        format!("there is no input or factor named {name}"),
    )
    .at(header_row(table), "未知名称", "unknown name");
    let like = nearest(name, context.scalar_names());
    if like.is_empty() {
        return diagnostic;
    }
    let (zh, en) = (like.join("、"), like.join(", "));
    diagnostic.hint(format!("是否想写 {zh}？"), format!("did you mean {en}?"))
}

/// The header row as a whole.
fn header_row(table: &Table) -> CellPlace {
    CellPlace {
        source: table.source.clone(),
        sheet: table.sheet.clone(),
        row: table.header_row,
        column: 0,
        text: String::new(),
    }
}

/// The input that a column likely means, where that input got nothing else.
fn slip<'p>(context: &Context<'p>, plan: &Plan, column: &Column) -> Option<&'p Variable> {
    let header = normal(&column.header);
    let header = header.trim_start_matches('±').trim();
    let (name, _) = split_header(header);
    let likely = |variable: &&Variable| {
        let words = [Some(&variable.name), variable.label.as_ref()];
        words.into_iter().flatten().any(|word| {
            let word = normal(word);
            is_slip(&name, &word) || is_slip(header, &word)
        })
    };
    let unsupplied = plan.missing.iter().chain(&plan.defaulted);
    unsupplied.filter_map(|id| context.variable(*id)).find(likely)
}

/// The inputs for which a default would stand while a column of their kind lies unused in a table
/// with all their indexes: its header has a unit of theirs, but a name that we do not know.
fn stands_in<'p>(
    context: &Context<'p>,
    layout: &Layout<'_>,
    plan: &Plan,
    column: &Column,
) -> Vec<&'p Variable> {
    let (name, unit) = split_header(&column.header);
    let unit = unit.and_then(|unit| context.units.parse(&unit).ok());
    // Shares and counts convert to each other too readily to tell anything.
    let Some(unit) = unit.filter(|unit| !unit.is_dimensionless()) else { return Vec::new() };
    let known = |variable: &Variable| {
        normal(&variable.name) == name
            || variable.label.as_deref().is_some_and(|label| normal(label) == name)
    };
    let holds_values = (0..column.cells.len()).any(|row| !is_nothing_in(column, row));
    if !holds_values || context.program.variables.iter().any(known) {
        return Vec::new();
    }
    let fits = |variable: &&Variable| {
        let declared = variable.ty.unit();
        !variable.dims.is_empty()
            && layout.has_indexes(&variable.dims)
            && declared.is_some_and(|declared| unit.conversion_to(declared).is_some())
    };
    plan.defaulted.iter().filter_map(|id| context.variable(*id)).filter(fits).collect()
}

fn is_nothing_in(column: &Column, row: usize) -> bool {
    is_nothing(&column.cells.get(row).to_string())
}

fn perhaps_meant(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    variables: &[&Variable],
) -> Diagnostic {
    let header = column.header.trim();
    let titles: Vec<_> = variables.iter().map(|variable| context.title(variable)).collect();
    // The last title keeps its blank, for what follows.
    let zh = titles.iter().map(|title| title.zh.as_str()).collect::<Vec<_>>().join("、");
    let en: Vec<&str> = titles.iter().map(|title| title.en.as_str()).collect();
    let mut diagnostic = Diagnostic::warning(
        "data-extra-column",
        format!("列「{header}」未用到，而单位相合的{zh}没有数据"),
        format!(
            "column `{header}` is not used, while {} of a like unit got no data",
            en.join(", ")
        ),
    )
    .at(table.header_place(column), "是它的数据吗？", "its data?");
    for variable in variables {
        diagnostic = diagnostic.see(context.declared(variable), "在此声明", "declared here");
    }
    let headers: Vec<String> = variables
        .iter()
        .filter_map(|variable| Some(format!("{} ({})", variable.name, variable.ty.unit()?)))
        .collect();
    diagnostic
        .note("若不改，将一律取缺省值", "as it stands, the default would hold everywhere")
        .hint(
            format!("若是，表头写 {}；若不是，删去此列", headers.join(" 或 ")),
            format!(
                "if so, let the header read {}; if not, remove the column",
                headers.join(" or ")
            ),
        )
}

fn slipped(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    variable: &Variable,
) -> Diagnostic {
    let (title, header) = (context.title(variable), column.header.trim());
    let diagnostic = Diagnostic::error(
        "data-extra-column",
        format!("列「{header}」未用到，而{}没有数据", title.zh),
        format!("column `{header}` is not used, while {} got no data", title.en),
    )
    .at(table.header_place(column), "是否写错？", "a slip?")
    .see(context.declared(variable), "在此声明", "declared here");
    let name = &variable.name;
    let diagnostic = match input_of(variable).and_then(|input| input.default.as_ref()) {
        Some(_) => diagnostic
            .note("若不改，将一律取缺省值", "as it stands, the default would hold everywhere"),
        None => diagnostic,
    };
    diagnostic.hint(
        format!("是否想写 {name}？不是则删去或改名此列"),
        format!("did you mean {name}? if not, remove or rename the column"),
    )
}

fn extra_column(context: &Context<'_>, table: &Table, column: &Column) -> Diagnostic {
    let header = column.header.trim();
    let (name, _) = split_header(header);
    let warning = Diagnostic::warning(
        "data-extra-column",
        format!("列「{header}」未用到"),
        format!("column `{header}` is not used"),
    )
    .at(table.header_place(column), "未用到", "not used");
    let own = context.program.variables.iter().find(|variable| {
        normal(&variable.name) == name
            || variable.label.as_deref().is_some_and(|label| normal(label) == name)
    });
    if let Some(variable) = own {
        let title = context.title(variable);
        let (zh, en) = match variable.kind {
            VariableKind::Factor(_) => ("取自因子库", "comes from the factor catalogue"),
            VariableKind::Formula { parameter: false, .. } => {
                ("由文档算出", "is computed by the document")
            }
            _ => ("由文档给定", "is fixed by the document"),
        };
        return warning.note(format!("{}{zh}", title.zh), format!("{} {en}", title.en));
    }
    let like = nearest(&name, context.known_names());
    if like.is_empty() {
        return warning;
    }
    let (zh, en) = (like.join("、"), like.join(", "));
    warning.hint(format!("是否想写 {zh}？"), format!("did you mean {en}?"))
}

/// A column that bears an input's name in a table without all its indexes, while another supplies it.
fn beside(context: &Context<'_>, layout: &Layout<'_>, column: &Column) -> Diagnostic {
    let header = column.header.trim();
    let warning = Diagnostic::warning(
        "data-extra-column",
        format!("列「{header}」未用到"),
        format!("column `{header}` is not used"),
    )
    .at(layout.table.header_place(column), "未用到", "not used");
    let values = layout.values.iter().filter(|value| value.column.number == column.number);
    let absent: Vec<String> = values
        .flat_map(|value| &value.variables)
        .filter_map(|id| context.variable(*id))
        .flat_map(|variable| &variable.dims)
        .filter(|index| !layout.indexes.contains_key(index))
        .map(|index| context.index_names(&[*index]))
        .collect();
    let absent = absent.join(", ");
    warning.note(
        format!("表中没有索引列 {absent}，数据取自另一处"),
        format!("the table has no index column {absent}; the data came from elsewhere"),
    )
}

fn extra_table(layout: &Layout<'_>) -> Diagnostic {
    let (title, seen) = (table_title(layout.table), layout.summary());
    Diagnostic::warning(
        "data-extra-table",
        format!("表 {title} 未用到"),
        format!("table {title} supplies nothing"),
    )
    .at(header_row(layout.table), "", "")
    .note(format!("已有的列：{seen}"), format!("seen: {seen}"))
}
