//! 颜色 The ANSI colours of findings on a terminal.

use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::{GeneralWriteResult, WriteStyle};
use std::io::Write;

/// 着色 Keeps what is written, with colours.
pub(super) struct Coloured(pub(super) Vec<u8>);

impl Write for Coloured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Coloured {
    fn set(&mut self, code: &str) -> GeneralWriteResult {
        write!(self.0, "\u{1b}[{code}m")
    }
}

/// Red for errors, yellow for warnings, blue for what leads the eye.
impl WriteStyle for Coloured {
    fn set_header(&mut self, severity: Severity) -> GeneralWriteResult {
        self.set(if severity >= Severity::Error { "1;31" } else { "1;33" })
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        self.set("1")
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.set("34")
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.set("34")
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.set("34")
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> GeneralWriteResult {
        match (style, severity >= Severity::Error) {
            (LabelStyle::Secondary, _) => self.set("34"),
            (LabelStyle::Primary, true) => self.set("31"),
            (LabelStyle::Primary, false) => self.set("33"),
        }
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.set("0")
    }
}
