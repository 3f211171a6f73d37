//! 未被读取 What looks as if it were meant for the machine but stands where it is prose.

use tanliu_diagnostic::{Diagnostic, Place, Span};

use super::Heading;
use super::directive::{Word, read};
use super::inline::InlineText;

/// The words that open most declarations.
const OPENERS: [&str; 7] = ["index", "input", "param", "factor", "output", "require", "use"];

/// The first directive of a paragraph outside examples. Prose may begin alike (`Table: shares by
/// year`), so it must read as a directive, or nearly.
pub(super) fn directive(paragraph: &InlineText) -> Option<(Word, Span)> {
    paragraph.lines().find_map(|(start, end)| {
        let line = paragraph.text().get(start..end)?;
        let word = Word::of(line)?;
        let behind = line.split_once([':', '：']).map_or("", |(_, behind)| behind);
        let second = behind.split_whitespace().next().unwrap_or("");
        let meant = matches!(second, "given" | "expect" | "failure" | "warning")
            || read(word, paragraph, (start, end)).is_ok();
        meant.then(|| (word, paragraph.place(start, end)))
    })
}

/// The finding about it.
pub(super) fn directive_outside(word: Word, place: Place, heading: Option<&Heading>) -> Diagnostic {
    let written = word.written();
    let finding = Diagnostic::warning(
        "example-directive-outside",
        format!("`{written}` 行不在任何算例中，不起作用"),
        format!("this `{written}` line stands in no example and does nothing"),
    )
    .at(place, "", "")
    .hint(
        "算例的标题以 `算例` 或 `Example` 开头，如 `## 算例 1：…`",
        "the heading of an example begins with `Example` or `算例`, such as `## Example 1: …`",
    );
    match heading {
        Some(heading) => finding.note(
            format!("它在标题「{}」之下", heading.text),
            format!("it stands under the heading `{}`", heading.text),
        ),
        None => finding,
    }
}

/// `Tan`, `tan,`, `{.tan}`: nearly the word that opens a block of declarations.
pub(super) fn means_tan(info: &str) -> bool {
    let word = info.split_whitespace().next().unwrap_or("");
    word.trim_matches(|sign: char| !sign.is_alphanumeric()).eq_ignore_ascii_case("tan")
}

/// The finding about a block that is not read for want of the right word.
pub(super) fn unread(opening: Place, info: &str) -> Diagnostic {
    let (zh, en) = match info {
        "" => ("这个代码块没有标 `tan`".to_owned(), "this block is not marked `tan`".to_owned()),
        info => (
            format!("这个代码块标的是 `{info}`，不是 `tan`"),
            format!("this block is marked `{info}`, not `tan`"),
        ),
    };
    Diagnostic::warning(
        "fence-unread",
        format!("{zh}，里面的声明不会读取"),
        format!("{en}, and what it declares is not read"),
    )
    .at(opening, "", "")
    .hint("代码块以 ```` ```tan ```` 开头", "begin the block with ```` ```tan ````")
}

/// Whether the first line of a block is a declaration.
pub(super) fn declares(content: &str) -> bool {
    let first =
        content.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("--"));
    let Some((word, rest)) = first.and_then(|line| line.split_once(' ')) else { return false };
    let named = rest.trim_start().starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
    OPENERS.contains(&word) && named && rest.contains([':', '=', '<', '>'])
}
