//! 算例 The directives and tables of the worked examples.

use std::collections::BTreeMap;

use tanliu_diagnostic::{Diagnostic, Span};

use super::directive::{Directive, TableLine, Word, read};
use super::inline::InlineText;
use super::markdown::{Draft, Passage, RawTable};
use super::{Example, ExampleItem, ExampleTable, Findings};
use crate::table::{Cells, Column, Table};

/// Reads the examples.
pub(super) fn gather(
    source: &str,
    text: &str,
    drafts: Vec<Draft>,
    findings: &mut Findings<'_>,
) -> Vec<Example> {
    drafts
        .into_iter()
        .map(|draft| {
            let mut reader = Reader {
                source,
                text,
                title: draft.heading.text.clone(),
                items: Vec::new(),
                waiting: Vec::new(),
                tables: 0,
                given: BTreeMap::new(),
                findings,
            };
            for passage in draft.passages {
                reader.take(passage);
            }
            reader.no_table();
            Example {
                title: reader.title,
                heading_span: draft.heading.span,
                span: draft.span,
                items: reader.items,
            }
        })
        .collect()
}

struct Reader<'a, 's> {
    source: &'a str,
    text: &'a str,
    title: String,
    items: Vec<ExampleItem>,
    /// `Table:` lines whose table has not come yet.
    waiting: Vec<TableLine>,
    /// How many tables were read.
    tables: usize,
    /// Where each scalar is given.
    given: BTreeMap<String, Span>,
    findings: &'a mut Findings<'s>,
}

impl Reader<'_, '_> {
    fn take(&mut self, passage: Passage) {
        match passage {
            Passage::Lines(lines) => self.lines(&lines),
            Passage::Table(table) => self.table(&table),
            Passage::Other => self.no_table(),
        }
    }

    /// Takes the directives of a paragraph: each from its line up to the next directive's.
    fn lines(&mut self, paragraph: &InlineText) {
        let mut open: Option<(Word, usize, usize)> = None;
        for (start, end) in paragraph.lines() {
            let line = paragraph.text().get(start..end).unwrap_or("");
            match (Word::of(line), open) {
                (Some(word), before) => {
                    self.directive(before, paragraph);
                    open = Some((word, start, end));
                }
                (None, Some((word, from, _))) => open = Some((word, from, end)),
                (None, None) => self.no_table(),
            }
        }
        self.directive(open, paragraph);
    }

    fn directive(&mut self, open: Option<(Word, usize, usize)>, paragraph: &InlineText) {
        let Some((word, start, end)) = open else { return };
        match read(word, paragraph, (start, end)) {
            Ok(Directive::Table(line)) => self.waiting.push(line),
            Ok(Directive::Items(items)) => {
                for item in items {
                    self.check_given_once(&item);
                    self.items.push(item);
                }
            }
            Err(fault) => {
                let written = word.written();
                self.findings.push(
                    Diagnostic::error(
                        "example-directive",
                        format!("不能读取算例中的 `{written}` 行"),
                        format!("cannot read this `{written}` line of an example"),
                    )
                    .at(self.findings.place(fault.span), fault.text.zh, fault.text.en)
                    .hint(
                        format!("正确的写法：{}", word.form()),
                        format!("the right form: {}", word.form()),
                    ),
                );
            }
        }
    }

    fn check_given_once(&mut self, item: &ExampleItem) {
        let ExampleItem::Given { name, span, .. } = item else { return };
        let Some(first) = self.given.insert(name.clone(), *span) else { return };
        self.findings.push(
            Diagnostic::error(
                "example-directive",
                format!("同一算例中 {name} 给出了两次"),
                format!("{name} is given twice in one example"),
            )
            .at(self.findings.place(*span), "", "")
            .see(self.findings.place(first), "第一次在这里", "first given here")
            .hint("删去其中一处", "take one of them out"),
        );
    }

    /// Something else came where a table was awaited.
    fn no_table(&mut self) {
        for line in std::mem::take(&mut self.waiting) {
            self.findings.push(
                Diagnostic::error(
                    "example-table",
                    "`Table:` 行之后没有表格",
                    "no table follows this `Table:` line",
                )
                .at(self.findings.place(line.span), "", "")
                .hint(
                    "表格应紧接在这一行之后（可隔空行）；表头之下须有分隔行 `|---|---|`，列数与表头相同",
                    "the table stands right behind the line (blank lines may come between); below \
                     its header stands a row `|---|---|` with as many columns",
                ),
            );
        }
    }

    fn table(&mut self, raw: &RawTable) {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return;
        }
        for (span, cells) in &raw.overfull {
            let columns = raw.rows.first().map_or(0, Vec::len);
            self.findings.push(
                Diagnostic::error(
                    "example-table",
                    format!("这一行有 {cells} 个单元格，表头只有 {columns} 个"),
                    format!("this row has {cells} cells, the header has {columns}"),
                )
                .at(self.findings.place(*span), "", "")
                .hint("单元格里的竖线写作 `\\|`", "a bar inside a cell is written `\\|`"),
            );
        }
        self.tables += 1;
        let table = self.example_table(raw);
        for line in waiting {
            let table = table.clone();
            self.items.push(if line.expects {
                ExampleItem::ExpectTable { names: line.names, tolerance: line.tolerance, table }
            } else {
                ExampleItem::GivenTable { names: line.names, table }
            });
        }
    }

    fn example_table(&self, raw: &RawTable) -> ExampleTable {
        let (header, rows) = raw
            .rows
            .split_first()
            .map_or((&[][..], &[][..]), |(header, rows)| (header.as_slice(), rows));
        let columns = header
            .iter()
            .enumerate()
            .map(|(index, (header, _))| {
                let mut cells = Cells::packed();
                for row in rows {
                    cells.push_text(row.get(index).map_or("", |(text, _)| text));
                }
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                Column { header: header.clone(), number, cells }
            })
            .collect();
        let row_numbers = (2u32..).take(rows.len()).collect();
        let spans = |row: &Vec<(String, Span)>| row.iter().map(|(_, span)| *span).collect();
        ExampleTable {
            table: Table {
                name: format!("{} [{}]", self.title, self.tables),
                source: self.source.to_owned(),
                sheet: None,
                header_row: 1,
                columns,
                row_numbers,
            },
            cell_spans: raw.rows.iter().map(spans).collect(),
            span: super::trimmed(self.text, raw.span),
        }
    }
}
