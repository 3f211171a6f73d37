//! 分情况排版 `if` and `match` as cases behind one brace.

use super::math::{Level, Math, comparison, operator, words};
use tanliu_method::ast::{Arm, Expr, ExprKind, Pattern};

/// Cases wider than this have their conditions below their values.
pub(super) const STACKED_WIDTH: usize = 420;
/// More keys than this in one condition stand in several lines.
const KEYS_A_LINE: usize = 4;

impl Math<'_> {
    /// `if … then … else if … else …` as cases.
    pub(super) fn branches(&self, expression: &Expr) -> String {
        let mut rows = Vec::new();
        let mut rest = expression;
        while let ExprKind::If(condition, value, otherwise) = &rest.kind {
            let condition =
                format!("{}{}", words(self.say("若 ", "if ")), self.set(condition, Level::Choice));
            rows.push((self.set(value, Level::Choice), condition));
            rest = otherwise;
        }
        rows.push((self.set(rest, Level::Choice), self.otherwise()));
        cases(&rows, self.total_width(expression) > STACKED_WIDTH)
    }

    fn otherwise(&self) -> String {
        words(self.say("其他情况", "otherwise"))
    }

    pub(super) fn arms(&self, subject: &Expr, arms: &[Arm], stacked: bool) -> String {
        let index = self.index_of(subject);
        let set_subject = || self.set(subject, Level::Sum);
        let rows: Vec<(String, String)> = arms
            .iter()
            .map(|arm| {
                let condition = match &arm.pattern {
                    Pattern::Else => self.otherwise(),
                    Pattern::Compare(sign, literal) => {
                        let sign = operator(comparison(*sign));
                        format!("{}{sign}{}", set_subject(), self.literal(literal).1)
                    }
                    Pattern::Range(low, high) => {
                        let (low, high) = (self.literal(low).1, self.literal(high).1);
                        let sign = operator("≤");
                        format!("{low}{sign}{}{sign}{high}", set_subject())
                    }
                    Pattern::Values(values) => {
                        let keys: Vec<String> =
                            values.iter().map(|v| self.hinted(v, index.as_deref())).collect();
                        self.one_of(&set_subject(), &keys)
                    }
                };
                (self.set(&arm.value, Level::Choice), condition)
            })
            .collect();
        cases(&rows, stacked)
    }

    /// `x = a 或 b`; many keys stand in several lines.
    fn one_of(&self, subject: &str, keys: &[String]) -> String {
        let or = words(self.say(" 或 ", " or "));
        let equals = operator("=");
        if keys.len() <= KEYS_A_LINE {
            return format!("{subject}{equals}{}", keys.join(&or));
        }
        let lines: String = (keys.chunks(KEYS_A_LINE))
            .map(|line| format!("<mtr><mtd>{}</mtd></mtr>", line.join(&or)))
            .collect();
        format!("{subject}{equals}<mtable class=\"lines\">{lines}</mtable>")
    }
}

/// Values beside their conditions (below them, if they are wide), behind one brace.
fn cases(rows: &[(String, String)], stacked: bool) -> String {
    let row = |(value, condition): &(String, String)| {
        let value = format!("<mtd><mrow>{value}</mrow></mtd>");
        let condition = format!("<mtd class=\"condition\"><mrow>{condition}</mrow></mtd>");
        match stacked {
            true => format!("<mtr>{value}</mtr><mtr>{condition}</mtr>"),
            false => format!("<mtr>{value}{condition}</mtr>"),
        }
    };
    let rows: String = rows.iter().map(row).collect();
    let class = if stacked { "cases stacked" } else { "cases" };
    format!("<mrow><mtable class=\"{class}\">{rows}</mtable></mrow>")
}
