//! 方法页 The library as a list and as pages, and what is wrong with an edited copy.

use super::calculator::blocking;
use crate::arguments::Sources;
use crate::command::doc::page_of;
use crate::documents::id_of;
use crate::embedded;
use crate::factors::FactorFiles;
use crate::findings::{Texts, add_texts, findings_json};
use crate::library::{Shelf, open};
use crate::session::Session;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tanliu_diagnostic::Lang;
use tanliu_method::check::{Library, check};
use tanliu_method::document;
use tanliu_platform::port::{CalculatorError, DocumentPage, DocumentSummary};

/// The name of an edited copy in its findings.
const EDITED: &str = "edited.md";

/// 方法库 Documents by id; a page is made when it is first asked for.
pub(super) struct Methods {
    sources: Sources,
    pages: Arc<Mutex<BTreeMap<String, DocumentPage>>>,
}

impl Methods {
    pub(super) fn new(sources: Sources) -> Self {
        Self { sources, pages: Arc::default() }
    }

    /// The documents of the library, by id.
    pub(super) async fn list(&self) -> Result<Vec<DocumentSummary>, CalculatorError> {
        let sources = self.sources.clone();
        blocking(move || {
            let shelf = Shelf::new(&sources.library, None);
            let ids = shelf.ids();
            let texts = ids.iter().filter_map(|id| shelf.document(id));
            Ok(texts.map(|(name, text)| summary(&name, &text)).collect())
        })
        .await
    }

    /// A document's page, made once.
    pub(super) async fn page(&self, id: &str) -> Result<DocumentPage, CalculatorError> {
        let known = self.pages.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if let Some(page) = known {
            return Ok(page);
        }
        let (sources, wanted) = (self.sources.clone(), id.to_owned());
        let page = blocking(move || {
            // An id, never a path of the machine.
            let (file, _) = open_by_id(&wanted, &sources)?;
            let mut session = Session::open(&wanted, &sources)?;
            let summary = summary(&file.0, &file.1);
            Ok(DocumentPage { summary, html: page_of(&mut session, Lang::Zh).0, text: file.1 })
        })
        .await?;
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(id.to_owned(), page.clone());
        Ok(page)
    }

    /// What is wrong with a text as a document of the library.
    pub(super) async fn check(&self, text: &str) -> Result<String, CalculatorError> {
        let (sources, text) = (self.sources.clone(), text.to_owned());
        blocking(move || {
            let shelf = Shelf::new(&sources.library, None);
            let factors = FactorFiles::find(sources.factors.as_deref(), None)?;
            let loaded = factors.load_for([text.as_str()], &shelf);
            let mut checked = check(EDITED, &text, &shelf, &loaded.catalogue);
            let mut texts: Texts = loaded.texts.clone();
            add_texts(&mut texts, &checked);
            let findings = std::mem::take(&mut checked.diagnostics);
            Ok(findings_json(findings.list(), &texts).to_string())
        })
        .await
    }
}

type NamedText = (String, String);

fn open_by_id(id: &str, sources: &Sources) -> Result<(NamedText, Shelf), crate::failure::Failure> {
    let shelf = Shelf::new(&sources.library, None);
    match shelf.find(id) {
        Some(file) => Ok(((file.name, file.text), shelf)),
        // Says what is near.
        None => open(&format!("{}{id}", embedded::PREFIX), &sources.library)
            .map(|(file, shelf)| ((file.name, file.text), shelf)),
    }
}

fn summary(name: &str, text: &str) -> DocumentSummary {
    let (read, _) = document::read(name, text);
    let front = &read.front;
    let title = front.title.clone();
    let id = id_of(text).unwrap_or_default().to_owned();
    DocumentSummary {
        title: title.map_or_else(|| (id.clone(), id.clone()), |title| (title.zh, title.en)),
        id,
        version: front.version.clone(),
        kind: front.kind.clone().unwrap_or_default(),
        status: front.status.clone().unwrap_or_default(),
        examples: read.examples.len(),
    }
}
