//! 表的样式 Which columns a table has, and how a table comes to be.

use super::commit::{Author, commit_info};
use super::incoming::is_column_name;
use super::open::{DeltaSnapshot, load, shown};
use super::runtime::wait;
use super::{DERIVED, DeltaError, KEYS, LABEL, Origin, Partition, UNIT};
use arrow::datatypes::{DataType as ArrowType, TimeUnit};
use deltalake_core::kernel::{Action, DataType, MetadataValue, PrimitiveType, StructField};
use deltalake_core::operations::create::CreateBuilder;
use std::collections::BTreeSet;
use std::path::Path;
use tanliu_diagnostic::Text;
use tanliu_method::program::{IndexKind, Program, Type, VariableKind};
use tanliu_unit::time::Grain;

/// 列的类型 What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Texts: keys, names.
    Text,
    /// Whole numbers of 64 bits.
    Integer,
    /// Floating point numbers of 64 bits.
    Number,
    /// True or false.
    Bool,
    /// Days.
    Date,
    /// Local dates and times without a time zone, to the microsecond.
    Instant,
}

impl ColumnType {
    /// The type that holds values of an Arrow type; none for what a table of readings cannot use,
    /// such as times of another zone.
    pub(super) fn of(data_type: &ArrowType) -> Option<Self> {
        Some(match data_type {
            ArrowType::Utf8 | ArrowType::LargeUtf8 | ArrowType::Utf8View | ArrowType::Null => {
                Self::Text
            }
            ArrowType::Dictionary(_, value) => Self::of(value)?,
            ArrowType::Boolean => Self::Bool,
            ArrowType::Int8 | ArrowType::Int16 | ArrowType::Int32 | ArrowType::Int64 => {
                Self::Integer
            }
            ArrowType::UInt8 | ArrowType::UInt16 | ArrowType::UInt32 => Self::Integer,
            ArrowType::Float32 | ArrowType::Float64 => Self::Number,
            ArrowType::Date32 | ArrowType::Date64 => Self::Date,
            ArrowType::Timestamp(_, None) => Self::Instant,
            _ => return None,
        })
    }

    /// The word for people.
    pub fn word(self) -> Text {
        match self {
            Self::Text => Text::new("文字", "text"),
            Self::Integer => Text::new("整数", "integer"),
            Self::Number => Text::new("数", "number"),
            Self::Bool => Text::new("真假", "bool"),
            Self::Date => Text::new("日期", "date"),
            Self::Instant => Text::new("时刻", "instant"),
        }
    }

    /// The Arrow type that holds it.
    pub(super) fn arrow(self) -> ArrowType {
        match self {
            Self::Text => ArrowType::Utf8,
            Self::Integer => ArrowType::Int64,
            Self::Number => ArrowType::Float64,
            Self::Bool => ArrowType::Boolean,
            Self::Date => ArrowType::Date32,
            Self::Instant => ArrowType::Timestamp(TimeUnit::Microsecond, None),
        }
    }

    fn delta(self) -> DataType {
        DataType::Primitive(match self {
            Self::Text => PrimitiveType::String,
            Self::Integer => PrimitiveType::Long,
            Self::Number => PrimitiveType::Double,
            Self::Bool => PrimitiveType::Boolean,
            Self::Date => PrimitiveType::Date,
            Self::Instant => PrimitiveType::TimestampNtz,
        })
    }
}

/// 表列 A column of a table to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name, without blanks or brackets.
    pub name: String,
    /// Its unit, as it would stand in a header's brackets.
    pub unit: Option<String>,
    /// Its label.
    pub label: Option<String>,
    /// What it holds.
    pub kind: ColumnType,
}

/// 表的样式 A table to be made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableLayout {
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// Its key columns; may be empty.
    pub keys: Vec<String>,
    /// Its partitions, outermost first; may be empty.
    pub partitions: Vec<Partition>,
}

/// 由输入声明 The layout of a table that supplies inputs of a document: a column for each index,
/// one for each of the inputs named, which must stand over the same indexes as the first.
/// `None` if there is no such input.
pub fn layout_of_input(program: &Program, inputs: &[String]) -> Option<TableLayout> {
    let mut layout = TableLayout::default();
    let mut dims: Option<&[usize]> = None;
    for name in inputs {
        let variable = program.variables.get(program.variable(name)?)?;
        let is_input = matches!(variable.kind, VariableKind::Input(_));
        if !is_input || dims.is_some_and(|dims| dims != variable.dims) {
            return None;
        }
        if dims.replace(&variable.dims).is_none() {
            for index in variable.dims.iter().filter_map(|id| program.indexes.get(*id)) {
                let kind = match index.kind {
                    IndexKind::Time { grain: Grain::Hour | Grain::Instant, .. } => {
                        ColumnType::Instant
                    }
                    IndexKind::Time { grain: Grain::Day, .. } => ColumnType::Date,
                    IndexKind::Time { grain: Grain::Year, .. } | IndexKind::Integer => {
                        ColumnType::Integer
                    }
                    _ => ColumnType::Text,
                };
                let column =
                    TableColumn { name: index.name.clone(), unit: None, label: None, kind };
                layout.keys.push(index.name.clone());
                layout.columns.push(column);
            }
        }
        let kind = match &variable.ty {
            Type::Number(_) => ColumnType::Number,
            Type::Bool => ColumnType::Bool,
            Type::Date => ColumnType::Date,
            Type::Text | Type::Key(_) => ColumnType::Text,
        };
        layout.columns.push(TableColumn {
            name: name.clone(),
            unit: variable.ty.unit().map(ToString::to_string).filter(|unit| unit != "1"),
            label: variable.label.clone(),
            kind,
        });
    }
    dims.map(|_| layout)
}

/// 新建 Makes an empty table at `path`, as its version 0.
///
/// Its log is kept for good: neither old entries nor old files are swept up by the library, so
/// that every version can be read again.
///
/// # Errors
/// A table that is there already, a name that no column can have, a partition that does not fit,
/// a folder that cannot be written.
pub fn create(
    path: &Path,
    layout: &TableLayout,
    author: &Author,
) -> Result<DeltaSnapshot, DeltaError> {
    let shown = shown(path);
    let (fields, partitions) = fields(layout, &Origin(shown.clone()))?;
    if path.join("_delta_log").is_dir() {
        return Err(DeltaError::Exists { table: shown });
    }
    let cannot =
        |error: std::io::Error| DeltaError::Write { path: shown.clone(), why: error.to_string() };
    std::fs::create_dir_all(path).map_err(cannot)?;
    let root = path.canonicalize().map_err(cannot)?;
    let info = commit_info("CREATE TABLE", author, &[("partitions", partitions.join(","))]);
    let location = root.to_string_lossy().into_owned();
    let table = shown.clone();
    let mut properties = vec![
        ("delta.enableExpiredLogCleanup".to_owned(), Some("false".to_owned())),
        ("delta.deletedFileRetentionDuration".to_owned(), Some("interval 5200 weeks".to_owned())),
    ];
    if !layout.keys.is_empty() {
        properties.push((KEYS.to_owned(), Some(layout.keys.join(","))));
    }
    wait(&shown, async move {
        CreateBuilder::new()
            .with_location(location)
            .with_columns(fields)
            .with_partition_columns(partitions)
            .with_configuration(properties)
            .with_raise_if_key_not_exists(false)
            .with_actions([Action::CommitInfo(info)])
            .await
            .map_err(|error| DeltaError::Write { path: table, why: error.to_string() })
    })?;
    Ok(load(path, None)?.0)
}

/// The fields with their metadata, the derived partitions last, and the partition columns.
fn fields(
    layout: &TableLayout,
    source: &Origin,
) -> Result<(Vec<StructField>, Vec<String>), DeltaError> {
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for column in &layout.columns {
        let double = !names.insert(column.name.to_lowercase());
        if double || !is_column_name(&column.name) {
            let (source, name) = (source.clone(), column.name.clone());
            return Err(DeltaError::ColumnName { origin: source, name, double });
        }
        let unit = column.unit.as_ref().map(|unit| (UNIT, unit.clone()));
        let label = column.label.as_ref().map(|label| (LABEL, label.clone()));
        fields.push(field(&column.name, column.kind, unit.into_iter().chain(label)));
    }
    let known = |name: &str| layout.columns.iter().find(|column| column.name == name);
    if let Some(key) = layout.keys.iter().find(|key| known(key).is_none()) {
        return Err(DeltaError::Keys {
            table: source.0.clone(),
            keys: layout.keys.clone(),
            column: key.clone(),
            partition: false,
        });
    }
    let mut partitions = Vec::new();
    for partition in &layout.partitions {
        let wrong = || DeltaError::Partition { text: partition.text() };
        let column = known(partition.source()).ok_or_else(wrong)?;
        match partition {
            // The log writes numbers and times of day in more than one way.
            Partition::Column(_)
                if matches!(column.kind, ColumnType::Number | ColumnType::Instant) =>
            {
                return Err(wrong());
            }
            Partition::Column(name) => partitions.push(name.clone()),
            Partition::Derived { grain, .. } => {
                let dated = [ColumnType::Date, ColumnType::Instant, ColumnType::Text];
                let taken = !names.insert(grain.word().to_owned());
                if taken || !dated.contains(&column.kind) {
                    return Err(wrong());
                }
                let derived = [(DERIVED, partition.text())];
                fields.push(field(grain.word(), ColumnType::Text, derived.into_iter()));
                partitions.push(grain.word().to_owned());
            }
        }
    }
    Ok((fields, partitions))
}

fn field(
    name: &str,
    kind: ColumnType,
    metadata: impl Iterator<Item = (&'static str, String)>,
) -> StructField {
    let metadata = metadata.map(|(key, value)| (key.to_owned(), MetadataValue::String(value)));
    StructField::new(name, kind.delta(), true).with_metadata(metadata)
}
