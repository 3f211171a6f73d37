//! 运算 Sums, products and powers: one dimension on both sides, units kept exact.

use super::{Checker, Context, messages, union};
use crate::ast::{BinaryOp, Expr, ExprKind, LiteralValue};
use crate::program::{Arithmetic, NodeId, NodeKind, Origin, Type, Value};
use num_rational::Rational64;
use tanliu_diagnostic::Span;
use tanliu_unit::{Unit, UnitError};

impl Checker<'_> {
    pub(super) fn infer_arithmetic(
        &mut self,
        context: Context,
        operator: BinaryOp,
        place: Span,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> Option<NodeId> {
        let context = context.plain();
        let a = self.infer(context, left);
        let b = self.infer(context, right);
        let (a, b) = (a?, b?);
        let origin = self.origin(context.scope, span);
        let at = self.origin(context.scope, place);
        self.warn_of_crossing_grains(a, b, at);
        if let BinaryOp::Add | BinaryOp::Subtract = operator
            && let Some(node) = self.date_sum(operator, (a, b), at, origin)
        {
            return node;
        }
        match operator {
            BinaryOp::Add => self.add(Arithmetic::Add, (a, b), at, origin),
            BinaryOp::Subtract => self.add(Arithmetic::Subtract, (a, b), at, origin),
            BinaryOp::Power => self.power((a, b), right, at, origin),
            BinaryOp::Divide => self.multiply(Arithmetic::Divide, (a, b), at, origin),
            _ => self.multiply(Arithmetic::Multiply, (a, b), at, origin),
        }
    }

    /// Two time indexes of different grain, one on each side, are hardly ever meant to cross.
    fn warn_of_crossing_grains(&mut self, a: NodeId, b: NodeId, at: Origin) {
        use crate::program::IndexKind;
        let grain = |checker: &Self, index: &usize| match checker.program.indexes.get(*index) {
            Some(index) => match index.kind {
                IndexKind::Time { grain, .. } => Some(grain),
                _ => None,
            },
            None => None,
        };
        let only = |checker: &Self, own: NodeId, other: NodeId| -> Option<usize> {
            let times: Vec<usize> = checker
                .dims(own)
                .iter()
                .copied()
                .filter(|index| grain(checker, index).is_some())
                .collect();
            match times.as_slice() {
                [index] if !checker.dims(other).contains(index) => Some(*index),
                _ => None,
            }
        };
        let (Some(left), Some(right)) = (only(self, a, b), only(self, b, a)) else { return };
        let (fine, coarse) = match grain(self, &left) > grain(self, &right) {
            true => (left, right),
            false => (right, left),
        };
        if grain(self, &fine) == grain(self, &coarse) {
            return;
        }
        let (fine, coarse) = (self.index_name(fine).to_owned(), self.index_name(coarse).to_owned());
        let place = self.place(at);
        self.report(messages::grains_cross(&fine, &coarse, place));
    }

    fn add(
        &mut self,
        operator: Arithmetic,
        (a, b): (NodeId, NodeId),
        at: Origin,
        origin: Origin,
    ) -> Option<NodeId> {
        self.need_number(a, at)?;
        self.need_number(b, at)?;
        let verb = if operator == Arithmetic::Add {
            ("不能相加", "cannot add")
        } else {
            ("不能相减", "cannot subtract")
        };
        let (a, b) = (self.in_kelvin(a, origin), self.in_kelvin(b, origin));
        let (a, b) = self.unify((a, b), at, verb)?;
        let ty = self.ty(a).clone();
        let dims = union(self.dims(a), self.dims(b));
        Some(self.push(NodeKind::Arithmetic(operator, a, b), ty, dims, origin))
    }

    /// °C is held in K wherever it is computed with.
    fn in_kelvin(&mut self, node: NodeId, origin: Origin) -> NodeId {
        if !self.ty(node).unit().is_some_and(Unit::is_celsius) {
            return node;
        }
        let document = self.scopes.iter().find(|scope| scope.document == origin.document);
        let kelvin = document.and_then(|scope| scope.units.parse("K").ok());
        kelvin.and_then(|kelvin| self.converted(node, &kelvin)).unwrap_or(node)
    }

    pub(super) fn multiply(
        &mut self,
        operator: Arithmetic,
        (a, b): (NodeId, NodeId),
        at: Origin,
        origin: Origin,
    ) -> Option<NodeId> {
        self.need_number(a, at)?;
        self.need_number(b, at)?;
        let (left, right) = (self.ty(a).unit()?.clone(), self.ty(b).unit()?.clone());
        let unit = match operator {
            Arithmetic::Divide => left.per(&right),
            _ => left.times(&right),
        };
        let unit = self.unit_or_report(unit, at)?;
        let dims = union(self.dims(a), self.dims(b));
        Some(self.push(NodeKind::Arithmetic(operator, a, b), Type::Number(unit), dims, origin))
    }

    fn unit_or_report(&mut self, unit: Result<Unit, UnitError>, at: Origin) -> Option<Unit> {
        match unit {
            Ok(unit) => Some(unit),
            Err(error) => {
                let place = self.place(at);
                self.report(messages::unit_in_product(&error, place));
                None
            }
        }
    }

    fn power(
        &mut self,
        (a, b): (NodeId, NodeId),
        exponent: &Expr,
        at: Origin,
        origin: Origin,
    ) -> Option<NodeId> {
        self.need_number(a, at)?;
        self.need_number(b, at)?;
        let base = self.ty(a).unit()?.clone();
        let dims = union(self.dims(a), self.dims(b));
        let b = self.plain_number(b, at)?;
        if base.is_dimensionless() {
            let a = self.plain_number(a, at)?;
            let kind = NodeKind::Arithmetic(Arithmetic::Power, a, b);
            return Some(self.push(kind, Type::Number(Unit::one()), dims, origin));
        }
        let Some(ratio) = constant_ratio(exponent) else {
            let place = self.place_in_origin(at, exponent.span);
            self.report(messages::exponent_not_constant(&base, place));
            return None;
        };
        let unit = self.unit_or_report(base.power(ratio), at)?;
        let kind = NodeKind::Arithmetic(Arithmetic::Power, a, b);
        Some(self.push(kind, Type::Number(unit), dims, origin))
    }

    pub(super) fn infer_negate(
        &mut self,
        context: Context,
        value: &Expr,
        span: Span,
    ) -> Option<NodeId> {
        let node = self.infer(context.plain(), value)?;
        let origin = self.origin(context.scope, span);
        self.need_number(node, origin)?;
        let ty = self.ty(node).clone();
        let dims = self.dims(node).to_vec();
        Some(self.push(NodeKind::Negate(node), ty, dims, origin))
    }

    pub(super) fn infer_adjust(
        &mut self,
        context: Context,
        inflate: bool,
        (value, by): (&Expr, &Expr),
        span: Span,
    ) -> Option<NodeId> {
        let context = context.plain();
        let a = self.infer(context, value);
        let b = self.infer(context, by);
        let (a, b) = (a?, b?);
        let origin = self.origin(context.scope, span);
        self.need_number(a, origin)?;
        let b = self.plain_number(b, self.origin_of(b))?;
        let ty = self.ty(a).clone();
        let dims = union(self.dims(a), self.dims(b));
        Some(self.push(NodeKind::Adjust(inflate, a, b), ty, dims, origin))
    }

    /// The node as a number of unit 1; anything with a dimension is reported.
    pub(super) fn plain_number(&mut self, node: NodeId, at: Origin) -> Option<NodeId> {
        self.need_number(node, at)?;
        if let Some(node) = self.converted(node, &Unit::one()) {
            return Some(node);
        }
        let found = self.describe(node);
        let here = self.place(self.origin_of(node));
        self.report(messages::needs_plain_number(here, &found));
        None
    }

    pub(super) fn need_number(&mut self, node: NodeId, at: Origin) -> Option<()> {
        if self.ty(node).unit().is_some() {
            return Some(());
        }
        let found = self.describe(node);
        let mend = self.number_instead(node);
        let here = self.place(self.origin_of(node));
        let operator = self.place(at);
        self.report(messages::needs_number(here, operator, &found, mend));
        None
    }

    /// Brings both sides to the first one's unit, or to one kind of value; a bare 0 fits any unit.
    pub(super) fn unify(
        &mut self,
        (a, b): (NodeId, NodeId),
        at: Origin,
        verb: (&str, &str),
    ) -> Option<(NodeId, NodeId)> {
        match (self.ty(a).clone(), self.ty(b).clone()) {
            (Type::Number(left), Type::Number(right)) => {
                if self.adopt_zero(b, &left) {
                    return Some((a, b));
                }
                if self.adopt_zero(a, &right) {
                    return Some((a, b));
                }
                if let Some(b) = self.converted(b, &left) {
                    return Some((a, b));
                }
                let written = messages::Written {
                    operands: self.snippet(a).zip(self.snippet(b)),
                    operator: match verb.1 {
                        "cannot add" => Some('+'),
                        "cannot subtract" => Some('-'),
                        _ => None,
                    },
                    gwp: self.gwp_of(at),
                };
                let diagnostic = messages::unit_mismatch(
                    verb,
                    (&left, self.described(a)),
                    (&right, self.described(b)),
                    written,
                );
                self.report(diagnostic);
                None
            }
            (left, right) if left == right => Some((a, b)),
            _ => {
                let sides = (self.described(a), self.described(b));
                self.report(messages::kind_mismatch(verb, sides));
                None
            }
        }
    }

    /// A node as written, if it is short enough to be quoted.
    pub(super) fn snippet(&self, node: NodeId) -> Option<String> {
        let origin = self.origin_of(node);
        let text = self.texts.get(origin.document)?.get(origin.span.start..origin.span.end)?;
        (text.len() <= 40 && !text.contains('\n')).then(|| text.to_owned())
    }

    fn described(&self, node: NodeId) -> (tanliu_diagnostic::Place, tanliu_diagnostic::Text) {
        (self.place(self.origin_of(node)), self.describe(node))
    }

    /// The node converted into `unit`, if it measures the same.
    pub(super) fn converted(&mut self, node: NodeId, unit: &Unit) -> Option<NodeId> {
        let own = self.ty(node).unit()?;
        let conversion = own.conversion_to(unit)?;
        let same_text = own.to_string() == unit.to_string();
        if conversion.is_identity() && same_text {
            return Some(node);
        }
        let (dims, origin) = (self.dims(node).to_vec(), self.origin_of(node));
        // Constants are converted once and for all; one that leaves the range is an error of the run.
        if let NodeKind::Constant(Value::Number(number)) = self.node(node).kind
            && conversion.apply(number).is_finite()
        {
            return Some(self.number(conversion.apply(number), unit.clone(), origin));
        }
        let kind = match conversion.is_identity() {
            true => NodeKind::Relabel(node),
            false => NodeKind::Convert(node, conversion),
        };
        Some(self.push(kind, Type::Number(unit.clone()), dims, origin))
    }

    /// A bare `0` (also as the value of every branch) takes the unit that is wanted.
    pub(super) fn adopt_zero(&mut self, node: NodeId, unit: &Unit) -> bool {
        if !self.is_bare_zero(node) {
            return false;
        }
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match &self.node(node).kind {
                NodeKind::Negate(value) | NodeKind::Where(value, _) => open.push(*value),
                NodeKind::If(_, a, b) | NodeKind::Default(a, b) => open.extend([*a, *b]),
                NodeKind::Match(_, arms) => open.extend(arms.iter().map(|(_, value)| *value)),
                _ => {}
            }
            if let Some(node) = self.program.nodes.get_mut(node) {
                node.ty = Type::Number(unit.clone());
            }
        }
        true
    }

    pub(super) fn is_bare_zero(&self, node: NodeId) -> bool {
        let node = self.node(node);
        let bare = |unit: &Unit| unit.is_dimensionless() && unit.to_string() == "1";
        if !node.ty.unit().is_some_and(bare) {
            return false;
        }
        match &node.kind {
            NodeKind::Constant(Value::Number(number)) => *number == 0.0,
            NodeKind::Negate(value) | NodeKind::Where(value, _) => self.is_bare_zero(*value),
            NodeKind::If(_, a, b) | NodeKind::Default(a, b) => {
                self.is_bare_zero(*a) && self.is_bare_zero(*b)
            }
            NodeKind::Match(_, arms) => arms.iter().all(|(_, value)| self.is_bare_zero(*value)),
            _ => false,
        }
    }

    /// A bare number (perhaps negative), where one stands alone.
    pub(super) fn bare_number(&self, expr: &Expr) -> Option<f64> {
        match &expr.kind {
            ExprKind::Literal(literal) => match &literal.value {
                LiteralValue::Number { number, unit: None, .. } => Some(*number),
                _ => None,
            },
            ExprKind::Negate(value) => self.bare_number(value).map(|number| -number),
            _ => None,
        }
    }
}

/// A constant rational exponent: `2`, `-1`, `0.5`, `(1/3)`.
fn constant_ratio(expr: &Expr) -> Option<Rational64> {
    match &expr.kind {
        ExprKind::Literal(literal) => match &literal.value {
            LiteralValue::Number { unit: None, .. } => decimal_ratio(&literal.text),
            _ => None,
        },
        ExprKind::Negate(value) => constant_ratio(value).map(|ratio| -ratio),
        ExprKind::Binary(BinaryOp::Divide, _, left, right) => {
            let (left, right) = (constant_ratio(left)?, constant_ratio(right)?);
            (*right.numer() != 0).then(|| left / right)
        }
        _ => None,
    }
}

/// `2.471` as 2471/1000.
pub(super) fn decimal_ratio(text: &str) -> Option<Rational64> {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numerator: i64 = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - i32::try_from(fraction.len()).ok()?;
    let power = 10_i64.checked_pow(shift.unsigned_abs())?;
    match shift < 0 {
        true => Some(Rational64::new(numerator, power)),
        false => Some(Rational64::from_integer(numerator.checked_mul(power)?)),
    }
}
