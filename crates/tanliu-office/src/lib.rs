//! 表格进出 Tables in (CSV, TSV, JSON lines, xlsx) and out (CSV, JSON, xlsx), and the printed page: bytes in, bytes out.
