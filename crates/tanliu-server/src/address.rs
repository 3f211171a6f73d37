//! 数的地址 The address of a figure: run, output, keys: `12/co2_town[town=T01,year=2021]`.

/// 地址
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) run: i64,
    pub(crate) output: String,
    pub(crate) keys: Vec<(String, String)>,
}

impl Address {
    /// Reads an address; a scalar has no brackets.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (run, rest) = text.split_once('/')?;
        let run = run.parse().ok()?;
        let Some((output, keys)) = rest.split_once('[') else {
            return is_name(rest).then(|| Self { run, output: rest.to_owned(), keys: Vec::new() });
        };
        let list = keys.strip_suffix(']')?;
        let pair = |part: &str| {
            let (index, key) = part.split_once('=')?;
            is_name(index).then(|| (index.to_owned(), key.to_owned()))
        };
        let keys = list.split(',').map(pair).collect::<Option<Vec<_>>>()?;
        is_name(output).then(|| Self { run, output: output.to_owned(), keys })
    }

    /// The address of a row.
    pub(crate) fn of(run: i64, output: &str, indexes: &[String], keys: &[String]) -> Self {
        let keys = indexes.iter().cloned().zip(keys.iter().cloned()).collect();
        Self { run, output: output.to_owned(), keys }
    }

    /// The key of an index.
    pub(crate) fn key(&self, index: &str) -> Option<&str> {
        self.keys.iter().find(|(own, _)| own == index).map(|(_, key)| key.as_str())
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.run, self.output)?;
        for (place, (index, key)) in self.keys.iter().enumerate() {
            let sign = if place == 0 { '[' } else { ',' };
            write!(formatter, "{sign}{index}={key}")?;
        }
        if self.keys.is_empty() { Ok(()) } else { formatter.write_str("]") }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for text in ["3/total", "12/co2_town[town=T01,year=2021]", "1/x[place=甲 乙]"] {
            assert_eq!(Address::read(text).map(|own| own.to_string()).as_deref(), Some(text));
        }
        for text in ["", "total", "x/total", "3/", "3/a[b", "3/a[]", "3/a[b]", "3/a;drop"] {
            assert_eq!(Address::read(text), None, "{text}");
        }
    }
}
