//! 表 All tables with their columns, in an order in which each names only rows of those before it.
//!
//! Backups are written and read by it. A test holds it to the schema.

use Kind::{Number, Text, Whole};

/// 列的种类 What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Whole,
    Number,
}

/// 表 A table, the columns of its key first in `order`.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) order: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The names of its columns.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }
}

/// Every table but the trail's head, which the trail itself tells.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "trail",
        order: "number",
        columns: &[
            ("number", Whole),
            ("made_by", Text),
            ("made_at", Whole),
            ("verb", Text),
            ("object", Text),
            ("facts", Text),
            ("seal_before", Text),
            ("seal", Text),
        ],
    },
    Table {
        name: "district",
        order: "single",
        columns: &[("single", Whole), ("name", Text), ("notice", Text)],
    },
    Table {
        name: "town",
        order: "id",
        columns: &[("id", Text), ("name", Text), ("tile_column", Whole), ("tile_row", Whole)],
    },
    Table {
        name: "sector",
        order: "id",
        columns: &[("id", Text), ("name", Text), ("place", Whole)],
    },
    Table {
        name: "enterprise",
        order: "id",
        columns: &[
            ("id", Text),
            ("credit_code", Text),
            ("name", Text),
            ("town", Text),
            ("sector", Text),
            ("industry_code", Text),
            ("industry_name", Text),
            ("above_scale", Whole),
            ("land_mu", Number),
            ("longitude", Number),
            ("latitude", Number),
            ("contact", Text),
            ("edition", Whole),
        ],
    },
    Table {
        name: "meter",
        order: "id",
        columns: &[
            ("id", Text),
            ("enterprise", Text),
            ("carrier", Text),
            ("unit", Text),
            ("serves", Text),
        ],
    },
    Table {
        name: "account",
        order: "name",
        columns: &[
            ("name", Text),
            ("shown", Text),
            ("role", Text),
            ("department", Text),
            ("town", Text),
            ("enterprises", Text),
            ("password", Text),
            ("subject", Text),
            ("disabled", Whole),
        ],
    },
    Table {
        name: "session",
        order: "digest",
        columns: &[
            ("digest", Text),
            ("account", Text),
            ("csrf", Text),
            ("begins_at", Whole),
            ("ends_at", Whole),
        ],
    },
    Table {
        name: "token",
        order: "digest",
        columns: &[
            ("digest", Text),
            ("label", Text),
            ("account", Text),
            ("scope", Text),
            ("ends_at", Whole),
        ],
    },
    Table {
        name: "dataset",
        order: "id",
        columns: &[
            ("id", Text),
            ("name_zh", Text),
            ("name_en", Text),
            ("subject", Text),
            ("way", Text),
            ("refresh", Text),
            ("source_system", Text),
            ("department", Text),
            ("document", Text),
            ("inputs", Text),
            ("note", Text),
        ],
    },
    Table {
        name: "submission",
        order: "id",
        columns: &[
            ("id", Whole),
            ("dataset", Text),
            ("subject", Text),
            ("period", Text),
            ("state", Text),
            ("made_by", Text),
            ("made_at", Whole),
            ("evidence", Text),
            ("file", Text),
            ("held", Whole),
            ("edition", Whole),
        ],
    },
    Table {
        name: "review",
        order: "submission, place",
        columns: &[
            ("submission", Whole),
            ("place", Whole),
            ("step", Text),
            ("made_by", Text),
            ("made_at", Whole),
            ("reason", Text),
        ],
    },
    Table {
        name: "reported",
        order: "id",
        columns: &[
            ("id", Whole),
            ("dataset", Text),
            ("document", Text),
            ("input", Text),
            ("subject", Text),
            ("keys", Text),
            ("period", Text),
            ("original", Text),
            ("original_unit", Text),
            ("number", Number),
            ("unit", Text),
            ("evidence", Text),
            ("file", Text),
            ("sheet", Text),
            ("cell", Text),
            ("made_by", Text),
            ("made_at", Whole),
            ("submission", Whole),
            ("standing", Text),
            ("handed_at", Whole),
            ("counts_from", Whole),
            ("ended_at", Whole),
        ],
    },
    Table {
        name: "conflict",
        order: "id",
        columns: &[
            ("id", Whole),
            ("standing", Whole),
            ("other", Whole),
            ("chosen", Whole),
            ("reason", Text),
            ("made_by", Text),
            ("made_at", Whole),
        ],
    },
    Table {
        name: "calculation",
        order: "id",
        columns: &[
            ("id", Text),
            ("name_zh", Text),
            ("name_en", Text),
            ("document", Text),
            ("settings", Text),
            ("schedule", Text),
            ("feeds", Text),
        ],
    },
    Table {
        name: "run",
        order: "id",
        columns: &[
            ("id", Whole),
            ("calculation", Text),
            ("document", Text),
            ("version", Text),
            ("document_digest", Text),
            ("as_of", Whole),
            ("made_by", Text),
            ("began", Whole),
            ("ended", Whole),
            ("state", Text),
            ("manifest", Text),
            ("folder", Text),
            ("is_current", Whole),
        ],
    },
    Table {
        name: "outcome",
        order: "run, place",
        columns: &[
            ("run", Whole),
            ("place", Whole),
            ("output", Text),
            ("label", Text),
            ("unit", Text),
            ("indexes", Text),
        ],
    },
    Table {
        name: "figure",
        order: "run, place, line",
        columns: &[
            ("run", Whole),
            ("place", Whole),
            ("line", Whole),
            ("keys", Text),
            ("number", Number),
            ("words", Text),
            ("enterprise", Text),
            ("town", Text),
            ("year", Text),
        ],
    },
    Table {
        name: "finding",
        order: "id",
        columns: &[
            ("id", Whole),
            ("address", Text),
            ("enterprise", Text),
            ("words", Text),
            ("made_by", Text),
            ("made_at", Whole),
            ("state", Text),
            ("answer", Text),
            ("edition", Whole),
        ],
    },
    Table {
        name: "warning",
        order: "id",
        columns: &[
            ("id", Whole),
            ("address", Text),
            ("enterprise", Text),
            ("town", Text),
            ("period", Text),
            ("level", Whole),
            ("rule", Text),
            ("words", Text),
            ("made_at", Whole),
            ("state", Text),
            ("edition", Whole),
        ],
    },
    Table {
        name: "order_step",
        order: "warning, place",
        columns: &[
            ("warning", Whole),
            ("place", Whole),
            ("led_to", Text),
            ("words", Text),
            ("made_by", Text),
            ("made_at", Whole),
        ],
    },
    Table {
        name: "evidence",
        order: "digest",
        columns: &[
            ("digest", Text),
            ("name", Text),
            ("length", Whole),
            ("made_by", Text),
            ("made_at", Whole),
        ],
    },
];
