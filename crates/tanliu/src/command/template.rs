//! `tanliu template`: the workbook that people fill in, from a method's inputs.

use crate::arguments::Doc;
use crate::command::run::too_large;
use crate::deliver::write_file;
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::session::Session;
use tanliu_diagnostic::counted;
use tanliu_office::template::of_program;
use tanliu_office::write_template;

/// Writes the template of a document.
pub(crate) fn run(wanted: &Doc, screen: &mut Screen) -> Result<Ended, Failure> {
    let session = Session::open(&wanted.document, &wanted.sources)?;
    screen.findings(session.findings.list(), &session.texts, false);
    if session.findings.has_errors() {
        let errors = session.findings.error_count();
        screen.remark(
            format!("{errors} 个错误，没有生成工作簿"),
            format!("{}, no workbook was written", counted(errors, "error")),
        );
        return Ok(Ended::Refused);
    }
    let template = of_program(&session.checked.program, &session.checked.document);
    let bytes = write_template(&template).map_err(|error| too_large(&error))?;
    write_file(&wanted.out, &bytes)?;
    let (out, document) = (&wanted.out, &wanted.document);
    screen.line(
        format!("已写入 {out}；填好后运行 tanliu run {document} --data {out}"),
        format!("written to {out}; filled in, it is run by tanliu run {document} --data {out}"),
    );
    Ok(Ended::Well)
}
