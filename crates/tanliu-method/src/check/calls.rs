//! 函数 Built-in element-wise functions, GWP, and the document's own empirical functions.

use super::{Checker, Context, Entity, Pending, State, Work, messages, union};
use crate::ast::{Expr, ExprKind, FunctionDecl, Name};
use crate::data::Notation;
use crate::parse::REDUCTIONS;
use crate::program::{
    Arithmetic, Function, IndexId, IndexKind, Key, NodeId, NodeKind, Origin, ParamTree, RangeCheck,
    Type, Value, Variable, VariableId, VariableKind,
};
use num_rational::Rational64;
use std::collections::BTreeMap;
use std::rc::Rc;
use tanliu_diagnostic::Span;
use tanliu_factor::Standing;
use tanliu_unit::Unit;
use tanliu_unit::gwp::{Gwp, GwpSet};

/// Element-wise functions.
const FUNCTIONS: [&str; 22] = [
    "min",
    "max",
    "abs",
    "exp",
    "ln",
    "log10",
    "sqrt",
    "clamp",
    "known",
    "floor",
    "ceil",
    "round",
    "co2e",
    "gwp",
    "hour",
    "weekday",
    "day",
    "month",
    "year",
    "number",
    "add_months",
    "noted",
];

pub(super) fn is_builtin(name: &str) -> bool {
    FUNCTIONS.contains(&name)
        || REDUCTIONS.contains(&name)
        || matches!(name, "discount" | "inflate")
}

impl Checker<'_> {
    pub(super) fn infer_call(
        &mut self,
        context: Context,
        name: &Name,
        arguments: &[Expr],
        span: Span,
    ) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        if !FUNCTIONS.contains(&name.text.as_str()) {
            return self.infer_own_call(context, name, arguments, origin);
        }
        match (name.text.as_str(), arguments) {
            ("noted", _) => return self.call_noted(context, arguments, origin),
            ("gwp", [gas, edition]) => return self.call_gwp_of(context, gas, edition, origin),
            _ => {}
        }
        let wanted = match name.text.as_str() {
            "min" | "max" => 2..=usize::MAX,
            "clamp" => 3..=3,
            "add_months" => 2..=2,
            "floor" | "ceil" | "round" => 1..=2,
            _ => 1..=1,
        };
        if !wanted.contains(&arguments.len()) {
            let place = self.place(origin);
            self.report(messages::argument_count(&name.text, arguments.len(), place));
            return None;
        }
        let nodes: Vec<Option<NodeId>> =
            arguments.iter().map(|argument| self.infer(context.plain(), argument)).collect();
        let nodes: Vec<NodeId> = nodes.into_iter().collect::<Option<_>>()?;
        let first = *nodes.first()?;
        match name.text.as_str() {
            "min" => self.call_alike(Function::Min, nodes, origin),
            "max" => self.call_alike(Function::Max, nodes, origin),
            "clamp" => self.call_alike(Function::Clamp, nodes, origin),
            "abs" => {
                self.need_number(first, origin)?;
                let (ty, dims) = (self.ty(first).clone(), self.dims(first).to_vec());
                Some(self.push(NodeKind::Call(Function::Abs, nodes), ty, dims, origin))
            }
            "exp" => self.call_plain(Function::Exp, first, origin),
            "ln" => self.call_plain(Function::Ln, first, origin),
            "log10" => self.call_plain(Function::Log10, first, origin),
            "sqrt" => self.call_sqrt(first, origin),
            "known" => {
                let dims = self.dims(first).to_vec();
                Some(self.push(NodeKind::Known(first), Type::Bool, dims, origin))
            }
            "floor" | "ceil" | "round" => self.call_round(name, arguments, &nodes, origin),
            "co2e" => self.call_co2e(context, first, origin),
            "gwp" => {
                let Some(set) = self.scope(context.scope).gwp else {
                    let place = self.place(origin);
                    self.report(messages::gwp_undeclared("gwp", place));
                    return None;
                };
                self.call_gwp(context, first, set, origin)
            }
            "number" => self.call_number(first, origin),
            "add_months" => self.call_add_months(first, *nodes.get(1)?, origin),
            part => self.call_time_part(part, first, origin),
        }
    }

    /// `noted(x)`, `noted(x, NE, IE)`
    fn call_noted(
        &mut self,
        context: Context,
        arguments: &[Expr],
        origin: Origin,
    ) -> Option<NodeId> {
        let Some((value, words)) = arguments.split_first() else {
            let place = self.place(origin);
            self.report(messages::argument_count("noted", 0, place));
            return None;
        };
        let mut keys = Vec::new();
        for word in words {
            let key = match &word.kind {
                ExprKind::Name(name) => Notation::parse(name),
                _ => None,
            };
            let Some(key) = key else {
                let found = match &word.kind {
                    ExprKind::Name(name) => format!("`{name}`"),
                    _ => "…".to_owned(),
                };
                let place = self.place_in(context.scope, word.span);
                self.report(messages::notation_word(&found, place));
                return None;
            };
            keys.push(key);
        }
        let value = self.infer(context.plain(), value)?;
        self.need_number(value, origin)?;
        let dims = self.dims(value).to_vec();
        Some(self.push(NodeKind::Noted(value, keys), Type::Bool, dims, origin))
    }

    /// Arguments of one dimension, in the first one's unit.
    fn call_alike(
        &mut self,
        function: Function,
        mut nodes: Vec<NodeId>,
        origin: Origin,
    ) -> Option<NodeId> {
        for node in &nodes {
            self.need_number(*node, origin)?;
        }
        let lead = nodes.iter().copied().find(|node| !self.is_bare_zero(*node));
        let lead = lead.or_else(|| nodes.first().copied())?;
        let verb = ("参数不一致", "the arguments differ: cannot compare");
        for node in &mut nodes {
            if *node != lead {
                *node = self.unify((lead, *node), origin, verb)?.1;
            }
        }
        let ty = self.ty(lead).clone();
        let dims = nodes.iter().fold(Vec::new(), |dims, node| union(&dims, self.dims(*node)));
        Some(self.push(NodeKind::Call(function, nodes), ty, dims, origin))
    }

    fn call_plain(&mut self, function: Function, value: NodeId, origin: Origin) -> Option<NodeId> {
        let value = self.plain_number(value, origin)?;
        let dims = self.dims(value).to_vec();
        let kind = NodeKind::Call(function, vec![value]);
        Some(self.push(kind, Type::Number(Unit::one()), dims, origin))
    }

    fn call_sqrt(&mut self, value: NodeId, origin: Origin) -> Option<NodeId> {
        self.need_number(value, origin)?;
        let unit = self.ty(value).unit()?.clone();
        let (value, unit) = match unit.is_dimensionless() {
            true => (self.plain_number(value, origin)?, Unit::one()),
            false => match unit.power(Rational64::new(1, 2)) {
                Ok(root) => (value, root),
                Err(error) => {
                    let place = self.place(origin);
                    self.report(messages::unit_in_product(&error, place));
                    return None;
                }
            },
        };
        let dims = self.dims(value).to_vec();
        Some(self.push(
            NodeKind::Call(Function::Sqrt, vec![value]),
            Type::Number(unit),
            dims,
            origin,
        ))
    }

    fn call_round(
        &mut self,
        name: &Name,
        arguments: &[Expr],
        nodes: &[NodeId],
        origin: Origin,
    ) -> Option<NodeId> {
        use crate::ast::RoundingMode::{Down, Half, Up};
        let value = *nodes.first()?;
        self.need_number(value, origin)?;
        let Type::Number(unit) = self.ty(value).clone() else { return None };
        let step = match arguments.get(1) {
            None => (1.0, 1.0),
            Some(expr) => match &expr.kind {
                crate::ast::ExprKind::Literal(literal) => {
                    self.step_ratio_at(origin.document, literal, &unit)?
                }
                _ => {
                    let place = self.place_in_origin(origin, expr.span);
                    self.report(messages::step_not_literal(place));
                    return None;
                }
            },
        };
        let mode = match name.text.as_str() {
            "floor" => Down,
            "ceil" => Up,
            _ => Half,
        };
        let dims = self.dims(value).to_vec();
        let kind = NodeKind::Round { value, mode, step };
        Some(self.push(kind, Type::Number(unit), dims, origin))
    }

    /// One gas into CO2e by the document's GWP set; the only way there, for CO2 too.
    fn call_co2e(&mut self, context: Context, value: NodeId, origin: Origin) -> Option<NodeId> {
        self.need_number(value, origin)?;
        let place = self.place(origin);
        let Some(set) = self.scope(context.scope).gwp else {
            self.report(messages::gwp_undeclared("co2e", place));
            return None;
        };
        let unit = self.ty(value).unit()?.clone();
        let one = Rational64::from_integer(1);
        let gases: Vec<(String, Gwp)> = unit
            .annotations()
            .into_iter()
            .filter(|(name, exponent)| *exponent == one && name != "CO2e")
            .filter_map(|(name, _)| set.of(&name).map(|gwp| (name, gwp)))
            .collect();
        let [(gas, gwp)] = gases.as_slice() else {
            if let Some(gas) = gas_of_other_sets(&unit).filter(|_| gases.is_empty()) {
                self.report(messages::gwp_lacks_gas(set, &gas, place));
                return None;
            }
            self.report(messages::co2e_needs_one_gas(&unit, set, place));
            return None;
        };
        let target = unit.with_annotation(gas, "CO2e");
        if gas == "CO2" {
            let dims = self.dims(value).to_vec();
            return Some(self.push(NodeKind::Relabel(value), Type::Number(target), dims, origin));
        }
        let rate = self.scope(context.scope).units.parse(&format!("tCO2e/t{{{gas}}}")).ok()?;
        let tree = ParamTree::Leaf(Value::Number(gwp.value));
        let shape = (Vec::new(), Type::Number(rate.clone()), tree);
        let id = self.gwp_variable(format!("GWP({gas})"), set, shape, &[gwp], origin);
        let factor = self.push(NodeKind::Variable(id), Type::Number(rate), Vec::new(), origin);
        let product = self.multiply(Arithmetic::Multiply, (value, factor), origin, origin)?;
        self.converted(product, &target)
    }

    /// The figure of a GWP table as a parameter of the program, so that it stands in every trace
    /// with its source.
    fn gwp_variable(
        &mut self,
        name: String,
        set: GwpSet,
        (dims, ty, tree): (Vec<IndexId>, Type, ParamTree),
        figures: &[&Gwp],
        origin: Origin,
    ) -> VariableId {
        if let Some(id) = self.program.variable(&name) {
            return id;
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        for gwp in figures {
            let attribute = ("source".to_owned(), gwp.source.clone());
            if !attributes.contains(&attribute) {
                attributes.push(attribute);
            }
        }
        // A table is to be trusted as far as the least of its figures.
        let standing = figures.iter().filter_map(|gwp| Standing::parse(&gwp.standing)).max();
        attributes.extend(standing.map(|least| ("standing".to_owned(), least.word().to_owned())));
        let pending = Pending {
            scope: 0,
            state: State::Done,
            declared: Some(ty.clone()),
            work: Work::Nothing,
        };
        self.program.variables.push(Variable {
            name,
            dims,
            ty,
            kind: VariableKind::Param(tree),
            label: Some(format!("全球增温潜势 {}", set.name())),
            output: false,
            origin,
            attributes,
            uncertainty: None,
        });
        self.pending.push(pending);
        self.program.variables.len() - 1
    }

    /// `gwp(gas, AR2)`: of an edition that is named, beside the document's own.
    fn call_gwp_of(
        &mut self,
        context: Context,
        gas: &Expr,
        edition: &Expr,
        origin: Origin,
    ) -> Option<NodeId> {
        let set = match &edition.kind {
            ExprKind::Name(name) => GwpSet::parse(name),
            _ => None,
        };
        let Some(set) = set else {
            let place = self.place_in(context.scope, edition.span);
            self.report(messages::gwp_edition(place));
            return None;
        };
        let gas = self.infer(context.plain(), gas)?;
        self.call_gwp(context, gas, set, origin)
    }

    fn call_gwp(
        &mut self,
        context: Context,
        value: NodeId,
        set: GwpSet,
        origin: Origin,
    ) -> Option<NodeId> {
        let place = self.place(origin);
        let members = match self.ty(value) {
            Type::Key(index) => match self.program.indexes.get(*index).map(|index| &index.kind) {
                Some(IndexKind::Closed(members)) => Some((*index, members.clone())),
                _ => None,
            },
            _ => None,
        };
        let Some((index, members)) = members else {
            let found = self.describe(value);
            self.report(messages::gwp_needs_gases(&found, place));
            return None;
        };
        let mut figures = Vec::new();
        let mut unknown = Vec::new();
        for (name, _) in &members {
            match set.of(name) {
                Some(gwp) => figures.push(gwp),
                None => unknown.push(name.as_str()),
            }
        }
        if !unknown.is_empty() {
            self.report(messages::gwp_lacks(set, &unknown, place));
            return None;
        }
        let exact = figures
            .iter()
            .zip(0..)
            .map(|(gwp, member)| (Key::Member(member), ParamTree::Leaf(Value::Number(gwp.value))))
            .collect();
        let tree = ParamTree::Level { exact, steps: Vec::new(), until: None };
        let ty = Type::Number(self.scope(context.scope).units.parse("tCO2e/t").ok()?);
        let figures: Vec<&Gwp> = figures.iter().collect();
        let shape = (vec![index], ty.clone(), tree);
        let own = self.scope(context.scope).gwp == Some(set);
        let name = match own {
            true => format!("GWP[{}]", self.index_name(index)),
            false => format!("GWP[{}, {}]", self.index_name(index), set.name()),
        };
        let id = self.gwp_variable(name, set, shape, &figures, origin);
        let table = self.push(NodeKind::Variable(id), ty.clone(), vec![index], origin);
        if matches!(self.node(value).kind, NodeKind::IndexKey(own) if own == index) {
            return Some(table);
        }
        let dims = self.dims(value).to_vec();
        let kind = NodeKind::Lookup { value: table, selectors: vec![(index, value)] };
        Some(self.push(kind, ty, dims, origin))
    }

    /// A call of the document's own empirical function: its body with the inputs as plain numbers.
    fn infer_own_call(
        &mut self,
        context: Context,
        name: &Name,
        arguments: &[Expr],
        origin: Origin,
    ) -> Option<NodeId> {
        let place = self.place_in(context.scope, name.span);
        let function = match self.scope(context.scope).names.get(&name.text) {
            Some(Entity::Function(function)) => Rc::clone(function),
            Some(Entity::Broken) => return None,
            _ => {
                let known = self.function_names(context.scope);
                self.report(messages::unknown_function(&name.text, place, &known));
                return None;
            }
        };
        if arguments.len() != function.inputs.len() {
            let count = arguments.len();
            self.report(messages::own_argument_count(&function, count, self.place(origin)));
            return None;
        }
        // Within a function's body there are plain numbers only: a function called there takes
        // them as numbers in its units, and its result is one in its unit.
        let mut plain = context.locals.is_some();
        let mut locals = BTreeMap::new();
        for ((input, ty), argument) in function.inputs.iter().zip(arguments) {
            let mut node = self.infer(context.plain(), argument)?;
            plain &= *self.ty(node) == Type::Number(Unit::one());
            if plain && let Some(Type::Number(unit)) = self.resolve_type(context.scope, ty) {
                let (dims, origin) = (self.dims(node).to_vec(), self.origin_of(node));
                node = self.push(NodeKind::Relabel(node), Type::Number(unit), dims, origin);
            }
            let place = self.origin(context.scope, argument.span);
            let node = self.own_argument(context.scope, &function, (input, ty), (node, place))?;
            locals.insert(input.text.clone(), node);
        }
        if self.depth > 60 {
            self.report(messages::function_circle(&name.text, place));
            return None;
        }
        self.depth += 1;
        let inner = Context { scope: context.scope, hint: None, locals: Some(&locals) };
        let body = self.infer(inner, &function.body);
        self.depth -= 1;
        let body = self.plain_number(body?, origin)?;
        let unit = match plain {
            true => Type::Number(Unit::one()),
            false => self.resolve_type(context.scope, &function.unit)?,
        };
        let dims = self.dims(body).to_vec();
        Some(self.push(NodeKind::Relabel(body), unit, dims, origin))
    }

    /// A function's own units, ranges and body; its inputs stand for any number.
    pub(super) fn check_function(&mut self, scope: usize, function: &FunctionDecl) {
        let mut locals = BTreeMap::new();
        let mut sound = self.resolve_type(scope, &function.unit).is_some();
        for (input, ty) in &function.inputs {
            sound &= self.resolve_type(scope, ty).is_some();
            let origin = self.origin(scope, input.span);
            let node = self.number(1.0, Unit::one(), origin);
            locals.insert(input.text.clone(), node);
        }
        for (name, _, _) in &function.ranges {
            if !locals.contains_key(&name.text) {
                let place = self.place_in(scope, name.span);
                self.report(messages::range_of_no_input(&name.text, place));
                sound = false;
            }
        }
        if !sound {
            return;
        }
        let before = self.diagnostics.error_count();
        let context = Context { scope, hint: None, locals: Some(&locals) };
        let body = self.infer(context, &function.body);
        let plain = body.and_then(|body| self.plain_number(body, self.origin_of(body)));
        if plain.is_none() || self.diagnostics.error_count() > before {
            // What is wrong with the body is said once, not at every call.
            let name = function.name.text.clone();
            if let Some(scope) = self.scopes.get_mut(scope) {
                scope.names.insert(name, Entity::Broken);
            }
        }
    }

    fn own_argument(
        &mut self,
        scope: usize,
        function: &FunctionDecl,
        (input, ty): (&Name, &crate::ast::TypeExpr),
        (node, place): (NodeId, Origin),
    ) -> Option<NodeId> {
        let wanted = self.resolve_type(scope, ty)?;
        let Some(node) = self.fitted(node, &wanted) else {
            let (found, here) = (self.describe(node), self.place(place));
            let there = Some(self.place_in(scope, ty.span));
            let (ty, program) = (self.ty(node), &self.program);
            let diagnostic = messages::does_not_fit(&wanted, ty, program, (here, found), there);
            let called = (function.name.text.as_str(), input.text.as_str());
            let diagnostic = messages::of_argument(diagnostic, called, (&wanted, ty), program);
            self.report(diagnostic);
            return None;
        };
        let (dims, origin) = (self.dims(node).to_vec(), self.origin_of(node));
        let plain = Type::Number(Unit::one());
        let mut node = self.push(NodeKind::Relabel(node), plain.clone(), dims.clone(), origin);
        for (name, low, high) in &function.ranges {
            if name.text != input.text {
                continue;
            }
            let (low, high) = (literal_number(low)?, literal_number(high)?);
            let check = RangeCheck {
                function: function.name.text.clone(),
                input: input.text.clone(),
                low,
                high,
                unit: ty.text.clone(),
            };
            let kind = NodeKind::InRange(node, Rc::new(check));
            node = self.push(kind, plain.clone(), dims.clone(), origin);
        }
        Some(node)
    }

    fn function_names(&self, scope: usize) -> Vec<String> {
        let own = self
            .scope(scope)
            .names
            .iter()
            .filter(|(_, entity)| matches!(entity, Entity::Function(_)))
            .map(|(name, _)| name.clone());
        own.chain(FUNCTIONS.iter().chain(&REDUCTIONS).map(|name| (*name).to_owned())).collect()
    }

    pub(super) fn gwp_of(&self, origin: Origin) -> Option<GwpSet> {
        self.scopes.iter().find(|scope| scope.document == origin.document)?.gwp
    }

    pub(super) fn place_in_origin(&self, origin: Origin, span: Span) -> tanliu_diagnostic::Place {
        self.place(Origin { document: origin.document, span })
    }
}

/// The one gas in a unit for which some GWP set has a figure.
fn gas_of_other_sets(unit: &Unit) -> Option<String> {
    let one = Rational64::from_integer(1);
    let mut gases = (unit.annotations().into_iter())
        .filter(|(name, exponent)| *exponent == one && name != "CO2e")
        .map(|(name, _)| name)
        .filter(|name| GwpSet::ALL.iter().any(|set| set.of(name).is_some()));
    gases.next().filter(|_| gases.next().is_none())
}

fn literal_number(literal: &crate::ast::Literal) -> Option<f64> {
    match &literal.value {
        crate::ast::LiteralValue::Number { number, .. } => Some(*number),
        _ => None,
    }
}
