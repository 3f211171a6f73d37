//! 检查 From declarations to a typed program: names, units, dimensions, order.
//!
//! Checking never stops at the first fault: every declaration is looked at, and a name whose own
//! declaration is at fault is not reported again where it is used.

mod arithmetic;
mod calls;
mod choice;
mod coverage;
mod dates;
mod declare;
mod default_keys;
mod expression;
mod factor_columns;
mod formulas;
mod messages;
mod needs;
mod order;
mod parameters;
mod reductions;
mod select;
mod signs;
mod uses;

use crate::ast;
use crate::document::{self, Document};
use crate::parse;
use crate::program::{
    DocumentInfo, IndexId, Node, NodeId, NodeKind, Origin, Program, Type, Variable, VariableId,
};
use std::collections::BTreeMap;
use tanliu_diagnostic::{Diagnostic, Diagnostics, Place, Span};
use tanliu_factor::Catalogue;
use tanliu_unit::UnitTable;
use tanliu_unit::gwp::GwpSet;

/// 文档库 Where the documents that a document uses are found, by id.
pub trait Library {
    /// The name (as shown) and the text of the document with that id.
    fn document(&self, id: &str) -> Option<(String, String)>;
    /// All ids, for "did you mean".
    fn ids(&self) -> Vec<String>;
}

/// A library without documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLibrary;

impl Library for NoLibrary {
    fn document(&self, _id: &str) -> Option<(String, String)> {
        None
    }
    fn ids(&self) -> Vec<String> {
        Vec::new()
    }
}

/// 检查结果 A document taken apart, its program (complete only without errors) and the findings.
#[derive(Debug)]
pub struct Checked {
    /// The document.
    pub document: Document,
    /// Its declarations as written.
    pub declarations: Vec<ast::Declaration>,
    /// The documents it uses, in order of first use.
    pub used: Vec<Document>,
    /// Units with the document's own.
    pub units: UnitTable,
    /// The program; to be run only if there are no errors.
    pub program: Program,
    /// What was found.
    pub diagnostics: Diagnostics,
}

/// Checks the document `text`, named `source` in its places.
pub fn check(source: &str, text: &str, library: &dyn Library, catalogue: &Catalogue) -> Checked {
    let (document, findings) = document::read(source, text);
    let mut checker = Checker {
        program: Program::default(),
        diagnostics: Diagnostics::default(),
        library,
        catalogue,
        scopes: Vec::new(),
        pending: Vec::new(),
        used: Vec::new(),
        texts: Vec::new(),
        bodies: Vec::new(),
        stack: vec![document.front.id.clone()],
        depth: 0,
        running: Vec::new(),
    };
    checker.diagnostics.extend(findings);
    if document.blocks.is_empty() && document.front.kind.is_some() {
        let front = document.front.span;
        let lines = document.text.get(front.start..front.end).unwrap_or_default();
        let first = Span::new(front.start, front.start + lines.lines().next().map_or(0, str::len));
        checker.diagnostics.push(messages::no_blocks(&document.source, first));
    }
    let main = checker.open_scope(&document, String::new());
    let declarations = checker.parse_blocks(main, &document);
    checker.declare_all(main, &declarations);
    checker.resolve_all();
    checker.check_conditions(main, &declarations);
    for (scope, declarations) in std::mem::take(&mut checker.bodies) {
        checker.check_conditions(scope, &declarations);
    }
    if !checker.diagnostics.has_errors() {
        checker.find_order();
    }
    if !checker.diagnostics.has_errors() {
        checker.mark_default_keys();
        checker.check_conservative(document.front.kind.as_deref());
        checker.check_coverage();
    }
    let units = checker.scopes.swap_remove(main).units;
    let mut checked = Checked {
        document,
        declarations,
        used: checker.used,
        units,
        program: checker.program,
        diagnostics: checker.diagnostics,
    };
    if !checked.diagnostics.has_errors() {
        let unknown = crate::examples::unknown_names(&checked);
        checked.diagnostics.extend(unknown);
    }
    checked
}

struct Checker<'a> {
    program: Program,
    diagnostics: Diagnostics,
    library: &'a dyn Library,
    catalogue: &'a Catalogue,
    scopes: Vec<Scope>,
    /// One per variable: what is left to do for it.
    pending: Vec<Pending>,
    used: Vec<Document>,
    /// The text of each document of the program.
    texts: Vec<String>,
    /// The declarations of used documents, by scope.
    bodies: Vec<(usize, Vec<ast::Declaration>)>,
    /// Ids of the documents being folded in, to find circles.
    stack: Vec<String>,
    /// Nesting of on-demand resolution.
    depth: usize,
    /// The variables under resolution, each named by the one before.
    running: Vec<VariableId>,
}

/// The names of one document; a used document has a scope of its own.
struct Scope {
    /// Empty, or `cm.`
    prefix: String,
    /// Number in [`Program::documents`].
    document: usize,
    units: UnitTable,
    gwp: Option<GwpSet>,
    names: BTreeMap<String, Entity>,
    /// Where each name is declared.
    spans: BTreeMap<String, Span>,
    /// Further indexes of arguments flow through a used document.
    relaxed: bool,
}

#[derive(Clone)]
enum Entity {
    Index(IndexId),
    Variable(VariableId),
    Function(std::rc::Rc<ast::FunctionDecl>),
    Use(usize),
    /// Declared, but at fault: not reported again.
    Broken,
}

/// What a variable still needs.
#[derive(Clone)]
struct Pending {
    scope: usize,
    state: State,
    /// The declared type, if one is written and sound.
    declared: Option<Type>,
    work: Work,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Running,
    Done,
    Failed,
}

#[derive(Clone)]
enum Work {
    Nothing,
    Formula(std::rc::Rc<ast::FormulaDecl>),
    /// A `param` written as an expression.
    Parameter(std::rc::Rc<ast::ParamDecl>),
    Factor(std::rc::Rc<ast::FactorDecl>),
    /// An input of a used document, set by an expression of the outer scope.
    Argument {
        outer: usize,
        expr: std::rc::Rc<ast::Expr>,
    },
}

/// What an expression is looked at with.
#[derive(Clone, Copy)]
struct Context<'c> {
    scope: usize,
    /// The index whose members a bare word may name here.
    hint: Option<IndexId>,
    /// The inputs of an empirical function.
    locals: Option<&'c BTreeMap<String, NodeId>>,
}

impl<'c> Context<'c> {
    fn new(scope: usize) -> Self {
        Self { scope, hint: None, locals: None }
    }

    fn hinted(self, hint: Option<IndexId>) -> Self {
        Self { hint, ..self }
    }

    fn plain(self) -> Self {
        Self { hint: None, ..self }
    }
}

impl Checker<'_> {
    fn open_scope(&mut self, document: &Document, prefix: String) -> usize {
        let mut units = UnitTable::builtin();
        for (name, definition, span) in &document.front.units {
            if let Err(error) = units.define(name, definition) {
                self.diagnostics.push(messages::unit_definition(
                    &document.source,
                    *span,
                    name,
                    &error,
                ));
            }
        }
        self.texts.push(document.text.clone());
        self.program.documents.push(DocumentInfo {
            source: document.source.clone(),
            id: document.front.id.clone(),
            version: document.front.version.clone(),
        });
        self.scopes.push(Scope {
            relaxed: !prefix.is_empty(),
            prefix,
            document: self.program.documents.len() - 1,
            units,
            gwp: document.front.gwp.map(|(set, _)| set),
            names: BTreeMap::new(),
            spans: BTreeMap::new(),
        });
        self.scopes.len() - 1
    }

    fn parse_blocks(&mut self, scope: usize, document: &Document) -> Vec<ast::Declaration> {
        let Some(units) = self.scopes.get(scope).map(|scope| &scope.units) else {
            return Vec::new();
        };
        let parsed = parse::parse(&document.source, &document.text, &document.blocks, units);
        self.diagnostics.extend(parsed.diagnostics);
        if let Some(scope) = self.scopes.get_mut(scope) {
            for name in parsed.broken {
                scope.names.entry(name).or_insert(Entity::Broken);
            }
        }
        parsed.declarations
    }

    #[expect(clippy::indexing_slicing, reason = "scopes are only made by `open_scope`")]
    fn scope(&self, scope: usize) -> &Scope {
        &self.scopes[scope]
    }

    #[expect(clippy::indexing_slicing, reason = "nodes are only made by `push`, never removed")]
    fn node(&self, node: NodeId) -> &Node {
        &self.program.nodes[node]
    }

    #[expect(clippy::indexing_slicing, reason = "variables are only made by `add_variable`")]
    fn variable(&self, variable: VariableId) -> &Variable {
        &self.program.variables[variable]
    }

    fn origin(&self, scope: usize, span: Span) -> Origin {
        Origin { document: self.scope(scope).document, span }
    }

    fn place(&self, origin: Origin) -> Place {
        let source = self.program.documents.get(origin.document).map(|d| d.source.clone());
        Place::span(source.unwrap_or_default(), origin.span)
    }

    fn place_in(&self, scope: usize, span: Span) -> Place {
        self.place(self.origin(scope, span))
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        // A name that is used twice in one expression is told once.
        if !self.diagnostics.list().contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn index_name(&self, index: IndexId) -> &str {
        self.program.indexes.get(index).map_or("?", |index| &index.name)
    }

    fn index_names(&self, dims: &[IndexId]) -> String {
        dims.iter().map(|index| self.index_name(*index)).collect::<Vec<_>>().join(", ")
    }

    fn ty(&self, node: NodeId) -> &Type {
        &self.node(node).ty
    }

    fn dims(&self, node: NodeId) -> &[IndexId] {
        &self.node(node).dims
    }

    fn origin_of(&self, node: NodeId) -> Origin {
        self.node(node).origin
    }

    fn push(&mut self, kind: NodeKind, ty: Type, dims: Vec<IndexId>, origin: Origin) -> NodeId {
        self.program.nodes.push(Node { kind, ty, dims, origin });
        self.program.nodes.len() - 1
    }
}

/// The union of two ascending lists of indexes.
fn union(left: &[IndexId], right: &[IndexId]) -> Vec<IndexId> {
    let mut all: Vec<IndexId> = left.iter().chain(right).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
