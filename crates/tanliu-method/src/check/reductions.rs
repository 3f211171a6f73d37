//! 归约 `sum(… over …)` and its kin: reductions, regrouping, coarsening, windows, what keeps dimensions.

use super::{Checker, Context, messages, union};
use crate::ast::{self, Expr, Name};
use crate::program::{
    Group, IndexId, IndexKind, NodeId, NodeKind, Origin, Reduction, Running, Target, Type,
    WindowNode,
};
use std::rc::Rc;
use tanliu_diagnostic::Span;
use tanliu_unit::Unit;

impl Checker<'_> {
    pub(super) fn infer_reduce(
        &mut self,
        context: Context,
        reduce: &ast::Reduce,
        span: Span,
    ) -> Option<NodeId> {
        let origin = self.origin(context.scope, span);
        let name = reduce.function.text.as_str();
        let kind = if let Some(reduction) = reduction(name) {
            Kind::Reduction(reduction)
        } else if let Some(running) = running(name, reduce.descending) {
            Kind::Running(running)
        } else {
            let place = self.place_in(context.scope, reduce.function.span);
            self.report(messages::not_a_reduction(name, place));
            return None;
        };
        let value = self.infer(context.plain(), reduce.arguments.first()?)?;
        let over = self.over_indexes(context, reduce, value)?;
        self.check_clauses(context, reduce, &kind)?;
        match kind {
            Kind::Running(
                running @ (Running::InternalRate { .. } | Running::InternalRateCount),
            ) => {
                let running = self.wanted_rate(context, running, reduce)?;
                let along = self.running(running, value, over.clone(), origin)?;
                // Every key of the series has the rate: one of them is the rate of the series.
                let parts = (None, None);
                self.group(context, Reduction::Max, along, parts, over, reduce, origin)
            }
            Kind::Running(running) => self.running(running, value, over, origin),
            Kind::Reduction(reduction) => {
                let value = self.reducible(reduction, value)?;
                let second = self.second_argument(context, reduction, reduce, origin)?;
                let weight = self.weight(context, reduction, reduce, value, origin)?;
                match reduce.last {
                    Some(window) => {
                        self.window(reduction, value, (second, weight), window, &over, origin)
                    }
                    None => {
                        let parts = (second, weight);
                        self.group(context, reduction, value, parts, over, reduce, origin)
                    }
                }
            }
        }
    }

    fn over_indexes(
        &mut self,
        context: Context,
        reduce: &ast::Reduce,
        value: NodeId,
    ) -> Option<Vec<IndexId>> {
        let mut over = Vec::new();
        let mut sound = true;
        for name in &reduce.over {
            let Some(index) = self.resolve_index(context.scope, name) else {
                sound = false;
                continue;
            };
            if !self.dims(value).contains(&index) {
                let has = self.index_names(self.dims(value));
                let place = self.place_in(context.scope, name.span);
                self.report(messages::index_not_there(&name.text, &has, place));
                sound = false;
            } else if over.contains(&index) {
                let place = self.place_in(context.scope, name.span);
                self.report(messages::index_repeated(&name.text, place));
                sound = false;
            } else {
                over.push(index);
            }
        }
        sound.then_some(over)
    }

    /// Which clauses a function takes.
    fn check_clauses(&mut self, context: Context, r: &ast::Reduce, kind: &Kind) -> Option<()> {
        let place = self.place_in(context.scope, r.function.span);
        let name = &r.function.text;
        let regroups = r.to.is_some() || !r.by.is_empty();
        let mut wrong: Vec<&'static str> = Vec::new();
        if r.descending && !matches!(kind, Kind::Running(Running::Rank { .. })) {
            wrong.push("descending");
        }
        if matches!(kind, Kind::Running(_)) {
            if regroups {
                wrong.push(if r.to.is_some() { "to" } else { "by" });
            }
            if r.last.is_some() {
                wrong.push("last");
            }
        }
        let weighs = matches!(kind, Kind::Reduction(Reduction::Mean));
        if r.weight.is_some() && !weighs {
            wrong.push("weighted by");
        }
        if r.last.is_some() && regroups {
            wrong.push("last");
        }
        let takes_second = matches!(
            kind,
            Kind::Reduction(Reduction::Quantile) | Kind::Running(Running::InternalRate { .. })
        );
        let many = r.arguments.len() > 1 && !takes_second;
        if many {
            wrong.push(",");
        }
        if wrong.is_empty() {
            return Some(());
        }
        self.report(messages::clause_not_taken(name, &wrong, place));
        None
    }

    fn reducible(&mut self, reduction: Reduction, value: NodeId) -> Option<NodeId> {
        let ty = self.ty(value).clone();
        let fits = match reduction {
            Reduction::Any | Reduction::All => ty == Type::Bool,
            Reduction::Count => true,
            Reduction::Min | Reduction::Max => match &ty {
                Type::Number(_) | Type::Date => true,
                Type::Key(index) => {
                    self.program.indexes.get(*index).is_some_and(crate::program::Index::is_ordered)
                }
                _ => false,
            },
            _ => ty.unit().is_some(),
        };
        if fits {
            return Some(value);
        }
        let found = self.describe(value);
        let place = self.place(self.origin_of(value));
        self.report(messages::not_reducible(place, &found));
        None
    }

    /// `irr(e, 2 over year)`: which rate, counted from the lowest.
    fn wanted_rate(
        &mut self,
        context: Context,
        running: Running,
        reduce: &ast::Reduce,
    ) -> Option<Running> {
        let Some(expr) = reduce.arguments.get(1) else { return Some(running) };
        let number = self.bare_number(expr).filter(|number| (1.0..=1000.0).contains(number));
        let nth = number.filter(|number| number.fract() == 0.0);
        let Some(nth) = nth else {
            let place = self.place_in(context.scope, expr.span);
            self.report(messages::rate_number(place));
            return None;
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 … 1000")]
        let nth = Some(nth as u32);
        Some(Running::InternalRate { nth })
    }

    fn second_argument(
        &mut self,
        context: Context,
        reduction: Reduction,
        reduce: &ast::Reduce,
        origin: Origin,
    ) -> Option<Option<NodeId>> {
        if reduction != Reduction::Quantile {
            return Some(None);
        }
        let Some(expr) = reduce.arguments.get(1) else {
            let place = self.place(origin);
            self.report(messages::quantile_needs_share(place));
            return None;
        };
        let node = self.infer(context.plain(), expr)?;
        let node = self.plain_number(node, origin)?;
        if !self.dims(node).is_empty() {
            let place = self.place_in(context.scope, expr.span);
            self.report(messages::quantile_needs_share(place));
            return None;
        }
        Some(Some(node))
    }

    /// A mean of rates states its weight.
    fn weight(
        &mut self,
        context: Context,
        reduction: Reduction,
        reduce: &ast::Reduce,
        value: NodeId,
        origin: Origin,
    ) -> Option<Option<NodeId>> {
        if reduction != Reduction::Mean {
            return Some(None);
        }
        let Some(expr) = &reduce.weight else {
            let unit = self.ty(value).unit()?.clone();
            if unit.to_string().contains('/') || unit.to_string().contains("^-") {
                let place = self.place(origin);
                self.report(messages::mean_of_rates(&unit, place));
                return None;
            }
            return Some(None);
        };
        if self.bare_number(expr) == Some(1.0) {
            return Some(None);
        }
        let weight = self.infer(context.plain(), expr)?;
        self.need_number(weight, origin)?;
        let dims = self.dims(value).to_vec();
        let strange: Vec<IndexId> =
            self.dims(weight).iter().copied().filter(|index| !dims.contains(index)).collect();
        if !strange.is_empty() {
            let names = self.index_names(&strange);
            let place = self.place_in(context.scope, expr.span);
            self.report(messages::weight_has_index(&names, place));
            return None;
        }
        Some(Some(weight))
    }

    fn window(
        &mut self,
        reduction: Reduction,
        value: NodeId,
        (second, weight): (Option<NodeId>, Option<NodeId>),
        window: ast::Window,
        over: &[IndexId],
        origin: Origin,
    ) -> Option<NodeId> {
        let place = self.place(origin);
        let [index] = over else {
            self.report(messages::one_ordered_index("last", place));
            return None;
        };
        let declared = self.program.indexes.get(*index)?.clone();
        if !declared.has_step() {
            self.report(messages::index_without_step(&declared, place));
            return None;
        }
        if window.steps == 0 || window.steps > 1_000_000 {
            self.report(messages::shift_out_of_range(i64::from(window.steps), place));
            return None;
        }
        let (ty, dims) = (self.result_type(reduction, value), self.dims(value).to_vec());
        let (steps, up_to, index) = (window.steps, window.up_to, *index);
        let node = WindowNode { reduction, value, second, index, steps, up_to, weight };
        Some(self.push(NodeKind::Window(Rc::new(node)), ty, dims, origin))
    }

    fn result_type(&self, reduction: Reduction, value: NodeId) -> Type {
        match reduction {
            Reduction::Count => Type::Number(Unit::one()),
            Reduction::Any | Reduction::All => Type::Bool,
            _ => self.ty(value).clone(),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the clauses of one reduction")]
    fn group(
        &mut self,
        context: Context,
        reduction: Reduction,
        value: NodeId,
        (second, weight): (Option<NodeId>, Option<NodeId>),
        over: Vec<IndexId>,
        reduce: &ast::Reduce,
        origin: Origin,
    ) -> Option<NodeId> {
        let kept: Vec<IndexId> =
            self.dims(value).iter().copied().filter(|index| !over.contains(index)).collect();
        let mut targets = Vec::new();
        for name in &reduce.by {
            targets.push(self.mapping_target(context, name, value, &over)?);
        }
        if let Some(name) = &reduce.to {
            targets.push(self.coarse_target(context, name, &over, origin)?);
        }
        let mut dims = kept.clone();
        for target in &targets {
            let (Target::By { index, .. } | Target::To { index, .. }) = target;
            if dims.contains(index) {
                let name = self.index_name(*index).to_owned();
                let place = self.place(origin);
                self.report(messages::target_taken(&name, place));
                return None;
            }
            dims = union(&dims, &[*index]);
        }
        let ty = self.result_type(reduction, value);
        let zero_if_asked = false;
        let group = Group { reduction, value, second, over, targets, weight, zero_if_asked };
        Some(self.push(NodeKind::Group(Rc::new(group)), ty, dims, origin))
    }

    fn mapping_target(
        &mut self,
        context: Context,
        name: &Name,
        value: NodeId,
        over: &[IndexId],
    ) -> Option<Target> {
        let expr = Expr { kind: ast::ExprKind::Name(name.text.clone()), span: name.span };
        let mapping = self.infer(context.plain(), &expr)?;
        let place = self.place_in(context.scope, name.span);
        let Type::Key(index) = self.ty(mapping).clone() else {
            let found = self.describe(mapping);
            self.report(messages::not_a_mapping(&name.text, &found, place));
            return None;
        };
        let dims = self.dims(mapping).to_vec();
        let strange: Vec<IndexId> =
            dims.iter().copied().filter(|index| !self.dims(value).contains(index)).collect();
        let reaches = dims.iter().any(|index| over.contains(index));
        if !strange.is_empty() || !reaches {
            let (has, goes) = (self.index_names(&dims), self.index_names(over));
            self.report(messages::mapping_indexes(&name.text, &has, &goes, place));
            return None;
        }
        Some(Target::By { mapping, index })
    }

    fn coarse_target(
        &mut self,
        context: Context,
        name: &Name,
        over: &[IndexId],
        origin: Origin,
    ) -> Option<Target> {
        let index = self.resolve_index(context.scope, name)?;
        let time = |id: IndexId| match self.program.indexes.get(id).map(|index| &index.kind) {
            Some(IndexKind::Time { grain, .. }) => Some(*grain),
            _ => None,
        };
        let finer: Vec<IndexId> = over.iter().copied().filter(|id| time(*id).is_some()).collect();
        let fits = match (finer.as_slice(), time(index)) {
            ([from], Some(coarse)) => (time(*from)? > coarse).then_some(*from),
            _ => None,
        };
        let Some(from) = fits else {
            let over = self.index_names(over);
            let place = self.place(origin);
            self.report(messages::not_coarser(&name.text, &over, place));
            return None;
        };
        Some(Target::To { from, index })
    }

    fn running(
        &mut self,
        running: Running,
        value: NodeId,
        over: Vec<IndexId>,
        origin: Origin,
    ) -> Option<NodeId> {
        let ordered = matches!(
            running,
            Running::CumulativeSum | Running::CumulativeProduct | Running::First | Running::Last
        );
        let stepped = matches!(running, Running::InternalRate { .. } | Running::InternalRateCount);
        let place = self.place(origin);
        if ordered || stepped {
            let index = match over.as_slice() {
                [index] => self.program.indexes.get(*index).filter(|index| index.is_ordered()),
                _ => None,
            };
            let Some(index) = index else {
                self.report(messages::one_ordered_index(running.word(), place));
                return None;
            };
            if stepped && !index.has_step() {
                let finding = messages::index_without_step(index, place);
                self.report(finding);
                return None;
            }
        }
        let mut value = value;
        let ty = match running {
            Running::First | Running::Last => self.ty(value).clone(),
            Running::CumulativeSum => {
                self.need_number(value, origin)?;
                self.ty(value).clone()
            }
            Running::CumulativeProduct => {
                value = self.plain_number(value, origin)?;
                Type::Number(Unit::one())
            }
            Running::Rank { .. }
            | Running::Share
            | Running::InternalRate { .. }
            | Running::InternalRateCount => {
                self.need_number(value, origin)?;
                Type::Number(Unit::one())
            }
        };
        let dims = self.dims(value).to_vec();
        Some(self.push(NodeKind::Running(running, value, over), ty, dims, origin))
    }
}

enum Kind {
    Reduction(Reduction),
    Running(Running),
}

fn reduction(name: &str) -> Option<Reduction> {
    Some(match name {
        "sum" => Reduction::Sum,
        "mean" => Reduction::Mean,
        "median" => Reduction::Median,
        "quantile" => Reduction::Quantile,
        "stddev" => Reduction::Deviation,
        "min" => Reduction::Min,
        "max" => Reduction::Max,
        "count" => Reduction::Count,
        "any" => Reduction::Any,
        "all" => Reduction::All,
        _ => return None,
    })
}

fn running(name: &str, descending: bool) -> Option<Running> {
    Some(match name {
        "cumsum" => Running::CumulativeSum,
        "cumprod" => Running::CumulativeProduct,
        "first" => Running::First,
        "last" => Running::Last,
        "rank" => Running::Rank { descending },
        "share" => Running::Share,
        "irr" => Running::InternalRate { nth: None },
        "irr_count" => Running::InternalRateCount,
        _ => return None,
    })
}
