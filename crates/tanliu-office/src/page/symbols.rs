//! 符号 What each name of the document means, and where the page declares it.

use super::say;
use super::unit::pretty;
use std::collections::BTreeMap;
use tanliu_diagnostic::Lang;
use tanliu_method::ast::{self, Item, TypeExpr};
use tanliu_method::check::Checked;
use tanliu_method::program::{IndexKind, Program, Type, VariableKind};

/// 符号种类 What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SymbolKind {
    Index,
    Input,
    /// An input of a used document that this one does not set.
    UsedInput,
    Param,
    Hole,
    Factor,
    Function,
    Formula,
    Output,
    Use,
}

impl SymbolKind {
    /// The word for readers.
    pub(super) fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Index => say(lang, "索引", "index"),
            Self::Input => say(lang, "输入", "input"),
            Self::UsedInput => say(lang, "输入（引用）", "input of a used document"),
            Self::Param => say(lang, "参数", "parameter"),
            Self::Hole => say(lang, "待定参数", "open parameter"),
            Self::Factor => say(lang, "因子", "factor"),
            Self::Function => say(lang, "经验函数", "empirical function"),
            Self::Formula => say(lang, "中间量", "formula"),
            Self::Output => say(lang, "输出", "output"),
            Self::Use => say(lang, "引用文档", "used document"),
        }
    }
}

/// 符号
#[derive(Debug, Clone)]
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) kind: SymbolKind,
    /// Where the page declares it, without `#`.
    pub(super) anchor: String,
    pub(super) label: Option<String>,
    pub(super) dims: Vec<String>,
    /// The unit or type in words; empty if there is none.
    pub(super) unit: String,
    /// Whether it is a number, not a key, a text, a date or a truth value.
    pub(super) is_number: bool,
    /// Whether it is a number with a unit other than 1.
    pub(super) dimensioned: bool,
    /// The index of which it is a key.
    pub(super) key_of: Option<String>,
    /// The formula's number.
    pub(super) number: Option<usize>,
}

/// 符号集 All symbols, in the order of the document.
pub(super) struct Symbols {
    pub(super) list: Vec<Symbol>,
    by_name: BTreeMap<String, usize>,
    /// What stands for each index below a name: its shortest beginning that no other one has.
    subscripts: BTreeMap<String, String>,
    /// Members of each closed index: name and label.
    members: BTreeMap<String, Vec<(String, Option<String>)>>,
}

impl Symbols {
    pub(super) fn of(checked: &Checked, lang: Lang) -> Self {
        let mut symbols = Self {
            list: Vec::new(),
            by_name: BTreeMap::new(),
            subscripts: BTreeMap::new(),
            members: BTreeMap::new(),
        };
        let mut formulas = 0;
        for declaration in &checked.declarations {
            symbols.add_declaration(&declaration.item, &checked.program, lang, &mut formulas);
        }
        let indexes: Vec<&str> =
            checked.program.indexes.iter().map(|index| index.name.as_str()).collect();
        for name in &indexes {
            symbols.subscripts.insert((*name).to_owned(), shortest(name, &indexes));
        }
        for index in &checked.program.indexes {
            if let IndexKind::Closed(members) = &index.kind {
                symbols.members.entry(index.name.clone()).or_insert_with(|| members.clone());
            }
        }
        for variable in &checked.program.variables {
            if variable.origin.document == 0 || !matches!(variable.kind, VariableKind::Input(_)) {
                continue;
            }
            let document = variable.name.split('.').next().unwrap_or("");
            symbols.add(Symbol {
                name: variable.name.clone(),
                kind: SymbolKind::UsedInput,
                anchor: format!("use-{document}"),
                label: variable.label.clone(),
                dims: dims_of(&checked.program, &variable.dims),
                unit: type_text(&checked.program, &variable.ty, lang),
                is_number: matches!(variable.ty, Type::Number(_)),
                dimensioned: variable.ty.unit().is_some_and(|unit| unit.to_string() != "1"),
                key_of: None,
                number: None,
            });
        }
        symbols
    }

    fn add(&mut self, symbol: Symbol) {
        let place = self.list.len();
        self.by_name.entry(symbol.name.clone()).or_insert(place);
        self.list.push(symbol);
    }

    fn add_declaration(
        &mut self,
        item: &Item,
        program: &Program,
        lang: Lang,
        formulas: &mut usize,
    ) {
        let Some((name, kind)) = name_and_kind(item) else { return };
        let prefix = match kind {
            SymbolKind::Index => "index",
            SymbolKind::Function => "function",
            SymbolKind::Formula | SymbolKind::Output => "formula",
            SymbolKind::Use => "use",
            _ => "symbol",
        };
        let number = matches!(kind, SymbolKind::Formula | SymbolKind::Output).then(|| {
            *formulas += 1;
            *formulas
        });
        if let Item::Index(index) = item
            && let ast::IndexKind::Closed(members) = &index.kind
        {
            let members = members.iter().map(|m| (m.name.text.clone(), m.label.clone())).collect();
            self.members.insert(name.to_owned(), members);
        }
        let (written, dims) = type_and_dims(item);
        let typed = program
            .variable(name)
            .and_then(|id| program.variables.get(id))
            .filter(|variable| variable.origin.document == 0);
        // The unit as the document writes it, unless the checker knows the type better.
        let unit = match (typed.map(|variable| &variable.ty), written) {
            (Some(Type::Number(_)), Some(written)) => unit_text(&written.text, lang),
            (Some(ty), _) => type_text(program, ty, lang),
            (None, Some(written)) => unit_text(&written.text, lang),
            (None, None) => String::new(),
        };
        let key_of = match typed.map(|variable| &variable.ty) {
            Some(Type::Key(index)) => program.indexes.get(*index).map(|index| index.name.clone()),
            _ => None,
        };
        self.add(Symbol {
            name: name.to_owned(),
            kind,
            anchor: format!("{prefix}-{name}"),
            label: label_of(item),
            dims: dims.iter().map(|dim| dim.text.clone()).collect(),
            unit,
            is_number: typed.is_none_or(|variable| matches!(variable.ty, Type::Number(_))),
            dimensioned: typed.is_some_and(|variable| {
                variable.ty.unit().is_some_and(|unit| unit.to_string() != "1")
            }),
            key_of,
            number,
        });
    }

    /// What stands for an index below a name.
    pub(super) fn subscript<'s>(&'s self, index: &'s str) -> &'s str {
        self.subscripts.get(index).map_or(index, String::as_str)
    }

    /// The symbol of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Symbol> {
        self.by_name.get(name).and_then(|place| self.list.get(*place))
    }

    /// A member as readers know it: in Chinese by its label. `hint` is the index it belongs to.
    pub(super) fn member(&self, word: &str, hint: Option<&str>, lang: Lang) -> Option<String> {
        let within = |members: &Vec<(String, Option<String>)>| {
            let found = members
                .iter()
                .find(|(name, label)| name == word || label.as_deref() == Some(word))?;
            Some(match (lang, &found.1) {
                (Lang::Zh, Some(label)) => label.clone(),
                _ => found.0.clone(),
            })
        };
        match hint {
            Some(index) => self.members.get(index).and_then(within),
            None => self.members.values().find_map(within),
        }
    }
}

/// The shortest beginning of a name that no other name shares.
fn shortest(name: &str, all: &[&str]) -> String {
    let mut short = String::new();
    for sign in name.chars() {
        short.push(sign);
        if !all.iter().any(|other| *other != name && other.starts_with(&short)) {
            return short;
        }
    }
    name.to_owned()
}

fn dims_of(program: &Program, dims: &[usize]) -> Vec<String> {
    dims.iter().filter_map(|id| program.indexes.get(*id)).map(|index| index.name.clone()).collect()
}

fn name_and_kind(item: &Item) -> Option<(&str, SymbolKind)> {
    Some(match item {
        Item::Index(index) => (&index.name.text, SymbolKind::Index),
        Item::Input(input) => (&input.name.text, SymbolKind::Input),
        Item::Param(param) => match param.value {
            ast::ParamValue::Hole(_) => (&param.name.text, SymbolKind::Hole),
            _ => (&param.name.text, SymbolKind::Param),
        },
        Item::Factor(factor) => (&factor.name.text, SymbolKind::Factor),
        Item::Function(function) => (&function.name.text, SymbolKind::Function),
        Item::Formula(formula) if formula.output => (&formula.name.text, SymbolKind::Output),
        Item::Formula(formula) => (&formula.name.text, SymbolKind::Formula),
        Item::Use(used) => (&used.name.text, SymbolKind::Use),
        Item::Require(_) | Item::Evidence(_) => return None,
    })
}

fn type_and_dims(item: &Item) -> (Option<&TypeExpr>, &[ast::Name]) {
    match item {
        Item::Input(input) => (Some(&input.ty), &input.dims),
        Item::Param(param) => (param.ty.as_ref(), &param.dims),
        Item::Factor(factor) => (Some(&factor.unit), &factor.dims),
        Item::Function(function) => (Some(&function.unit), &[]),
        Item::Formula(formula) => (formula.ty.as_ref(), &formula.dims),
        _ => (None, &[]),
    }
}

fn label_of(item: &Item) -> Option<String> {
    match item {
        Item::Input(input) => input.label.clone(),
        Item::Param(param) => param.label.clone(),
        Item::Factor(factor) => factor.label.clone(),
        Item::Function(function) => function.label.clone(),
        Item::Formula(formula) => formula.label.clone(),
        _ => None,
    }
}

/// A unit as shown; 1 is a word.
pub(super) fn unit_text(unit: &str, lang: Lang) -> String {
    let bare = unit.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if bare == "1" { say(lang, "无量纲", "dimensionless").to_owned() } else { pretty(unit) }
}

fn type_text(program: &Program, ty: &Type, lang: Lang) -> String {
    match ty {
        Type::Number(unit) => unit_text(&unit.to_string(), lang),
        Type::Bool => say(lang, "是/否", "yes or no").to_owned(),
        Type::Text => say(lang, "文字", "text").to_owned(),
        Type::Date => say(lang, "日期", "date").to_owned(),
        Type::Key(index) => {
            let name = program.indexes.get(*index).map_or("?", |index| &index.name);
            match lang {
                Lang::Zh => format!("{name} 的键"),
                Lang::En => format!("a key of {name}"),
            }
        }
    }
}
