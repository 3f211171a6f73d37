//! 打印 An expression as source text, with as few parentheses as reading it back needs.

use super::expression::Level;
use crate::ast::{
    Arm, BinaryOp, CompareOp, Expr, ExprKind, Literal, LiteralValue, Name, Pattern, Reduce,
    Selector,
};

/// 表达式文本 The text of an expression; reading it gives the same expression.
pub fn print_expression(expression: &Expr) -> String {
    let mut printer = Printer { text: String::new() };
    printer.expression(expression);
    printer.text
}

/// The sign of an operator.
pub fn operator_sign(operator: BinaryOp) -> &'static str {
    match operator {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Power => "^",
        BinaryOp::Default => "??",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}

/// The sign of a comparison.
pub fn comparison_sign(operator: CompareOp) -> &'static str {
    match operator {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => ">=",
    }
}

struct Printer {
    text: String,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Where the grammar awaits `expr`.
    fn expression(&mut self, expression: &Expr) {
        if let ExprKind::If(condition, value, otherwise) = &expression.kind {
            self.put("if ");
            self.expression(condition);
            self.put(" then ");
            self.expression(value);
            self.put(" else ");
            self.expression(otherwise);
        } else {
            self.operand(expression, Level::Or);
        }
    }

    /// An operand of an operator that takes what binds at least as tightly as `lowest`.
    fn operand(&mut self, expression: &Expr, lowest: Level) {
        let fits = level(&expression.kind).is_some_and(|level| level >= lowest);
        if !fits {
            self.put("(");
            self.expression(expression);
            self.put(")");
            return;
        }
        match &expression.kind {
            ExprKind::Binary(operator, _, left, right) => self.binary(*operator, left, right),
            ExprKind::Compare(operator, _, left, right) => {
                self.operand(left, Level::In);
                self.spaced(comparison_sign(*operator));
                self.operand(right, Level::In);
            }
            ExprKind::In(value, unit) => {
                self.operand(value, Level::Sum);
                self.spaced("in");
                self.put(&unit.text);
            }
            ExprKind::Where(value, test) => {
                self.operand(value, Level::In);
                self.spaced("where");
                if matches!(test.kind, ExprKind::Compare(..)) {
                    self.operand(test, Level::Compare);
                } else {
                    self.operand(test, Level::In);
                }
            }
            ExprKind::Not(operand) => {
                self.put("not ");
                self.operand(operand, Level::Compare);
            }
            ExprKind::Negate(operand) => {
                self.put("-");
                // Two minus signs would begin a comment; `-5 °C` would be one literal.
                let literal =
                    matches!(&operand.kind, ExprKind::Literal(literal) if is_celsius(literal));
                let negated = matches!(&operand.kind, ExprKind::Negate(_));
                let lowest = if literal || negated { None } else { Some(Level::Negate) };
                self.operand_or_parentheses(operand, lowest);
            }
            _ => self.atom(expression),
        }
    }

    fn operand_or_parentheses(&mut self, expression: &Expr, lowest: Option<Level>) {
        match lowest {
            Some(lowest) => self.operand(expression, lowest),
            None => {
                self.put("(");
                self.expression(expression);
                self.put(")");
            }
        }
    }

    fn binary(&mut self, operator: BinaryOp, left: &Expr, right: &Expr) {
        let (before, behind) = match operator {
            BinaryOp::Or => (Level::Or, Level::And),
            BinaryOp::And => (Level::And, Level::Not),
            BinaryOp::Add | BinaryOp::Subtract => (Level::Sum, Level::Term),
            BinaryOp::Multiply | BinaryOp::Divide => (Level::Term, Level::Negate),
            BinaryOp::Power => (Level::Default, Level::Negate),
            BinaryOp::Default => (Level::Default, Level::Postfix),
        };
        self.operand(left, before);
        self.spaced(operator_sign(operator));
        let joined = matches!(operator, BinaryOp::Divide | BinaryOp::Power) && begins_joined(right);
        self.operand_or_parentheses(right, if joined { None } else { Some(behind) });
    }

    fn spaced(&mut self, sign: &str) {
        self.put(" ");
        self.put(sign);
        self.put(" ");
    }

    fn atom(&mut self, expression: &Expr) {
        match &expression.kind {
            ExprKind::Literal(literal) => self.put(&literal.text),
            ExprKind::Text(text) => self.string(text),
            ExprKind::Name(name) => self.put(name),
            ExprKind::Field(document, name) => {
                self.put(&document.text);
                self.put(".");
                self.put(&name.text);
            }
            ExprKind::Select(value, selectors) => {
                self.operand(value, Level::Postfix);
                self.put("[");
                self.list(selectors, Self::selector);
                self.put("]");
            }
            ExprKind::Call(function, arguments) => {
                self.put(&function.text);
                self.put("(");
                self.list(arguments, Self::expression);
                self.put(")");
            }
            ExprKind::Reduce(reduce) => self.reduce(reduce),
            ExprKind::Adjust { inflate, value, by } => {
                self.put(if *inflate { "inflate(" } else { "discount(" });
                self.expression(value);
                self.spaced("by");
                self.expression(by);
                self.put(")");
            }
            ExprKind::Match(subject, arms) => {
                self.put("match ");
                self.expression(subject);
                self.put(" { ");
                self.list(arms, Self::arm);
                self.put(" }");
            }
            _ => self.operand_or_parentheses(expression, None),
        }
    }

    fn list<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.put(", ");
            }
            print(self, item);
        }
    }

    fn string(&mut self, text: &str) {
        self.put("\"");
        self.put(&text.replace('\\', "\\\\").replace('"', "\\\""));
        self.put("\"");
    }

    fn selector(&mut self, selector: &Selector) {
        match selector {
            Selector::Bare(index) => self.put(&index.text),
            Selector::Shift(index, steps) => self.put(&format!("{}{steps:+}", index.text)),
            Selector::Equals(index, key) => {
                self.put(&index.text);
                self.spaced("=");
                self.expression(key);
            }
        }
    }

    fn names(&mut self, names: &[Name]) {
        self.list(names, |printer, name: &Name| printer.put(&name.text));
    }

    fn reduce(&mut self, reduce: &Reduce) {
        self.put(&reduce.function.text);
        self.put("(");
        self.list(&reduce.arguments, Self::expression);
        self.spaced("over");
        self.names(&reduce.over);
        if let Some(to) = &reduce.to {
            self.spaced("to");
            self.put(&to.text);
        }
        if !reduce.by.is_empty() {
            self.spaced("by");
            self.names(&reduce.by);
        }
        if let Some(weight) = &reduce.weight {
            self.put(" weighted by ");
            self.expression(weight);
        }
        if let Some(window) = reduce.last {
            let up_to = if window.up_to { "up to " } else { "" };
            self.put(&format!(" last {up_to}{}", window.steps));
        }
        self.put(if reduce.descending { " descending)" } else { ")" });
    }

    fn arm(&mut self, arm: &Arm) {
        match &arm.pattern {
            Pattern::Else => self.put("else"),
            Pattern::Compare(operator, literal) => {
                self.put(comparison_sign(*operator));
                self.put(" ");
                self.put(&literal.text);
            }
            Pattern::Range(low, high) => {
                self.put(&low.text);
                self.spaced("..");
                self.put(&high.text);
            }
            Pattern::Values(values) => {
                for (number, value) in values.iter().enumerate() {
                    if number > 0 {
                        self.spaced("|");
                    }
                    self.expression(value);
                }
            }
        }
        self.put(": ");
        self.expression(&arm.value);
    }
}

/// How tightly an expression holds together; nothing for `if`, which needs parentheses anywhere
/// but where a whole expression stands.
fn level(kind: &ExprKind) -> Option<Level> {
    Some(match kind {
        ExprKind::If(..) => return None,
        ExprKind::Binary(operator, ..) => match operator {
            BinaryOp::Or => Level::Or,
            BinaryOp::And => Level::And,
            BinaryOp::Add | BinaryOp::Subtract => Level::Sum,
            BinaryOp::Multiply | BinaryOp::Divide => Level::Term,
            BinaryOp::Power => Level::Power,
            BinaryOp::Default => Level::Default,
        },
        ExprKind::Compare(..) => Level::Compare,
        ExprKind::In(..) => Level::In,
        ExprKind::Where(..) => Level::Where,
        ExprKind::Not(_) => Level::Not,
        ExprKind::Negate(_) => Level::Negate,
        ExprKind::Literal(literal) if literal.text.starts_with('-') => Level::Negate,
        _ => Level::Postfix,
    })
}

fn is_celsius(literal: &Literal) -> bool {
    matches!(&literal.value, LiteralValue::Number { unit: Some(unit), .. } if unit.is_celsius())
}

/// Whether the text of an expression may begin with a literal that needs parentheses after `/`.
fn begins_joined(expression: &Expr) -> bool {
    match &expression.kind {
        ExprKind::Literal(literal) => is_joined(literal),
        ExprKind::Select(first, _) | ExprKind::Binary(_, _, first, _) => begins_joined(first),
        _ => false,
    }
}

/// `44/12 tCO2/tC`, `10^4 CNY`
fn is_joined(literal: &Literal) -> bool {
    let figure = literal.text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let sign = figure.and_then(|at| literal.text.get(at..)).unwrap_or("");
    let behind = sign.strip_prefix(['/', '^']).unwrap_or("");
    behind.starts_with(|c: char| c.is_ascii_digit())
}
