//! 因子库 Dated emission factors: every row with its own unit, kind, vintage, validity, source and page.
