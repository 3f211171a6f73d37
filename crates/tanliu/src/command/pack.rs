//! `tanliu pack`: a run and everything it rests on, in one file.

use crate::arguments::{Data, Engine, Pack};
use crate::command::compute::{self, Effort, Refused};
use crate::command::run::without_rows;
use crate::deliver::write_file_with;
use crate::failure::{Ended, Failure};
use crate::findings::findings_json;
use crate::packing::{Run, changed, too_large};
use crate::screen::Screen;
use crate::session::{Bound, Session};
use serde_json::{Value, json};
use tanliu_diagnostic::{Diagnostic, counted};
use tanliu_method::eval::{RunOptions, RunOutcome};
use tanliu_pack::{
    Draft, Evaluator, KeyError, Kind, Limits, PackError, RunRecord, Signer, Verifier,
    signer_from_pem, verifier_from_der, write_to,
};

/// Computes a document's results and packs them.
pub(crate) fn run(wanted: &Pack, screen: &mut Screen) -> Result<Ended, Failure> {
    let external = wanted.external.as_deref().map(bytes_of).transpose()?;
    let signer = wanted.key.as_deref().map(signer).transpose()?;
    let mut session = Session::open(&wanted.document, &wanted.sources)?;
    let computed = compute(&mut session, &wanted.data, Some(screen))?;
    let (bound, outcome) = match computed {
        Ok(computed) => computed,
        Err(list) => return Ok(refuse(wanted, &session, list, screen)),
    };
    let record = record(&session, &wanted.data);
    let run = Run { session: &session, bound: &bound, outcome: &outcome, record };
    let draft = run.draft(external)?;
    let bytes = write_file_with(&wanted.out, |out| {
        let open = &mut open_data;
        write_to(&draft, signer.as_deref(), &Limits::default(), (open, out))
            .map_err(|error| unpackable(&error, &wanted.out))
    })?;
    let findings: Vec<Diagnostic> =
        session.findings.list().iter().chain(outcome.diagnostics.list()).cloned().collect();
    if wanted.json {
        screen.json(&json!({
            "ok": true,
            "pack": wanted.out,
            "bytes": bytes,
            "entries": draft.contents.len() + draft.streams.len(),
            "external": draft.external.iter().map(|own| &own.name).collect::<Vec<_>>(),
            "signed": signer.as_deref().map(|own| signer_json(&*public_half(own)?)).unwrap_or_default(),
            "warnings": findings_json(&findings, &session.texts),
        }));
        return Ok(Ended::Well);
    }
    screen.findings(&findings, &session.texts, false);
    tell(wanted, &draft, bytes, signer.as_deref(), screen);
    Ok(Ended::Well)
}

/// How a run was called.
pub(crate) fn record(session: &Session, data: &Data) -> RunRecord {
    RunRecord {
        document: session.checked.document.source.clone(),
        data: data.data.clone(),
        set: data.set.clone(),
        drop_refused: data.drop_refused,
        engine: data.engine.map(|engine| match engine {
            Engine::Reference => Evaluator::Reference,
            Engine::Columnar => Evaluator::Columnar,
        }),
    }
}

/// Opens a data file for its copy.
fn open_data(file: &tanliu_pack::Streamed) -> std::io::Result<Box<dyn std::io::Read>> {
    Ok(Box::new(std::fs::File::open(&file.name)?))
}

/// Reads, binds and evaluates; else everything that was found.
pub(crate) fn compute(
    session: &mut Session,
    data: &Data,
    screen: Option<&Screen>,
) -> Result<Result<(Bound, RunOutcome), Vec<Diagnostic>>, Failure> {
    if session.findings.has_errors() {
        return Ok(Err(session.findings.list().to_vec()));
    }
    let bound = session.bind(data)?;
    if session.findings.has_errors() {
        return Ok(Err(session.findings.list().to_vec()));
    }
    let options = RunOptions { drop_refused: data.drop_refused, ..RunOptions::default() };
    let effort = Effort { engine: data.engine, ..Effort::default() };
    let mut outcome = match compute::compute(&effort, session, &bound, &options, screen) {
        Ok(computed) => computed.outcome,
        Err(Refused::By(list)) => {
            let restored = list.into_iter().map(|own| session.names.restore_finding(own));
            session.findings.extend(restored);
            return Ok(Err(session.findings.list().to_vec()));
        }
        Err(Refused::For(failure)) => return Err(failure),
    };
    outcome.diagnostics = std::mem::take(&mut outcome.diagnostics)
        .filter_map(|finding| Some(bound.intake.relocate(finding)));
    if outcome.diagnostics.has_errors() {
        let list = session.findings.list().iter().chain(outcome.diagnostics.list());
        return Ok(Err(list.cloned().collect()));
    }
    outcome.diagnostics.extend(without_rows(&outcome));
    Ok(Ok((bound, outcome)))
}

/// Says why there is nothing to pack.
fn refuse(
    wanted: &Pack,
    session: &Session,
    mut list: Vec<Diagnostic>,
    screen: &mut Screen,
) -> Ended {
    let errors = list.iter().filter(|finding| finding.is_error()).count();
    if wanted.json {
        let findings = findings_json(&list, &session.texts);
        screen.json(&json!({ "ok": false, "errors": errors, "findings": findings }));
        return Ended::Refused;
    }
    list.sort_by_key(|finding| !finding.is_error());
    screen.findings(&list, &session.texts, false);
    screen.remark(
        format!("{errors} 个错误，没有打包"),
        format!("{}, nothing was packed", counted(errors, "error")),
    );
    Ended::Refused
}

fn tell(
    wanted: &Pack,
    draft: &Draft,
    bytes: usize,
    signer: Option<&dyn Signer>,
    screen: &mut Screen,
) {
    let count = |kind: Kind| {
        let kinds = draft.contents.iter().map(|own| own.kind);
        kinds.chain(draft.streams.iter().map(|own| own.kind)).filter(|own| *own == kind).count()
    };
    let (documents, sets) = (count(Kind::Document), count(Kind::Factor) / 2);
    let (data, results) = (count(Kind::Data), count(Kind::Result));
    screen.line(
        format!("文档 {documents} 篇、数据文件 {data} 个、因子集 {sets} 个、结果 {results} 张表"),
        format!(
            "{}, {}, {}, {}",
            counted(documents, "document"),
            counted(data, "data file"),
            counted(sets, "factor set"),
            counted(results, "table of results"),
        ),
    );
    for external in &draft.external {
        let name = &external.name;
        screen.line(
            format!("只记摘要值：{name}（核验时用 --data 给出）"),
            format!("named by its digest only: {name} (give it to verify by --data)"),
        );
    }
    if let Some(verifier) = signer.and_then(public_half) {
        let (name, fingerprint) = (verifier.algorithm().name(), verifier.fingerprint());
        screen.line(
            format!("签名：{name}，公钥指纹 {fingerprint}"),
            format!("signed: {name}, fingerprint of the public key {fingerprint}"),
        );
    }
    let out = &wanted.out;
    screen
        .line(format!("已写入 {out}（{bytes} 字节）"), format!("written to {out} ({bytes} bytes)"));
}

/// The public half of a key pair.
fn public_half(signer: &dyn Signer) -> Option<Box<dyn Verifier>> {
    verifier_from_der(&signer.public_key()).ok()
}

/// Who signed.
pub(crate) fn signer_json(verifier: &dyn Verifier) -> Option<Value> {
    let algorithm = verifier.algorithm().name();
    Some(json!({ "algorithm": algorithm, "fingerprint": verifier.fingerprint() }))
}

fn signer(path: &str) -> Result<Box<dyn Signer>, Failure> {
    let pem = read_key(path)?;
    signer_from_pem(&pem).map_err(|error| key_failure(path, error))
}

/// The text of a key file.
pub(crate) fn read_key(path: &str) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| key_failure(path, KeyError::Unknown))
}

/// Why a key cannot be used.
pub(crate) fn key_failure(path: &str, error: KeyError) -> Failure {
    match error {
        KeyError::Encrypted => Failure::new(
            format!("密钥 {path} 有密码"),
            format!("the key {path} is encrypted"),
        )
        .hint(
            "用 openssl pkey -in 旧文件 -out 新文件 去掉密码，用后删去",
            "take the password off with openssl pkey -in OLD -out NEW, and delete it after use",
        ),
        KeyError::OtherHalf => Failure::new(
            format!("{path} 是密钥对的另一半"),
            format!("{path} is the other half of the key pair"),
        )
        .hint(
            "签名（--key）用私钥，核验（--public-key）用公钥",
            "sign (--key) with the private key, verify (--public-key) with the public one",
        ),
        _ => Failure::new(
            format!("{path} 不是 PEM 格式的 ed25519 或 SM2 密钥"),
            format!("{path} is no ed25519 or SM2 key in PEM"),
        )
        .hint(
            "用 openssl genpkey -algorithm ed25519（或 SM2）生成；旧格式用 openssl pkcs8 -topk8 -nocrypt 转换",
            "make one with openssl genpkey -algorithm ed25519 (or SM2); convert an older format with openssl pkcs8 -topk8 -nocrypt",
        ),
    }
}

fn unpackable(error: &PackError, out: &str) -> Failure {
    match error {
        PackError::Writing(error) => {
            Failure::unwritable(out, &std::io::Error::other(error.as_str()))
        }
        PackError::Reading(file, error) => {
            Failure::unreadable(file, &std::io::Error::other(error.as_str()))
        }
        PackError::Changed(file) => changed(file),
        PackError::TooLarge { bytes, .. } => too_large(*bytes),
        PackError::Path(path) => Failure::new(
            format!("「{path}」不能作包里的路径"),
            format!("`{path}` cannot be a path in a pack"),
        )
        .hint(
            "文件名里不要有反斜杠、冒号和控制字符；同一个文件只给一次",
            "no backslash, colon or control character in the name; give each file once",
        ),
        other => Failure::new(format!("不能打包：{other}"), format!("cannot pack: {other}")),
    }
}

/// `100MB`, `2GB`, `4096`: a size in bytes.
fn bytes_of(text: &str) -> Result<u64, Failure> {
    let upper = text.trim().to_uppercase();
    let upper = upper.trim_end_matches('B').trim_end_matches('I');
    let (digits, shift) = match upper.char_indices().next_back() {
        Some((at, 'K')) => (upper.get(..at), 10),
        Some((at, 'M')) => (upper.get(..at), 20),
        Some((at, 'G')) => (upper.get(..at), 30),
        _ => (Some(upper), 0),
    };
    let number = digits.and_then(|digits| digits.trim().parse::<u64>().ok());
    number.and_then(|number| number.checked_mul(1 << shift)).ok_or_else(|| {
        Failure::new(format!("--external {text} 不是大小"), format!("--external {text} is no size"))
            .hint("写作 100MB 或 2GB", "write 100MB or 2GB")
    })
}
