//! 报错 What the parser says when something else stands where the grammar awaits a token.

use super::cursor::{Parser, Stop, Wanted};
use super::scan::{WideSign, string_length};
use super::words::{ATTRIBUTES, OPENERS, is_name_part};
use tanliu_diagnostic::{Diagnostic, Span, Text, nearest_one};

/// What opens such a declaration elsewhere, and our word for it.
const FOREIGN_OPENERS: [(&str, &str); 22] = [
    ("parameter", "param"),
    ("parameters", "param"),
    ("const", "param"),
    ("constant", "param"),
    ("func", "function"),
    ("fun", "function"),
    ("fn", "function"),
    ("def", "function"),
    ("dimension", "index"),
    ("dim", "index"),
    ("enum", "index"),
    ("set", "index"),
    ("assert", "require"),
    ("check", "require"),
    ("ensure", "require"),
    ("requires", "require"),
    ("warning", "warn"),
    ("import", "use"),
    ("include", "use"),
    ("result", "output"),
    ("return", "output"),
    ("outputs", "output"),
];

impl Parser<'_> {
    /// An error at a span, with a remark there.
    pub(super) fn error(&self, code: &'static str, span: Span, message: Wanted) -> Diagnostic {
        Diagnostic::error(code, message.0, message.1).at(self.place(span), "", "")
    }

    /// The span of the next token and how to name it.
    pub(super) fn found(&self) -> (Span, Text) {
        let rest = self.rest();
        let start = self.position;
        let Some(first) = rest.chars().next() else {
            let end = self.last_end.min(self.end);
            return (Span::new(end, end), Text::new("声明的结尾", "the end of the declaration"));
        };
        let word = self.word();
        let sign = self.sign();
        let length = if first == '"' {
            let length = string_length(rest).min(rest.len());
            let span = Span::new(start, start + length);
            let shown = shortened(self.written(span));
            return (span, Text::new(format!("文字 {shown}"), format!("the string {shown}")));
        } else if !word.is_empty() {
            word.len()
        } else if first.is_ascii_digit() {
            rest.find(|c: char| !is_name_part(c) && c != '.').unwrap_or(rest.len())
        } else {
            sign.len().max(first.len_utf8())
        };
        let span = Span::new(start, self.text.ceil_char_boundary(start + length));
        (span, Text::same(format!("`{}`", shortened(self.written(span)))))
    }

    /// Something else stood where `wanted` was awaited.
    pub(super) fn unexpected(&mut self, wanted: Wanted) -> Stop {
        self.unexpected_text(wanted.0, wanted.1)
    }

    /// The same with texts made up on the spot.
    pub(super) fn unexpected_text(&mut self, zh: &str, en: &str) -> Stop {
        let diagnostic = self.expected(zh, en);
        let diagnostic = self.with_general_mend(diagnostic);
        self.stop(diagnostic)
    }

    /// Something stood behind a complete value that does not go on with it.
    pub(super) fn unexpected_behind_value(&mut self, zh: &str, en: &str) -> Stop {
        let diagnostic = self.expected(zh, en);
        let diagnostic = self.with_value_mend(diagnostic);
        self.stop(diagnostic)
    }

    fn expected(&self, zh: &str, en: &str) -> Diagnostic {
        let (span, found) = self.found();
        Diagnostic::error(
            "syntax-expected",
            format!("此处应为{}，却是{}", spaced(zh), spaced(&found.zh)),
            format!("expected {en}, found {}", found.en),
        )
        .at(self.place(span), format!("应为{}", spaced(zh)), format!("expected {en}"))
    }

    /// A bracket that is not closed, or closed by something else.
    pub(super) fn unclosed(&mut self, sign: &str, open: Span) -> Stop {
        if self.at_end() {
            let opened = self.written(open).to_string();
            let diagnostic = Diagnostic::error(
                "syntax-unclosed",
                format!("括号 `{opened}` 没有闭合"),
                format!("the bracket `{opened}` is not closed"),
            )
            .at(self.place(open), "在这里打开", "opened here")
            .hint(format!("补上 `{sign}`"), format!("add `{sign}`"));
            return self.stop(diagnostic);
        }
        let text = format!("`{sign}`");
        let diagnostic = self.expected(&text, &text);
        let diagnostic = self.with_value_mend(diagnostic);
        let diagnostic = diagnostic.see(self.place(open), "在这里打开", "opened here");
        self.stop(diagnostic)
    }

    /// A mend for what stands here whatever was awaited.
    fn with_general_mend(&self, diagnostic: Diagnostic) -> Diagnostic {
        let word = self.word();
        if OPENERS.contains(&word) && self.first_on_its_line() {
            return diagnostic.hint(
                format!("如果这是新的声明 `{word}`，请与上一条声明左对齐：缩进更深的行是续行"),
                format!(
                    "if this begins a new declaration, give it the same indentation as the one \
                     above: deeper lines continue it (`{word}`)"
                ),
            );
        }
        match (self.sign(), self.peek()) {
            ("%", _) => diagnostic.hint(
                "`%` 只写在数字后面（如 `5%`）；没有取余运算",
                "`%` stands only behind a number (`5%`); there is no remainder operator",
            ),
            (";", _) => diagnostic.hint(
                "声明以行尾结束，不写分号",
                "a declaration ends with its line, without a semicolon",
            ),
            ("//" | "/*" | "#", _) => {
                diagnostic.hint("注释以 `--` 开头", "a comment begins with `--`")
            }
            (_, Some('\'' | '`')) => diagnostic
                .hint("文字写在双引号里：`\"…\"`", "strings stand in double quotes: `\"…\"`"),
            ("?", _) => diagnostic.hint(
                "条件写作 `if 条件 then 值 else 值`；`?` 只用于 `param x : 单位 = ?`",
                "a choice is written `if c then a else b`; `?` stands only in `param x : unit = ?`",
            ),
            (":=", _) => diagnostic.hint("定义写作 `=`", "a definition is written `=`"),
            ("==" | "===", _) => diagnostic.hint("等号写作 `=`", "write `=`"),
            _ => diagnostic,
        }
    }

    /// A mend for what stands behind a complete value.
    fn with_value_mend(&self, diagnostic: Diagnostic) -> Diagnostic {
        let diagnostic = self.with_general_mend(diagnostic);
        if diagnostic.hint.is_some() {
            return diagnostic;
        }
        let word = self.word();
        if self.sign() == "," && self.thousands_follow(self.position) {
            return diagnostic.hint(
                "代码里的数字不写千位分隔符：`2,500` 写作 `2500`",
                "numbers in code have no thousands separators: `2,500` is `2500`",
            );
        }
        let behind_word = self.sign_at(self.after_blanks(self.position + word.len()));
        if matches!(behind_word, ":" | "=") && !word.is_empty() {
            return diagnostic.hint("前面缺少逗号", "a comma is missing before it");
        }
        if word == "if" {
            return diagnostic.hint(
                "把 `if … then … else …` 放进括号",
                "put `if … then … else …` in parentheses",
            );
        }
        if ATTRIBUTES.contains(&word) {
            return diagnostic.hint(
                format!("`{word}` 后面要写带引号的文字：`{word} \"…\"`"),
                format!("`{word}` takes a string: `{word} \"…\"`"),
            );
        }
        if let Some(mend) = self.meant_behind_value() {
            return diagnostic.hint(mend.zh, mend.en);
        }
        let begins_value = self.sign() == "("
            || self.peek().is_some_and(|c| is_name_part(c) && !super::words::is_reserved(word));
        if begins_value && self.label_may_stand() {
            return diagnostic.hint(
                format!("若是标签，要加引号：`\"{word}\"`；若是相乘，写作 `a * b`"),
                format!(
                    "if this is a label, put it in quotes: `\"{word}\"`; a product is written `a * b`"
                ),
            );
        }
        if begins_value {
            return diagnostic.hint(
                "两个值之间缺少运算符；乘积写作 `a * b`",
                "an operator is missing between two values; a product is written `a * b`",
            );
        }
        if self.sign() == "{" {
            return diagnostic.hint(
                "`{ … }` 只用于 `param` 的等号右边、`match` 与 `use`",
                "`{ … }` stands only right of `=` in a `param`, in `match` and in `use`",
            );
        }
        diagnostic
    }

    /// Whether `,` at `at` is followed by exactly three digits.
    pub(super) fn thousands_follow(&self, at: usize) -> bool {
        let rest = self.plain_from(at).strip_prefix(',').unwrap_or("");
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let digit_before = at
            .checked_sub(1)
            .and_then(|before| self.plain.get(before..at))
            .is_some_and(|sign| sign.starts_with(|c: char| c.is_ascii_digit()));
        digits == 3 && digit_before
    }

    pub(super) fn first_on_its_line(&self) -> bool {
        let before = self.plain.get(..self.position).unwrap_or("");
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    /// A reserved word where a name was awaited.
    pub(super) fn reserved_word(&mut self, word: &str, wanted: Wanted) -> Stop {
        let span = Span::new(self.position, self.position + word.len());
        let diagnostic = Diagnostic::error(
            "syntax-reserved",
            format!("`{word}` 是保留字，不能用作名称"),
            format!("`{word}` is a reserved word and cannot be a name"),
        )
        .at(
            self.place(span),
            format!("此处应为{}", spaced(wanted.0)),
            format!("expected {} here", wanted.1),
        );
        let behind = self.sign_at(self.after_blanks(self.position + word.len()));
        let names = matches!(behind, "=" | ":" | "[" | "," | "]" | "(" | ")" | "==" | ":=");
        let diagnostic = if OPENERS.contains(&word) && self.first_on_its_line() {
            self.with_general_mend(diagnostic)
        } else if names || self.last_end > self.begin {
            diagnostic.hint(
                format!("换一个名称，如 `{word}_`"),
                format!("take another name, such as `{word}_`"),
            )
        } else {
            diagnostic.hint(
                format!("表达式写在等号右边：`名称 = {word} …`"),
                format!("an expression stands right of `=`: `name = {word} …`"),
            )
        };
        self.stop(diagnostic)
    }

    /// Too many levels.
    pub(super) fn too_deep(&mut self) -> Stop {
        let (span, _) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-too-deep",
            format!("嵌套或连写超过上限（{} 层嵌套）", super::DEPTH_LIMIT),
            format!("nested too deep or too long (limit: {} levels)", super::DEPTH_LIMIT),
        )
        .at(self.place(span), "", "")
        .hint("给中间结果起个名字，分成几条公式", "name the parts and use several formulas");
        self.stop(diagnostic)
    }

    /// A string that does not end on its line.
    pub(super) fn unclosed_string(&mut self, span: Span) {
        let diagnostic = self
            .error(
                "syntax-unclosed-string",
                span,
                ("文字缺少右引号", "the string has no closing quotation mark"),
            )
            .hint(
                "文字必须在同一行内结束；文字里的引号写作 `\\\"`",
                "a string ends on its own line; a quotation mark in it is written `\\\"`",
            );
        self.report(diagnostic);
    }

    /// An operator of another language: reported, and read as ours.
    pub(super) fn foreign(&mut self, span: Span, ours: &str) {
        let theirs = self.written(span).to_string();
        let diagnostic = Diagnostic::error(
            "syntax-operator",
            format!("没有运算符 `{theirs}`"),
            format!("there is no operator `{theirs}`"),
        )
        .at(self.place(span), "", "")
        .hint(format!("写作 `{ours}`"), format!("write `{ours}`"));
        self.report(diagnostic);
    }

    /// Full-width signs outside units, one diagnostic each.
    pub(super) fn report_wide(&mut self, signs: &[WideSign]) {
        let mut units = std::mem::take(&mut self.unit_spans);
        units.sort();
        let mut units = units.into_iter().peekable();
        for sign in signs {
            while units.next_if(|unit| unit.end <= sign.span.start).is_some() {}
            if units.peek().is_some_and(|unit| unit.start <= sign.span.start) {
                continue;
            }
            let diagnostic = wide_diagnostic(self, sign);
            self.report(diagnostic);
        }
    }

    /// Did you mean …? for the word before a name at the start of a line.
    pub(super) fn unknown_opener(&mut self, word: &str, span: Span) -> Stop {
        let diagnostic = Diagnostic::error(
            "syntax-keyword",
            format!("`{word}` 不是声明的开头"),
            format!("`{word}` does not open a declaration"),
        )
        .at(self.place(span), "", "");
        let lower = word.to_lowercase();
        let exact = FOREIGN_OPENERS.iter().find(|(theirs, _)| *theirs == lower);
        let near = || {
            // `let` is no misspelt `set`.
            if lower.len() < 5 {
                return None;
            }
            let theirs = FOREIGN_OPENERS.map(|(theirs, _)| theirs);
            let near = nearest_one(&lower, theirs)?;
            FOREIGN_OPENERS.iter().find(|(theirs, _)| *theirs == near)
        };
        let meant = exact
            .map(|(_, ours)| *ours)
            .or_else(|| nearest_one(&lower, OPENERS))
            .or_else(|| near().map(|(_, ours)| *ours));
        let diagnostic = match (meant, lower.as_str()) {
            (Some(meant), _) => {
                diagnostic.hint(format!("是否想写 `{meant}`？"), format!("did you mean `{meant}`?"))
            }
            (None, "let" | "var" | "val" | "mut") => diagnostic
                .hint("公式直接写作 `名称 = 表达式`", "a formula is written `name = expression`"),
            (None, "for" | "while" | "foreach" | "loop" | "do") => diagnostic.hint(
                "没有循环：公式对索引的每个键成立，求和写作 `sum(x over i)`",
                "there are no loops: a formula holds for every key of its indexes; sums are \
                 written `sum(x over i)`",
            ),
            _ => diagnostic.note(
                format!("声明以 {} 或 `名称 =` 开头", listed()),
                format!("a declaration begins with {} or `name =`", listed()),
            ),
        };
        self.stop(diagnostic)
    }
}

fn listed() -> String {
    OPENERS.map(|word| format!("`{word}`")).join(" ")
}

fn wide_diagnostic(parser: &Parser<'_>, sign: &WideSign) -> Diagnostic {
    let written = parser.written(sign.span).to_string();
    let place = parser.place(sign.span);
    if sign.plain == " " {
        return Diagnostic::error(
            "syntax-full-width",
            "代码里有全角或不可见的空格",
            "a full-width or invisible blank stands in the code",
        )
        .at(place, "", "")
        .hint("改为半角空格", "write a plain blank");
    }
    let plain = &sign.plain;
    Diagnostic::error(
        "syntax-full-width",
        format!("代码里不能用 `{written}`"),
        format!("`{written}` is not a sign of the code"),
    )
    .at(place, "", "")
    .hint(format!("写作 `{plain}`"), format!("write `{plain}`"))
}

/// Chinese text takes a blank before code and Latin words.
pub(super) fn spaced(text: &str) -> String {
    if text.starts_with(|first: char| first.is_ascii()) {
        format!(" {text}")
    } else {
        text.to_string()
    }
}

/// At most forty characters of a token.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_string(),
    }
}
