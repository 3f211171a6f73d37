//! 键的事实 What footers and dictionaries tell about keys without reading the rows.

use super::batches::{FileScan, batches};
use super::footer::is_all_dictionary;
use super::guard::guarded;
use super::{FileEntry, Format, SourceError, WideTable};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int32Type};
use parquet::basic::SortOrder;
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::statistics::Statistics;
use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

/// Rows that are read at once where dictionaries do not tell.
const BATCH_ROWS: usize = 8192;

/// 文件次序 What is proven about the order of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOrder {
    /// No value of the leading column stands in two files.
    pub files_disjoint: bool,
    /// From row group to row group, in the order of the table, the leading column does not fall:
    /// what a group ends with is not above what the next one begins with.
    pub groups_ascend: bool,
    /// Every row group says that its rows are sorted by these columns, ascending.
    pub sorted_within: bool,
}

/// 不同的文本 The distinct values of a text column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctTexts {
    /// In ascending order (by bytes of UTF-8), as they stand, without the empty cell.
    pub texts: Vec<String>,
    /// Whether each stands in some row. Writers may keep texts in a file's dictionary that no row
    /// refers to: then the list may hold more than the rows do, never less.
    pub exact: bool,
}

/// The bounds of a column in a row group: values between them, ends included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Bound {
    Integer(i128),
    Bytes(Vec<u8>),
}

impl WideTable {
    /// What is proven of the order of rows by these columns (headers or physical names); nothing if
    /// footers do not tell the bounds of the first.
    pub fn sorted_by(&self, columns: &[&str]) -> Option<FileOrder> {
        let leading = self.wide_column(columns.first()?)?;
        let sorted_within = self.is_sorted_within(columns);
        if self.columns.get(leading)?.partition {
            let values = self.files.iter().map(|file| self.partition_value(file, leading));
            let values: Vec<Option<&str>> = values.collect();
            let distinct: BTreeSet<&Option<&str>> = values.iter().collect();
            return Some(FileOrder {
                files_disjoint: distinct.len() == values.len(),
                groups_ascend: values.is_sorted(),
                sorted_within,
            });
        }
        let bounds = self.bounds(leading)?;
        let mut of_files: Vec<(&Bound, &Bound)> = bounds
            .iter()
            .filter_map(|groups| {
                let low = groups.iter().map(|(low, _)| low).min()?;
                Some((low, groups.iter().map(|(_, high)| high).max()?))
            })
            .collect();
        of_files.sort();
        let disjoint = |pair: &[(&Bound, &Bound)]| match pair {
            [(_, high), (low, _)] => high < low,
            _ => true,
        };
        let groups: Vec<&(Bound, Bound)> = bounds.iter().flatten().collect();
        let ascend = |pair: &[&(Bound, Bound)]| match pair {
            [(_, high), (low, _)] => high <= low,
            _ => true,
        };
        Some(FileOrder {
            files_disjoint: of_files.windows(2).all(disjoint),
            groups_ascend: groups.windows(2).all(ascend),
            sorted_within,
        })
    }

    /// The distinct values of a text column (header or physical name): from dictionaries where a
    /// file has them, else by reading that column.
    pub fn distinct_texts(&self, column: &str) -> Result<DistinctTexts, SourceError> {
        let mut found = DistinctTexts { texts: Vec::new(), exact: true };
        let Some(number) = self.wide_column(column) else { return Ok(found) };
        let mut texts = BTreeSet::new();
        for (file, entry) in self.files.iter().enumerate() {
            if self.columns.get(number).is_some_and(|column| column.partition) {
                texts.extend(self.partition_value(entry, number).map(str::to_owned));
            } else if !self.dictionaries(file, number, (&mut texts, &mut found.exact))? {
                self.scan_texts(file, number, &mut texts)?;
            }
        }
        texts.remove("");
        found.texts = texts.into_iter().collect();
        Ok(found)
    }

    /// The number of a column by header or physical name.
    fn wide_column(&self, name: &str) -> Option<usize> {
        let by_header = self.columns.iter().position(|column| column.header == name);
        by_header.or_else(|| self.columns.iter().position(|column| column.physical == name))
    }

    fn partition_value<'a>(&self, file: &'a FileEntry, column: usize) -> Option<&'a str> {
        let before = self.columns.iter().take(column).filter(|column| column.partition).count();
        file.partition.get(before)?.as_deref()
    }

    /// The number of a column in a file's own schema.
    fn number_in_file(&self, file: usize, column: usize) -> Option<usize> {
        let name = &self.columns.get(column)?.physical;
        self.read_as.get(file)?.fields().iter().position(|field| field.name() == name)
    }

    /// Least and greatest value of a column for each row group that has rows, file by file.
    fn bounds(&self, column: usize) -> Option<Vec<Vec<(Bound, Bound)>>> {
        if self.footers.len() != self.files.len() {
            return None;
        }
        let data_type = &self.columns.get(column)?.data_type;
        let mut bounds = Vec::with_capacity(self.files.len());
        for (file, footer) in self.footers.iter().enumerate() {
            let number = self.number_in_file(file, column)?;
            // Ticks of different length cannot be compared.
            let own = self.read_as.get(file)?.fields().get(number)?.data_type();
            if own != data_type && !(own.is_integer() && data_type.is_integer()) {
                return None;
            }
            let groups = footer.metadata.row_groups().iter().filter(|group| group.num_rows() > 0);
            let of_group = |group: &RowGroupMetaData| chunk_bounds(group.columns().get(number)?);
            bounds.push(groups.map(of_group).collect::<Option<Vec<_>>>()?);
        }
        Some(bounds)
    }

    fn is_sorted_within(&self, columns: &[&str]) -> bool {
        let numbers: Option<Vec<usize>> =
            columns.iter().map(|column| self.wide_column(column)).collect();
        let Some(numbers) = numbers else { return false };
        self.footers.len() == self.files.len()
            && self.footers.iter().enumerate().all(|(file, footer)| {
                // A column of a partition has one value in a file: it sorts nothing.
                let own: Vec<usize> = (numbers.iter())
                    .filter_map(|number| self.number_in_file(file, *number))
                    .collect();
                footer.metadata.row_groups().iter().all(|group| says_sorted(group, &own))
            })
    }

    /// Takes the dictionaries of a column; false if some page of it may hold further texts.
    fn dictionaries(
        &self,
        file: usize,
        column: usize,
        (texts, exact): (&mut BTreeSet<String>, &mut bool),
    ) -> Result<bool, SourceError> {
        let (Some(footer), Some(entry)) = (self.footers.get(file), self.files.get(file)) else {
            return Ok(false);
        };
        let Some(number) = self.number_in_file(file, column) else { return Ok(false) };
        let groups: Vec<&RowGroupMetaData> =
            footer.metadata.row_groups().iter().filter(|group| group.num_rows() > 0).collect();
        let chunks: Vec<&ColumnChunkMetaData> =
            groups.iter().filter_map(|group| group.columns().get(number)).collect();
        if chunks.len() != groups.len() || !chunks.iter().all(|chunk| is_all_dictionary(chunk)) {
            return Ok(false);
        }
        let writer = footer.metadata.file_metadata().created_by().unwrap_or_default();
        *exact &= groups.is_empty() || writer.starts_with("parquet-rs");
        let opened = File::open(&entry.path)
            .map_err(|error| super::files::unreadable(&entry.shown, &error))?;
        let opened = Arc::new(opened);
        for (group, chunk) in groups.iter().zip(chunks) {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            let page = guarded(entry, Format::Parquet, || {
                SerializedPageReader::new(Arc::clone(&opened), chunk, rows, None)
                    .and_then(|mut pages| pages.get_next_page())
                    .map_err(|error| damaged(entry, error.to_string()))
            })?;
            let Some(Page::DictionaryPage { buf, num_values, .. }) = page else {
                return Ok(false);
            };
            plain_texts(&buf, num_values, texts).map_err(|reason| damaged(entry, reason))?;
        }
        Ok(true)
    }

    fn scan_texts(
        &self,
        file: usize,
        column: usize,
        texts: &mut BTreeSet<String>,
    ) -> Result<(), SourceError> {
        let scan = FileScan { file, columns: vec![column], batch_size: BATCH_ROWS };
        for batch in batches(self, &scan)? {
            if let Some(values) = batch?.columns().first() {
                add_texts(values, texts);
            }
        }
        Ok(())
    }
}

fn damaged(entry: &FileEntry, reason: String) -> SourceError {
    SourceError::Damaged { file: entry.shown.clone(), format: Format::Parquet, reason }
}

/// Adds the texts of a batch; of a dictionary only those that a row refers to.
fn add_texts(values: &ArrayRef, texts: &mut BTreeSet<String>) {
    if let Some(dictionary) = values.as_dictionary_opt::<Int32Type>()
        && let Some(own) = dictionary.values().as_string_opt::<i32>()
    {
        let mut used = vec![false; own.len()];
        for key in dictionary.keys().iter().flatten() {
            if let Some(used) = usize::try_from(key).ok().and_then(|key| used.get_mut(key)) {
                *used = true;
            }
        }
        for (text, _) in own.iter().zip(used).filter(|(_, used)| *used) {
            add(text, texts);
        }
    } else if let Some(own) = values.as_string_opt::<i32>() {
        // Tables repeat themselves from row to row.
        let mut last = None;
        for text in own.iter().filter(|text| text.is_some()) {
            if text != last {
                add(text, texts);
                last = text;
            }
        }
    } else if *values.data_type() != DataType::Null
        && let Ok(cast) = arrow::compute::cast(values, &DataType::Utf8)
        && let Some(own) = cast.as_string_opt::<i32>()
    {
        own.iter().for_each(|text| add(text, texts));
    }
}

fn add(text: Option<&str>, texts: &mut BTreeSet<String>) {
    if let Some(text) = text
        && !texts.contains(text)
    {
        texts.insert(text.to_owned());
    }
}

/// Texts as a dictionary page holds them: each behind its length in four bytes.
fn plain_texts(mut bytes: &[u8], count: u32, texts: &mut BTreeSet<String>) -> Result<(), String> {
    for _ in 0..count {
        let short = || "a dictionary page ends too early".to_owned();
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(short)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (text, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
        add(Some(text), texts);
        bytes = rest;
    }
    Ok(())
}

/// Whether a row group says that it is sorted by these columns of its file, in this order.
fn says_sorted(group: &RowGroupMetaData, columns: &[usize]) -> bool {
    if group.num_rows() <= 1 {
        return true;
    }
    let said = group.sorting_columns().map_or(&[][..], Vec::as_slice);
    said.len() >= columns.len()
        && said.iter().zip(columns).all(|(said, column)| {
            !said.descending && usize::try_from(said.column_idx).is_ok_and(|said| said == *column)
        })
}

/// The bounds of a chunk. Long texts are cut off in them, which only widens the bounds.
fn chunk_bounds(chunk: &ColumnChunkMetaData) -> Option<(Bound, Bound)> {
    let unsigned = chunk.column_descr().sort_order() == SortOrder::UNSIGNED;
    let integer = |value: i64, bits: u32| {
        let wide = i128::from(value);
        Bound::Integer(if unsigned && value < 0 { wide + (1 << bits) } else { wide })
    };
    let statistics = chunk.statistics()?;
    match statistics {
        Statistics::Int32(values) => Some((
            integer(i64::from(*values.min_opt()?), 32),
            integer(i64::from(*values.max_opt()?), 32),
        )),
        Statistics::Int64(values) => {
            Some((integer(*values.min_opt()?, 64), integer(*values.max_opt()?, 64)))
        }
        // Old writers compared texts as signed bytes.
        Statistics::ByteArray(values) if !statistics.is_min_max_deprecated() => Some((
            Bound::Bytes(values.min_opt()?.data().to_vec()),
            Bound::Bytes(values.max_opt()?.data().to_vec()),
        )),
        _ => None,
    }
}
