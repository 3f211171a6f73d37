//! 存储 The platform's store: SQLite by default, PostgreSQL by a URL, the same SQL text for both.
