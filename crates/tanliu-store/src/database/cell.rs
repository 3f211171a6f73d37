//! 单元 What goes into a statement and what comes out of a row, the same for both databases.

use crate::fault::failed;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, Postgres, Row as _, Sqlite, Type};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{StoreError, Stored};

/// 单元 One value for a statement; what is missing keeps its type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Text(Option<String>),
    Whole(Option<i64>),
    Number(Option<f64>),
    Texts(Vec<String>),
    Wholes(Vec<i64>),
}

/// Cells of anything that becomes one.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::database::Cell::from($value)),*] };
}
pub(crate) use cells;

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<&Option<String>> for Cell {
    fn from(text: &Option<String>) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<i64> for Cell {
    fn from(whole: i64) -> Self {
        Self::Whole(Some(whole))
    }
}

impl From<i32> for Cell {
    fn from(whole: i32) -> Self {
        Self::Whole(Some(i64::from(whole)))
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Whole(Some(i64::from(truth)))
    }
}

impl From<Moment> for Cell {
    fn from(moment: Moment) -> Self {
        Self::Whole(Some(moment.0))
    }
}

impl From<Option<Moment>> for Cell {
    fn from(moment: Option<Moment>) -> Self {
        Self::Whole(moment.map(|moment| moment.0))
    }
}

impl From<Option<f64>> for Cell {
    fn from(number: Option<f64>) -> Self {
        // SQLite keeps no sign of zero: none is kept in either, so that both give the same bits.
        Self::Number(number.map(|number| number + 0.0))
    }
}

impl From<&[String]> for Cell {
    fn from(texts: &[String]) -> Self {
        Self::Texts(texts.to_vec())
    }
}

impl From<Vec<i64>> for Cell {
    fn from(wholes: Vec<i64>) -> Self {
        Self::Wholes(wholes)
    }
}

/// A statement for SQLite: a list is a JSON array.
pub(super) fn sqlite(
    text: AssertSqlSafe<String>,
    cells: Vec<Cell>,
) -> Stored<Query<'static, Sqlite, SqliteArguments>> {
    let list = |error: serde_json::Error| StoreError::Failed(error.to_string());
    let mut query = sqlx::query::<Sqlite>(text);
    for cell in cells {
        query = match cell {
            Cell::Text(text) => query.bind(text),
            Cell::Whole(whole) => query.bind(whole),
            Cell::Number(number) => query.bind(number),
            Cell::Texts(texts) => query.bind(serde_json::to_string(&texts).map_err(list)?),
            Cell::Wholes(wholes) => query.bind(serde_json::to_string(&wholes).map_err(list)?),
        };
    }
    Ok(query)
}

/// SQLite takes what is no number for missing, and a backup in JSON could write neither it nor
/// infinity: both databases refuse them.
pub(super) fn refuse_infinite(cells: &[Cell]) -> Stored<()> {
    let infinite = |cell: &Cell| matches!(cell, Cell::Number(Some(n)) if !n.is_finite());
    if cells.iter().any(infinite) {
        let text = "a number that is infinite or none (NaN) cannot be stored";
        return Err(StoreError::Refused(text.to_owned()));
    }
    Ok(())
}

/// A statement for PostgreSQL: a list is an array.
pub(super) fn postgres(
    text: AssertSqlSafe<String>,
    cells: Vec<Cell>,
) -> Query<'static, Postgres, PgArguments> {
    let mut query = sqlx::query::<Postgres>(text);
    for cell in cells {
        query = match cell {
            Cell::Text(text) => query.bind(text),
            Cell::Whole(whole) => query.bind(whole),
            Cell::Number(number) => query.bind(number),
            Cell::Texts(texts) => query.bind(texts),
            Cell::Wholes(wholes) => query.bind(wholes),
        };
    }
    query
}

/// 行 One row of either.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// Reads from the first column on.
    pub(crate) fn reader(&self) -> Reader<'_> {
        self.reader_from(0)
    }

    /// Reads from a column on.
    pub(crate) fn reader_from(&self, next: usize) -> Reader<'_> {
        Reader { row: self, next }
    }

    fn cell<'row, T>(&'row self, index: usize) -> Stored<T>
    where
        T: Decode<'row, Sqlite> + Type<Sqlite> + Decode<'row, Postgres> + Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(index).map_err(failed),
            Self::Postgres(row) => row.try_get(index).map_err(failed),
        }
    }
}

/// 读行 Takes the columns of a row one after the other, in the order of the statement.
pub(crate) struct Reader<'row> {
    row: &'row Row,
    next: usize,
}

impl<'row> Reader<'row> {
    fn take<T>(&mut self) -> Stored<T>
    where
        T: Decode<'row, Sqlite> + Type<Sqlite> + Decode<'row, Postgres> + Type<Postgres>,
    {
        let value = self.row.cell(self.next);
        self.next += 1;
        value
    }

    pub(crate) fn text(&mut self) -> Stored<String> {
        self.take()
    }

    pub(crate) fn some_text(&mut self) -> Stored<Option<String>> {
        self.take()
    }

    pub(crate) fn whole(&mut self) -> Stored<i64> {
        self.take()
    }

    pub(crate) fn some_whole(&mut self) -> Stored<Option<i64>> {
        self.take()
    }

    /// A whole number that a smaller type holds.
    pub(crate) fn small(&mut self) -> Stored<i32> {
        let whole = self.whole()?;
        i32::try_from(whole).map_err(|_| unreadable("whole number", &whole.to_string()))
    }

    pub(crate) fn truth(&mut self) -> Stored<bool> {
        Ok(self.whole()? != 0)
    }

    pub(crate) fn some_number(&mut self) -> Stored<Option<f64>> {
        self.take()
    }

    pub(crate) fn moment(&mut self) -> Stored<Moment> {
        Ok(Moment(self.whole()?))
    }

    pub(crate) fn some_moment(&mut self) -> Stored<Option<Moment>> {
        Ok(self.some_whole()?.map(Moment))
    }

    /// A member of a closed set, by its word.
    pub(crate) fn word<T>(&mut self, of: impl Fn(&str) -> Option<T>) -> Stored<T> {
        let word = self.text()?;
        of(&word).ok_or_else(|| unreadable("word", &word))
    }

    /// A list or another value written as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Stored<T> {
        let text: &str = self.take()?;
        serde_json::from_str(text).map_err(|_| unreadable("list", text))
    }
}

fn unreadable(what: &str, found: &str) -> StoreError {
    StoreError::Failed(format!("the database holds a {what} that is none: `{found}`"))
}

/// A list as it is stored.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Stored<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}
