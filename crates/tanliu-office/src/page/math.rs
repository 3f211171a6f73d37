//! 公式排版 Expressions as MathML: fractions, subscripts for indexes, cases for branches.
//!
//! Names carry their indexes as subscripts although the source leaves them out, so that the page
//! reads like a standard: `co2[year] = sum(fuel_co2 over fuel)` becomes co2ᵧ = Σ fuel_co2ᵧ,ᶠ.

use super::choice::STACKED_WIDTH;
use super::html::{attribute, escape};
use super::say;
use super::symbols::{SymbolKind, Symbols};
use super::unit::pretty;
use super::width::{Part, flatten_product, flatten_sum};
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{BinaryOp, CompareOp, Expr, ExprKind, Name, Selector};

/// Wider formulas are broken at their outermost `+ −` or `×`; in tenths of a character.
const LINE_WIDTH: usize = 560;
/// A right side is not broken into lines shorter than this.
const LEAST_WIDTH: usize = 300;

/// How tightly what was set holds together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Choice,
    Or,
    And,
    Not,
    Compare,
    Sum,
    /// Σ and the like, with what they act upon.
    Big,
    Product,
    Power,
    Atom,
}

/// Sets expressions of one document.
#[derive(Clone, Copy)]
pub(super) struct Math<'a> {
    pub(super) symbols: &'a Symbols,
    pub(super) lang: Lang,
}

impl Math<'_> {
    pub(super) fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        say(self.lang, zh, en)
    }

    /// `left = right` as a displayed formula; the left side carries its indexes.
    pub(super) fn equation(&self, left: &str, right: &Expr) -> String {
        let room = LINE_WIDTH.saturating_sub(self.name_width(left, &[])).max(LEAST_WIDTH);
        let left = self.symbol(left, &[]);
        let lines = self.lines(right, room);
        let Some((first, rest)) = lines.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            let wide = self.width(right);
            let right = self.set(right, Level::Choice);
            return sized(&format!("{left}{}{right}", operator("=")), wide, room);
        };
        let mut rows = format!(
            "<mtr><mtd class=\"left\">{left}</mtd><mtd>{}{first}</mtd></mtr>",
            operator("=")
        );
        for line in rest {
            rows.push_str(&format!("<mtr><mtd></mtd><mtd>{line}</mtd></mtr>"));
        }
        let wide = self.widest_term(right);
        sized(&format!("<mtable class=\"lines\" displaystyle=\"true\">{rows}</mtable>"), wide, room)
    }

    /// `name(D, H) = body` of an empirical function.
    pub(super) fn function(&self, name: &str, inputs: &[&str], body: &Expr) -> String {
        let comma = "<mo separator=\"true\">,</mo>";
        let inputs: Vec<String> = inputs.iter().map(|input| identifier(input)).collect();
        let left = format!("{}{}", identifier(name), parentheses(&inputs.join(comma)));
        display(&format!("{left}{}{}", operator("="), self.set(body, Level::Choice)))
    }

    /// An expression within a line of text; between conditions the line may be broken.
    pub(super) fn inline(&self, expression: &Expr) -> String {
        let (sign, word, levels) = match &expression.kind {
            ExprKind::Binary(BinaryOp::And, ..) => {
                (BinaryOp::And, self.say("且", "and"), (Level::And, Level::Not))
            }
            ExprKind::Binary(BinaryOp::Or, ..) => {
                (BinaryOp::Or, self.say("或", "or"), (Level::Or, Level::And))
            }
            _ => return format!("<math>{}</math>", self.set(expression, Level::Choice)),
        };
        let mut parts = Vec::new();
        let mut rest = expression;
        while let ExprKind::Binary(found, _, left, right) = &rest.kind
            && *found == sign
        {
            parts.push(format!("<math>{}</math>", self.set(right, levels.1)));
            rest = left;
        }
        parts.push(format!("<math>{}</math>", self.set(rest, levels.0)));
        parts.reverse();
        parts.join(&format!(" {word} "))
    }

    /// The lines of a long right side; one line if it is short or cannot be broken.
    fn lines(&self, expression: &Expr, room: usize) -> Vec<String> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        let level = match &expression.kind {
            _ if self.width(expression) <= room => return Vec::new(),
            ExprKind::Binary(BinaryOp::Add | BinaryOp::Subtract, ..) => {
                flatten_sum(expression, None, &mut parts);
                Level::Big
            }
            // A product a little too wide is set smaller rather than broken.
            ExprKind::Binary(BinaryOp::Multiply, ..) if self.width(expression) > room * 13 / 10 => {
                flatten_product(expression, None, &mut parts);
                Level::Product
            }
            _ => return Vec::new(),
        };
        let mut lines = Vec::new();
        let (mut line, mut filled) = (String::new(), 0);
        for (sign, part) in parts {
            let wide = self.width(part) + 20;
            if filled > 0 && filled + wide > room {
                lines.push(std::mem::take(&mut line));
                filled = 0;
            }
            // At the beginning of a line it would be set like a sign.
            let sign = sign.map(|sign| format!("<mo form=\"infix\">{}</mo>", escape(sign)));
            line.push_str(&sign.unwrap_or_default());
            line.push_str(&self.set(part, level));
            filled += wide;
        }
        lines.push(line);
        lines
    }

    /// Sets an expression where something at least as tight as `lowest` must stand.
    pub(super) fn set(&self, expression: &Expr, lowest: Level) -> String {
        let (level, set) = self.bare(expression);
        if level < lowest { parentheses(&set) } else { format!("<mrow>{set}</mrow>") }
    }

    /// Sets an expression without parentheses around it, and says how tightly it holds.
    fn bare(&self, expression: &Expr) -> (Level, String) {
        match &expression.kind {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Text(text) => (Level::Atom, words(&format!("“{text}”"))),
            ExprKind::Name(name) => (Level::Atom, self.name(name, None)),
            ExprKind::Field(document, name) => (Level::Atom, self.field(document, name)),
            ExprKind::Select(value, selectors) => (Level::Atom, self.select(value, selectors)),
            ExprKind::Call(function, arguments) => self.call(function, arguments),
            ExprKind::Reduce(reduce) => self.reduce(reduce),
            ExprKind::Adjust { inflate, value, by } => {
                let sign = operator(if *inflate { "+" } else { "−" });
                let share = self.set(by, Level::Product);
                let second = parentheses(&format!("<mn>1</mn>{sign}{share}"));
                let first = self.set(value, Level::Product);
                (Level::Product, format!("{first}{}{second}", operator("×")))
            }
            ExprKind::Negate(value) => {
                (Level::Big, format!("<mo>−</mo>{}", self.set(value, Level::Product)))
            }
            ExprKind::Not(value) => {
                let set = self.set(value, Level::Compare);
                (Level::Not, format!("{}{set}", words(self.say("非 ", "not "))))
            }
            ExprKind::Binary(operator, _, left, right) => self.binary(*operator, left, right),
            ExprKind::Compare(sign, _, left, right) => {
                (Level::Compare, self.compare(*sign, left, right))
            }
            ExprKind::In(value, unit) => {
                let unit = pretty(&unit.text);
                let note = match self.lang {
                    Lang::Zh => format!("（以 {unit} 计）"),
                    Lang::En => format!(" (in {unit})"),
                };
                (Level::Compare, format!("{}{}", self.set(value, Level::Sum), words(&note)))
            }
            ExprKind::Where(value, condition) => {
                let value = self.set(value, Level::Sum);
                let condition = self.set(condition, Level::Compare);
                let only = words(self.say("，仅当 ", ", only where "));
                (Level::Choice, format!("{value}{only}{condition}"))
            }
            ExprKind::If(..) => (Level::Atom, self.branches(expression)),
            ExprKind::Match(subject, arms) => {
                let stacked = self.total_width(expression) > STACKED_WIDTH;
                (Level::Atom, self.arms(subject, arms, stacked))
            }
        }
    }

    fn binary(&self, sign: BinaryOp, left: &Expr, right: &Expr) -> (Level, String) {
        let joined = |sign: &str, levels: (Level, Level)| {
            format!("{}{}{}", self.set(left, levels.0), sign, self.set(right, levels.1))
        };
        match sign {
            BinaryOp::Add => (Level::Sum, joined(&operator("+"), (Level::Sum, Level::Big))),
            BinaryOp::Subtract => (Level::Sum, joined(&operator("−"), (Level::Sum, Level::Big))),
            BinaryOp::Multiply => {
                (Level::Product, joined(&operator("×"), (Level::Product, Level::Product)))
            }
            BinaryOp::Divide => {
                let (above, below) =
                    (self.set(left, Level::Choice), self.set(right, Level::Choice));
                (Level::Product, format!("<mfrac>{above}{below}</mfrac>"))
            }
            BinaryOp::Power => {
                let (base, power) = (self.set(left, Level::Atom), self.set(right, Level::Choice));
                (Level::Power, format!("<msup>{base}{power}</msup>"))
            }
            BinaryOp::Default => {
                let (value, other) = (self.set(left, Level::Sum), self.set(right, Level::Sum));
                let otherwise = words(self.say("，缺则 ", ", if missing "));
                (Level::Choice, format!("{value}{otherwise}{other}"))
            }
            BinaryOp::And => {
                let and = words(self.say(" 且 ", " and "));
                (Level::And, joined(&and, (Level::And, Level::Not)))
            }
            BinaryOp::Or => {
                let or = words(self.say(" 或 ", " or "));
                (Level::Or, joined(&or, (Level::Or, Level::And)))
            }
        }
    }

    /// `a ≤ b`; a bare word beside a value of an index is a member.
    fn compare(&self, sign: CompareOp, left: &Expr, right: &Expr) -> String {
        let (hint_left, hint_right) = (self.index_of(right), self.index_of(left));
        format!(
            "{}{}{}",
            self.hinted(left, hint_left.as_deref()),
            operator(comparison(sign)),
            self.hinted(right, hint_right.as_deref())
        )
    }

    /// The index whose keys the expression takes.
    pub(super) fn index_of(&self, expression: &Expr) -> Option<String> {
        let name = match &expression.kind {
            ExprKind::Name(name) => name,
            ExprKind::Select(value, _) => return self.index_of(value),
            _ => return None,
        };
        let symbol = self.symbols.get(name)?;
        match symbol.kind {
            SymbolKind::Index => Some(symbol.name.clone()),
            _ => symbol.key_of.clone(),
        }
    }

    /// An operand of a comparison, or a key, where a bare word may be a member of `index`.
    pub(super) fn hinted(&self, expression: &Expr, index: Option<&str>) -> String {
        match (&expression.kind, index) {
            (ExprKind::Name(name), Some(_)) => self.name(name, index),
            _ => self.set(expression, Level::Sum),
        }
    }

    /// A name: a member, a symbol with its indexes, or a plain identifier.
    fn name(&self, name: &str, index: Option<&str>) -> String {
        let member = |hint| self.symbols.member(name, hint, self.lang);
        if let Some(member) = index.and_then(|index| member(Some(index))) {
            return upright(&member);
        }
        if self.symbols.get(name).is_some() {
            return self.symbol(name, &[]);
        }
        match member(None) {
            Some(member) => upright(&member),
            None => identifier(name),
        }
    }

    /// A symbol with its indexes as subscripts, some of them shifted or chosen.
    fn symbol(&self, name: &str, selectors: &[Selector]) -> String {
        let Some(symbol) = self.symbols.get(name) else {
            return self.subscripted(&identifier(name), &self.chosen(&[], selectors));
        };
        let base = linked(&symbol.name, &symbol.anchor);
        self.subscripted(&base, &self.chosen(&symbol.dims, selectors))
    }

    fn subscripted(&self, base: &str, below: &[String]) -> String {
        if below.is_empty() {
            return base.to_owned();
        }
        let comma = "<mo separator=\"true\">,</mo>";
        format!("<msub>{base}<mrow>{}</mrow></msub>", below.join(comma))
    }

    /// What stands for each index: itself, a shifted one, a chosen key.
    fn chosen(&self, dims: &[String], selectors: &[Selector]) -> Vec<String> {
        let name_of = |selector: &Selector| match selector {
            Selector::Shift(name, _) | Selector::Equals(name, _) | Selector::Bare(name) => {
                name.text.clone()
            }
        };
        let plain = dims.iter().map(|dim| {
            match selectors.iter().find(|selector| name_of(selector) == *dim) {
                Some(selector) => self.selector(selector),
                None => self.index(dim),
            }
        });
        let further = selectors.iter().filter(|selector| !dims.contains(&name_of(selector)));
        plain.chain(further.map(|selector| self.selector(selector))).collect()
    }

    /// An index below a name or a sign, cut short.
    pub(super) fn index(&self, name: &str) -> String {
        identifier(self.symbols.subscript(name))
    }

    fn selector(&self, selector: &Selector) -> String {
        match selector {
            Selector::Bare(index) => self.index(&index.text),
            Selector::Shift(index, steps) => {
                let sign = if *steps < 0 { "<mo>−</mo>" } else { "<mo>+</mo>" };
                format!("{}{sign}<mn>{}</mn>", self.index(&index.text), steps.unsigned_abs())
            }
            Selector::Equals(index, key) => {
                let set = self.hinted(key, Some(&index.text));
                let is_key = match &key.kind {
                    ExprKind::Name(name) => {
                        self.symbols.member(name, Some(&index.text), self.lang).is_some()
                    }
                    ExprKind::Literal(_) | ExprKind::Text(_) => true,
                    _ => false,
                };
                match is_key {
                    true => set,
                    false => format!("{}<mo>=</mo>{set}", self.index(&index.text)),
                }
            }
        }
    }

    fn select(&self, value: &Expr, selectors: &[Selector]) -> String {
        match &value.kind {
            ExprKind::Name(name) => self.symbol(name, selectors),
            _ => {
                let base = self.set(value, Level::Atom);
                self.subscripted(&base, &self.chosen(&[], selectors))
            }
        }
    }

    fn field(&self, document: &Name, name: &Name) -> String {
        let base = linked(&name.text, &format!("use-{}", document.text));
        format!("<msub>{base}{}</msub>", words(&document.text))
    }

    fn call(&self, function: &Name, arguments: &[Expr]) -> (Level, String) {
        let name = function.text.as_str();
        let inside = |argument: &Expr| self.set(argument, Level::Choice);
        let declared = self.symbols.get(name).filter(|s| s.kind == SymbolKind::Function);
        let [first, rest @ ..] = arguments else {
            return (Level::Atom, format!("{}{}", words(name), parentheses("")));
        };
        let set = match (declared, name, rest) {
            (None, "sqrt", _) => format!("<msqrt>{}</msqrt>", inside(first)),
            (None, "abs", _) => fenced("|", &inside(first), "|"),
            (None, "exp", _) => {
                return (Level::Power, format!("<msup><mi>e</mi>{}</msup>", inside(first)));
            }
            (None, "floor", []) => fenced("⌊", &inside(first), "⌋"),
            (None, "ceil", []) => fenced("⌈", &inside(first), "⌉"),
            (None, "log10", _) => {
                let log = format!("<msub>{}<mn>10</mn></msub>", words("log"));
                format!("{log}{}", parentheses(&inside(first)))
            }
            (None, "known", _) => {
                let has = words(self.say(" 有值", " has a value"));
                return (Level::Compare, format!("{}{has}", self.set(first, Level::Atom)));
            }
            (None, "co2e", _) => format!("{}{}", words("CO₂e"), parentheses(&inside(first))),
            // The key of an index of integers is its sign.
            (None, "number", _) => return (Level::Atom, self.set(first, Level::Atom)),
            (None, "add_months", [months]) => {
                let months = self.set(months, Level::Big);
                let unit = words(self.say(" 个月", " months"));
                let date = self.set(first, Level::Sum);
                return (Level::Sum, format!("{date}{}{months}{unit}", operator("+")));
            }
            (None, "gwp", _) => format!("<msub>{}{}</msub>", words("GWP"), inside(first)),
            _ => {
                let list: Vec<String> = arguments.iter().map(inside).collect();
                let comma = "<mo separator=\"true\">,</mo>";
                let head = declared.map_or_else(|| words(name), |s| linked(&s.name, &s.anchor));
                format!("{head}{}", parentheses(&list.join(comma)))
            }
        };
        (Level::Atom, set)
    }
}

/// A displayed formula; one that is too wide for the line is set smaller.
fn sized(content: &str, width: usize, room: usize) -> String {
    let class = match width {
        _ if width <= room => return display(content),
        _ if width <= room * 13 / 10 => "wide",
        _ => "wider",
    };
    format!("<math display=\"block\" class=\"{class}\">{content}</math>")
}

fn display(content: &str) -> String {
    format!("<math display=\"block\">{content}</math>")
}

/// An infix operator with its blanks.
pub(super) fn operator(sign: &str) -> String {
    format!("<mo>{}</mo>", escape(sign))
}

/// Upright words.
pub(super) fn words(text: &str) -> String {
    // Blanks at the ends of MathML texts are dropped.
    let text = text.replace(' ', "\u{a0}");
    format!("<mtext>{}</mtext>", escape(&text))
}

/// A name without a declaration on the page; one letter is set in italics by itself.
pub(super) fn identifier(name: &str) -> String {
    format!("<mi>{}</mi>", escape(name))
}

/// A member of a closed set, by its label or name.
fn upright(member: &str) -> String {
    format!("<mi mathvariant=\"normal\">{}</mi>", escape(&member.replace(' ', "\u{a0}")))
}

/// A name that leads to its declaration.
pub(super) fn linked(name: &str, anchor: &str) -> String {
    let class = if name.chars().count() == 1 { " class=\"letter\"" } else { "" };
    // `mtext` counts as a blank, and `=` between blanks gets no room.
    format!("<mi><a href=\"#{}\"{class}>{}</a></mi>", attribute(anchor), escape(name))
}

/// Something in parentheses.
pub(super) fn parentheses(content: &str) -> String {
    fenced("(", content, ")")
}

fn fenced(open: &str, content: &str, close: &str) -> String {
    format!(
        "<mrow><mo fence=\"true\">{open}</mo><mrow>{content}</mrow><mo fence=\"true\">{close}</mo>\
         </mrow>"
    )
}

/// The sign of a comparison.
pub(super) fn comparison(sign: CompareOp) -> &'static str {
    match sign {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "≠",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "≤",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => "≥",
    }
}
