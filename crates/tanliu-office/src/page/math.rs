//! 公式排版 Expressions as MathML: fractions, subscripts for indexes, cases for branches.
//!
//! Names carry their indexes as subscripts although the source leaves them out, so that the page
//! reads like a standard: `co2[year] = sum(fuel_co2 over fuel)` becomes co2ᵧ = Σ fuel_co2ᵧ,ᶠ.

use super::html::{attribute, escape};
use super::say;
use super::symbols::{SymbolKind, Symbols};
use super::unit::pretty;
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{
    Arm, BinaryOp, CompareOp, Expr, ExprKind, Literal, LiteralValue, Name, Pattern, Selector,
};
use tanliu_method::parse::print_expression;

/// Wider formulas are broken at their outermost `+ −` or `×`; in tenths of a character.
const LINE_WIDTH: usize = 560;
/// A right side is not broken into lines shorter than this.
const LEAST_WIDTH: usize = 300;

/// Cases wider than this have their conditions below their values.
const STACKED_WIDTH: usize = 420;
/// More keys than this in one condition stand in several lines.
const KEYS_A_LINE: usize = 4;

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
            let wide = match &right.kind {
                // Stacked cases are only as wide as a condition or a value.
                ExprKind::If(..) | ExprKind::Match(..) => {
                    self.total_width(right).min(STACKED_WIDTH)
                }
                _ => self.total_width(right),
            };
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
        let mut parts: Vec<(Option<&'static str>, &Expr)> = Vec::new();
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

    /// The widest term of a sum, which no line break can part.
    fn widest_term(&self, expression: &Expr) -> usize {
        let mut parts = Vec::new();
        flatten_sum(expression, None, &mut parts);
        parts.iter().map(|(_, part)| self.width(part)).max().unwrap_or(0)
    }

    /// About how wide an expression is when set, in tenths of a character.
    fn width(&self, expression: &Expr) -> usize {
        match &expression.kind {
            ExprKind::Name(name) => self.name_width(name, &[]),
            ExprKind::Select(value, selectors) => match &value.kind {
                ExprKind::Name(name) => self.name_width(name, selectors),
                _ => self.width(value) + 60,
            },
            ExprKind::Binary(BinaryOp::Divide, _, above, below) => {
                self.width(above).max(self.width(below))
            }
            ExprKind::Binary(_, _, left, right) => self.width(left) + self.width(right) + 20,
            ExprKind::Call(function, arguments) => {
                let inside: usize =
                    arguments.iter().map(|argument| self.width(argument) + 10).sum();
                text_width(&function.text) + inside + 10
            }
            ExprKind::Reduce(reduce) => {
                let inside: usize = reduce.arguments.iter().map(|part| self.width(part)).sum();
                let weight = reduce.weight.as_ref().map_or(0, |weight| self.width(weight) + 20);
                let over: usize = reduce.over.len() * 10;
                inside + weight + over.max(20)
            }
            _ => text_width(&print_expression(expression)),
        }
    }

    /// The width with conditions beside their values.
    fn total_width(&self, expression: &Expr) -> usize {
        let row = |value: &Expr, condition: usize| self.width(value) + condition + 60;
        match &expression.kind {
            ExprKind::If(condition, value, otherwise) => {
                row(value, self.width(condition)).max(self.total_width(otherwise))
            }
            ExprKind::Match(subject, arms) => {
                let subject = self.width(subject);
                let rows = arms.iter().map(|arm| {
                    let pattern = match &arm.pattern {
                        Pattern::Else => 80,
                        Pattern::Compare(_, literal) => subject + text_width(&literal.text) + 20,
                        Pattern::Range(low, high) => {
                            subject + text_width(&low.text) + text_width(&high.text) + 40
                        }
                        Pattern::Values(values) => {
                            let keys = values.iter().map(|value| self.width(value) * 2 + 30);
                            subject + keys.sum::<usize>()
                        }
                    };
                    row(&arm.value, pattern)
                });
                rows.max().unwrap_or(0)
            }
            ExprKind::Binary(_, _, left, right) => {
                self.total_width(left) + self.total_width(right) + 20
            }
            ExprKind::Adjust { value, by, .. } => self.width(value) + self.width(by) + 60,
            _ => self.width(expression),
        }
    }

    fn name_width(&self, name: &str, selectors: &[Selector]) -> usize {
        let dims = self.symbols.get(name).map_or(&[] as &[String], |symbol| &symbol.dims);
        let below: usize =
            dims.iter().map(|dim| text_width(self.symbols.subscript(dim)) * 7 / 10 + 7).sum();
        text_width(name) + below + selectors.len() * 20
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
    fn index_of(&self, expression: &Expr) -> Option<String> {
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
    fn hinted(&self, expression: &Expr, index: Option<&str>) -> String {
        match (&expression.kind, index) {
            (ExprKind::Name(name), Some(_)) => self.name(name, index),
            _ => self.set(expression, Level::Sum),
        }
    }

    /// A name: a member, a symbol with its indexes, or a plain identifier.
    fn name(&self, name: &str, index: Option<&str>) -> String {
        let member = |hint| self.symbols.member(name, hint, self.lang);
        if let Some(member) = index.and_then(|index| member(Some(index))) {
            return words(&member);
        }
        if self.symbols.get(name).is_some() {
            return self.symbol(name, &[]);
        }
        match member(None) {
            Some(member) => words(&member),
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

    /// `if … then … else if … else …` as cases.
    fn branches(&self, expression: &Expr) -> String {
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

    fn arms(&self, subject: &Expr, arms: &[Arm], stacked: bool) -> String {
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

    /// A number with its unit, a key, a truth value.
    pub(super) fn literal(&self, literal: &Literal) -> (Level, String) {
        let LiteralValue::Number { .. } = &literal.value else {
            let word = match &literal.value {
                LiteralValue::Bool(true) => self.say("是", "true"),
                LiteralValue::Bool(false) => self.say("否", "false"),
                _ => literal.text.as_str(),
            };
            return (Level::Atom, words(word));
        };
        let (number, unit) = split_literal(&literal.text);
        let (mut level, mut set) = (Level::Atom, number_markup(number));
        if number.contains(['/', '^', 'e', 'E']) {
            level = Level::Product;
        }
        if !unit.is_empty() {
            level = Level::Product;
            let gap = if unit.starts_with(['%', '‰']) { "" } else { "<mspace width=\"0.2em\"/>" };
            set.push_str(&format!("{gap}<mtext>{}</mtext>", escape(&pretty(unit))));
            if unit == "%" || unit == "‰" {
                level = Level::Atom;
            }
        }
        (level, set)
    }
}

/// `44/12 tCO2/tC` parted behind the number.
pub(super) fn split_literal(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = usize::from(text.starts_with(['-', '+']));
    while digit(at) || (bytes.get(at) == Some(&b'.') && digit(at + 1)) {
        at += 1;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        if digit(at + 1 + signed) {
            at += 1 + signed;
        }
    } else if matches!(bytes.get(at), Some(b'/' | b'^')) {
        let signed = usize::from(bytes.get(at + 1) == Some(&b'-'));
        if digit(at + 1 + signed) {
            at += 1 + signed;
        }
    }
    while digit(at) || (bytes.get(at) == Some(&b'.') && digit(at + 1)) {
        at += 1;
    }
    (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or("").trim())
}

fn number_markup(number: &str) -> String {
    let plain = |number: &str| format!("<mn>{}</mn>", escape(&number.replace('-', "−")));
    if let Some((above, below)) = number.split_once('/') {
        return format!("<mfrac>{}{}</mfrac>", plain(above), plain(below));
    }
    if let Some((base, power)) = number.split_once('^') {
        return format!("<msup>{}{}</msup>", plain(base), plain(power));
    }
    if let Some((mantissa, power)) = number.split_once(['e', 'E']) {
        let power = plain(power.trim_start_matches('+'));
        return format!("{}{}<msup><mn>10</mn>{power}</msup>", plain(mantissa), operator("×"));
    }
    plain(number)
}

fn flatten_sum<'e>(
    expression: &'e Expr,
    sign: Option<&'static str>,
    parts: &mut Vec<(Option<&'static str>, &'e Expr)>,
) {
    match &expression.kind {
        ExprKind::Binary(BinaryOp::Add, _, left, right) => {
            flatten_sum(left, sign, parts);
            parts.push((Some("+"), right));
        }
        ExprKind::Binary(BinaryOp::Subtract, _, left, right) => {
            flatten_sum(left, sign, parts);
            parts.push((Some("−"), right));
        }
        _ => parts.push((sign, expression)),
    }
}

fn flatten_product<'e>(
    expression: &'e Expr,
    sign: Option<&'static str>,
    parts: &mut Vec<(Option<&'static str>, &'e Expr)>,
) {
    match &expression.kind {
        ExprKind::Binary(BinaryOp::Multiply, _, left, right) => {
            flatten_product(left, sign, parts);
            parts.push((Some("×"), right));
        }
        _ => parts.push((sign, expression)),
    }
}

fn text_width(text: &str) -> usize {
    text.chars().map(|sign| if sign.is_ascii() { 10 } else { 20 }).sum()
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

/// A name that leads to its declaration.
pub(super) fn linked(name: &str, anchor: &str) -> String {
    let class = if name.chars().count() == 1 { " class=\"letter\"" } else { "" };
    format!("<mtext><a href=\"#{}\"{class}>{}</a></mtext>", attribute(anchor), escape(name))
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
