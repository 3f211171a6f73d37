//! 缺失与错误 What a row can lack or suffer, and how it is told: table, count, first keys.

use super::Evaluator;
use super::column::FAULT;
use super::frame::show;
use crate::program::{IndexId, NodeId, NodeKind, Origin, VariableId, VariableKind};
use std::collections::{BTreeMap, BTreeSet};
use tanliu_diagnostic::{Diagnostic, Place, Text, counted};

/// 缺失或错误 One fault at one key.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// Index and code.
    pub(crate) key: Vec<(IndexId, u32)>,
}

/// 未取得的因子 What the catalogue said, in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusedFactor {
    /// The finding's code.
    pub code: &'static str,
    /// The message.
    pub message: (String, String),
    /// What was seen.
    pub seen: Vec<(String, String)>,
    /// The mend.
    pub hint: Option<(String, String)>,
}

/// 错误种类 What a row can lack or suffer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// An input, parameter or factor has no such key.
    Missing(VariableId),
    /// A reduction or window has no such key.
    MissingNode(NodeId),
    /// The catalogue refuses.
    Refused(VariableId, Box<RefusedFactor>),
    /// A named hole.
    Hole(VariableId),
    /// Keys on one side only.
    Unmatched(NodeId),
    /// A mapping lacks a key (or has none there).
    Unmapped(NodeId),
    /// `[t-n]` or a window after a gap.
    Gap(NodeId),
    /// `/`, a share of nothing, weights of zero.
    DivisionByZero(NodeId),
    /// A result beyond the range of doubles.
    NotFinite(NodeId),
    /// No arm of a `match` fits.
    NoArm(NodeId),
    /// An empirical function outside its range, with the value as written.
    OutOfRange(NodeId, String),
    /// A `discount` or `inflate` by less than 0 or by 1 or more.
    AdjustmentOutOfRange(NodeId),
    /// Too few values (a standard deviation of one).
    TooFew(NodeId),
    /// A quantile's share outside 0 … 1.
    BadShare(NodeId),
    /// A weight below zero.
    NegativeWeight(NodeId),
    /// A date so many days or months on, which are no whole number: the number as written.
    NotWholeSteps(NodeId, String),
    /// A day before the year 0 or after the year 9999.
    DateOutOfRange(NodeId),
}

impl FaultKind {
    /// `??` mends what is missing, not what is wrong; nor a hole, whose figure exists and is only not
    /// known here.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Missing(_)
                | Self::MissingNode(_)
                | Self::Refused(..)
                | Self::Unmatched(_)
                | Self::Unmapped(_)
        )
    }
}

impl Evaluator<'_> {
    /// Records a fault and gives the state that stands for it.
    pub(crate) fn fault(&self, kind: FaultKind, key: Vec<(IndexId, u32)>) -> u32 {
        let mut faults = self.faults.borrow_mut();
        faults.push(Fault { kind, key });
        u32::try_from(faults.len() - 1).unwrap_or(u32::MAX - FAULT).saturating_add(FAULT)
    }

    /// Records a fault of a row of a frame, with the keys of some indexes.
    pub(crate) fn fault_at(
        &self,
        kind: FaultKind,
        frame: &super::frame::Frame,
        row: usize,
        dims: &[IndexId],
    ) -> u32 {
        let key = dims
            .iter()
            .filter_map(|index| Some((*index, *frame.column(*index)?.get(row)?)))
            .collect();
        self.fault(kind, key)
    }

    /// The fault that a state stands for.
    pub(crate) fn fault_of(&self, state: u32) -> Option<Fault> {
        let number = state.checked_sub(FAULT)? as usize;
        self.faults.borrow().get(number).cloned()
    }

    pub(crate) fn is_missing(&self, state: u32) -> bool {
        let number = state.checked_sub(FAULT).map(|number| number as usize);
        let faults = self.faults.borrow();
        number.and_then(|number| faults.get(number)).is_some_and(|fault| fault.kind.is_missing())
    }

    /// The findings for a set of faults: one per kind, with count and first keys.
    pub(crate) fn tell(&self, states: &BTreeSet<u32>) -> Vec<Diagnostic> {
        // Copies: looking up keys for the telling may record faults itself.
        let faults: Vec<Fault> = states.iter().filter_map(|state| self.fault_of(*state)).collect();
        let mut groups: BTreeMap<&FaultKind, BTreeSet<&[(IndexId, u32)]>> = BTreeMap::new();
        for fault in &faults {
            groups.entry(&fault.kind).or_default().insert(&fault.key);
        }
        let unmapped: BTreeSet<NodeId> = (groups.keys())
            .filter_map(
                |kind| if let FaultKind::Unmapped(node) = kind { Some(*node) } else { None },
            )
            .collect();
        // A group is missing because a mapping lacks a key: the mapping is what is to be mended.
        groups.retain(|kind, _| match kind {
            FaultKind::MissingNode(node) => !self.rests_on(*node, &unmapped),
            _ => true,
        });
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(kind, _)| matches!(kind, FaultKind::MissingNode(_)));
        groups.into_iter().map(|(kind, keys)| self.tell_one(kind, &keys)).collect()
    }

    /// Whether a node is made of one of these, through formulas too.
    fn rests_on(&self, node: NodeId, causes: &BTreeSet<NodeId>) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop().filter(|_| !causes.is_empty()) {
            if causes.contains(&node) {
                return true;
            }
            if !seen.insert(node) {
                continue;
            }
            if let NodeKind::Variable(id) = self.node(node).kind {
                match &self.variable(id).kind {
                    VariableKind::Formula { root, .. } => open.push(*root),
                    VariableKind::Input(input) => open.extend(input.stands_for),
                    _ => {}
                }
            }
            open.extend(self.node(node).kind.children());
        }
        false
    }

    fn tell_one(&self, kind: &FaultKind, keys: &BTreeSet<&[(IndexId, u32)]>) -> Diagnostic {
        let mut diagnostic = self.headline(kind, keys.len());
        if let FaultKind::Gap(node) = kind {
            return self.tell_gaps(diagnostic, *node, keys);
        }
        let shown: Vec<String> = keys
            .iter()
            .filter(|key| !key.is_empty())
            .take(5)
            .map(|key| self.show_key(key))
            .collect();
        if let Some(text) = self.alike_but_for_blanks(kind, keys) {
            diagnostic = diagnostic.note(text.zh, text.en);
        }
        if !shown.is_empty() {
            let more = keys.len().saturating_sub(shown.len());
            let (tail_zh, tail_en) = match more {
                0 => (String::new(), String::new()),
                more => (format!(" … 另有 {more} 个"), format!(" … and {more} more")),
            };
            diagnostic = diagnostic.note(
                format!("共 {} 个键：{}{tail_zh}", keys.len(), shown.join("；")),
                format!("{}: {}{tail_en}", counted(keys.len(), "key"), shown.join("; ")),
            );
        }
        diagnostic
    }

    fn headline(&self, kind: &FaultKind, count: usize) -> Diagnostic {
        let error = |code, zh: String, en: String| Diagnostic::error(code, zh, en);
        match kind {
            FaultKind::Missing(id) => self.missing_words(*id, count),
            FaultKind::Refused(id, refused) => self.refused_words(*id, refused),
            FaultKind::Hole(id) => {
                let name = &self.variable(*id).name;
                error(
                    "missing-key",
                    format!("参数 `{name}` 尚未填写"),
                    format!("param `{name}` is not filled"),
                )
                .at(self.place(self.variable(*id).origin), "", "")
                .hint(format!("用 --set {name}=… 填写"), format!("fill it with --set {name}=…"))
            }
            FaultKind::MissingNode(node) => self.missing_reduction(*node),
            FaultKind::Unmatched(node) => error(
                "unmatched-keys",
                "两侧的键对不上".to_owned(),
                "the keys of the two sides do not meet".to_owned(),
            )
            .at(self.node_place(*node), "", "")
            .hint(
                "补上缺的键；缺了也可以时，用 `??` 写明以什么代替",
                "add the keys that are missing; where they may be, say with `??` what stands for them",
            ),
            FaultKind::Unmapped(node) => {
                let name = self.name_of(*node);
                let (table_zh, table_en) = match self.node(*node).kind {
                    NodeKind::Variable(id) => self.table_words(id),
                    _ => (String::new(), String::new()),
                };
                error(
                    "unmapped-key",
                    format!("映射 `{name}`{table_zh} 缺少键"),
                    format!("mapping `{name}`{table_en} lacks a key"),
                )
                .at(self.node_place(*node), "", "")
                .hint("在映射的数据里补上这些键", "add these keys to the data of the mapping")
            }
            FaultKind::Gap(node) => error(
                "gap",
                "序列中断之后没有前值".to_owned(),
                "there is no value before: the series has a gap".to_owned(),
            )
            .at(self.node_place(*node), "", "")
            .hint(
                "`??` 不弥补中断；若中断处有约定值，请写 `(x ?? v)[t-1]`",
                "`??` does not mend a gap; where a value stands for it, write `(x ?? v)[t-1]`",
            ),
            other => self.arithmetic_headline(other),
        }
    }

    /// What the catalogue said, under its own code.
    fn refused_words(&self, id: VariableId, refused: &RefusedFactor) -> Diagnostic {
        let name = &self.variable(id).name;
        let (zh, en) = &refused.message;
        let (zh, en) = (format!("因子 `{name}`：{zh}"), format!("factor `{name}`: {en}"));
        let mut diagnostic = Diagnostic::error(refused.code, zh, en).at(
            self.place(self.variable(id).origin),
            "",
            "",
        );
        for (zh, en) in &refused.seen {
            diagnostic = diagnostic.note(zh, en);
        }
        match &refused.hint {
            Some((zh, en)) => diagnostic.hint(zh, en),
            None => diagnostic,
        }
    }

    fn arithmetic_headline(&self, kind: &FaultKind) -> Diagnostic {
        let (code, zh, en, node) = match kind {
            FaultKind::DivisionByZero(node) => {
                ("division-by-zero", "除以零".to_owned(), "division by zero".to_owned(), node)
            }
            FaultKind::NotFinite(node) => (
                "not-finite",
                "结果不是有限的数".to_owned(),
                "the result is not a finite number".to_owned(),
                node,
            ),
            FaultKind::NoArm(node) => (
                "no-arm-fits",
                "match 没有适用的分支".to_owned(),
                "no arm of `match` fits".to_owned(),
                node,
            ),
            FaultKind::OutOfRange(node, value) => {
                let (zh, en) = self.range_words(*node, value);
                ("out-of-range", zh, en, node)
            }
            FaultKind::AdjustmentOutOfRange(node) => (
                "adjustment-out-of-range",
                "调整比例须在 0 与 1 之间".to_owned(),
                "an adjustment is at least 0 and below 1".to_owned(),
                node,
            ),
            FaultKind::TooFew(node) => (
                "too-few-values",
                "标准差至少需要两个值".to_owned(),
                "a standard deviation wants two values at least".to_owned(),
                node,
            ),
            FaultKind::NegativeWeight(node) => (
                "negative-weight",
                "权重不能为负".to_owned(),
                "a weight is not below zero".to_owned(),
                node,
            ),
            FaultKind::BadShare(node)
            | FaultKind::MissingNode(node)
            | FaultKind::Unmatched(node)
            | FaultKind::Unmapped(node)
            | FaultKind::Gap(node) => (
                "quantile-share",
                "分位须在 0 与 1 之间".to_owned(),
                "the share of a quantile is between 0 and 1".to_owned(),
                node,
            ),
            FaultKind::NotWholeSteps(node, steps) => return self.steps_not_whole(*node, steps),
            FaultKind::DateOutOfRange(node) => return self.date_out_of_range(*node),
            FaultKind::Missing(_) | FaultKind::Refused(..) | FaultKind::Hole(_) => {
                return Diagnostic::error("missing-key", "缺少数据", "data are missing");
            }
        };
        let diagnostic = Diagnostic::error(code, zh, en).at(self.node_place(*node), "", "");
        match arithmetic_mend(code) {
            Some((zh, en)) => diagnostic.hint(zh, en),
            None => diagnostic,
        }
    }

    fn range_words(&self, node: NodeId, value: &str) -> (String, String) {
        let NodeKind::InRange(_, check) = &self.node(node).kind else {
            return (value.to_owned(), value.to_owned());
        };
        let range = format!("{} .. {} {}", check.low, check.high, check.unit);
        (
            format!("{} = {value} 超出函数 `{}` 的适用范围 {range}", check.input, check.function),
            format!(
                "{} = {value} is outside the range of `{}`: {range}",
                check.input, check.function
            ),
        )
    }

    /// A reduction over nothing: which inputs would have had to bring it the key.
    fn missing_reduction(&self, node: NodeId) -> Diagnostic {
        let inputs: Vec<(String, Option<String>)> = (self.program.origins(node).into_iter())
            .filter(|id| match &self.variable(*id).kind {
                VariableKind::Input(input) => input.default.is_none(),
                _ => false,
            })
            .filter(|id| !self.variable(*id).dims.is_empty())
            .map(|id| (self.variable(id).name.clone(), self.source_of(id)))
            .collect();
        let list = |open: &str, close: &str| {
            let one = |(name, source): &(String, Option<String>)| match source {
                Some(source) => format!("`{name}`{open}{source}{close}"),
                None => format!("`{name}`"),
            };
            inputs.iter().map(one).collect::<Vec<_>>()
        };
        let (zh, en) = match inputs.is_empty() {
            true => (String::new(), String::new()),
            false => (
                format!("：其数据来自输入 {}", list("（表 ", "）").join("、")),
                format!(": its data come from input {}", list(" (table ", ")").join(", ")),
            ),
        };
        Diagnostic::error(
            "missing-key",
            format!("归约结果缺少所需的键{zh}"),
            format!("the reduction has no value at a key that is asked of it{en}"),
        )
        .at(self.node_place(node), "", "")
        .hint(
            "先补上数据；只有缺失确实就是零，才写 `?? 0`",
            "add the data first; only where missing does mean zero, write `?? 0`",
        )
    }

    /// The table that an input came from.
    fn source_of(&self, id: VariableId) -> Option<String> {
        let source = self.dataset.sources.get(self.dataset.inputs.get(&id)?.source?)?;
        Some(match &source.sheet {
            Some(sheet) => format!("{} [{sheet}]", source.source),
            None => source.source.clone(),
        })
    }

    fn missing_words(&self, id: VariableId, count: usize) -> Diagnostic {
        let variable = self.variable(id);
        let name = &variable.name;
        let (zh, en) = match variable.kind {
            VariableKind::Input(_) => ("输入", "input"),
            VariableKind::Factor(_) => ("因子", "factor"),
            VariableKind::Formula { parameter: false, .. } => ("公式", "formula"),
            _ => ("参数", "param"),
        };
        let (table_zh, table_en) = self.table_words(id);
        let keys = if count == 1 { "a key" } else { "keys" };
        let mut diagnostic = Diagnostic::error(
            "missing-key",
            format!("{zh} `{name}`{table_zh}缺少所需的键"),
            format!("{en} `{name}`{table_en} lacks {keys} that a formula asks for"),
        )
        .at(self.place(variable.origin), "", "");
        if matches!(&variable.kind, VariableKind::Input(input) if input.optional) {
            diagnostic = diagnostic.hint(
                "这个输入可缺，但这里有公式问到它：给这些键补上数据",
                "the input may lack, yet a formula asks for it here: give these keys their data",
            );
        } else if matches!(variable.kind, VariableKind::Input(_)) {
            diagnostic = diagnostic.hint(
                "补上数据；若方法规定了缺省值，请写 `default …` 或 `?? …`",
                "add the data; where the methodology names a default, write `default …` or `?? …`",
            );
        }
        match &variable.kind {
            VariableKind::Param(tree) => self.steps_note(diagnostic, tree, &variable.dims),
            _ => diagnostic,
        }
    }

    /// Says from and until when the steps of a map hold: the two ends are easily forgotten.
    fn steps_note(
        &self,
        diagnostic: Diagnostic,
        tree: &crate::program::ParamTree,
        dims: &[IndexId],
    ) -> Diagnostic {
        let mut level = (tree, dims);
        while let (crate::program::ParamTree::Level { exact, steps, until }, [index, rest @ ..]) =
            level
        {
            let Some(declared) = self.program.indexes.get(*index) else { break };
            if let Some((first, _)) = steps.first() {
                let first = declared.show(first);
                let Some(until) = until else {
                    return diagnostic.note(
                        format!("自 {first} 起才有值"),
                        format!("its values begin at {first}"),
                    );
                };
                let until = declared.show(until);
                return diagnostic.note(
                    format!("自 {first} 起有值，到 {until} 为止（不含 {until}）"),
                    format!("its values begin at {first} and end before {until}"),
                );
            }
            let Some((_, below)) = exact.first() else { break };
            level = (below, rest);
        }
        diagnostic
    }

    /// The table that supplies a variable, in brackets.
    fn table_words(&self, id: VariableId) -> (String, String) {
        let source = self.dataset.inputs.get(&id).and_then(|table| {
            self.dataset.sources.get(table.source?).map(|source| match &source.sheet {
                Some(sheet) => format!("{} [{sheet}]", source.source),
                None => source.source.clone(),
            })
        });
        match source {
            Some(source) => (format!("（表 {source}）"), format!(" (table {source})")),
            None => (String::new(), String::new()),
        }
    }

    pub(crate) fn show_key(&self, key: &[(IndexId, u32)]) -> String {
        key.iter()
            .map(|(index, code)| {
                let declared = self.program.indexes.get(*index);
                let name = declared.map_or("?", |index| index.name.as_str());
                format!("{name} = {}", show(declared, self.dictionaries.get(*index), *code))
            })
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) fn place(&self, origin: Origin) -> Place {
        self.program.place(origin)
    }

    pub(crate) fn node_place(&self, node: NodeId) -> Place {
        self.place(self.node(node).origin)
    }

    fn name_of(&self, node: NodeId) -> String {
        match self.node(node).kind {
            NodeKind::Variable(id) => self.variable(id).name.clone(),
            _ => "…".to_owned(),
        }
    }

    /// The message of one fault, for the trace.
    pub(crate) fn fault_text(&self, state: u32) -> Option<Text> {
        let states: BTreeSet<u32> = [state].into();
        self.tell(&states).into_iter().next().map(|diagnostic| diagnostic.message)
    }
}

/// What most likely helps against a fault of arithmetic.
fn arithmetic_mend(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "division-by-zero" => (
            "查对数据；除数可以为零时，用 `where` 排除那些键",
            "check the data; where the divisor may be zero, leave those keys out with `where`",
        ),
        "not-finite" => ("查对数据与单位", "check the data and their units"),
        "no-arm-fits" => ("补上这种情形，或加 `else:`", "add the case, or an `else:`"),
        "out-of-range" => (
            "查对数据；范围之外须由方法学另定算法",
            "check the data; outside the range the methodology must state another way",
        ),
        "adjustment-out-of-range" => ("如 5%；查对比例", "such as 5%: check the share"),
        "negative-weight" => ("查对权重的数据", "check the data of the weight"),
        "quantile-share" => {
            ("如 `quantile(x, 0.9 over plant)`", "as in `quantile(x, 0.9 over plant)`")
        }
        _ => return None,
    })
}
