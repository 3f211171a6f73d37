//! 屏幕 Standard output and error: colour only on a terminal, no panic when the reader leaves.

use std::io::{BufWriter, IsTerminal, Stdout, Write};
use tanliu_diagnostic::{Diagnostic, Lang, Sources, render_one};

/// How many findings a command prints before it only counts them.
const SHOWN: usize = 200;

/// 屏幕 Where a command prints.
pub(crate) struct Screen {
    /// The reader's language.
    pub(crate) lang: Lang,
    out: BufWriter<Stdout>,
    out_colour: bool,
    error_colour: bool,
    /// The reader of standard output has left (`tanliu … | head`).
    closed: bool,
}

impl Screen {
    /// The screen of this process.
    pub(crate) fn new(lang: Lang) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let wanted = set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb");
        let out = std::io::stdout();
        Self {
            lang,
            out_colour: wanted && out.is_terminal(),
            error_colour: wanted && std::io::stderr().is_terminal(),
            out: BufWriter::with_capacity(1 << 16, out),
            closed: false,
        }
    }

    /// The words in the reader's language.
    pub(crate) fn word<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// Prints text as it is.
    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Prints bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        if !self.closed {
            self.closed = self.out.write_all(bytes).is_err();
        }
    }

    /// Prints a line in the reader's language.
    pub(crate) fn line(&mut self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        let text = self.word(zh.as_ref(), en.as_ref()).to_owned();
        self.text(&text);
        self.text("\n");
    }

    /// Prints a line on standard error, behind everything printed so far.
    pub(crate) fn remark(&mut self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        let text = format!("{}\n", self.word(zh.as_ref(), en.as_ref()));
        self.error_text(&text);
    }

    /// Prints text on standard error.
    pub(crate) fn error_text(&mut self, text: &str) {
        self.flush();
        // Where standard error is closed too there is nobody left to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Prints findings on standard output (what a command was asked for) or on standard error.
    pub(crate) fn findings(&mut self, list: &[Diagnostic], sources: &dyn Sources, out: bool) {
        let colour = if out { self.out_colour } else { self.error_colour };
        for finding in list.iter().take(SHOWN) {
            let text = render_one(finding, sources, self.lang, colour) + "\n";
            if out { self.text(&text) } else { self.error_text(&text) }
        }
        if let Some(rest) = list.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
            let (zh, en) = (format!("… 另有 {rest} 条未列出"), format!("… and {rest} more"));
            if out { self.line(zh, en) } else { self.remark(zh, en) }
        }
    }

    /// Prints JSON, indented.
    pub(crate) fn json(&mut self, value: &serde_json::Value) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.text(&text);
        self.text("\n");
    }

    /// Lets everything out that was printed.
    pub(crate) fn flush(&mut self) {
        if !self.closed {
            self.closed = self.out.flush().is_err();
        }
    }
}

/// Writes over the last line of standard error, or takes it away.
pub(crate) fn status(text: &str) {
    let mut error = std::io::stderr();
    // Nobody needs to be told that a line of progress could not be shown.
    let _ = write!(error, "\r\x1b[K{text}").and_then(|()| error.flush());
}
