//! 公开的码 What the page of an enterprise's code shows to everybody who scans it.

/// 公开设置 Which facts and figures are public. What stands not here is not shown.
#[derive(Debug, Clone)]
pub struct PublicCode {
    /// Whether there are public pages at all.
    pub open: bool,
    /// The calculation whose current run is shown.
    pub calculation: String,
    /// Facts of the directory.
    pub facts: Vec<PublicFact>,
    /// The output that grades enterprises; its texts or numbers are those of `grades`.
    pub grade: Option<String>,
    /// The grades, best first.
    pub grades: Vec<GradeLook>,
    /// Place in the industry, and among how many: two outputs.
    pub rank: Option<(String, String)>,
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

/// 公开的数 A figure by enterprise, with year or other period; the latest is shown.
#[derive(Debug, Clone)]
pub struct PublicFigure {
    /// The output.
    pub output: String,
    /// What it is called, in Chinese and English; empty: the output's label.
    pub name: (String, String),
    /// Digits behind the point.
    pub digits: usize,
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
    /// Nothing of an enterprise's figures is public until somebody decides so; the outputs named
    /// here are those of the panorama, and absent ones are passed over.
    fn default() -> Self {
        let figure = |output: &str, zh: &str, en: &str| PublicFigure {
            output: output.to_owned(),
            name: (zh.to_owned(), en.to_owned()),
            digits: 3,
        };
        Self {
            open: true,
            calculation: "panorama".to_owned(),
            facts: vec![PublicFact::Name, PublicFact::Town, PublicFact::Industry],
            grade: Some("grade_enterprise".to_owned()),
            grades: five_grades(),
            rank: Some(("rank_in_industry".to_owned(), "count_in_industry".to_owned())),
            figures: vec![
                figure("energy_per_mu", "亩均能耗", "energy per mu"),
                figure("co2_per_mu", "亩均碳排放", "carbon per mu"),
                figure("quota_left", "剩余用能指标", "quota left"),
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
