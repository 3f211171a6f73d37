//! 归约排版 Σ, means, regroupings, windows and what keeps dimensions.

use super::math::{Level, Math, identifier, linked, operator, parentheses, words};
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{Expr, ExprKind, LiteralValue, Reduce};

impl Math<'_> {
    /// A reduction with what it runs over below its sign.
    pub(super) fn reduce(&self, reduce: &Reduce) -> (Level, String) {
        let Some(value) = reduce.arguments.first() else {
            return (Level::Atom, words(&reduce.function.text));
        };
        let mut below = self.below(reduce);
        let name = reduce.function.text.as_str();
        // `sum(x where c over i)`: the condition stands below the sign, with what it runs over.
        let value = match (&value.kind, name) {
            (
                ExprKind::Where(inner, condition),
                "sum" | "any" | "all" | "count" | "min" | "max",
            ) => {
                let condition = self.set(condition, Level::Choice);
                below.push_str(&format!("<mo>:</mo>{condition}"));
                inner
            }
            _ => value,
        };
        match name {
            "sum" => (Level::Big, self.big("∑", &below, value)),
            "mean" => self.mean(reduce, value, &below),
            "any" => (Level::Big, self.big("⋁", &below, value)),
            "all" => (Level::Big, self.big("⋀", &below, value)),
            "share" => {
                let whole = self.big("∑", &below, value);
                let part = self.set(value, Level::Choice);
                (Level::Product, format!("<mfrac>{part}<mrow>{whole}</mrow></mfrac>"))
            }
            "cumsum" | "cumprod" => {
                let sign = if name == "cumsum" { "∑" } else { "∏" };
                let up_to = format!("{}{below}", operator("≤"));
                (Level::Big, self.big(sign, &up_to, value))
            }
            _ => (Level::Atom, self.named_reduction(reduce, value, &below)),
        }
    }

    /// A large sign with something below it, and what it acts upon.
    fn big(&self, sign: &str, below: &str, value: &Expr) -> String {
        // A sum below Σ needs parentheses; a product or another Σ does not.
        let value = self.set(value, Level::Big);
        format!(
            "<mstyle displaystyle=\"true\"><munder><mo>{sign}</mo><mrow>{below}</mrow></munder>\
             {value}</mstyle>"
        )
    }

    /// The mean: a bar without weights, a fraction of sums with them.
    fn mean(&self, reduce: &Reduce, value: &Expr, below: &str) -> (Level, String) {
        match &reduce.weight {
            Some(weight) if !is_one(weight) => {
                let weighed = self.set(weight, Level::Product);
                let upper = format!(
                    "<mstyle displaystyle=\"true\"><munder><mo>∑</mo><mrow>{below}</mrow></munder>\
                     {weighed}{}{}</mstyle>",
                    operator("×"),
                    self.set(value, Level::Product)
                );
                let lower = self.big("∑", below, weight);
                (Level::Product, format!("<mfrac><mrow>{upper}</mrow><mrow>{lower}</mrow></mfrac>"))
            }
            _ => {
                let barred = format!(
                    "<mover accent=\"true\">{}<mo stretchy=\"true\">‾</mo></mover>",
                    self.set(value, Level::Choice)
                );
                (Level::Atom, format!("<msub>{barred}<mrow>{below}</mrow></msub>"))
            }
        }
    }

    fn named_reduction(&self, reduce: &Reduce, value: &Expr, below: &str) -> String {
        let word = match reduce.function.text.as_str() {
            "median" => self.say("中位数", "median"),
            "quantile" => self.say("分位数", "quantile"),
            "stddev" => self.say("标准差", "s.d."),
            "count" => self.say("计数", "count"),
            "first" => self.say("首值", "first"),
            "last" => self.say("末值", "last"),
            "rank" if reduce.descending => self.say("降序名次", "rank from above"),
            "rank" => self.say("名次", "rank"),
            other => other,
        };
        let second = reduce.arguments.get(1).map(|second| {
            format!("{}<mo separator=\"true\">;</mo>", self.set(second, Level::Choice))
        });
        let below = format!("{}{below}", second.unwrap_or_default());
        let inside = parentheses(&self.set(value, Level::Choice));
        format!("<msub>{}<mrow>{below}</mrow></msub>{inside}", words(word))
    }

    /// What stands below the sign: indexes, the mapping that regroups, the window.
    fn below(&self, reduce: &Reduce) -> String {
        let comma = "<mo separator=\"true\">,</mo>";
        let over: Vec<String> = reduce.over.iter().map(|name| self.index(&name.text)).collect();
        let mut below = over.join(comma);
        if let Some(to) = &reduce.to {
            below.push_str(&format!("{}{}", operator("∈"), self.index(&to.text)));
        }
        for (place, mapping) in reduce.by.iter().enumerate() {
            below.push_str(if place == 0 { "<mo>:</mo>" } else { comma });
            let symbol = self.symbols.get(&mapping.text);
            below.push_str(&match symbol {
                Some(symbol) => linked(&symbol.name, &symbol.anchor),
                None => identifier(&mapping.text),
            });
            if let Some(index) = symbol.and_then(|symbol| symbol.key_of.as_ref()) {
                below.push_str(&format!("{}{}", operator("="), self.index(index)));
            }
        }
        if let Some(window) = reduce.last {
            let steps = window.steps;
            let text = match (self.lang, window.up_to) {
                (Lang::Zh, false) => format!("：近 {steps} 期"),
                (Lang::Zh, true) => format!("：近至多 {steps} 期"),
                (Lang::En, false) => format!(": last {steps}"),
                (Lang::En, true) => format!(": last up to {steps}"),
            };
            below.push_str(&words(&text));
        }
        below
    }
}

/// `weighted by 1`
fn is_one(weight: &Expr) -> bool {
    let ExprKind::Literal(literal) = &weight.kind else { return false };
    matches!(&literal.value, LiteralValue::Number { integer: Some(1), unit: None, .. })
}
