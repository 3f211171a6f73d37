//! 数据资源目录 What data there are: whose, how they come in, how often, and which inputs of which
//! document they feed.
//!
//! Columns, units and ranges are not written here a second time: they are the declared inputs of
//! the document.

/// 数据集 One dataset of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// Its key: `enterprise-energy`.
    pub id: String,
    /// Its name, in Chinese and English.
    pub name: (String, String),
    /// What it is about.
    pub subject: Subject,
    /// 采集方式
    pub way: Way,
    /// 更新周期
    pub refresh: Refresh,
    /// 来源系统 The system or form that it comes from.
    pub source_system: String,
    /// 确认部门 The department that confirms it.
    pub department: String,
    /// The document whose inputs its columns are.
    pub document: String,
    /// The names of these inputs.
    pub inputs: Vec<String>,
    /// 口径与说明
    pub note: String,
}

/// 主体 What a row of a dataset is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// One enterprise.
    Enterprise,
    /// One town.
    Town,
    /// The whole district.
    District,
}

/// 采集方式 How data come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 采集 Readings of meters.
    Collected,
    /// 归集 Tables from departments.
    Gathered,
    /// 填报 Entered by hand.
    Entered,
}

/// 更新周期 How often new data are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// Every quarter of an hour.
    QuarterHour,
    /// Every day.
    Day,
    /// Every month.
    Month,
    /// Every year.
    Year,
    /// When something changes.
    Change,
}

/// A closed set with a word for each member, in the store and on the wire.
macro_rules! words {
    ($name:ident { $($member:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word in the store and on the wire.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$member => $word),+ }
            }

            /// The member of a word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$member),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words!(Subject { Enterprise = "enterprise", Town = "town", District = "district" });
words!(Way { Collected = "collected", Gathered = "gathered", Entered = "entered" });
words!(Refresh {
    QuarterHour = "quarter-hour",
    Day = "day",
    Month = "month",
    Year = "year",
    Change = "change",
});
