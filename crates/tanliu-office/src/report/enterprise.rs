//! 企业年度能碳报告 The yearly report of one enterprise on energy and carbon, from plain values.
//!
//! The function adds nothing up: totals, means and ranks come in as the figures of a run. What is
//! missing is said to be missing, in the tables and in a section of its own.

mod sections;

use super::{Block, Facts, Report};
use tanliu_diagnostic::Lang;

/// 企业报告的内容 What the report is made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EnterpriseReport {
    /// 语言 The language of the report's own words.
    pub lang: Lang,
    /// 企业名称 The enterprise's name.
    pub name: String,
    /// 统一社会信用代码 Its credit code.
    pub credit_code: String,
    /// 行业 Its industry.
    pub industry: String,
    /// 镇街 Its town.
    pub town: String,
    /// 报告年 The year that the report is about.
    pub year: String,
    /// 声明 What every page says: that the data are made up. May be empty.
    pub notice: String,
    /// 出处 The run that the report rests on, and the report's date.
    pub facts: Facts,
    /// 年份 The years of all tables, the earliest first.
    pub years: Vec<String>,
    /// 能源 What was used of each fuel.
    pub fuels: Vec<YearSeries>,
    /// 综合能源消费量 All of it in one unit, if a run computed it.
    pub energy: Option<YearSeries>,
    /// 生产侧碳排放 Emissions on the side of production.
    pub production: Option<YearSeries>,
    /// 消费侧碳排放 Emissions on the side of consumption.
    pub consumption: Option<YearSeries>,
    /// 行业位次 Where it stands in its sector.
    pub rank: Option<Rank>,
    /// 预警 What warned.
    pub warnings: Vec<WarningLine>,
    /// 数据任务 What it had to report.
    pub tasks: Vec<TaskLine>,
    /// 缺项 What is missing, in words.
    pub missing: Vec<String>,
    /// 数据来历 Where each figure comes from.
    pub origins: Vec<Origin>,
}

/// 逐年数 The values of one thing over the report's years.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct YearSeries {
    /// 名称 What it is.
    pub name: String,
    /// 单位 Its unit.
    pub unit: String,
    /// 小数位 With so many decimals it is shown.
    pub decimals: usize,
    /// 值 One for each year; a missing one is `None`.
    pub values: Vec<Option<f64>>,
}

/// 行业位次 Where an enterprise stands among those of its sector.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rank {
    /// 行业 The sector.
    pub sector: String,
    /// 指标 By which figure.
    pub measure: String,
    /// 单位 The figure's unit.
    pub unit: String,
    /// 小数位 With so many decimals it is shown.
    pub decimals: usize,
    /// 位次 1 is the best.
    pub place: usize,
    /// 家数 Among so many.
    pub count: usize,
    /// 本企业 Its own figure.
    pub own: Option<f64>,
    /// 行业平均 The sector's mean.
    pub mean: Option<f64>,
    /// 行业标杆 The leader's figure.
    pub leader: Option<f64>,
}

/// 预警行 One warning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WarningLine {
    /// 时段 The period.
    pub period: String,
    /// 等级 The level, in words.
    pub level: String,
    /// 内容 What was found.
    pub text: String,
    /// 处置 How far its order is.
    pub state: String,
}

/// 任务行 One task of reporting data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskLine {
    /// 任务 What was to be reported.
    pub name: String,
    /// 期限 By when.
    pub due: String,
    /// 状态 How far it is.
    pub state: String,
}

/// 来历 Where one figure of the report comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// 数 Which figure.
    pub figure: String,
    /// 运行 The run's number.
    pub run: String,
    /// 输出项 The output of the document.
    pub output: String,
    /// 文档 The document.
    pub document: String,
    /// 版本 Its version.
    pub version: String,
    /// 摘要 The digest of the document's text.
    pub digest: String,
}

/// 编报告 The yearly report of one enterprise.
pub fn enterprise_report(input: &EnterpriseReport) -> Report {
    let mut blocks = Vec::new();
    sections::summary(input, &mut blocks);
    sections::energy(input, &mut blocks);
    sections::carbon(input, &mut blocks);
    sections::rank(input, &mut blocks);
    sections::warnings(input, &mut blocks);
    sections::tasks(input, &mut blocks);
    sections::missing(input, &mut blocks);
    sections::origins(input, &mut blocks);
    Report {
        lang: input.lang,
        title: match input.lang {
            Lang::Zh => format!("{}{}年度能源与碳排放报告", input.name, input.year),
            Lang::En => format!("{}: energy and carbon report {}", input.name, input.year),
        },
        subtitle: [&input.industry, &input.town]
            .into_iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" · "),
        notice: input.notice.clone(),
        facts: input.facts.clone(),
        blocks,
    }
}

/// A heading of the first level with the number of its section.
fn heading(blocks: &mut Vec<Block>, text: &str) {
    blocks.push(Block::Heading { level: 1, text: text.to_owned() });
}
