//! 指令行 The directive lines of an example: `Table:`, `Given:`, `Expect:`.

use tanliu_diagnostic::{Span, Text, nearest_one};
use unicode_normalization::UnicodeNormalization;

use super::inline::{InlineText, plain};
use super::{ExampleItem, Tolerance};

/// 指令 The word that opens a directive line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Table,
    Given,
    Expect,
}

impl Word {
    const ALL: [Word; 3] = [Word::Table, Word::Given, Word::Expect];

    /// With its colon.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::Table => "Table:",
            Self::Given => "Given:",
            Self::Expect => "Expect:",
        }
    }

    /// The right form, for hints.
    pub(super) fn form(self) -> &'static str {
        match self {
            Self::Table => "`Table: given NAME, NAME` / `Table: expect NAME, NAME ± 0.01`",
            Self::Given => "`Given: x = 3 MWh, home = guangdong`",
            Self::Expect => "`Expect: failure \"…\"` / `Expect: warning \"…\"`",
        }
    }

    /// The word that opens a line, after NFKC.
    pub(super) fn of(line: &str) -> Option<Word> {
        let line = line.trim_start();
        let head: String = line.chars().take("Expect:".len()).nfkc().collect();
        Self::ALL.into_iter().find(|word| head.starts_with(word.written()))
    }
}

/// 表指令 A `Table:` line, before its table is met.
#[derive(Debug, Clone)]
pub(super) struct TableLine {
    pub(super) expects: bool,
    pub(super) names: Vec<(String, Span)>,
    pub(super) tolerance: Option<Tolerance>,
    pub(super) span: Span,
}

/// What a directive line says.
pub(super) enum Directive {
    Table(TableLine),
    Items(Vec<ExampleItem>),
}

/// Why a directive line cannot be read, and where.
pub(super) struct Fault {
    pub(super) span: Span,
    pub(super) text: Text,
}

impl Fault {
    fn new(span: Span, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { span, text: Text::new(zh, en) }
    }
}

/// Reads the directive in bytes `start..end` of a paragraph.
pub(super) fn read(
    word: Word,
    paragraph: &InlineText,
    (start, end): (usize, usize),
) -> Result<Directive, Fault> {
    let line = paragraph.normalised(start, end);
    match word {
        Word::Table => table_line(&line).map(Directive::Table),
        Word::Given => given_line(&line).map(Directive::Items),
        Word::Expect => {
            let written = paragraph.text().get(start..end).unwrap_or("").replace('\n', " ");
            let span = paragraph.place(start, end);
            expect_line(&written, span).map(|item| Directive::Items(vec![item]))
        }
    }
}

/// A part of a line: its text and where it begins in the line.
#[derive(Clone, Copy)]
struct Part<'a> {
    line: &'a InlineText,
    start: usize,
    text: &'a str,
}

impl<'a> Part<'a> {
    /// What stands behind the opening word.
    fn behind(line: &'a InlineText, word: Word) -> Self {
        let start = line.text().find(word.written()).map_or(0, |at| at + word.written().len());
        Self { line, start, text: line.text().get(start..).unwrap_or("") }.trim()
    }

    fn trim(self) -> Self {
        let skipped = self.text.len() - self.text.trim_start().len();
        Self { line: self.line, start: self.start + skipped, text: self.text.trim() }
    }

    /// Bytes `from..to` of the part, trimmed.
    fn cut(self, from: usize, to: usize) -> Self {
        let text = self.text.get(from..to).unwrap_or("");
        Self { line: self.line, start: self.start + from, text }.trim()
    }

    /// Where it stands; an empty part stands where the whole line does.
    fn span(self) -> Span {
        if self.text.is_empty() {
            return self.line.place(0, self.line.text().len());
        }
        self.line.place(self.start, self.start + self.text.len())
    }
}

fn table_line(line: &InlineText) -> Result<TableLine, Fault> {
    let rest = Part::behind(line, Word::Table);
    let word_end = rest.text.find(char::is_whitespace).unwrap_or(rest.text.len());
    let word = rest.cut(0, word_end);
    let expects = match word.text {
        "given" => false,
        "expect" => true,
        "" => {
            return Err(Fault::new(
                rest.span(),
                "缺少 given 或 expect",
                "given or expect is missing",
            ));
        }
        other => {
            let guess = nearest_one(other, ["given", "expect"]);
            let (zh, en) = guess
                .map(|guess| (format!("；是否想写 {guess}？"), format!("; did you mean {guess}?")))
                .unwrap_or_default();
            return Err(Fault::new(
                word.span(),
                format!("`Table:` 之后应为 given 或 expect，而不是 {other}{zh}"),
                format!("`Table:` is followed by given or expect, not by {other}{en}"),
            ));
        }
    };
    let rest = rest.cut(word_end, rest.text.len());
    let sign = ["±", "+/-", "+-"].iter().filter_map(|sign| rest.text.find(sign)).min();
    let tolerance = sign.map(|at| rest.cut(at, rest.text.len()));
    if let (false, Some(tolerance)) = (expects, tolerance) {
        return Err(Fault::new(
            tolerance.span(),
            "容差只用于 `Table: expect`",
            "a tolerance belongs to `Table: expect` only",
        ));
    }
    let names = names_of(rest.cut(0, sign.unwrap_or(rest.text.len())))?;
    let tolerance = match tolerance {
        None => None,
        Some(part) => Some(Tolerance::parse(part.text).ok_or_else(|| {
            Fault::new(
                part.span(),
                "容差应为 `± 0.01`（按列的单位，不另写单位）或 `± 0.5%`",
                "a tolerance is `± 0.01` (in the column's unit, not written again) or `± 0.5%`",
            )
        })?),
    };
    Ok(TableLine { expects, names, tolerance, span: line.place(0, line.text().trim_end().len()) })
}

fn names_of(list: Part<'_>) -> Result<Vec<(String, Span)>, Fault> {
    if list.text.is_empty() {
        return Err(Fault::new(list.span(), "没有写名称", "no name is written"));
    }
    let mut names = Vec::new();
    let mut start = 0;
    for piece in list.text.split(',') {
        let part = list.cut(start, start + piece.len());
        start += piece.len() + 1;
        if part.text.is_empty() {
            return Err(Fault::new(
                list.span(),
                "逗号之间缺少名称",
                "a name is missing beside a comma",
            ));
        }
        if !is_dotted_name(part.text) {
            return Err(Fault::new(
                part.span(),
                format!("“{}”不是名称（名称由字母、汉字、数字和 _ 组成，以逗号分隔）", part.text),
                format!(
                    "`{}` is no name (names are letters, digits and _, parted by commas)",
                    part.text
                ),
            ));
        }
        names.push((plain(part.text), part.span()));
    }
    Ok(names)
}

fn given_line(line: &InlineText) -> Result<Vec<ExampleItem>, Fault> {
    let rest = Part::behind(line, Word::Given);
    if rest.text.is_empty() {
        return Err(Fault::new(rest.span(), "没有写赋值", "no assignment is written"));
    }
    assignments(rest)?.into_iter().map(assignment).collect()
}

/// Parts `x = 3 MWh, home = guangdong` at the commas before `NAME =`, outside quotes.
fn assignments(list: Part<'_>) -> Result<Vec<Part<'_>>, Fault> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut closing = None;
    for (index, sign) in list.text.char_indices() {
        match (closing, sign) {
            (Some(quote), _) if sign == quote => closing = None,
            (Some(_), _) => {}
            (None, '"') => closing = Some('"'),
            (None, '“') => closing = Some('”'),
            (None, ',') if opens_assignment(list.text.get(index + 1..).unwrap_or("")) => {
                parts.push(list.cut(start, index));
                start = index + 1;
            }
            _ => {}
        }
    }
    if closing.is_some() {
        return Err(Fault::new(list.span(), "引号没有成对", "a quotation mark is not closed"));
    }
    parts.push(list.cut(start, list.text.len()));
    Ok(parts)
}

fn opens_assignment(text: &str) -> bool {
    let text = text.trim_start();
    let name_end = text.find(|sign: char| !is_name_sign(sign) && sign != '.').unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(name_end).unwrap_or(("", text));
    is_dotted_name(name) && rest.trim_start().starts_with('=')
}

fn assignment(part: Part<'_>) -> Result<ExampleItem, Fault> {
    let Some(equals) = part.text.find('=') else {
        return Err(Fault::new(
            part.span(),
            "缺少 `=`：应为 `名称 = 值`",
            "`=` is missing: an assignment is `NAME = VALUE`",
        ));
    };
    let name = part.cut(0, equals);
    let value = part.cut(equals + 1, part.text.len());
    if !is_dotted_name(name.text) {
        return Err(Fault::new(
            if name.text.is_empty() { part.span() } else { name.span() },
            format!("“{}”不是名称；带索引的值请用 `Table: given` 表给出", name.text),
            format!(
                "`{}` is no name; values with indexes are given by a `Table: given` table",
                name.text
            ),
        ));
    }
    if value.text.is_empty() {
        return Err(Fault::new(
            part.span(),
            format!("{} 没有值", name.text),
            format!("{} has no value", name.text),
        ));
    }
    if outside_quotes(value.text).any(|sign| "=;".contains(sign)) || value.text.ends_with(',') {
        return Err(Fault::new(
            value.span(),
            "几个赋值之间用逗号分隔，末尾不写逗号",
            "assignments are parted by commas, with none at the end",
        ));
    }
    Ok(ExampleItem::Given {
        name: plain(name.text),
        value: plain(value.text),
        span: name.span().to(value.span()),
    })
}

/// The characters of a value that stand in no quotation.
fn outside_quotes(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut quoted = false;
    text.chars().filter(move |sign| {
        match sign {
            '"' => quoted = !quoted,
            '“' => quoted = true,
            '”' => quoted = false,
            _ => {}
        }
        !quoted
    })
}

/// `written` is the line as people see it: the message is not normalised.
fn expect_line(written: &str, span: Span) -> Result<ExampleItem, Fault> {
    let is_quote = |sign: char| "\"“”＂".contains(sign);
    let opening = written.find(is_quote);
    let head = plain(written.get(..opening.unwrap_or(written.len())).unwrap_or(""));
    let what = head.strip_prefix(Word::Expect.written()).unwrap_or("").trim();
    let word = what.split_whitespace().next().unwrap_or("");
    if !matches!(word, "failure" | "warning") {
        let guess = nearest_one(word, ["failure", "warning"]);
        let (zh, en) = guess
            .map(|guess| (format!("；是否想写 {guess}？"), format!("; did you mean {guess}?")))
            .unwrap_or_default();
        return Err(Fault::new(
            span,
            format!("`Expect:` 之后应为 failure 或 warning 和引号中的消息{zh}"),
            format!("`Expect:` is followed by failure or warning and a message in quotes{en}"),
        ));
    }
    let quoted = opening.map_or("", |at| written.get(at..).unwrap_or("")).trim();
    let mut signs = quoted.chars();
    let closed = signs.next().is_some_and(is_quote) && signs.next_back().is_some_and(is_quote);
    let part = signs.as_str().trim();
    if word != what || !closed || part.is_empty() {
        return Err(Fault::new(
            span,
            "缺少引号中的消息（消息的一部分即可），引号之后不写别的",
            "the message (a part of it) stands in quotes, with nothing behind them",
        ));
    }
    let part = part.to_owned();
    Ok(match word {
        "failure" => ExampleItem::ExpectFailure { part, span },
        _ => ExampleItem::ExpectWarning { part, span },
    })
}

fn is_name_sign(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// `x`, `煤耗`, `cm.EF`: parts of letters, digits and `_` that do not begin with a digit.
fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|part| {
        part.chars().next().is_some_and(|first| !first.is_numeric())
            && part.chars().all(|sign| is_name_sign(sign) || is_combining(sign))
    })
}

/// Marks that belong to the letter before them.
fn is_combining(sign: char) -> bool {
    unicode_normalization::char::is_combining_mark(sign)
}
