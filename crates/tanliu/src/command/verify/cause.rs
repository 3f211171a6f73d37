//! 原因 From the first differing figure down its derivation, to the formula or the leaf that explains it.
//!
//! At each step the figures that this one is made of are compared with those that the pack keeps
//! beside its results. The walk ends where all of them agree: what stands there is the cause.

use super::figures::{Difference, Ledger, Pairs};
use super::record::Record;
use crate::command::explain::cell_text;
use crate::findings::line_and_column;
use crate::packing::Run;
use std::cmp::Ordering;
use tanliu_diagnostic::{CellPlace, Diagnostic, Place, Span, Text, describe_cell};
use tanliu_method::eval::{Leaf, Trace, trace};
use tanliu_method::program::{Index, IndexKind, Key, NodeKind, VariableKind};
use tanliu_method::significant::compare;
use tanliu_unit::time::TimeKey;

/// The walk ends here at the latest.
const STEPS_MAX: usize = 64;

/// A figure: its variable, and index and key.
type Selected = (String, Pairs);

/// 追查 What is needed to find a cause.
pub(super) struct Walk<'a> {
    /// The run as computed now.
    pub(super) run: &'a Run<'a>,
    /// The figures of the pack and of now.
    pub(super) ledger: &'a Ledger,
    /// What the pack says of the run.
    pub(super) record: &'a Record,
}

/// Where the walk ended.
struct Cause {
    /// The place, with what is there.
    place: Option<(Place, Text)>,
    /// In words.
    words: Text,
}

impl Walk<'_> {
    /// The difference with its cause.
    pub(super) fn tell(&self, difference: &Difference) -> Diagnostic {
        let mut steps = Vec::new();
        let cause = match &difference.headers {
            None => {
                let start = (difference.output.clone(), difference.key.clone());
                self.follow(start, &mut steps)
            }
            Some(_) => self.of_declaration(&difference.output),
        };
        let mut finding = self.headline(difference);
        if let Some((place, text)) = cause.place {
            finding = finding.at(place, text.zh, text.en);
        }
        for step in steps {
            finding = finding.note(step.zh, step.en);
        }
        finding =
            finding.note(format!("原因：{}", cause.words.zh), format!("cause: {}", cause.words.en));
        if let Some(note) = digits(difference) {
            finding = finding.note(note.zh, note.en);
        }
        if let Some(note) = self.rounding(&difference.output) {
            finding = finding.note(note.zh, note.en);
        }
        if self.ledger.same_results() {
            finding = finding.note(
                "结果都相同；不同的是包里附的中间结果",
                "all results are the same; what differs is among the workings beside them",
            );
        }
        let (figures, tables) = difference.count;
        finding
            .note(
                format!("共 {tables} 张表里 {figures} 个数不同，这是第一个"),
                format!("figures that differ: {figures}, in tables: {tables}; this is the first"),
            )
            .hint(
                "不要采信这个包；向给出它的人问清这个数",
                "do not trust this pack; ask whoever made it about this figure",
            )
    }

    fn headline(&self, difference: &Difference) -> Diagnostic {
        let name = figure_name(&difference.output, &difference.key);
        let (zh, en) = match (&difference.headers, &difference.packed, &difference.now) {
            (Some((then, now)), _, _) if then == now => (
                format!("结果 {name} 的数相同，但文件的写法不同"),
                format!("the figures of {name} are the same, but the file is written differently"),
            ),
            (Some((then, now)), _, _) => (
                format!("结果 {name} 的列不同：包里是「{then}」，重算得「{now}」"),
                format!(
                    "the columns of {name} differ: the pack has `{then}`, computed are `{now}`"
                ),
            ),
            (None, Some(then), Some(now)) => (
                format!("{name}：包里是 {then}，重算得 {now}"),
                format!("{name}: the pack says {then}, computed is {now}"),
            ),
            (None, Some(then), None) => (
                format!("{name}：包里是 {then}，重算没有这个数"),
                format!("{name}: the pack says {then}, computed is none"),
            ),
            (None, _, now) => {
                let now = now.as_deref().unwrap_or_default();
                (
                    format!("{name}：包里没有，重算得 {now}"),
                    format!("{name}: the pack has none, computed is {now}"),
                )
            }
        };
        Diagnostic::error("pack-result-differs", zh, en)
    }

    /// Follows a figure down; `steps` gets the figures on the way.
    fn follow(&self, start: Selected, steps: &mut Vec<Text>) -> Cause {
        if !self.run.bound.wide.is_empty() {
            return Cause {
                words: Text::new(
                    "数据留在文件里，包里没有中间结果；用 tanliu explain 看它怎样算出",
                    "the data stay in their files and no workings are packed; see with tanliu \
                     explain how it comes about",
                ),
                ..self.of_declaration(&start.0)
            };
        }
        let mut here = start;
        let mut seen = vec![here.clone()];
        for _ in 0..STEPS_MAX {
            let trace = self.trace(&here);
            let operand = trace.as_ref().and_then(|trace| self.differing_operand(trace));
            let all = trace.as_ref().is_some_and(|trace| trace.more == 0);
            let below = operand.or_else(|| self.differing_input(&here, all));
            match below.filter(|next| !seen.contains(next)) {
                Some(next) => {
                    steps.push(self.step(&next));
                    seen.push(next.clone());
                    here = next;
                }
                None => match &trace {
                    Some(trace) => return self.of_leaf(trace),
                    None => return self.without_trace(&here),
                },
            }
        }
        self.without_trace(&here)
    }

    fn trace(&self, (name, key): &Selected) -> Option<Trace> {
        let session = self.run.session;
        let program = &session.checked.program;
        let keys: Option<Vec<(String, Key)>> = key
            .iter()
            .map(|(index, word)| {
                let declared = program.indexes.get(program.index(index)?)?;
                Some((index.clone(), key_of(declared, word)?))
            })
            .collect();
        let parts = (&self.run.bound.dataset, &session.loaded.catalogue);
        trace(program, parts, name, &keys?, 1).ok()
    }

    /// The first operand of which the pack has another figure.
    fn differing_operand(&self, trace: &Trace) -> Option<Selected> {
        trace.operands.iter().find_map(|own| {
            let sheet = self.ledger.sheet(&own.name).filter(|_| self.ledger.has(&own.name))?;
            let (then, now) = self.ledger.pair(&own.name, &sheet.key(&own.key));
            (then != now).then(|| (own.name.clone(), own.key.clone()))
        })
    }

    /// What the formula names and the trace does not show: a figure that is gone or new, and, where
    /// the trace does not show `all`, one of many.
    fn differing_input(&self, (name, key): &Selected, all: bool) -> Option<Selected> {
        let program = &self.run.session.checked.program;
        let variable = program.variables.get(program.variable(name)?)?;
        let VariableKind::Formula { root, .. } = variable.kind else { return None };
        program.named_in(root).into_iter().find_map(|id| {
            let name = &program.variables.get(id)?.name;
            let fits = |pairs: &Pairs| {
                let same = pairs
                    .iter()
                    .all(|(index, word)| key.iter().all(|(own, key)| own != index || key == word));
                // What the trace shows has been compared already.
                let gone = || {
                    let sheet = self.ledger.sheet(name);
                    let own = sheet.map(|sheet| sheet.key(pairs)).unwrap_or_default();
                    let (then, now) = self.ledger.pair(name, &own);
                    then.is_none() || now.is_none()
                };
                same && (!all || gone())
            };
            let key = self.ledger.first_of(name, &fits)?;
            let pairs = self.ledger.sheet(name)?.pairs(&key);
            Some((name.clone(), pairs))
        })
    }

    fn step(&self, (name, key): &Selected) -> Text {
        let sheet = self.ledger.sheet(name);
        let own = sheet.map(|sheet| sheet.key(key)).unwrap_or_default();
        let (then, now) = self.ledger.pair(name, &own);
        let figure = figure_name(name, key);
        Text::new(
            format!(
                "其中 {figure}：包里是 {}，重算得 {}",
                then.unwrap_or("无"),
                now.unwrap_or("无")
            ),
            format!(
                "of it {figure}: the pack says {}, computed is {}",
                then.unwrap_or("none"),
                now.unwrap_or("none")
            ),
        )
    }

    /// The place and the words for where all operands agree.
    fn of_leaf(&self, trace: &Trace) -> Cause {
        let name = figure_name(&trace.name, &trace.key);
        let declared = Place::span(trace.declared.0.clone(), trace.declared.1);
        match &trace.leaf {
            Leaf::Formula => self.of_formula(trace),
            Leaf::Cell { source, sheet, row, column, .. } => {
                let cell = CellPlace {
                    source: source.clone(),
                    sheet: sheet.clone(),
                    row: *row,
                    column: *column,
                    text: String::new(),
                };
                self.of_cell(cell, &name)
            }
            Leaf::Factor { set, explanation, .. } => Cause {
                place: Some((self.factor_place(trace, set).unwrap_or(declared), Text::same(""))),
                words: Text::new(
                    format!("因子 {name} 不同：{}", explanation.zh),
                    format!("the factor {name} differs: {}", explanation.en),
                ),
            },
            Leaf::Parameter => self.at_declaration(
                declared,
                &format!("参数 {name}"),
                &format!("the parameter {name}"),
            ),
            Leaf::Default | Leaf::Lacking => self.at_declaration(
                declared,
                &format!("{name} 的缺省值"),
                &format!("the default of {name}"),
            ),
            Leaf::Set => Cause {
                place: None,
                words: Text::new(
                    format!("{name} 由 --set 给出，与打包时不同"),
                    format!("{name} is given by --set, and not as it was packed"),
                ),
            },
        }
    }

    fn of_cell(&self, mut cell: CellPlace, name: &str) -> Cause {
        let intake = &self.run.bound.intake;
        cell.text = cell_text(intake, &cell);
        intake.relocate_cell(&mut cell);
        let words = |lang| {
            let place = describe_cell(&CellPlace { text: String::new(), ..cell.clone() }, lang);
            (place, cell.text.clone())
        };
        let ((zh, text), (en, _)) =
            (words(tanliu_diagnostic::Lang::Zh), words(tanliu_diagnostic::Lang::En));
        let known = self.record.changed.contains(&cell.source);
        let (why_zh, why_en) = match known {
            true => ("；这个文件不是运行时的那个", "; the file is not the one that was run"),
            false => ("", ""),
        };
        Cause {
            words: Text::new(
                format!("{name} 取自 {zh}「{text}」，与打包时不同{why_zh}"),
                format!("{name} comes from {en} `{text}`, which is not as it was packed{why_en}"),
            ),
            place: Some((Place::Cell(cell), Text::same(""))),
        }
    }

    fn of_formula(&self, trace: &Trace) -> Cause {
        let (document, span) = trace.formula.clone().unwrap_or_else(|| trace.declared.clone());
        let (line, text) = self.source(&document, span);
        let name = figure_name(&trace.name, &trace.key);
        let engine = &self.record.engine;
        let known = trace.operands.iter().all(|own| self.ledger.has(&own.name));
        let words = if self.record.changed.contains(&document) {
            Text::new(
                format!("{name} 的公式不是运行时的那个：{document} 第 {line} 行 `{text}`"),
                format!(
                    "the formula of {name} is not the one that was run: {document}:{line} `{text}`"
                ),
            )
        } else if engine != env!("CARGO_PKG_VERSION") {
            Text::new(
                format!(
                    "{name} 的操作数都相同；版本 {engine} 与这个版本算法不同，或包里的数被改动"
                ),
                format!(
                    "all operands of {name} agree: version {engine} computes it otherwise, or the packed figure was changed"
                ),
            )
        } else if known {
            Text::new(
                format!(
                    "{name} 的公式和操作数都与记录相同（{document} 第 {line} 行 `{text}`）：包里的这个数在打包后被改动"
                ),
                format!(
                    "the formula and the operands of {name} are as recorded ({document}:{line} `{text}`): the packed figure was changed after packing"
                ),
            )
        } else {
            Text::new(
                format!(
                    "{name} 的操作数没有存在包里，只能追到这里（{document} 第 {line} 行 `{text}`）"
                ),
                format!(
                    "the operands of {name} are not kept in the pack: no further ({document}:{line} `{text}`)"
                ),
            )
        };
        Cause { place: Some((Place::span(document, span), Text::same(""))), words }
    }

    fn at_declaration(&self, place: Place, zh: &str, en: &str) -> Cause {
        Cause {
            place: Some((place, Text::same(""))),
            words: Text::new(
                format!("文档里{zh}与打包时不同"),
                format!("{en} in the document is not as it was packed"),
            ),
        }
    }

    /// A figure that has no place in the run now.
    fn without_trace(&self, (name, key): &Selected) -> Cause {
        let figure = figure_name(name, key);
        let program = &self.run.session.checked.program;
        let dataset = &self.run.bound.dataset;
        let table = program.variable(name).and_then(|id| dataset.inputs.get(&id));
        let source = table.and_then(|table| dataset.sources.get(table.source?));
        if let Some(source) = source {
            let file = source.source.clone();
            return Cause {
                words: Text::new(
                    format!("数据 {file} 里已没有 {figure}"),
                    format!("the data {file} hold no {figure} any more"),
                ),
                place: Some((Place::File(file), Text::same(""))),
            };
        }
        Cause { place: None, ..self.of_declaration(name) }
    }

    fn of_declaration(&self, name: &str) -> Cause {
        let program = &self.run.session.checked.program;
        let variable = program.variable(name).and_then(|id| program.variables.get(id));
        let document = variable.and_then(|own| program.documents.get(own.origin.document));
        let place = variable.zip(document).map(|(variable, document)| {
            (Place::span(document.source.clone(), variable.origin.span), Text::same(""))
        });
        let words = match place {
            Some(_) => Text::new("它在文档里的声明如上", "it is declared as shown"),
            None => Text::new("文档里没有它", "the document does not declare it"),
        };
        Cause { place, words }
    }

    /// The row that a factor was taken from.
    fn factor_place(&self, trace: &Trace, set: &str) -> Option<Place> {
        let key: Vec<String> =
            trace.key.iter().map(|(index, word)| format!("{index} = {word}")).collect();
        let key = key.join(", ");
        let own = |exact: bool| {
            let mut uses = self.run.outcome.factors.iter().filter(|own| own.name == trace.name);
            uses.find(|own| !exact || own.key == key)
        };
        let used = own(true).or_else(|| own(false))?;
        let set = self.run.session.loaded.catalogue.set(set)?;
        set.rows.get(*used.rows.first()?).map(|row| set.place(row))
    }

    /// The line and the text of a piece of a document.
    fn source(&self, document: &str, span: Span) -> (usize, String) {
        let text = self.run.session.texts.get(document).map_or("", String::as_str);
        let piece = text.get(span.start..span.end).unwrap_or("");
        let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
        (line_and_column(text, span.start).0, piece)
    }

    fn rounding(&self, output: &str) -> Option<Text> {
        let program = &self.run.session.checked.program;
        let variable = program.variables.get(program.variable(output)?)?;
        let VariableKind::Formula { root, .. } = variable.kind else { return None };
        match program.nodes.get(root)?.kind {
            NodeKind::Round { step: (numerator, denominator), .. } => {
                let step = numerator / denominator;
                Some(Text::new(
                    format!("这个结果声明了舍入到 {step} 的倍数，所以须完全相同"),
                    format!(
                        "this result is declared to be rounded to {step}, so it must be the same"
                    ),
                ))
            }
            _ => None,
        }
    }
}

/// Whether the two agree where it matters.
fn digits(difference: &Difference) -> Option<Text> {
    let then: f64 = difference.packed.as_ref()?.parse().ok()?;
    let now: f64 = difference.now.as_ref()?.parse().ok()?;
    Some(match compare(then, now) {
        Ordering::Equal => Text::new(
            "两数的前 14 位有效数字相同，只差在末位",
            "the two agree at 14 significant digits and differ in the last bits",
        ),
        _ => Text::new(
            "两数在 14 位有效数字之内就不同",
            "the two differ within 14 significant digits",
        ),
    })
}

/// `co2[year = 2016]`
fn figure_name(name: &str, key: &[(String, String)]) -> String {
    if key.is_empty() {
        return name.to_owned();
    }
    let keys: Vec<String> = key.iter().map(|(index, word)| format!("{index} = {word}")).collect();
    format!("{name}[{}]", keys.join(", "))
}

/// The key that a word of a table stands for.
fn key_of(index: &Index, word: &str) -> Option<Key> {
    match &index.kind {
        IndexKind::Closed(_) => index.member(word).map(Key::Member),
        IndexKind::Text => Some(Key::Text(word.into())),
        IndexKind::Integer => word.parse().ok().map(Key::Integer),
        IndexKind::Time { grain, .. } => TimeKey::parse_as(word, *grain).map(Key::Time),
    }
}
