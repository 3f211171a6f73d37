//! 打印 The program as text: one line per index and variable, conversions and regrouping explicit.

use super::{
    Arithmetic, DateOperation, FactorRule, Function, Group, IndexId, IndexKind, NodeId, NodeKind,
    ParamTree, Program, Reduction, Running, Step, Target, Test, TimePart, Type, Value, VariableId,
    VariableKind,
};
use crate::ast::RoundingMode;
use crate::number::format_number;
use crate::parse::comparison_sign;
use std::fmt;

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for index in &self.indexes {
            let kind = match &index.kind {
                IndexKind::Time { grain, ends } => {
                    format!("{}{}", grain.word(), if *ends { " ends" } else { "" })
                }
                IndexKind::Integer => "integer".to_owned(),
                IndexKind::Text => "text".to_owned(),
                IndexKind::Closed(members) => {
                    members.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" | ")
                }
            };
            writeln!(f, "index {} : {kind}", index.name)?;
        }
        for id in 0..self.variables.len() {
            writeln!(f, "{}", self.show_variable(id))?;
        }
        for step in &self.order {
            match step {
                Step::Formula(id) => writeln!(f, "run {}", self.name(*id))?,
                Step::Recurrence { index, variables } => {
                    let names: Vec<&str> = variables.iter().map(|id| self.name(*id)).collect();
                    writeln!(f, "run along {}: {}", self.index_name(*index), names.join(", "))?;
                }
            }
        }
        for condition in &self.conditions {
            let word = if condition.warn { "warn" } else { "require" };
            writeln!(f, "{word} {} {:?}", self.show_node(condition.root), condition.message)?;
        }
        for evidence in &self.evidence {
            writeln!(
                f,
                "require evidence{} {:?}",
                self.show_dims(&evidence.dims),
                evidence.message
            )?;
        }
        Ok(())
    }
}

impl Program {
    fn name(&self, id: VariableId) -> &str {
        self.variables.get(id).map_or("?", |variable| &variable.name)
    }

    fn index_name(&self, id: IndexId) -> &str {
        self.indexes.get(id).map_or("?", |index| &index.name)
    }

    fn show_dims(&self, dims: &[IndexId]) -> String {
        if dims.is_empty() {
            return String::new();
        }
        let names: Vec<&str> = dims.iter().map(|id| self.index_name(*id)).collect();
        format!("[{}]", names.join(", "))
    }

    fn show_type(&self, ty: &Type) -> String {
        match ty {
            Type::Number(unit) => unit.to_string(),
            Type::Bool => "bool".to_owned(),
            Type::Text => "text".to_owned(),
            Type::Date => "date".to_owned(),
            Type::Key(index) => self.index_name(*index).to_owned(),
        }
    }

    fn show_variable(&self, id: VariableId) -> String {
        let Some(variable) = self.variables.get(id) else { return String::new() };
        let head = format!(
            "{}{} : {}",
            variable.name,
            self.show_dims(&variable.dims),
            self.show_type(&variable.ty)
        );
        match &variable.kind {
            VariableKind::Input(input) => match &input.default {
                Some(value) => {
                    format!("input {head} default {}", self.show_value(value, &variable.ty))
                }
                None => format!("input {head}"),
            },
            VariableKind::Param(tree) => {
                format!("param {head} = {}", self.show_tree(tree, &variable.dims, &variable.ty))
            }
            VariableKind::Hole => format!("param {head} = ?"),
            VariableKind::Factor(factor) => {
                let rule = match &factor.rule {
                    FactorRule::SameYear(index) => {
                        format!("same year as {}", self.index_name(*index))
                    }
                    FactorRule::Latest { published, before } => format!(
                        "latest {}before {}",
                        if *published { "published " } else { "" },
                        self.show_node(*before)
                    ),
                    FactorRule::Fixed(key) => format!("fixed at {key}"),
                    FactorRule::MeanOfLast { count, before: None } => {
                        format!("mean of last {count}")
                    }
                    FactorRule::MeanOfLast { count, before: Some(before) } => {
                        format!("mean of last {count} before {}", self.show_node(*before))
                    }
                };
                let columns: Vec<String> = (factor.columns.iter())
                    .map(|(column, index)| format!("{column} = {}", self.index_name(*index)))
                    .collect();
                let columns = match columns.is_empty() {
                    true => String::new(),
                    false => format!(" where {}", columns.join(", ")),
                };
                format!("factor {head} from {:?}{columns} as of {rule}", factor.set)
            }
            VariableKind::Formula { root, parameter } => {
                let word = match (variable.output, parameter) {
                    (true, _) => "output ",
                    (false, true) => "param ",
                    (false, false) => "",
                };
                format!("{word}{head} = {}", self.show_node(*root))
            }
        }
    }

    fn show_tree(&self, tree: &ParamTree, dims: &[IndexId], ty: &Type) -> String {
        match tree {
            ParamTree::Leaf(value) => self.show_value(value, ty),
            ParamTree::Level { exact, steps, until } => {
                let Some((index, rest)) = dims.split_first() else { return "?".to_owned() };
                let key = |key| self.indexes.get(*index).map(|i| i.show(key)).unwrap_or_default();
                let mut parts: Vec<String> = exact
                    .iter()
                    .map(|(own, tree)| format!("{}: {}", key(own), self.show_tree(tree, rest, ty)))
                    .collect();
                parts.extend(steps.iter().map(|(own, tree)| {
                    format!("from {}: {}", key(own), self.show_tree(tree, rest, ty))
                }));
                parts.extend(until.iter().map(|own| format!("until {}", key(own))));
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }

    fn show_value(&self, value: &Value, ty: &Type) -> String {
        match (value, ty) {
            (Value::Number(number), Type::Number(unit)) if unit.to_string() != "1" => {
                format!("{} {unit}", format_number(*number))
            }
            (Value::Number(number), _) => format_number(*number),
            (Value::Bool(value), _) => value.to_string(),
            (Value::Text(text), _) => format!("{text:?}"),
            (Value::Date(day), _) => day.to_string(),
            (Value::Key(key), Type::Key(index)) => {
                self.indexes.get(*index).map(|index| index.show(key)).unwrap_or_default()
            }
            (Value::Key(key), _) => key.to_string(),
        }
    }

    fn show_list(&self, nodes: &[NodeId]) -> String {
        nodes.iter().map(|node| self.show_node(*node)).collect::<Vec<_>>().join(", ")
    }

    /// One node as text, with every conversion written out.
    pub fn show_node(&self, id: NodeId) -> String {
        let Some(node) = self.nodes.get(id) else { return "?".to_owned() };
        let show = |id: &NodeId| self.show_node(*id);
        match &node.kind {
            NodeKind::Constant(value) => self.show_value(value, &node.ty),
            NodeKind::Variable(id) => self.name(*id).to_owned(),
            NodeKind::IndexKey(index) => self.index_name(*index).to_owned(),
            NodeKind::Convert(value, _) => {
                format!("({} → {})", show(value), self.show_type(&node.ty))
            }
            NodeKind::Relabel(value) => {
                format!("({} as {})", show(value), self.show_type(&node.ty))
            }
            NodeKind::InRange(value, check) => {
                format!("within({}, {}, {})", show(value), check.low, check.high)
            }
            NodeKind::KeyOfNumber(value, index) => {
                format!("key({}, {})", show(value), self.index_name(*index))
            }
            NodeKind::Negate(value) => format!("-{}", show(value)),
            NodeKind::Not(value) => format!("not {}", show(value)),
            NodeKind::Arithmetic(operator, a, b) => {
                let sign = match operator {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                    Arithmetic::Power => "^",
                };
                format!("({} {sign} {})", show(a), show(b))
            }
            NodeKind::And(a, b) => format!("({} and {})", show(a), show(b)),
            NodeKind::Or(a, b) => format!("({} or {})", show(a), show(b)),
            NodeKind::Compare(operator, a, b) => {
                format!("({} {} {})", show(a), comparison_sign(*operator), show(b))
            }
            NodeKind::Default(a, b) => format!("({} ?? {})", show(a), show(b)),
            NodeKind::Where(a, b) => format!("({} where {})", show(a), show(b)),
            NodeKind::If(c, a, b) => format!("(if {} then {} else {})", show(c), show(a), show(b)),
            NodeKind::Match(value, arms) => self.show_match(*value, arms),
            NodeKind::Call(function, arguments) => {
                format!("{}({})", function.word(), self.show_list(arguments))
            }
            NodeKind::Noted(value, keys) => {
                let keys: String = keys.iter().map(|key| format!(", {}", key.word())).collect();
                format!("noted({}{keys})", show(value))
            }
            NodeKind::Known(value) => format!("known({})", show(value)),
            NodeKind::Shift { .. } | NodeKind::Lookup { .. } => self.show_selection(&node.kind),
            NodeKind::NumberOfKey(value) => format!("number({})", show(value)),
            NodeKind::DateArithmetic(operation, a, b) => operation.shown(&show(a), &show(b)),
            NodeKind::TimePart(part, value, _) => format!("{}({})", part.word(), show(value)),
            NodeKind::Round { value, mode, step } => {
                format!("round {}({}, {}/{})", mode.word(), show(value), step.0, step.1)
            }
            NodeKind::Adjust(inflate, value, by) => {
                let word = if *inflate { "inflate" } else { "discount" };
                format!("{word}({} by {})", show(value), show(by))
            }
            NodeKind::Group(group) => self.show_group(group),
            NodeKind::Window(window) => format!(
                "{}({} over {} last {}{})",
                window.reduction.word(),
                show(&window.value),
                self.index_name(window.index),
                if window.up_to { "up to " } else { "" },
                window.steps
            ),
            NodeKind::Running(running, value, over) => {
                format!("{}({} over {})", running.word(), show(value), self.index_list(over))
            }
        }
    }

    fn show_selection(&self, kind: &NodeKind) -> String {
        match kind {
            NodeKind::Shift { value, index, steps } => {
                format!("{}[{}{steps:+}]", self.show_node(*value), self.index_name(*index))
            }
            NodeKind::Lookup { value, selectors } => {
                let parts: Vec<String> = selectors
                    .iter()
                    .map(|(index, node)| {
                        format!("{} = {}", self.index_name(*index), self.show_node(*node))
                    })
                    .collect();
                format!("{}[{}]", self.show_node(*value), parts.join(", "))
            }
            _ => String::new(),
        }
    }

    fn show_match(&self, value: NodeId, arms: &[(Test, NodeId)]) -> String {
        let ty = self.nodes.get(value).map(|node| &node.ty);
        let arms: Vec<String> = arms
            .iter()
            .map(|(test, arm)| format!("{}: {}", self.show_test(test, ty), self.show_node(*arm)))
            .collect();
        format!("match {} {{ {} }}", self.show_node(value), arms.join(", "))
    }

    fn show_group(&self, group: &Group) -> String {
        let mut text = format!("{}({}", group.reduction.word(), self.show_node(group.value));
        if let Some(second) = group.second {
            text += &format!(", {}", self.show_node(second));
        }
        text += &format!(" over {}", self.index_list(&group.over));
        for target in &group.targets {
            text += &match target {
                Target::By { mapping, index } => {
                    format!(" by {} into {}", self.show_node(*mapping), self.index_name(*index))
                }
                Target::To { index, .. } => format!(" to {}", self.index_name(*index)),
            };
        }
        if let Some(weight) = group.weight {
            text += &format!(" weighted by {}", self.show_node(weight));
        }
        text + ")"
    }

    fn index_list(&self, indexes: &[IndexId]) -> String {
        indexes.iter().map(|index| self.index_name(*index)).collect::<Vec<_>>().join(", ")
    }

    fn show_test(&self, test: &Test, ty: Option<&Type>) -> String {
        let fallback = Type::Bool;
        let value = |value: &Value| self.show_value(value, ty.unwrap_or(&fallback));
        match test {
            Test::OneOf(values) => values.iter().map(value).collect::<Vec<_>>().join(" | "),
            Test::Equals(node) => self.show_node(*node),
            Test::Either(tests) => {
                tests.iter().map(|test| self.show_test(test, ty)).collect::<Vec<_>>().join(" | ")
            }
            Test::Range(low, high) => format!("{} .. {}", value(low), value(high)),
            Test::Compare(operator, bound) => {
                format!("{} {}", comparison_sign(*operator), value(bound))
            }
            Test::Else => "else".to_owned(),
        }
    }
}

impl RoundingMode {
    /// As it is written; half away from zero has no word of its own.
    pub fn word(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Down => "down",
            Self::Up => "up",
            Self::Even => "even",
        }
    }
}

impl Function {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::Abs => "abs",
            Self::Exp => "exp",
            Self::Ln => "ln",
            Self::Log10 => "log10",
            Self::Sqrt => "sqrt",
            Self::Clamp => "clamp",
        }
    }
}

impl Reduction {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Median => "median",
            Self::Quantile => "quantile",
            Self::Deviation => "stddev",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
            Self::Any => "any",
            Self::All => "all",
        }
    }
}

impl DateOperation {
    /// As it is written, with its operands.
    fn shown(self, a: &str, b: &str) -> String {
        match self {
            Self::DaysBetween | Self::DaysEarlier => format!("({a} - {b})"),
            Self::DaysLater => format!("({a} + {b})"),
            Self::MonthsLater => format!("add_months({a}, {b})"),
        }
    }
}

impl Running {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::CumulativeSum => "cumsum",
            Self::CumulativeProduct => "cumprod",
            Self::First => "first",
            Self::Last => "last",
            Self::Rank { descending: false } => "rank",
            Self::Rank { descending: true } => "rank descending",
            Self::Share => "share",
            Self::InternalRate { .. } => "irr",
            Self::InternalRateCount => "irr_count",
        }
    }
}

impl TimePart {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Weekday => "weekday",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}
