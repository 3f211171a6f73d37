//! 变异 Inputs made from seeds by small random changes; the same seed gives the same inputs.

/// 伪随机 xorshift64*: small, and the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Any seed will do.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit` (0 for a limit of 0).
    pub fn below(&mut self, limit: usize) -> usize {
        (self.bits() >> 16) as usize % limit.max(1)
    }
}

/// Pieces that readers of documents, units and tables look for; blind changes rarely make them.
const PIECES: &[&str] = &[
    "---\n",
    "```tan\n",
    "```\n",
    "| a | b |\n|---|---|\n",
    "## 算例 x\n",
    "Table: given a\n",
    "Table: expect a ± 0.5%\n",
    "Given: x = 3 MWh\n",
    "Expect: failure \"x\"\n",
    "index ",
    "input ",
    "output ",
    "param ",
    "factor ",
    "sum(",
    " over ",
    " by ",
    " = ",
    " where ",
    "match x { ",
    "else: ",
    " ?? ",
    "^",
    "^-1",
    "^1/2",
    "·",
    "/",
    "*",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "--",
    "..",
    "%",
    "‰",
    "tCO2",
    "t{clinker}",
    "°C",
    "亿元@2015",
    "百亿",
    "万吨CO2",
    "m3@20C",
    "10^4 ",
    "1e308",
    "1e-400",
    "0.0000000000000000000001",
    "99999999999999999999",
    "-0",
    "NaN",
    "2024-02-30",
    "2024-01-31T24",
    "24:00",
    "2024-Q5",
    "，",
    "（",
    "）",
    "１２",
    "\u{feff}",
    "\u{0}",
    "\r",
    "\t",
    ";",
    ",,",
    "\"\"",
    "#DIV/0!",
    "—",
    "5%",
    "{\"a\":",
    "null",
    "\\u0000",
    "<c r=\"A1\" t=\"s\"><v>0</v></c>",
    "<row r=\"1048576\">",
    "</row>",
    "r=\"XFD1\"",
    "t=\"inlineStr\"",
    "<![CDATA[",
    "&#x0;",
    "&amp;",
];

/// The longest input; what is slow at this length would be found at any.
const LENGTH_MAX: usize = 16 << 10;

/// An input made from one of the seeds by one to eight changes.
pub fn input(seeds: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut data = seeds.get(random.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=random.below(8) {
        change(&mut data, seeds, random);
    }
    data.truncate(LENGTH_MAX);
    data
}

fn change(data: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(data.len() + 1);
    let end = (at + 1 + random.below(32)).min(data.len());
    match random.below(8) {
        0 => {
            if let Some(byte) = data.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        1 => data.insert(at, random.bits() as u8),
        2 => drop(data.drain(at..end.max(at))),
        3 => {
            // Deep nesting is what recursive readers fear.
            let piece = data.get(at..end).unwrap_or_default().to_vec();
            let times = 1 << random.below(10);
            insert(data, at, &piece.repeat(times));
        }
        4 => {
            let other = seeds.get(random.below(seeds.len())).map_or(&[][..], Vec::as_slice);
            let from = random.below(other.len());
            let to = (from + random.below(256)).min(other.len());
            insert(data, at, other.get(from..to).unwrap_or_default());
        }
        5 => {
            let piece = PIECES.get(random.below(PIECES.len())).copied().unwrap_or_default();
            insert(data, at, piece.repeat(1 << (random.below(12) / 2)).as_bytes());
        }
        6 => data.truncate(at),
        _ => {
            let piece = PIECES.get(random.below(PIECES.len())).copied().unwrap_or_default();
            data.splice(at..end.max(at), piece.bytes());
        }
    }
}

fn insert(data: &mut Vec<u8>, at: usize, piece: &[u8]) {
    let room = (LENGTH_MAX * 2).saturating_sub(data.len());
    data.splice(at..at, piece.iter().take(room).copied());
}
