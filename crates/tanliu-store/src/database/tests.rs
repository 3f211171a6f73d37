//! 测试 The few words in which the two databases differ.

use super::{Dialect, insertion};

#[test]
fn a_list_is_asked_in_each_dialects_words() {
    let text = "SELECT id FROM town WHERE id IN LIST($1) AND name IN LIST($2) ORDER BY id";
    assert_eq!(
        Dialect::Sqlite.adapt(text),
        "SELECT id FROM town WHERE id IN (SELECT value FROM json_each($1)) \
         AND name IN (SELECT value FROM json_each($2)) ORDER BY id"
    );
    assert_eq!(
        Dialect::Postgres.adapt(text),
        "SELECT id FROM town WHERE id = ANY($1) AND name = ANY($2) ORDER BY id"
    );
}

#[test]
fn a_statement_inserts_many_rows() {
    assert_eq!(
        insertion(Dialect::Postgres, "town", &["id", "name"], 2),
        "INSERT INTO town (id, name) VALUES ($1, $2), ($3, $4)"
    );
    assert_eq!(insertion(Dialect::Sqlite, "t", &["id"], 1), "INSERT INTO t (id) VALUES (?)");
}

#[test]
fn the_address_says_which_database_is_meant() {
    assert_eq!(Dialect::of("postgres://tanliu@localhost/district"), Dialect::Postgres);
    assert_eq!(Dialect::of("postgresql:///district"), Dialect::Postgres);
    assert_eq!(Dialect::of("data/district.db"), Dialect::Sqlite);
    assert_eq!(Dialect::of(":memory:"), Dialect::Sqlite);
}
