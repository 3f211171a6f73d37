//! 运算对象 What stands between operators: selections, names, literals, parentheses.

use super::cursor::{A_VALUE, AN_INDEX, Parser, Step, Wanted};
use super::literal::number_length;
use super::message::spaced;
use super::words::is_reserved;
use crate::ast::{Expr, ExprKind, Name, Selector};
use tanliu_diagnostic::Diagnostic;

const A_COUNT: Wanted = ("整数", "a whole number");

impl Parser<'_> {
    /// `post = prim { "[" sel,… "]" }`
    pub(super) fn postfix(&mut self) -> Step<Expr> {
        let start = self.position;
        let mut operand = self.primary()?;
        while let Some(open) = self.take_sign("[") {
            let mut height = self.height;
            let mut selectors = Vec::new();
            loop {
                selectors.push(self.selector()?);
                height = height.max(self.height);
                if self.take_sign(",").is_none() {
                    break;
                }
            }
            self.expect_close("]", open)?;
            self.grown(height + 1)?;
            let kind = ExprKind::Select(Box::new(operand), selectors);
            operand = Expr { kind, span: self.since(start) };
        }
        Ok(operand)
    }

    /// `sel = NAME [ ("-"|"+") INT | "=" expr ]`
    fn selector(&mut self) -> Step<Selector> {
        if self.word().is_empty() && !self.at_end() && self.sign() != "]" {
            return Err(self.unnamed_selector());
        }
        let index = self.name(AN_INDEX)?;
        for (sign, direction) in [("-", -1), ("+", 1)] {
            if self.take_sign(sign).is_some() {
                let (steps, _) = self.integer(A_COUNT)?;
                return Ok(Selector::Shift(index, direction * steps));
            }
        }
        match self.sign() {
            "=" | "==" => {
                self.take_comparison();
                Ok(Selector::Equals(index, self.expression()?))
            }
            "." => Err(self.unnamed_selector()),
            ":" => {
                let span = self.take(1);
                self.foreign(span, "=");
                Ok(Selector::Equals(index, self.expression()?))
            }
            _ => Ok(Selector::Bare(index)),
        }
    }

    /// `x[2020]`: no position, no index to go with.
    fn unnamed_selector(&mut self) -> super::cursor::Stop {
        let (span, found) = self.found();
        let shown = self.written(span).to_string();
        let key = shown.starts_with(|c: char| c == '"' || c.is_ascii_digit());
        let mend = if key && shown.chars().count() <= 30 { shown } else { "…".to_string() };
        let diagnostic = Diagnostic::error(
            "syntax-selector",
            format!("方括号里应先写索引名，却是{}", spaced(&found.zh)),
            format!("expected the name of an index in the brackets, found {}", found.en),
        )
        .at(self.place(span), "", "")
        .hint(
            format!("写明索引：`[索引 = {mend}]`；前一步写作 `[year-1]`"),
            format!("name the index: `[index = {mend}]`; one step back is `[year-1]`"),
        );
        self.stop(diagnostic)
    }

    /// `prim`
    fn primary(&mut self) -> Step<Expr> {
        self.height = 1;
        if self.begins_number() || matches!(self.word(), "true" | "false") {
            let literal = match self.word() {
                "" => self.number_or_key()?,
                _ => self.signed_literal()?,
            };
            let span = literal.span;
            return Ok(Expr { kind: ExprKind::Literal(literal), span });
        }
        if let Some(string) = self.take_string() {
            return Ok(Expr { kind: ExprKind::Text(string.text), span: string.span });
        }
        if let Some(open) = self.take_sign("(") {
            let inner = self.expression()?;
            self.expect_close(")", open)?;
            return Ok(Expr { kind: inner.kind, span: self.since(open.start) });
        }
        match self.word() {
            "" => Err(self.no_operand()),
            "match" => self.match_expression(),
            "if" => Err(self.needs_parentheses("if … then … else …")),
            "not" => Err(self.needs_parentheses("not …")),
            word if is_reserved(word) => Err(self.reserved_or_missing(word)),
            _ => self.named(),
        }
    }

    /// A reserved word where a value is awaited: more likely the value is missing.
    fn reserved_or_missing(&mut self, word: &str) -> super::cursor::Stop {
        if super::words::OPENERS.contains(&word) {
            return self.reserved_word(word, A_VALUE);
        }
        if self.plain.get(..self.last_end).unwrap_or("").trim_end().ends_with(',') {
            let (span, found) = self.found();
            let diagnostic = Diagnostic::error(
                "syntax-expected",
                format!("逗号后应为一个值，却是 {}", found.zh),
                format!("expected a value behind the comma, found {}", found.en),
            )
            .at(self.place(span), "", "")
            .hint("去掉前面的逗号", "leave out the comma before it");
            return self.stop(diagnostic);
        }
        self.unexpected(A_VALUE)
    }

    /// A name, a field, a call.
    fn named(&mut self) -> Step<Expr> {
        let name = self.name(A_VALUE)?;
        if self.sign() == "(" {
            return self.call(name);
        }
        let field = self.plain_from(name.span.end).strip_prefix('.');
        if field.is_some_and(|rest| rest.starts_with(super::words::is_name_start)) {
            self.take(1);
            let field = self.name(A_VALUE)?;
            if self.sign() == "." {
                let message =
                    ("引用只有一层：`文档.名称`", "a name has one point at most: `document.name`");
                let (span, _) = self.found();
                let diagnostic = self.error("syntax-field", span, message).hint(
                    "其中的键用方括号选取：`文档.名称[year = 2020]`",
                    "select keys in brackets: `document.name[year = 2020]`",
                );
                return Err(self.stop(diagnostic));
            }
            let span = self.since(name.span.start);
            return Ok(Expr { kind: ExprKind::Field(name, field), span });
        }
        let Name { text, span } = name;
        Ok(Expr { kind: ExprKind::Name(text), span })
    }

    /// Nothing an expression could begin with.
    fn no_operand(&mut self) -> super::cursor::Stop {
        let sign = self.sign();
        let mend = match sign {
            "[" => Some((
                "没有数组；一组值用索引表达，如 `x[year]`",
                "there are no arrays: values are indexed by names, as in `x[year]`",
            )),
            "{" => Some((
                "`{ … }` 只能紧跟在 `param` 的等号后面，并且单独成为右边",
                "`{ … }` is the whole right side of a `param`, not part of an expression",
            )),
            "+" if number_length(self.rest().get(1..).unwrap_or("").trim_start()).is_some() => {
                Some(("去掉正号", "leave out the plus sign"))
            }
            _ => None,
        };
        let Some((zh, en)) = mend else { return self.unexpected(A_VALUE) };
        let (span, found) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("此处应为一个值，却是 {}", found.zh),
            format!("expected a value, found {}", found.en),
        )
        .at(self.place(span), "", "")
        .hint(zh, en);
        self.stop(diagnostic)
    }
}
