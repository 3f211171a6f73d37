//! 写结果 The files of a run: a table per result, and the manifest.

use super::{Results, Streams, streaming, too_large};
use crate::arguments::Format;
use crate::data::{file_digest, sha256};
use crate::deliver::{MANIFEST, deliver};
use crate::failure::Failure;
use crate::manifest::output_json;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tanliu_engine::delta::Author;
use tanliu_engine::sink::{
    ColumnNames, Fresh, batch_of, parquet_bytes, write_delta, write_delta_from,
};
use tanliu_method::eval::OutputTable;
use tanliu_office::{OutTable, write_csv, write_json, write_xlsx};

/// 已写 What was made for the folder of results.
#[derive(Default)]
struct Files {
    /// Names, in small letters: some file systems do not tell `CO2.csv` from `co2.csv`.
    taken: BTreeSet<String>,
    /// Name and bytes of what is still to be written.
    files: Vec<(String, Vec<u8>)>,
    /// Names of files that stand in the folder already.
    there: Vec<String>,
    /// By result: its file and the digest.
    named: BTreeMap<String, (String, String)>,
    /// By result: its version in a Delta table.
    versions: BTreeMap<String, i64>,
}

impl Files {
    fn name(&mut self, result: &str, extension: &str) -> String {
        let mut name = format!("{result}{extension}");
        while !self.taken.insert(name.to_lowercase()) {
            name = format!("_{name}");
        }
        name
    }
}

impl Results<'_> {
    /// Writes everything, whole or not at all; gives the manifest.
    pub(super) fn write(
        &self,
        folder: &str,
        (format, drop_refused): (Format, bool),
        tables: &[OutTable],
        streams: Streams<'_>,
    ) -> Result<Value, Failure> {
        let mut made = Files { taken: [MANIFEST.to_owned()].into(), ..Files::default() };
        let fresh = (format == Format::Delta).then(|| Fresh::of(Path::new(folder)));
        self.tables(folder, format, tables, &mut made)?;
        let mut manifest = Value::Null;
        deliver(folder, |waiting| {
            self.streams((folder, waiting), format, streams, &mut made)?;
            manifest = self.manifest(drop_refused, &made.named);
            tell_versions(&mut manifest, &made.versions);
            let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
            text.push('\n');
            made.files.push((MANIFEST.to_owned(), text.into_bytes()));
            Ok((made.there, made.files))
        })?;
        if let Some(fresh) = fresh {
            fresh.keep();
        }
        Ok(manifest)
    }

    fn tables(
        &self,
        folder: &str,
        format: Format,
        tables: &[OutTable],
        made: &mut Files,
    ) -> Result<(), Failure> {
        if format == Format::Xlsx {
            let bytes = write_xlsx(tables, &self.workbook_meta()).map_err(|e| too_large(&e))?;
            let digest = sha256(&bytes);
            for table in tables {
                made.named.insert(table.name.clone(), ("results.xlsx".to_owned(), digest.clone()));
            }
            made.files.push(("results.xlsx".to_owned(), bytes));
            return Ok(());
        }
        for (table, output) in tables.iter().zip(&self.outcome.tables) {
            let (extension, bytes) = match format {
                Format::Json => (".json", write_json(table)),
                Format::Parquet => (".parquet", self.as_parquet(output)?),
                // The digest is that of the rows, not of the files a version happens to lie in.
                Format::Delta => ("", self.as_parquet(output)?),
                Format::Csv | Format::Xlsx => (".csv", write_csv(table)),
            };
            let name = made.name(&table.name, extension);
            made.named.insert(table.name.clone(), (name.clone(), sha256(&bytes)));
            if format == Format::Delta {
                let version = self.as_delta(&Path::new(folder).join(&name), output)?;
                made.versions.insert(table.name.clone(), version);
            } else {
                made.files.push((name, bytes));
            }
        }
        // Intervals and contributions go beside Parquet and Delta as text.
        for table in tables.iter().skip(self.outcome.tables.len()) {
            let (extension, bytes) = match format {
                Format::Json => (".json", write_json(table)),
                _ => (".csv", write_csv(table)),
            };
            let name = made.name(&table.name, extension);
            made.named.insert(table.name.clone(), (name.clone(), sha256(&bytes)));
            made.files.push((name, bytes));
        }
        Ok(())
    }

    /// Results whose rows are taken out now; a Delta table takes them from a file.
    fn streams(
        &self,
        (folder, waiting): (&str, &Path),
        format: Format,
        (streamed, progress): Streams<'_>,
        made: &mut Files,
    ) -> Result<(), Failure> {
        let program = &self.session.checked.program;
        for table in streamed {
            let first = table.first.clone();
            let extension = match format {
                Format::Csv => ".csv",
                Format::Delta => "",
                _ => ".parquet",
            };
            let name = made.name(&first.name, extension);
            let file = match format {
                Format::Delta => waiting.join(format!("{name}.parquet")),
                _ => waiting.join(&name),
            };
            let failed = |error: std::io::Error| {
                Failure::unwritable(&crate::documents::shown(&file), &error)
            };
            streaming::write(table, (program, progress), format, &file)?;
            let digest = file_digest(&file).map_err(failed)?;
            made.named.insert(first.name.clone(), (name.clone(), digest));
            if format == Format::Delta {
                let target = Path::new(folder).join(&name);
                let version = write_delta_from(&target, program, (&first, &file), &self.author())?;
                made.versions.insert(first.name, version);
                std::fs::remove_file(&file).map_err(failed)?;
            } else {
                made.there.push(name);
            }
        }
        Ok(())
    }

    /// The manifest's entries of results that are streamed, where they belong.
    pub(super) fn add_streamed(
        &self,
        outputs: &mut Vec<Value>,
        files: &BTreeMap<String, (String, String)>,
    ) {
        for (place, (table, rows)) in self.all().into_iter().enumerate() {
            let is_streamed = self.heads.iter().any(|(own, _)| own.variable == table.variable);
            if is_streamed && place <= outputs.len() {
                let mut entry = output_json(table, files);
                if let Value::Object(map) = &mut entry {
                    map.insert("rows".to_owned(), json!(rows));
                }
                outputs.insert(place, entry);
            }
        }
    }

    fn as_parquet(&self, table: &OutputTable) -> Result<Vec<u8>, Failure> {
        let batch = batch_of(&self.session.checked.program, table, ColumnNames::WithUnits)?;
        Ok(parquet_bytes(&table.name, &batch)?)
    }

    /// The version that these results are in a Delta table.
    fn as_delta(&self, folder: &Path, table: &OutputTable) -> Result<i64, Failure> {
        Ok(write_delta(folder, &self.session.checked.program, table, &self.author())?)
    }

    fn author(&self) -> Author {
        let document = &self.session.checked.document.front;
        let note = format!("{} {}", document.id, document.version);
        Author { name: None, note: Some(note) }
    }
}

/// Results in Delta tables are named with the version they have there.
fn tell_versions(manifest: &mut Value, versions: &BTreeMap<String, i64>) {
    let outputs = manifest.get_mut("outputs").and_then(Value::as_array_mut);
    for output in outputs.into_iter().flatten().filter_map(Value::as_object_mut) {
        let name = output.get("name").and_then(Value::as_str).unwrap_or_default();
        if let Some(version) = versions.get(name) {
            output.insert("version".to_owned(), json!(version));
        }
    }
}
