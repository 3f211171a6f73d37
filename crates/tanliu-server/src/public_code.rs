//! 公开的码 What the page of an enterprise's code shows to everybody who scans it.

/// 公开设置 Which facts and figures are public. What stands not here is not shown.
#[derive(Debug, Clone)]
pub struct PublicCode {
    /// Whether there are public pages at all.
    pub open: bool,
    /// Facts of the directory.
    pub facts: Vec<PublicFact>,
    /// The figure that grades enterprises; its texts or numbers are those of `grades`.
    pub grade: Option<PublicFigure>,
    /// The grades, best first.
    pub grades: Vec<GradeLook>,
    /// Place in a ranking, and among how many.
    pub rank: Option<(PublicFigure, PublicFigure)>,
    /// Further figures: energy and carbon per mu, the quota that is left.
    pub figures: Vec<PublicFigure>,
}

/// 公开的名录事实
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicFact {
    /// 名称
    Name,
    /// 统一社会信用代码
    CreditCode,
    /// 镇街
    Town,
    /// 行业
    Industry,
    /// 占地
    Land,
}

/// 公开的数 A figure of the enterprise, its town or its sector; of years, months or other periods
/// the latest is shown. A table with further indexes is shown only where these are fixed.
#[derive(Debug, Clone)]
pub struct PublicFigure {
    /// The calculation whose current run has it.
    pub calculation: String,
    /// The output.
    pub output: String,
    /// Index and key: `side`, `consumption`.
    pub fixed: Vec<(String, String)>,
    /// What it is called, in Chinese and English; empty: the output's label.
    pub name: (String, String),
    /// Digits behind the point.
    pub digits: usize,
}

impl PublicFigure {
    /// The output of a calculation under the name of its label, without digits behind the point.
    #[must_use]
    pub fn of(calculation: &str, output: &str) -> Self {
        Self {
            calculation: calculation.to_owned(),
            output: output.to_owned(),
            fixed: Vec::new(),
            name: (String::new(), String::new()),
            digits: 0,
        }
    }

    /// Under another name.
    #[must_use]
    pub fn named(mut self, zh: &str, en: &str) -> Self {
        self.name = (zh.to_owned(), en.to_owned());
        self
    }

    /// At one key of an index.
    #[must_use]
    pub fn at(mut self, index: &str, key: &str) -> Self {
        self.fixed.push((index.to_owned(), key.to_owned()));
        self
    }

    /// With so many digits behind the point.
    #[must_use]
    pub fn digits(mut self, digits: usize) -> Self {
        self.digits = digits;
        self
    }
}

/// 等级样式 How a grade looks: a word, a shape and a colour, for not everybody tells colours apart.
#[derive(Debug, Clone)]
pub struct GradeLook {
    /// What the output says: `green`, `1`.
    pub says: Vec<String>,
    /// The word, in Chinese and English.
    pub word: (String, String),
    /// The shape.
    pub shape: Shape,
    /// The colour: `#2e8b57`.
    pub colour: String,
}

/// 形状
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ✕ in an octagon
    Octagon,
}

impl Default for PublicCode {
    /// The figures of the library's documents of districts; those that no run has are passed over.
    /// No document grades enterprises yet: whoever has one that does names its output.
    fn default() -> Self {
        let panorama = |output| PublicFigure::of("panorama", output);
        Self {
            open: true,
            facts: vec![PublicFact::Name, PublicFact::Town, PublicFact::Industry],
            grade: None,
            grades: five_grades(),
            rank: Some((
                panorama("energy_rank_enterprise")
                    .named("能源消费强度在本领域的名次", "rank by energy intensity in the sector"),
                panorama("ranked_sector"),
            )),
            figures: vec![
                panorama("energy_per_mu_enterprise").named("亩均能耗", "energy per mu").digits(3),
                panorama("co2_per_mu_enterprise")
                    .named("亩均碳排放", "carbon per mu")
                    .at("side", "consumption")
                    .digits(3),
                PublicFigure::of("budget-progress", "energy_remaining_enterprise")
                    .named("剩余用能指标", "energy quota left")
                    .digits(1),
            ],
        }
    }
}

/// 五级 Green, blue, yellow, orange, red.
fn five_grades() -> Vec<GradeLook> {
    let look = |says: [&str; 3], word: (&str, &str), shape, colour: &str| GradeLook {
        says: says.map(str::to_owned).to_vec(),
        word: (word.0.to_owned(), word.1.to_owned()),
        shape,
        colour: colour.to_owned(),
    };
    vec![
        look(["green", "A", "1"], ("一级（绿）", "grade 1, green"), Shape::Circle, "#1b7f4d"),
        look(["blue", "B", "2"], ("二级（蓝）", "grade 2, blue"), Shape::Square, "#1f5fa8"),
        look(["yellow", "C", "3"], ("三级（黄）", "grade 3, yellow"), Shape::Triangle, "#b58900"),
        look(["orange", "D", "4"], ("四级（橙）", "grade 4, orange"), Shape::Diamond, "#c65d00"),
        look(["red", "E", "5"], ("五级（红）", "grade 5, red"), Shape::Octagon, "#b3261e"),
    ]
}
