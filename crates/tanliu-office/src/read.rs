//! 读取 Bytes of a file → tables, by the file's extension.

mod delimited;
mod encoding;
mod grid;
mod json_lines;
pub(crate) mod load;
pub(crate) mod package;
mod record;
pub(crate) mod shown;
pub(crate) mod workbook;

use crate::ReadOptions;
use tanliu_diagnostic::{CellPlace, Diagnostic, Diagnostics, Place};
use tanliu_method::table::Table;

/// 已知扩展名 The extensions that [`read_tables`] understands, in lower case.
pub const KNOWN_EXTENSIONS: [&str; 8] =
    ["csv", "tsv", "jsonl", "ndjson", "xlsx", "xlsm", "xls", "ods"];

/// 另外的扩展名 Tables that the program reads by other means: named where formats are listed.
pub const OTHER_EXTENSIONS: [&str; 2] = ["parquet", "arrow"];

/// 来源 The file that is being read, as findings name it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The path as shown to people.
    pub(crate) path: String,
    /// The file's stem, which names a table of a text file.
    pub(crate) stem: String,
    /// The extension in lower case.
    pub(crate) extension: String,
}

/// 读表 Reads all tables of a file.
///
/// `name` is its path as shown to people; its extension decides the format. A workbook gives one
/// table for each visible sheet, the instruction sheet of a template excepted. A table whose
/// findings are errors may still be returned, with the rows that could be read, so that further
/// findings can be made about it; it must not be computed from.
pub fn read_tables(name: &str, bytes: &[u8], options: &ReadOptions) -> (Vec<Table>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let source = Source::new(name);
    let tables = match source.extension.as_str() {
        "csv" => delimited::read(&source, bytes, b',', options, &mut diagnostics),
        "tsv" => delimited::read(&source, bytes, b'\t', options, &mut diagnostics),
        "jsonl" | "ndjson" => json_lines::read(&source, bytes, options, &mut diagnostics),
        "xlsx" | "xlsm" | "xls" | "ods" => {
            workbook::read(&source, bytes, options, &mut diagnostics)
        }
        _ => {
            diagnostics.push(unknown_format(&source));
            Vec::new()
        }
    };
    (tables, diagnostics)
}

impl Source {
    fn new(path: &str) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        Self { path: path.to_owned(), stem: stem.to_owned(), extension: extension.to_lowercase() }
    }

    /// The file as a whole.
    pub(crate) fn file(&self) -> Place {
        Place::File(self.path.clone())
    }

    /// A row of a text file.
    pub(crate) fn row(&self, row: u32) -> CellPlace {
        self.cell(row, 0, "")
    }

    /// A cell of a text file.
    pub(crate) fn cell(&self, row: u32, column: u32, text: &str) -> CellPlace {
        CellPlace { source: self.path.clone(), sheet: None, row, column, text: abridged(text) }
    }
}

/// The stem of a path: the name of the table that a text file holds.
pub(crate) fn stem(path: &str) -> String {
    Source::new(path).stem
}

/// The beginning of a text, short enough for a message.
pub(crate) fn abridged(text: &str) -> String {
    const SHOWN_CHARACTERS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// Whether a text is no value at all: nothing, or blanks only.
pub(crate) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn unknown_format(source: &Source) -> Diagnostic {
    let known = [&KNOWN_EXTENSIONS[..], &OTHER_EXTENSIONS].concat().join(", ");
    let (zh, en) = match source.extension.as_str() {
        "" => {
            ("文件没有扩展名，无法判断表格格式".to_owned(), "the file has no extension".to_owned())
        }
        extension => (
            format!("不认识的表格格式「.{extension}」"),
            format!("unknown table format \".{extension}\""),
        ),
    };
    Diagnostic::error("table-unknown-format", zh, en)
        .at(source.file(), "", "")
        .note(format!("能读取的格式：{known}"), format!("known formats: {known}"))
        .hint("另存为 .xlsx 或 UTF-8 的 .csv", "save it as .xlsx or as UTF-8 .csv")
}

/// An empty header, a doubled header: findings that text files and workbooks share.
pub(crate) mod findings {
    use tanliu_diagnostic::{CellPlace, Diagnostic, Place};

    /// A file or sheet without any cell.
    pub(crate) fn empty(place: Place) -> Diagnostic {
        Diagnostic::error(
            "table-empty",
            "表是空的：没有表头",
            "the table is empty: it has no header",
        )
        .at(place, "", "")
        .hint(
            "第一行写列名，例如「year, energy (tce)」",
            "write the column names in the first row, e.g. \"year, energy (tce)\"",
        )
    }

    /// Two columns with one header.
    pub(crate) fn duplicate_column(first: CellPlace, second: CellPlace) -> Diagnostic {
        let header = second.text.trim().to_owned();
        Diagnostic::error(
            "table-duplicate-column",
            format!("列名「{header}」出现了两次"),
            format!("two columns are called \"{header}\""),
        )
        .at(second, "又一次", "again here")
        .see(first, "第一次", "first here")
        .hint("改名或删去其中一列", "rename or remove one of them")
    }

    /// Cells under an empty header.
    pub(crate) fn unnamed_column(header: CellPlace, first: CellPlace, count: usize) -> Diagnostic {
        Diagnostic::error(
            "table-unnamed-column",
            format!("这一列没有列名，下面却有 {count} 个单元格有内容"),
            match count {
                1 => "this column has no header, but a cell beneath it is filled".to_owned(),
                count => {
                    format!("this column has no header, but {count} cells beneath it are filled")
                }
            },
        )
        .at(header, "列名为空", "the header is empty")
        .see(first, "第一个有内容的单元格", "the first filled cell")
        .hint(
            "补上列名，或清空这一列；若上面一行是标题，请删去标题行",
            "give it a name or clear the column; if the row above is a title, remove the title",
        )
    }

    /// More columns than the limit.
    pub(crate) fn too_many_columns(place: CellPlace, limit: usize) -> Diagnostic {
        Diagnostic::error(
            "table-too-many-columns",
            format!("列数超过上限 {limit}"),
            format!("more than {limit} columns"),
        )
        .at(place, "", "")
        .hint(
            "检查分隔符；把数据改为长表（一行一个值）",
            "check the delimiter; turn the data into a long table with one value a row",
        )
    }

    /// More cells than the limit.
    pub(crate) fn too_many_cells(place: Place, limit: usize) -> Diagnostic {
        Diagnostic::error(
            "table-too-large",
            format!("表的单元格数（行数×列数）超过上限 {limit}"),
            format!("the table has more than {limit} cells (rows times columns)"),
        )
        .at(place, "", "")
        .hint("拆成几个文件，或改用 CSV", "split it into several files, or use CSV")
    }

    /// One cell longer than the limit.
    pub(crate) fn cell_too_long(place: CellPlace, limit: usize) -> Diagnostic {
        Diagnostic::error(
            "table-cell-too-long",
            format!("单元格超过 {limit} 字节"),
            format!("the cell is longer than {limit} bytes"),
        )
        .at(place, "", "")
    }
}
