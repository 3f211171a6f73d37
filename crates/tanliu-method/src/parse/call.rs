//! 调用与归约 Calls, reductions over indexes, `discount … by …`, `match`.

use super::cursor::{A_NAME, A_VALUE, AN_INDEX, Parser, Step, Wanted};
use crate::ast::{Arm, Expr, ExprKind, Literal, Name, Pattern, Reduce, Window};
use tanliu_diagnostic::{Diagnostic, Span};

const A_COUNT: Wanted = ("步数（正整数）", "a number of steps");
const A_CASE: Wanted = ("一种情形", "a case");

impl Parser<'_> {
    /// `FN( … )`; the name is read, `(` is next.
    pub(super) fn call(&mut self, function: Name) -> Step<Expr> {
        let start = function.span.start;
        let open = self.take(1);
        let mut arguments = Vec::new();
        let mut height = 0;
        if self.sign() != ")" {
            loop {
                arguments.push(self.expression()?);
                height = self.height.max(height);
                if self.take_sign(",").is_none() {
                    break;
                }
            }
        }
        let adjusts = matches!(function.text.as_str(), "discount" | "inflate");
        let kind = match self.word() {
            "over" => {
                self.take("over".len());
                let reduce = self.reduction(function, arguments)?;
                height = self.height.max(height);
                ExprKind::Reduce(Box::new(reduce))
            }
            "by" if adjusts => {
                self.take("by".len());
                let by = Box::new(self.expression()?);
                height = self.height.max(height);
                let inflate = function.text == "inflate";
                match arguments.pop().filter(|_| arguments.is_empty()) {
                    Some(value) => ExprKind::Adjust { inflate, value: Box::new(value), by },
                    None => return Err(self.wrong_adjustment(&function)),
                }
            }
            _ if adjusts => return Err(self.wrong_adjustment(&function)),
            "by" | "to" | "weighted" => return Err(self.no_over(&function)),
            _ => {
                if self.sign() == ")" {
                    self.check_call(&function.text, function.span)?;
                }
                ExprKind::Call(function, arguments)
            }
        };
        if let ExprKind::Reduce(reduce) = &kind
            && let Some(coarse) = &reduce.to
            && self.sign() == ","
        {
            return Err(self.index_behind_to(reduce, &coarse.text));
        }
        self.expect_close(")", open)?;
        self.grown(height + 1)?;
        Ok(Expr { kind, span: self.since(start) })
    }

    /// `sum(x over month to year, fuel)`
    fn index_behind_to(&mut self, reduce: &Reduce, coarse: &str) -> super::cursor::Stop {
        let (span, _) = self.found();
        let name = &reduce.function.text;
        let fine: Vec<&str> = reduce.over.iter().map(|index| index.text.as_str()).collect();
        let fine = fine.join(", ");
        let other = match self.word_at(self.after_blanks(self.position + 1)) {
            "" => "…",
            word => word,
        };
        let diagnostic = Diagnostic::error(
            "syntax-expected",
            format!("`to {coarse}` 之后应为 `)`，却是 `,`：`to` 只换下一个时间索引，写在最后"),
            format!(
                "expected `)` behind `to {coarse}`, found `,`: `to` takes the place of one time \
                 index and stands last"
            ),
        )
        .at(self.place(span), "", "")
        .hint(
            format!(
                "先对 {other} 归约，再 `over {fine} to {coarse}`：\
                 `{name}({name}(… over {other}) over {fine} to {coarse})`"
            ),
            format!(
                "reduce over {other} first, then `over {fine} to {coarse}`: \
                 `{name}({name}(… over {other}) over {fine} to {coarse})`"
            ),
        );
        self.stop(diagnostic)
    }

    fn wrong_adjustment(&mut self, function: &Name) -> super::cursor::Stop {
        let name = &function.text;
        let diagnostic = Diagnostic::error(
            "syntax-adjustment",
            format!("`{name}` 要写明调整多少"),
            format!("`{name}` must say by how much"),
        )
        .at(self.place(self.since(function.span.start)), "", "")
        .hint(format!("写作 `{name}(值 by 比例)`"), format!("write `{name}(value by share)`"));
        self.stop(diagnostic)
    }

    fn no_over(&mut self, function: &Name) -> super::cursor::Stop {
        let (span, found) = self.found();
        let name = &function.text;
        let diagnostic = Diagnostic::error(
            "syntax-reduction",
            format!("{} 前要先写 `over 索引`", found.zh),
            format!("{} comes behind `over` and an index", found.en),
        )
        .at(self.place(span), "", "")
        .hint(
            format!("写作 `{name}(… over 索引 {} …)`", self.word()),
            format!("write `{name}(… over index {} …)`", self.word()),
        );
        self.stop(diagnostic)
    }

    /// What stands behind `over`; leaves the greatest height of what it holds.
    fn reduction(&mut self, function: Name, arguments: Vec<Expr>) -> Step<Reduce> {
        let over = self.names(AN_INDEX)?;
        let mut reduce = Reduce {
            function,
            arguments,
            over,
            to: None,
            by: Vec::new(),
            weight: None,
            last: None,
            descending: false,
        };
        self.height = 0;
        loop {
            match self.word() {
                "to" if reduce.to.is_none() => {
                    self.take("to".len());
                    reduce.to = Some(self.name(AN_INDEX)?);
                }
                "by" if reduce.by.is_empty() => {
                    self.take("by".len());
                    reduce.by = self.names(A_NAME)?;
                }
                "weighted" if reduce.weight.is_none() => {
                    self.take("weighted".len());
                    self.expect_word("by")?;
                    reduce.weight = Some(self.expression()?);
                }
                "last" if reduce.last.is_none() => {
                    self.take("last".len());
                    reduce.last = Some(self.window()?);
                }
                "descending" if !reduce.descending => {
                    self.take("descending".len());
                    reduce.descending = true;
                }
                _ => return Ok(reduce),
            }
        }
    }

    /// `[up to] INT` behind `last`
    fn window(&mut self) -> Step<Window> {
        let up_to = self.take_word("up").is_some();
        if up_to {
            self.expect_word("to")?;
        }
        let (steps, span) = self.integer(A_COUNT)?;
        match u32::try_from(steps).ok().filter(|steps| *steps > 0) {
            Some(steps) => Ok(Window { steps, up_to }),
            None => {
                let message = ("步数应为正整数", "the number of steps must be at least 1");
                let diagnostic = self
                    .error("syntax-number-range", span, message)
                    .hint("如 `last 12`", "as in `last 12`");
                Err(self.stop(diagnostic))
            }
        }
    }

    /// `match expr { arm: expr, … }`
    pub(super) fn match_expression(&mut self) -> Step<Expr> {
        let start = self.take("match".len()).start;
        let subject = self.expression()?;
        let mut height = self.height;
        let Some(open) = self.take_sign("{") else {
            return Err(self.unexpected_behind_value("`{`", "`{`"));
        };
        let mut arms = Vec::new();
        loop {
            arms.push(self.arm()?);
            height = self.height.max(height);
            // A comma behind the last arm is allowed.
            if self.take_sign(",").is_none() || self.sign() == "}" {
                break;
            }
        }
        self.expect_close("}", open)?;
        self.grown(height + 1)?;
        Ok(Expr { kind: ExprKind::Match(Box::new(subject), arms), span: self.since(start) })
    }

    /// `arm ":" expr`
    fn arm(&mut self) -> Step<Arm> {
        let start = self.position;
        let pattern = self.pattern()?;
        if self.sign() == "=>" {
            let span = self.take(2);
            self.foreign(span, ":");
        } else {
            self.expect_sign(":")?;
        }
        let value = self.expression()?;
        Ok(Arm { pattern, value, span: self.since(start) })
    }

    /// `arm = val { "|" val } | lit ".." lit | CMP lit | else`
    fn pattern(&mut self) -> Step<Pattern> {
        if self.take_word("else").is_some() {
            return Ok(Pattern::Else);
        }
        if let Some(compare) = self.take_comparison() {
            return Ok(Pattern::Compare(compare, self.signed_literal()?));
        }
        let mut values = vec![self.pattern_value()?];
        if let Some(range) = self.range(&values)? {
            return Ok(range);
        }
        loop {
            if self.sign() == "||" || self.word() == "or" {
                let span = self.take(2);
                self.foreign(span, "|");
            } else if self.take_sign("|").is_none() {
                return Ok(Pattern::Values(values));
            }
            values.push(self.pattern_value()?);
        }
    }

    /// `.. lit` behind the first literal of an arm
    fn range(&mut self, values: &[Expr]) -> Step<Option<Pattern>> {
        let Some(sign) = self.take_sign("..") else { return Ok(None) };
        match values.first().map(|value| &value.kind) {
            Some(ExprKind::Literal(low)) => {
                let low: Literal = low.clone();
                Ok(Some(Pattern::Range(low, self.signed_literal()?)))
            }
            _ => {
                let message = ("`..` 两边应为数值或日期", "`..` stands between numbers or dates");
                let diagnostic = self
                    .error("syntax-range", sign, message)
                    .hint("如 `90% .. 94%: …`", "as in `90% .. 94%: …`");
                Err(self.stop(diagnostic))
            }
        }
    }

    /// `val = NAME | STR | lit`
    fn pattern_value(&mut self) -> Step<Expr> {
        if self.begins_number() || self.sign() == "-" || matches!(self.word(), "true" | "false") {
            let literal = self.signed_literal()?;
            let span = literal.span;
            return Ok(Expr { kind: ExprKind::Literal(literal), span });
        }
        if let Some(string) = self.take_string() {
            return Ok(Expr { kind: ExprKind::Text(string.text), span: string.span });
        }
        if self.word().is_empty() {
            return Err(self.unexpected(A_CASE));
        }
        let Name { text, span } = self.name(A_VALUE)?;
        Ok(Expr { kind: ExprKind::Name(text), span: Span::new(span.start, span.end) })
    }
}
