//! 溯源线程 A thread for each run that is asked about: its pack is opened and bound once, and what
//! was evaluated for one figure is there for the next.

use crate::arguments::Data;
use crate::command::explain::{Told, figure_of};
use crate::failure::Failure;
use crate::session::Session;
use crate::unpacking::{Landing, OnDisk, Unpacked};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use tanliu_diagnostic::{Lang, Text};
use tanliu_method::check::Checked;
use tanliu_method::eval::{Trace, TraceError, Tracer};
use tanliu_office::page::{PageOptions, write_clause};
use tanliu_pack::{Limits, read_from};
use tanliu_platform::port::{CalculatorError, Explained};
use tokio::sync::oneshot;

/// How many runs stay open.
const OPEN_MAX: usize = 3;

/// 溯源服务 The runs that stay open, the one asked last at the end.
#[derive(Default)]
pub(super) struct Explainers {
    open: Mutex<Vec<(i64, Sender<Question>)>>,
}

/// A figure that is asked for: as it is written, how deep.
struct Question {
    figure: String,
    depth: usize,
    answer: oneshot::Sender<Result<Explained, CalculatorError>>,
}

impl Explainers {
    /// Derives a figure of a run whose pack lies at `pack`.
    pub(super) async fn explain(
        &self,
        run: i64,
        pack: PathBuf,
        figure: String,
        depth: usize,
    ) -> Result<Explained, CalculatorError> {
        let (answer, told) = oneshot::channel();
        let question = Question { figure, depth, answer };
        self.ask(run, pack, question);
        told.await.unwrap_or_else(|_| Err(CalculatorError::Failed("the run was closed".to_owned())))
    }

    fn ask(&self, run: i64, pack: PathBuf, question: Question) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let known = open.iter().position(|(own, _)| *own == run).map(|at| open.remove(at));
        let sender = known.map_or_else(|| begin(pack.clone()), |(_, sender)| sender);
        // A thread that has ended is begun anew.
        let sender = match sender.send(question) {
            Ok(()) => sender,
            Err(unsent) => {
                let sender = begin(pack);
                let _ = sender.send(unsent.0);
                sender
            }
        };
        open.push((run, sender));
        if open.len() > OPEN_MAX {
            open.remove(0);
        }
    }
}

/// Begins a thread that ends when nobody can ask it any more.
fn begin(pack: PathBuf) -> Sender<Question> {
    let (sender, questions) = channel();
    std::thread::spawn(move || answer_all(&pack, &questions));
    sender
}

fn answer_all(pack: &Path, questions: &Receiver<Question>) {
    let opened = Opened::open(pack);
    let opened = match &opened {
        Ok(opened) => opened,
        Err(error) => {
            let message = error.message().clone();
            for question in questions {
                let _ = question.answer.send(Err(CalculatorError::Refused(message.clone())));
            }
            return;
        }
    };
    let program = &opened.session.checked.program;
    let catalogue = &opened.session.loaded.catalogue;
    let mut tracer = Tracer::new(program, &opened.bound.dataset, catalogue);
    for question in questions {
        let told = opened.tell(&mut tracer, &question);
        let _ = question.answer.send(told);
    }
}

/// A run out of its pack, bound.
struct Opened {
    session: Session,
    bound: crate::session::Bound,
}

impl Opened {
    fn open(pack: &Path) -> Result<Self, Failure> {
        let name = pack.to_string_lossy().into_owned();
        let on_disk = OnDisk::open(&name)?;
        let mut landing = Landing::new()?;
        let (read, findings) = read_from(&name, &on_disk, &Limits::default(), &mut landing);
        on_disk.settle()?;
        let Some(read) = read else {
            let first = findings.into_list().into_iter().next();
            let message = first.map(|finding| finding.message).unwrap_or_else(|| damaged(&name));
            return Err(Failure::new(message.zh, message.en));
        };
        let folder = landing.settle()?;
        let mut unpacked = Unpacked::open(&read, &name, &[], folder)?;
        let data: Data = unpacked.data.clone();
        let bound = unpacked.session.bind(&data)?;
        if unpacked.session.findings.has_errors() {
            let message = damaged(&name);
            return Err(Failure::new(message.zh, message.en));
        }
        Ok(Self { session: unpacked.session, bound })
    }

    fn tell(
        &self,
        tracer: &mut Tracer<'_>,
        question: &Question,
    ) -> Result<Explained, CalculatorError> {
        let absent = |message: Text| CalculatorError::Absent(message);
        let (name, keys) = figure_of(&self.session, &question.figure)
            .map_err(|finding| absent(finding.message.clone()))?;
        let trace = tracer.trace(&name, &keys, question.depth).map_err(|error| {
            let en = error.to_string();
            absent(match &error {
                TraceError::UnknownKey { index, key } => {
                    Text { zh: format!("这次运行里没有 {index} = {key}"), en }
                }
                _ => Text { zh: format!("没有这个数：{en}"), en },
            })
        })?;
        let told = Told { session: &self.session, bound: &self.bound, lang: Lang::Zh };
        let tree: Value = told.as_json(&trace);
        let (heading, clause) = clause(&self.session.checked, &trace);
        Ok(Explained { tree: tree.to_string(), clause, heading })
    }
}

/// The section in which a figure is declared: in the document itself, else nothing.
fn clause(checked: &Checked, trace: &Trace) -> (String, String) {
    let (document, span) = &trace.declared;
    if *document != checked.document.source {
        return (String::new(), String::new());
    }
    let options = PageOptions { lang: Lang::Zh, examples: Vec::new(), factor_sources: Vec::new() };
    let clause = write_clause(checked, &options, span.start);
    (clause.heading, clause.html)
}

fn damaged(name: &str) -> Text {
    Text {
        zh: format!("{name} 打不开：不是完好的计算包"),
        en: format!("{name} cannot be opened: it is no sound pack"),
    }
}
