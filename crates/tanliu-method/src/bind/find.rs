//! 寻列 Which column of which table supplies which input: exactly one, or an error that lists what
//! was seen.

use super::context::{Context, input_of};
use super::header::split_header;
use super::layout::Layout;
use super::scalar::SetScalar;
use crate::program::{Variable, VariableId, VariableKind};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Diagnostics, Text, nearest};

/// How many tables a list of what was seen names.
const TABLES_LISTED: usize = 8;

/// 取数方案 Who is supplied by what.
#[derive(Default)]
pub(super) struct Plan {
    /// For each table, the variables it supplies with the number of the value column.
    pub(super) chosen: BTreeMap<usize, Vec<(VariableId, usize)>>,
    /// Columns that were chosen or quarrelled about: table, column number.
    pub(super) spoken_for: BTreeSet<(usize, u32)>,
    /// Inputs with a default that got nothing.
    pub(super) defaulted: Vec<VariableId>,
    /// Inputs that got nothing and have no default.
    pub(super) missing: Vec<VariableId>,
}

/// Where a variable's column is.
#[derive(Clone, Copy)]
struct Candidate<'l, 'a> {
    layout: &'l Layout<'a>,
    value: usize,
}

/// Finds each variable's column.
pub(super) fn plan(
    context: &Context<'_>,
    layouts: &[Layout<'_>],
    scalars: &BTreeMap<VariableId, SetScalar>,
    diagnostics: &mut Diagnostics,
) -> Plan {
    let mut plan = Plan::default();
    for (id, variable) in context.program.variables.iter().enumerate() {
        let named: Vec<Candidate<'_, '_>> = (layouts.iter())
            .flat_map(|layout| {
                layout.value_columns(id).map(move |(value, _)| Candidate { layout, value })
            })
            .collect();
        let (whole, partial): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|candidate| candidate.layout.has_indexes(&variable.dims));
        let set = scalars.get(&id);
        match (whole.as_slice(), set) {
            ([], None) => plan.nothing(context, layouts, (id, &partial), diagnostics),
            ([], Some(_)) => {}
            ([one], None) => {
                plan.speak_for(&whole);
                plan.chosen.entry(one.layout.number).or_default().push((id, one.value));
            }
            _ => {
                plan.speak_for(&whole);
                diagnostics.push(ambiguous(context, variable, &whole, set));
            }
        }
    }
    check_shared(context, layouts, &plan, diagnostics);
    plan
}

impl Plan {
    fn speak_for(&mut self, candidates: &[Candidate<'_, '_>]) {
        for candidate in candidates {
            if let Some(value) = candidate.layout.values.get(candidate.value) {
                self.spoken_for.insert((candidate.layout.number, value.column.number));
            }
        }
    }

    /// No table has all indexes and the column.
    fn nothing(
        &mut self,
        context: &Context<'_>,
        layouts: &[Layout<'_>],
        (id, partial): (VariableId, &[Candidate<'_, '_>]),
        diagnostics: &mut Diagnostics,
    ) {
        let Some(variable) = context.variable(id) else { return };
        let needed = match &variable.kind {
            VariableKind::Input(input) => input.default.is_none() && !input.optional,
            VariableKind::Hole | VariableKind::Factor(_) => false,
            VariableKind::Param(_) | VariableKind::Formula { .. } => return,
        };
        // A column that bears the name but lacks an index would vanish behind the default.
        if needed || !partial.is_empty() {
            self.speak_for(partial);
            self.missing.push(id);
            diagnostics.push(not_found(context, layouts, variable, partial));
        } else if input_of(variable).is_some() {
            self.defaulted.push(id);
        }
    }
}

fn not_found(
    context: &Context<'_>,
    layouts: &[Layout<'_>],
    variable: &Variable,
    partial: &[Candidate<'_, '_>],
) -> Diagnostic {
    let title = context.title(variable);
    let mut found = Diagnostic::error(
        "data-not-found",
        format!("找不到{}的数据", title.zh),
        format!("no data for {}", title.en),
    );
    for candidate in partial {
        let Some(value) = candidate.layout.values.get(candidate.value) else { continue };
        let absent: Vec<_> = (variable.dims.iter().copied())
            .filter(|index| !candidate.layout.indexes.contains_key(index))
            .collect();
        let absent = context.index_names(&absent);
        found = found.at(
            candidate.layout.table.header_place(value.column),
            format!("有此列，但表中没有索引列 {absent}"),
            format!("the column is here, but the table has no index column {absent}"),
        );
    }
    found = found.see(context.declared(variable), "在此声明", "declared here");
    let seen = seen(layouts);
    found = found.note(seen.zh, seen.en);
    match index_slip(context, variable, partial) {
        Some((header, index)) => found.hint(
            format!("列「{header}」是否指索引 {index}？表头应写 {index}"),
            format!("is column `{header}` the index {index}? its header should read {index}"),
        ),
        None => hint_not_found(context, layouts, variable, found),
    }
}

/// A column that likely means an index that its table lacks: its header and the index.
fn index_slip<'l>(
    context: &Context<'_>,
    variable: &Variable,
    partial: &[Candidate<'l, '_>],
) -> Option<(&'l str, String)> {
    partial.iter().find_map(|candidate| {
        let absent =
            variable.dims.iter().filter(|index| !candidate.layout.indexes.contains_key(index));
        absent.map(|index| context.index_names(&[*index])).find_map(|name| {
            let headers = candidate.layout.extra.iter().map(|column| column.header.trim());
            let like = nearest(&name, headers).first().copied()?;
            Some((like, name))
        })
    })
}

fn hint_not_found(
    context: &Context<'_>,
    layouts: &[Layout<'_>],
    variable: &Variable,
    found: Diagnostic,
) -> Diagnostic {
    let headers: Vec<String> = (layouts.iter())
        .flat_map(|layout| &layout.extra)
        .map(|column| split_header(&column.header).0)
        .collect();
    let candidates = || headers.iter().map(String::as_str);
    let mut like = nearest(&variable.name, candidates());
    if let (true, Some(label)) = (like.is_empty(), &variable.label) {
        like = nearest(label, candidates());
    }
    let header = match variable.ty.unit().filter(|unit| !super::context::is_one(unit)) {
        Some(unit) => format!("{} ({unit})", variable.name),
        None => variable.name.clone(),
    };
    if !like.is_empty() {
        let (zh, en) = (like.join("、"), like.join(", "));
        return found.hint(
            format!("是否指列 {zh}？表头应写 {header}"),
            format!("did you mean column {en}? the header should read {header}"),
        );
    }
    let alike = of_like_unit(context, layouts, variable);
    if !alike.is_empty() {
        let (zh, en) = (alike.join("、"), alike.join(", "));
        return found.hint(
            format!("列 {zh} 的单位相合，是否指它？表头应写 {header}"),
            format!("column {en} has a fitting unit: is it meant? its header should read {header}"),
        );
    }
    if variable.dims.is_empty() && context.restricted.is_none() {
        return found.hint(
            format!("用 --set {}=… 给出，或在一张表中加一列 {header}", variable.name),
            format!("give it with --set {}=…, or add a column {header} to a table", variable.name),
        );
    }
    let mut columns = context.index_names(&variable.dims);
    if !columns.is_empty() {
        columns.push_str(", ");
    }
    columns.push_str(&header);
    found.hint(
        format!("给出一张含这些列的表：{columns}"),
        format!("give one table with the columns {columns}"),
    )
}

/// Columns that nothing uses, in tables with all indexes of a variable, whose unit fits it and is
/// not 1: short names are too short to tell a slip by their letters.
fn of_like_unit<'l>(
    context: &Context<'_>,
    layouts: &'l [Layout<'_>],
    variable: &Variable,
) -> Vec<&'l str> {
    let Some(declared) = variable.ty.unit().filter(|unit| !super::context::is_one(unit)) else {
        return Vec::new();
    };
    let fits = |header: &str| {
        let unit = split_header(header).1.and_then(|unit| context.units.parse(&unit).ok());
        unit.is_some_and(|unit| unit.conversion_to(declared).is_some())
    };
    let tables = layouts.iter().filter(|layout| layout.has_indexes(&variable.dims));
    let headers = tables.flat_map(|layout| &layout.extra).map(|column| column.header.trim());
    headers.filter(|header| !header.starts_with('±') && fits(header)).take(3).collect()
}

/// The tables with their columns.
fn seen(layouts: &[Layout<'_>]) -> Text {
    if layouts.is_empty() {
        return Text::new("没有给出任何表", "no table was given");
    }
    let list = |more: String| {
        let mut lines: Vec<String> =
            layouts.iter().take(TABLES_LISTED).map(Layout::summary).collect();
        if layouts.len() > TABLES_LISTED {
            lines.push(more);
        }
        lines.join("; ")
    };
    let beyond = layouts.len().saturating_sub(TABLES_LISTED);
    Text::new(
        format!("已读的表：{}", list(format!("另有 {beyond} 张"))),
        format!("seen: {}", list(format!("{beyond} more"))),
    )
}

fn ambiguous(
    context: &Context<'_>,
    variable: &Variable,
    candidates: &[Candidate<'_, '_>],
    set: Option<&SetScalar>,
) -> Diagnostic {
    let title = context.title(variable);
    let count = candidates.len() + usize::from(set.is_some());
    let mut found = Diagnostic::error(
        "data-ambiguous",
        format!("{}有 {count} 处数据，只能有一处", title.zh),
        format!("{} is given in {count} places, but only one may supply it", title.en),
    );
    for candidate in candidates {
        let table = candidate.layout.table;
        let Some(value) = candidate.layout.values.get(candidate.value) else { continue };
        found = found.at(table.header_place(value.column), "此处", "here");
    }
    if let Some(set) = set {
        found = found.at(set.place.clone(), "又直接给了值", "also set to a value");
    }
    found
        .see(context.declared(variable), "在此声明", "declared here")
        .hint("删去或改名多余的列", "remove or rename the columns that are not meant")
}

/// A label that two variables share may not make one column supply both.
fn check_shared(
    context: &Context<'_>,
    layouts: &[Layout<'_>],
    plan: &Plan,
    diagnostics: &mut Diagnostics,
) {
    for (number, chosen) in &plan.chosen {
        let Some(layout) = layouts.get(*number) else { continue };
        let mut by_column: BTreeMap<usize, Vec<VariableId>> = BTreeMap::new();
        for (id, value) in chosen {
            by_column.entry(*value).or_default().push(*id);
        }
        for (value, ids) in by_column.into_iter().filter(|(_, ids)| ids.len() > 1) {
            let Some(value) = layout.values.get(value) else { continue };
            let names: Vec<&str> = (ids.iter())
                .filter_map(|id| context.variable(*id))
                .map(|variable| variable.name.as_str())
                .collect();
            let (zh, en) = (names.join("、"), names.join(", "));
            diagnostics.push(
                Diagnostic::error(
                    "data-ambiguous",
                    format!("此列的标签同时属于 {zh}"),
                    format!("the label of this column belongs to {en} alike"),
                )
                .at(layout.table.header_place(value.column), "", "")
                .hint("表头改用名称", "use the name in the header"),
            );
        }
    }
}
