//! 表达式 Operators by their precedence, and what they stand between.

use super::cursor::{Parser, Step, Wanted};
use crate::ast::{BinaryOp, CompareOp, Expr, ExprKind, LiteralValue};
use tanliu_diagnostic::{Diagnostic, Span};

const A_UNIT: Wanted = ("单位", "a unit");

/// 优先级 How tightly an operator binds, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Compare,
    Where,
    In,
    Sum,
    Term,
    Negate,
    Power,
    Default,
    Postfix,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Infix {
    Binary(BinaryOp),
    Compare(CompareOp),
    In,
    Where,
}

/// An operator, its level, its bytes, and our sign for it if it is of another language.
struct Operator {
    infix: Infix,
    level: Level,
    length: usize,
    foreign: Option<&'static str>,
}

impl Parser<'_> {
    /// `expr`
    pub(super) fn expression(&mut self) -> Step<Expr> {
        self.nested(
            |parser| {
                if parser.word() == "if" { parser.choice() } else { parser.binary(Level::Or) }
            },
        )
    }

    /// `if … then … else …`, with as many `else if` as there are.
    fn choice(&mut self) -> Step<Expr> {
        let mut branches = Vec::new();
        let mut height = 0;
        while self.word() == "if" {
            let start = self.take("if".len()).start;
            let condition = self.expression()?;
            height = self.height.max(height);
            self.expect_then("then")?;
            let value = self.expression()?;
            height = self.height.max(height);
            self.expect_then("else")?;
            branches.push((start, condition, value));
            self.grown(branches.len() + height)?;
        }
        let mut result = self.expression()?;
        height = self.height.max(height);
        let end = result.span.end;
        for (start, condition, value) in branches.into_iter().rev() {
            height += 1;
            let kind = ExprKind::If(Box::new(condition), Box::new(value), Box::new(result));
            result = Expr { kind, span: Span::new(start, end) };
        }
        self.grown(height)?;
        Ok(result)
    }

    /// `then` or `else`, which an `if` must have.
    fn expect_then(&mut self, word: &str) -> Step<Span> {
        match self.take_word(word) {
            Some(span) => Ok(span),
            None => {
                let text = format!("`{word}`");
                Err(self.unexpected_behind_value(&text, &text))
            }
        }
    }

    /// Sets the height of the expression that is being returned, within the limit.
    pub(super) fn grown(&mut self, height: usize) -> Step<()> {
        self.height = height;
        if height > super::HEIGHT_LIMIT { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Everything that binds at least as tightly as `lowest`.
    pub(super) fn binary(&mut self, lowest: Level) -> Step<Expr> {
        let (mut left, mut ceiling) = self.prefix(lowest)?;
        while let Some(operator) = self.operator() {
            if operator.level < lowest {
                break;
            }
            if operator.level > ceiling {
                return Err(self.misplaced(&left, &operator));
            }
            let height = self.height;
            let span = self.take(operator.length);
            if let Some(ours) = operator.foreign {
                self.foreign(span, ours);
            }
            (left, ceiling) = self.right_side(left, operator.infix, span)?;
            self.grown(self.height.max(height) + 1)?;
        }
        Ok(left)
    }

    /// The right side of an operator, and the level up to which operators may follow.
    fn right_side(&mut self, left: Expr, infix: Infix, sign: Span) -> Step<(Expr, Level)> {
        let start = left.span.start;
        let left = Box::new(left);
        let (kind, ceiling) = match infix {
            Infix::Binary(operator) => {
                let (right, ceiling) = match operator {
                    BinaryOp::Or => (self.binary(Level::And)?, Level::Or),
                    BinaryOp::And => (self.binary(Level::Not)?, Level::And),
                    BinaryOp::Add | BinaryOp::Subtract => (self.binary(Level::Term)?, Level::Sum),
                    BinaryOp::Multiply | BinaryOp::Divide => {
                        (self.binary(Level::Negate)?, Level::Term)
                    }
                    BinaryOp::Power => {
                        (self.nested(|parser| parser.binary(Level::Negate))?, Level::Power)
                    }
                    BinaryOp::Default => (self.default_side()?, Level::Default),
                };
                (ExprKind::Binary(operator, sign, left, Box::new(right)), ceiling)
            }
            Infix::Compare(operator) => {
                let right = self.binary(Level::In)?;
                (ExprKind::Compare(operator, sign, left, Box::new(right)), Level::Not)
            }
            Infix::In => (ExprKind::In(left, self.unit_behind_in()?), Level::Where),
            Infix::Where => {
                let test = self.test()?;
                (ExprKind::Where(left, Box::new(test)), Level::Compare)
            }
        };
        Ok((Expr { kind, span: self.since(start) }, ceiling))
    }

    /// `["-"] post` right of `??`
    fn default_side(&mut self) -> Step<Expr> {
        let start = self.position;
        if self.take_sign("-").is_none() {
            return self.postfix();
        }
        let operand = self.postfix()?;
        self.negated(operand, start)
    }

    /// `test = conv [CMP conv]` right of `where`
    fn test(&mut self) -> Step<Expr> {
        let left = self.binary(Level::In)?;
        let Some(Operator { infix: Infix::Compare(compare), length, foreign, .. }) =
            self.operator()
        else {
            return Ok(left);
        };
        let height = self.height;
        let sign = self.take(length);
        if let Some(ours) = foreign {
            self.foreign(sign, ours);
        }
        let right = self.binary(Level::In)?;
        self.grown(self.height.max(height) + 1)?;
        let span = left.span.to(right.span);
        let kind = ExprKind::Compare(compare, sign, Box::new(left), Box::new(right));
        Ok(Expr { kind, span })
    }

    /// The unit right of `in`, which never means membership.
    fn unit_behind_in(&mut self) -> Step<crate::ast::TypeExpr> {
        let membership = matches!(self.sign(), "{" | "[") || self.peek() == Some('"');
        if membership {
            let (span, _) = self.found();
            let message = ("`in` 后应为单位", "expected a unit behind `in`");
            let diagnostic = self.error("syntax-expected", span, message).hint(
                "`in` 只换算单位；属于几个成员之一写作 `x = a or x = b`，或用 `match`",
                "`in` converts units only; membership is written `x = a or x = b`, or with `match`",
            );
            return Err(self.stop(diagnostic));
        }
        let height = self.height;
        let unit = self.type_expression(A_UNIT)?;
        self.height = height;
        Ok(unit)
    }

    /// `not`, `-`, or an operand; and the level up to which operators may follow.
    fn prefix(&mut self, lowest: Level) -> Step<(Expr, Level)> {
        let start = self.position;
        let denies = match self.sign() {
            "!" => 1,
            _ if self.word() == "not" => "not".len(),
            _ => 0,
        };
        if denies > 0 && lowest <= Level::Not {
            let foreign = self.sign() == "!";
            let sign = self.take(denies);
            if foreign {
                self.foreign(sign, "not");
            }
            let operand = self.binary(Level::Compare)?;
            self.grown(self.height + 1)?;
            let span = Span::new(start, operand.span.end);
            return Ok((Expr { kind: ExprKind::Not(Box::new(operand)), span }, Level::Not));
        }
        if denies > 0 {
            return Err(self.needs_parentheses("not …"));
        }
        if self.take_sign("-").is_some() {
            let operand = self.nested(|parser| parser.binary(Level::Negate))?;
            return Ok((self.negated(operand, start)?, Level::Negate));
        }
        Ok((self.postfix()?, Level::Postfix))
    }

    /// `-operand`. A temperature below zero is one literal: °C has an offset, so that minus five
    /// degrees are not the opposite of five degrees.
    fn negated(&mut self, operand: Expr, start: usize) -> Step<Expr> {
        let span = Span::new(start, operand.span.end);
        let ExprKind::Literal(mut literal) = operand.kind else {
            self.grown(self.height + 1)?;
            return Ok(Expr { kind: ExprKind::Negate(Box::new(operand)), span });
        };
        if let LiteralValue::Number { number, unit: Some(unit), .. } = &mut literal.value
            && unit.is_celsius()
            && literal.span == operand.span
        {
            *number = -*number;
            literal.span = span;
            literal.text = self.written(span).to_string();
            return Ok(Expr { kind: ExprKind::Literal(literal), span });
        }
        self.grown(self.height + 1)?;
        let operand = Expr { kind: ExprKind::Literal(literal), span: operand.span };
        Ok(Expr { kind: ExprKind::Negate(Box::new(operand)), span })
    }

    /// The operator that is next.
    fn operator(&self) -> Option<Operator> {
        use BinaryOp::{Add, And, Default, Divide, Multiply, Or, Power, Subtract};
        use CompareOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
        let sign = self.sign();
        let word = if sign.is_empty() { self.word() } else { sign };
        let (infix, level, foreign) = match word {
            "??" => (Infix::Binary(Default), Level::Default, None),
            "^" => (Infix::Binary(Power), Level::Power, None),
            "**" => (Infix::Binary(Power), Level::Power, Some("^")),
            "*" => (Infix::Binary(Multiply), Level::Term, None),
            "/" => (Infix::Binary(Divide), Level::Term, None),
            "+" => (Infix::Binary(Add), Level::Sum, None),
            "-" => (Infix::Binary(Subtract), Level::Sum, None),
            "in" => (Infix::In, Level::In, None),
            "where" => (Infix::Where, Level::Where, None),
            "=" => (Infix::Compare(Equal), Level::Compare, None),
            "==" | "===" => (Infix::Compare(Equal), Level::Compare, Some("=")),
            "!=" => (Infix::Compare(NotEqual), Level::Compare, None),
            "<>" => (Infix::Compare(NotEqual), Level::Compare, Some("!=")),
            "<" => (Infix::Compare(Less), Level::Compare, None),
            "<=" => (Infix::Compare(LessEqual), Level::Compare, None),
            "=<" => (Infix::Compare(LessEqual), Level::Compare, Some("<=")),
            ">" => (Infix::Compare(Greater), Level::Compare, None),
            ">=" => (Infix::Compare(GreaterEqual), Level::Compare, None),
            "=>" => (Infix::Compare(GreaterEqual), Level::Compare, Some(">=")),
            "and" => (Infix::Binary(And), Level::And, None),
            "&&" => (Infix::Binary(And), Level::And, Some("and")),
            "or" => (Infix::Binary(Or), Level::Or, None),
            "||" => (Infix::Binary(Or), Level::Or, Some("or")),
            _ => return None,
        };
        Some(Operator { infix, level, length: word.len(), foreign })
    }

    /// Takes a comparison sign if one is next.
    pub(super) fn take_comparison(&mut self) -> Option<CompareOp> {
        let Some(Operator { infix: Infix::Compare(compare), length, foreign, .. }) =
            self.operator()
        else {
            return None;
        };
        let span = self.take(length);
        if let Some(ours) = foreign {
            self.foreign(span, ours);
        }
        Some(compare)
    }

    /// An operator that binds more tightly than the operand before it allows.
    fn misplaced(&mut self, left: &Expr, operator: &Operator) -> super::cursor::Stop {
        let span = Span::new(self.position, self.position + operator.length);
        let sign = self.written(span).to_string();
        if let (ExprKind::Compare(_, _, _, middle), Infix::Compare(_)) =
            (&left.kind, operator.infix)
        {
            let (first, shared) = (self.written(left.span), self.written(middle.span));
            // The third operand is read for the mend only.
            let found = self.diagnostics.len();
            self.take(operator.length);
            let third = self.binary(Level::In).map(|third| self.written(third.span));
            self.diagnostics.truncate(found);
            let mend = format!("{first} and {shared} {sign} {}", third.unwrap_or("…"));
            let message = ("比较不能连写", "comparisons cannot be chained");
            let diagnostic = self
                .error("syntax-chained-comparison", span, message)
                .hint(format!("写作 `{mend}`"), format!("write `{mend}`"));
            return self.stop(diagnostic);
        }
        let before = match &left.kind {
            ExprKind::In(..) => "in",
            ExprKind::Where(..) => "where",
            ExprKind::Compare(..) => "=",
            ExprKind::Not(..) => "not",
            _ => "…",
        };
        let diagnostic = Diagnostic::error(
            "syntax-precedence",
            format!("`{sign}` 比它前面的 `{before}` 结合得更紧"),
            format!("`{sign}` binds more tightly than the `{before}` before it"),
        )
        .at(self.place(span), "", "")
        .see(self.place(left.span), "先算的部分", "what is meant to come first")
        .hint("用括号写明先后", "say with parentheses which comes first");
        self.stop(diagnostic)
    }

    pub(super) fn needs_parentheses(&mut self, what: &str) -> super::cursor::Stop {
        let (span, _) = self.found();
        let diagnostic = Diagnostic::error(
            "syntax-precedence",
            format!("此处的 `{what}` 要放进括号"),
            format!("`{what}` needs parentheses here"),
        )
        .at(self.place(span), "", "")
        .hint(format!("写作 `({what})`"), format!("write `({what})`"));
        self.stop(diagnostic)
    }
}
