//! 属性 The custom properties of a workbook, by which a filled template is recognised.

use crate::read::load::{LoadFault, load_properties};
use crate::{OfficeError, ReadOptions};
use std::collections::BTreeMap;

/// The id of the method a template was made for.
pub(crate) const METHOD_PROPERTY: &str = "tanliu.method";
/// The method's version.
pub(crate) const VERSION_PROPERTY: &str = "tanliu.version";
/// A digest of the template's sheets and headers.
pub(crate) const SCHEMA_PROPERTY: &str = "tanliu.schema";
/// Says that the workbook is a copy with marks.
pub(crate) const MARKED_PROPERTY: &str = "tanliu.marked";

/// 工作簿属性 What a workbook says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkbookProperties {
    /// The method's id, `tanliu.method`.
    pub method: Option<String>,
    /// The method's version, `tanliu.version`.
    pub version: Option<String>,
    /// The digest of sheets and headers, `tanliu.schema`; see [`crate::Template::schema`].
    pub schema: Option<String>,
    /// Whether it is a copy with marks, `tanliu.marked`.
    pub marked: bool,
    /// All custom properties, ours included.
    pub custom: BTreeMap<String, String>,
}

/// 读属性 Reads the custom properties of a workbook; it need not be one of ours.
///
/// # Errors
/// [`OfficeError::Unreadable`] if the bytes are no workbook.
pub fn read_properties(bytes: &[u8]) -> Result<WorkbookProperties, OfficeError> {
    let custom = load_properties(bytes, &ReadOptions::default()).map_err(unreadable)?;
    let get = |name: &str| custom.get(name).cloned();
    Ok(WorkbookProperties {
        method: get(METHOD_PROPERTY),
        version: get(VERSION_PROPERTY),
        schema: get(SCHEMA_PROPERTY),
        marked: custom.contains_key(MARKED_PROPERTY),
        custom,
    })
}

/// The fault as an error for callers.
pub(crate) fn unreadable(fault: LoadFault) -> OfficeError {
    OfficeError::Unreadable(match fault {
        LoadFault::Password => "it is protected by a password".to_owned(),
        LoadFault::TooLarge => "it unpacks to more than the limit".to_owned(),
        LoadFault::Unreadable(reason) => reason,
    })
}
