//! 答案 Where a measured program leaves its total, and whether it is right.

use std::path::PathBuf;

/// 答案位置 Where the total is found.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The last cell of a CSV file; doubles, so all but the last digits must agree.
    LastCell(PathBuf),
    /// The last line it prints; single precision, as that program computes.
    LastLine,
    /// The sum of all `key: NUMBER` lines of a YAML file.
    SumOfKey(PathBuf, &'static str),
}

impl Answer {
    /// Removes an answer of an earlier run.
    pub(super) fn forget(&self) -> Result<(), String> {
        match self {
            Self::LastCell(path) | Self::SumOfKey(path, _) if path.exists() => {
                std::fs::remove_file(path).map_err(|error| format!("{}: {error}", path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Compares the answer with the right one.
    pub(super) fn compare(&self, printed: &str, total: f64) -> Result<(), String> {
        let (found, tolerance) = match self {
            Self::LastCell(path) => (last_cell(&read(path)?), 1e-9),
            Self::LastLine => (printed.trim().lines().last().and_then(number), 1e-4),
            Self::SumOfKey(path, key) => (sum_of_key(&read(path)?, key), 1e-9),
        };
        let found = found.ok_or("it gives no total")?;
        if (found - total).abs() <= tolerance * total.abs() {
            Ok(())
        } else {
            Err(format!("its total is {found}, not {total}"))
        }
    }
}

fn read(path: &PathBuf) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn last_cell(table: &str) -> Option<f64> {
    table.trim().lines().last()?.rsplit(',').next().and_then(number)
}

fn sum_of_key(text: &str, key: &str) -> Option<f64> {
    let values: Vec<f64> = text
        .lines()
        .filter_map(|line| {
            line.trim().trim_start_matches("- ").strip_prefix(key)?.strip_prefix(':')
        })
        .filter_map(number)
        .collect();
    (!values.is_empty()).then(|| values.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::{Answer, last_cell, sum_of_key};

    #[test]
    fn totals_are_found_where_programs_leave_them() {
        assert_eq!(last_cell("total (tCO2)\n12.5\n"), Some(12.5));
        assert_eq!(last_cell("year,total (tCO2)\n2024,2\n"), Some(2.0));
        assert_eq!(sum_of_key("a:\n  - co2: 1.5\n    x: 9\n    co2: 2\n", "co2"), Some(3.5));
        assert_eq!(sum_of_key("a: 1\n", "co2"), None);
    }

    #[test]
    fn a_wrong_answer_is_refused() {
        assert!(Answer::LastLine.compare("reading\n1000.01\n", 1000.0).is_ok());
        assert!(Answer::LastLine.compare("1001\n", 1000.0).is_err());
        assert!(Answer::LastLine.compare("", 1000.0).is_err());
    }
}
