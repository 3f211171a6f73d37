//! 书桌 A folder of one's own in which the binary is run, as a person would.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used)]

use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// 书桌
pub(crate) struct Desk {
    folder: TempDir,
}

/// 结局 What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Seen {
    /// Both streams.
    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Ends with this code and says all of this.
    #[track_caller]
    pub(crate) fn says(&self, code: i32, parts: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{}", self.all());
        for part in parts {
            assert!(self.all().contains(part), "`{part}` is not in:\n{}", self.all());
        }
        self
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.all()))
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk with the document `m.md` and a sound table `energy.csv`.
    pub(crate) fn with_method() -> Self {
        let desk = Self::new();
        desk.put("m.md", METHOD);
        desk.put("energy.csv", ENERGY);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a folder, in order.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tanliu"));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    /// Runs `tanliu` with the words of a line; `'…'` keeps blanks together.
    pub(crate) fn tanliu(&self, line: &str) -> Seen {
        self.seen(self.command(), line)
    }

    /// The same where no file may be longer than so many blocks of 512 bytes: writing fails half-way,
    /// as it does on a full disk.
    pub(crate) fn tanliu_within(&self, blocks: u32, line: &str) -> Seen {
        let mut command = Command::new("sh");
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_tanliu")]);
        self.seen(command, line)
    }

    fn seen(&self, mut command: Command, line: &str) -> Seen {
        let mut words: Vec<String> = Vec::new();
        for (number, piece) in line.split('\'').enumerate() {
            if number % 2 == 1 {
                words.push(piece.to_owned());
            } else {
                words.extend(piece.split_whitespace().map(str::to_owned));
            }
        }
        let output = command.args(words).output().unwrap();
        Seen {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A document with an index in time, a closed set, a hole, evidence and worked examples.
pub(crate) const METHOD: &str = "\
---
id: desk/method
version: \"1.2\"
title: { zh: 演示, en: Demonstration }
kind: account
status: illustration
---

# 演示

```tan
index year : year
index fuel = coal \"煤炭\" | oil \"石油\"
input energy[year, fuel] : tce \"化石能源消费量\" >= 0
  source \"能源平衡表\"
input share[year] : % default 100 %
param ef[fuel] : tCO2/tce = { coal: 2.66, oil: 1.73 } \"单位标准煤排放因子\"
  standing \"illustration\"
param allowance : tCO2 = ?
fuel_co2[year, fuel] = energy * ef
output co2[year] : tCO2 = sum(fuel_co2 over fuel) * share \"二氧化碳排放量\"
output surplus[year] : tCO2 = allowance - co2
warn energy < 1000 tce \"消费量偏大\"
require evidence \"能源平衡表\"
```

## 算例 1：两种燃料

Table: given energy

| year | fuel | energy (tce) |
|---|---|---|
| 2016 | coal | 100 |
| 2016 | oil | 50 |

Given: allowance = 400 tCO2

Table: expect co2, surplus

| year | co2 (tCO2) | surplus (tCO2) |
|---|---|---|
| 2016 | 352.5 | 47.5 |
";

/// Its data.
pub(crate) const ENERGY: &str = "\
year,fuel,化石能源消费量（万吨标准煤）
2016,煤炭,0.01
2016,石油,0.005
2017,coal,0.02
2017,oil,0.005
";
