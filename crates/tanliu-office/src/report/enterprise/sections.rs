//! 各节 The sections of an enterprise's report.

use super::{EnterpriseReport, YearSeries, heading};
use crate::report::words::say;
use crate::report::{
    Align, Block, Chart, ChartKind, Column, KeyFigure, Series, Source, Table, shown,
};
use tanliu_diagnostic::Lang;

/// What stands where a value is missing.
const NONE: &str = "—";

/// A value with its decimals, or the sign of its absence.
fn value(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| shown(value, decimals))
}

/// Who it is, and the figures that are asked for first.
pub(super) fn summary(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "一、企业概况", "1. The enterprise"));
    let rows = [
        (say(lang, "企业名称", "Name"), &input.name),
        (say(lang, "统一社会信用代码", "Credit code"), &input.credit_code),
        (say(lang, "所属行业", "Industry"), &input.industry),
        (say(lang, "所在镇街", "Town"), &input.town),
        (say(lang, "报告年", "Year"), &input.year),
    ]
    .into_iter()
    .map(|(name, text)| {
        let text = if text.is_empty() { NONE } else { text.as_str() };
        vec![name.to_owned(), text.to_owned()]
    })
    .collect();
    blocks.push(Block::Table(Table {
        caption: say(lang, "企业基本信息", "The enterprise").to_owned(),
        columns: vec![
            Column::text(say(lang, "项目", "Item")),
            Column::text(say(lang, "内容", "Content")),
        ],
        rows,
        note: String::new(),
    }));
    let at = input.years.iter().position(|year| *year == input.year);
    let mut figures: Vec<KeyFigure> = [&input.energy, &input.production, &input.consumption]
        .into_iter()
        .flatten()
        .map(|series| key_figure(series, at, lang))
        .collect();
    if let Some(rank) = &input.rank {
        figures.push(KeyFigure {
            label: say(lang, "行业位次", "Rank in the sector").to_owned(),
            value: format!("{} / {}", rank.place, rank.count),
            unit: rank.measure.clone(),
            note: rank.sector.clone(),
        });
    }
    if !figures.is_empty() {
        blocks.push(Block::KeyFigures(figures));
    }
}

fn key_figure(series: &YearSeries, at: Option<usize>, lang: Lang) -> KeyFigure {
    let number = at.and_then(|at| series.values.get(at).copied().flatten());
    KeyFigure {
        label: series.name.clone(),
        value: value(number, series.decimals),
        unit: series.unit.clone(),
        note: match number {
            Some(_) => String::new(),
            None => say(lang, "数据缺失", "missing").to_owned(),
        },
    }
}

/// What was used of which fuel in which year.
pub(super) fn energy(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "二、能源消费", "2. Energy"));
    if input.fuels.is_empty() && input.energy.is_none() {
        nothing(blocks, say(lang, "没有能源消费数据。", "There are no data on energy."));
        return;
    }
    let all: Vec<&YearSeries> = input.fuels.iter().chain(&input.energy).collect();
    blocks.push(Block::Table(by_year(
        input,
        say(lang, "分品种能源消费量", "Energy by fuel"),
        say(lang, "品种", "Fuel"),
        &all,
    )));
    if let Some(series) = &input.energy {
        blocks.push(Block::Chart(chart(input, ChartKind::Bar, &[series])));
    }
}

/// What was emitted on either side.
pub(super) fn carbon(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "三、碳排放", "3. Carbon"));
    let sides: Vec<&YearSeries> =
        [&input.production, &input.consumption].into_iter().flatten().collect();
    if sides.is_empty() {
        nothing(blocks, say(lang, "没有碳排放计算结果。", "There are no figures of emissions."));
        return;
    }
    blocks.push(Block::Paragraph(
        say(
            lang,
            "生产侧只计企业自身燃料燃烧等直接排放；消费侧另计外购电力、热力的间接排放。两侧口径不同，不可相加。",
            "The side of production counts what the enterprise itself emits; the side of \
             consumption counts bought power and heat too. The two are not to be added.",
        )
        .to_owned(),
    ));
    let caption = say(lang, "生产侧与消费侧碳排放", "Emissions on either side");
    blocks.push(Block::Table(by_year(input, caption, say(lang, "口径", "Side"), &sides)));
    if sides.iter().all(|side| sides.first().is_some_and(|first| first.unit == side.unit)) {
        blocks.push(Block::Chart(chart(input, ChartKind::Line, &sides)));
    }
}

/// Where it stands in its sector.
pub(super) fn rank(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "四、行业对标", "4. Among its sector"));
    let Some(rank) = &input.rank else {
        nothing(blocks, say(lang, "没有行业对标结果。", "There is no comparison."));
        return;
    };
    let row = |name: &str, number| vec![name.to_owned(), value(number, rank.decimals)];
    blocks.push(Block::Table(Table {
        caption: match lang {
            Lang::Zh => format!("{}：第 {} 位，共 {} 家", rank.sector, rank.place, rank.count),
            Lang::En => format!("{}: place {} of {}", rank.sector, rank.place, rank.count),
        },
        columns: vec![
            Column::text(say(lang, "对象", "Whose")),
            Column::figures(&rank.measure, &rank.unit),
        ],
        rows: vec![
            row(say(lang, "本企业", "This enterprise"), rank.own),
            row(say(lang, "行业平均", "The sector's mean"), rank.mean),
            row(say(lang, "行业标杆", "The leader"), rank.leader),
        ],
        note: String::new(),
    }));
}

/// What warned.
pub(super) fn warnings(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "五、预警与处置", "5. Warnings"));
    if input.warnings.is_empty() {
        nothing(blocks, say(lang, "没有预警。", "There are none."));
        return;
    }
    let rows = input.warnings.iter().map(|line| {
        vec![line.period.clone(), line.level.clone(), line.text.clone(), line.state.clone()]
    });
    blocks.push(Block::Table(Table {
        caption: say(lang, "预警清单", "Warnings").to_owned(),
        columns: vec![
            Column::text(say(lang, "时段", "Period")),
            Column { align: Align::Center, ..Column::text(say(lang, "等级", "Level")) },
            Column::text(say(lang, "内容", "What was found")),
            Column { align: Align::Center, ..Column::text(say(lang, "处置", "State")) },
        ],
        rows: rows.collect(),
        note: String::new(),
    }));
}

/// What it had to report.
pub(super) fn tasks(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "六、数据任务", "6. Tasks"));
    if input.tasks.is_empty() {
        nothing(blocks, say(lang, "没有数据任务。", "There are none."));
        return;
    }
    let rows = input
        .tasks
        .iter()
        .map(|line| vec![line.name.clone(), line.due.clone(), line.state.clone()]);
    blocks.push(Block::Table(Table {
        caption: say(lang, "数据报送任务", "Tasks").to_owned(),
        columns: vec![
            Column::text(say(lang, "任务", "Task")),
            Column::text(say(lang, "期限", "Due")),
            Column { align: Align::Center, ..Column::text(say(lang, "状态", "State")) },
        ],
        rows: rows.collect(),
        note: String::new(),
    }));
}

/// What is missing: what the caller says, and every empty cell of the tables by years.
pub(super) fn missing(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "七、缺项说明", "7. What is missing"));
    let series =
        input.fuels.iter().chain(&input.energy).chain(&input.production).chain(&input.consumption);
    let empty = series.filter_map(|series| {
        let years: Vec<&str> = input
            .years
            .iter()
            .enumerate()
            .filter(|(at, _)| series.values.get(*at).copied().flatten().is_none())
            .map(|(_, year)| year.as_str())
            .collect();
        (!years.is_empty()).then(|| match lang {
            Lang::Zh => format!("{}：缺 {}", series.name, years.join("、")),
            Lang::En => format!("{}: {} missing", series.name, years.join(", ")),
        })
    });
    let all: Vec<String> = input.missing.iter().cloned().chain(empty).collect();
    if all.is_empty() {
        nothing(blocks, say(lang, "没有缺项。", "Nothing."));
        return;
    }
    nothing(
        blocks,
        say(
            lang,
            "下列数据缺失。本报告没有以零或估计代替；计算怎样对待缺项，见方法文档。",
            "The following is missing. Here it is neither zero nor estimated; how a calculation \
             takes it stands in its document.",
        ),
    );
    for line in all {
        blocks.push(Block::Paragraph(format!("· {line}")));
    }
}

/// Where each figure comes from.
pub(super) fn origins(input: &EnterpriseReport, blocks: &mut Vec<Block>) {
    let lang = input.lang;
    heading(blocks, say(lang, "八、数据来历", "8. Where the figures come from"));
    if input.origins.is_empty() {
        nothing(blocks, say(lang, "没有给出数据来历。", "No origin was given."));
        return;
    }
    let rows = input.origins.iter().map(|origin| {
        vec![
            origin.figure.clone(),
            origin.run.clone(),
            origin.output.clone(),
            format!("{}@{}", origin.document, origin.version),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: say(lang, "数据来历", "Origins").to_owned(),
        columns: vec![
            Column::text(say(lang, "数据", "Figure")),
            Column::text(say(lang, "运行", "Run")),
            Column::text(say(lang, "输出项", "Output")),
            Column::text(say(lang, "方法文档与版本", "Method document")),
        ],
        rows: rows.collect(),
        note: String::new(),
    }));
    let mut documents: Vec<Source> = Vec::new();
    for origin in &input.origins {
        let title = format!("{}@{}", origin.document, origin.version);
        let source = Source { title, text: origin.digest.clone() };
        if !documents.contains(&source) {
            documents.push(source);
        }
    }
    let text = say(lang, "方法文档及其文本摘要", "Method documents and their digests");
    blocks.push(Block::Heading { level: 2, text: text.to_owned() });
    blocks.push(Block::Sources(documents));
}

fn nothing(blocks: &mut Vec<Block>, text: &str) {
    blocks.push(Block::Paragraph(text.to_owned()));
}

/// Rows of series over the report's years; the unit stands beside the name, for it changes.
fn by_year(input: &EnterpriseReport, caption: &str, first: &str, all: &[&YearSeries]) -> Table {
    let lang = input.lang;
    let mut columns = vec![Column::text(first)];
    columns.push(Column { align: Align::Center, ..Column::text(say(lang, "单位", "Unit")) });
    columns.extend(input.years.iter().map(|year| Column::figures(year, "")));
    let rows =
        all.iter().map(|series| {
            let mut row = vec![series.name.clone(), series.unit.clone()];
            row.extend(
                input.years.iter().enumerate().map(|(at, _)| {
                    value(series.values.get(at).copied().flatten(), series.decimals)
                }),
            );
            row
        });
    let note = match lang {
        Lang::Zh => format!("“{NONE}”表示缺失，不是零。"),
        Lang::En => format!("“{NONE}” is missing, not zero."),
    };
    let is_whole = all.iter().all(|series| {
        input
            .years
            .iter()
            .enumerate()
            .all(|(at, _)| series.values.get(at).is_some_and(Option::is_some))
    });
    Table {
        caption: caption.to_owned(),
        columns,
        rows: rows.collect(),
        note: if is_whole { String::new() } else { note },
    }
}

fn chart(input: &EnterpriseReport, kind: ChartKind, all: &[&YearSeries]) -> Chart {
    let names: Vec<&str> = all.iter().map(|series| series.name.as_str()).collect();
    Chart {
        caption: names.join(say(input.lang, "与", " and ")),
        kind,
        unit: all.first().map(|series| series.unit.clone()).unwrap_or_default(),
        categories: input.years.clone(),
        series: all
            .iter()
            .map(|series| Series { name: series.name.clone(), values: series.values.clone() })
            .collect(),
        note: String::new(),
    }
}
