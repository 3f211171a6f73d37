//! `tanliu verify`: whether a pack is whole, who signed it, and whether it computes to its figures.
//!
//! 1. The container: every byte against the seal, every entry against its digest.
//! 2. The signature.
//! 3. `record`: the entries against `run.json`.
//! 4. The run again, from the pack alone.
//! 5. `figures`: packed results against computed ones; `cause`: the first difference followed down
//!    to where it comes from.

mod cause;
mod figures;
mod record;

use crate::arguments::Verify;
use crate::command::pack::{compute, key_failure, read_key, signer_json};
use crate::failure::{Ended, Failure};
use crate::findings::{Texts, findings_json};
use crate::packing::{Run, too_large};
use crate::screen::Screen;
use crate::unpacking::{Landing, OnDisk, Unpacked};
use cause::Walk;
use figures::Ledger;
use record::Record;
use serde_json::{Value, json};
use tanliu_diagnostic::{Diagnostic, Place, counted};
use tanliu_pack::{Limits, Pack, Verifier, read_from, verifier_from_pem};
use tempfile::TempDir;

/// 核验报告 What there is to say of a pack.
#[derive(Default)]
pub(crate) struct Report {
    /// What is wrong, and what is worth knowing.
    pub(crate) findings: Vec<Diagnostic>,
    /// The texts that findings point into.
    pub(crate) texts: Texts,
    /// How many entries are intact.
    entries: Option<usize>,
    /// Who signed; nothing for an unsigned pack.
    signer: Option<Box<dyn Verifier>>,
    /// The document: id and version.
    document: Option<(String, String)>,
    /// Tables and figures that were computed again and compared.
    pub(crate) compared: Option<(usize, usize)>,
}

/// Verifies a pack.
pub(crate) fn run(wanted: &Verify, screen: &mut Screen) -> Result<Ended, Failure> {
    let key = wanted.public_key.as_deref().map(public_key).transpose()?;
    let size = std::fs::metadata(&wanted.pack)
        .map_err(|error| Failure::unreadable(&wanted.pack, &error))?
        .len();
    // Compressed it is smaller than what it holds, but for headers and names.
    if size > Limits::default().bytes_max.saturating_mul(2) {
        return Err(too_large(size));
    }
    let report = examine(&wanted.pack, key.as_deref(), &wanted.data)?;
    let errors = report.findings.iter().filter(|finding| finding.is_error()).count();
    if wanted.json {
        screen.json(&report.as_json(errors));
    } else {
        screen.findings(&report.findings, &report.texts, true);
        report.tell(errors, screen);
    }
    Ok(Ended::from_errors(errors))
}

/// Reads a public key.
pub(crate) fn public_key(path: &str) -> Result<Box<dyn Verifier>, Failure> {
    verifier_from_pem(&read_key(path)?).map_err(|error| key_failure(path, error))
}

/// Everything about a pack. Its data go into a folder of their own while it is read.
pub(crate) fn examine(
    name: &str,
    key: Option<&dyn Verifier>,
    folders: &[String],
) -> Result<Report, Failure> {
    let mut report = Report::default();
    let on_disk = OnDisk::open(name)?;
    let mut landing = Landing::new()?;
    let (pack, findings) = read_from(name, &on_disk, &Limits::default(), &mut landing);
    on_disk.settle()?;
    report.findings.extend(findings.into_list());
    let Some(pack) = pack else { return Ok(report) };
    let folder = landing.settle()?;
    report.entries = Some(pack.manifest.entries.len());
    report.check_signature(name, &pack, key);
    let Some(record) = Record::read(name, &pack, &mut report.findings) else { return Ok(report) };
    report.findings.extend(record.other_engine(name));
    report.findings.extend(record.differing_files(name, &pack));
    report.recompute((name, &pack, &record), folders, folder)?;
    Ok(report)
}

impl Report {
    fn check_signature(&mut self, name: &str, pack: &Pack, key: Option<&dyn Verifier>) {
        let at = |finding: Diagnostic| finding.at(Place::File(name.to_owned()), "", "");
        let Some(block) = &pack.signature else {
            if key.is_some() {
                self.findings.push(
                    at(Diagnostic::error(
                        "pack-unsigned",
                        "包没有签名，而 --public-key 要求有",
                        "the pack is not signed, and --public-key demands a signature",
                    ))
                    .hint("向给出包的人要签了名的", "ask for a signed one"),
                );
            }
            return;
        };
        match block.verify(&pack.signed) {
            Ok(signer) => {
                if key.is_some_and(|key| key.public_key() != signer.public_key()) {
                    let (own, wanted) =
                        (signer.fingerprint(), key.map(Verifier::fingerprint).unwrap_or_default());
                    self.findings.push(
                        at(Diagnostic::error(
                            "pack-signer",
                            "包是用另一把密钥签的",
                            "the pack is signed with another key",
                        ))
                        .note(format!("包的公钥指纹：{own}"), format!("the pack's key: {own}"))
                        .note(format!("要求的：{wanted}"), format!("demanded: {wanted}"))
                        .hint("弄清是谁签的，再采信", "find out who signed it before you trust it"),
                    );
                }
                self.signer = Some(signer);
            }
            Err(_) => self.findings.push(
                at(Diagnostic::error(
                    "pack-signature",
                    "签名与 MANIFEST.json 不符",
                    "the signature does not fit MANIFEST.json",
                ))
                .hint(
                    "签名之后有人改了包；不能采信",
                    "the pack was changed after it was signed: do not trust it",
                ),
            ),
        }
    }

    fn recompute(
        &mut self,
        (name, pack, record): (&str, &Pack, &Record),
        folders: &[String],
        folder: TempDir,
    ) -> Result<(), Failure> {
        let mut unpacked = Unpacked::open(pack, name, folders, folder)?;
        let front = &unpacked.session.checked.document.front;
        self.document = Some((front.id.clone(), front.version.clone()));
        self.findings.extend(record.differing_factors(name, &unpacked.session));
        self.texts.clone_from(&unpacked.session.texts);
        if !unpacked.findings.is_empty() {
            self.findings.append(&mut unpacked.findings);
            return Ok(());
        }
        let data = unpacked.data.clone();
        let session = &mut unpacked.session;
        let (bound, outcome) = match compute(session, &data, None) {
            Ok(Ok(computed)) => computed,
            // The arguments are the pack's, not the verifier's: what is wrong with them is a fault
            // of the pack.
            Err(failure) => {
                let message = failure.message();
                let finding = not_computed(name, 1);
                self.findings.push(finding.note(message.zh.clone(), message.en.clone()));
                return Ok(());
            }
            Ok(Err(mut list)) => {
                list.retain(Diagnostic::is_error);
                self.texts.clone_from(&session.texts);
                self.findings.push(not_computed(name, list.len()));
                self.findings.append(&mut list);
                return Ok(());
            }
        };
        self.texts.clone_from(&session.texts);
        let run =
            Run { session, bound: &bound, outcome: &outcome, record: pack.manifest.run.clone() };
        let now = run.without_data();
        self.findings.extend(record.differing_entries(name, pack, &now, &unpacked.arguments));
        let ledger = Ledger::new(pack, &now);
        self.findings.extend(record.differing_rest(name, &now, ledger.same_results()));
        self.compared = Some((outcome.tables.len(), ledger.figures()));
        let Some(difference) = ledger.first_difference(&run) else { return Ok(()) };
        let walk = Walk { run: &run, ledger: &ledger, record };
        self.findings.push(walk.tell(&difference));
        Ok(())
    }

    fn as_json(&self, errors: usize) -> Value {
        let signer = self.signer.as_deref().and_then(signer_json);
        json!({
            "ok": errors == 0,
            "errors": errors,
            "entries": self.entries,
            "signer": signer,
            "document": self.document.as_ref().map(|(id, version)| json!({ "id": id, "version": version })),
            "results": self.compared.map(|(tables, _)| tables),
            "figures": self.compared.map(|(_, figures)| figures),
            "findings": findings_json(&self.findings, &self.texts),
        })
    }

    fn tell(&self, errors: usize, screen: &mut Screen) {
        if let Some((id, version)) = &self.document {
            screen.line(
                format!("文档：{id} 版本 {version}"),
                format!("document: {id} version {version}"),
            );
        }
        if let Some(entries) = self.entries {
            screen.line(
                format!("完好：{entries} 个条目，每个字节都与封印和摘要值相符"),
                format!(
                    "intact: {}, every byte fits the seal and the digests",
                    counted(entries, "entry").replace("entrys", "entries")
                ),
            );
            match &self.signer {
                Some(signer) => {
                    let (name, fingerprint) = (signer.algorithm().name(), signer.fingerprint());
                    screen.line(
                        format!("签名：{name}，公钥指纹 {fingerprint}"),
                        format!("signed: {name}, fingerprint of the public key {fingerprint}"),
                    );
                }
                None => screen.line(
                    "未签名：内容完好，但不能知道出自谁手",
                    "unsigned: it is intact, but nothing says who made it",
                ),
            }
        }
        match (self.compared, errors) {
            (Some((tables, figures)), 0) => screen.line(
                format!("相符：重算了 {tables} 个结果、{figures} 个数，与包里的逐位相同"),
                format!(
                    "the same: {} with {} computed again, to the last digit",
                    counted(tables, "result"),
                    counted(figures, "figure")
                ),
            ),
            (None, 0) => {}
            (_, errors) => screen.line(
                format!("不能采信：{errors} 处不符"),
                format!("not to be trusted: {}", counted(errors, "fault")),
            ),
        }
    }
}

fn not_computed(name: &str, errors: usize) -> Diagnostic {
    Diagnostic::error(
        "pack-not-computed",
        format!("包里的文档和数据算不出结果，有 {errors} 个错误"),
        format!("what is in the pack does not compute: {}", counted(errors, "error")),
    )
    .at(Place::File(name.to_owned()), "", "")
    .hint(
        "看随后的错误；若包由别的版本写出，换用那个版本",
        "see the errors that follow; if another version wrote the pack, use that one",
    )
}
