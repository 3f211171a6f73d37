//! `tanliu sample`: example data of any size, made up, the same on every machine.

use crate::arguments::{Sample, SampleDistrict, SampleKind};
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use std::io::IsTerminal;
use std::path::Path;
use tanliu_engine::sample::{District, SampleError, write_district};
use tanliu_unit::time::{Grain, TimeKey};

/// The document that reads the district, as a reader at the repository's root names it.
const DOCUMENT: &str = "examples/district/meters.md";

/// Writes the data that was asked for.
pub(crate) fn run(wanted: &Sample, screen: &mut Screen) -> Result<Ended, Failure> {
    match &wanted.kind {
        SampleKind::District(wanted) => district(wanted, screen),
    }
}

fn district(wanted: &SampleDistrict, screen: &mut Screen) -> Result<Ended, Failure> {
    let SampleDistrict { out, plants, days, seed, .. } = wanted;
    let district =
        District { plants: *plants, from: first_day(&wanted.from)?, days: *days, seed: *seed };
    let files = district.files();
    // A line that is written over is for somebody who looks on; a log gets the result only.
    let watched = std::io::stderr().is_terminal();
    let mut tell = |done: u32| {
        if watched {
            let (zh, en) = ("正在生成读数", "writing readings");
            let end = if done == files { "\n" } else { "" };
            let word = screen.word(zh, en);
            screen.error_text(&format!("\r{word}: {done} / {files}{end}"));
        }
    };
    let written = write_district(Path::new(out), &district, &mut tell).map_err(failure)?;
    let (rows, megabytes) = (grouped(written.rows), written.bytes.div_ceil(1_000_000));
    screen.line(
        format!(
            "已写入 {out}：{plants} 家企业、{days} 天、{rows} 个读数，{files} 个 Parquet 文件共 {megabytes} MB；\
             数据全部自拟，种子 {seed}"
        ),
        format!(
            "written to {out}: {plants} plants, {days} days, {rows} readings, {megabytes} MB of \
             Parquet files ({files}); everything made up, seed {seed}"
        ),
    );
    screen.line(
        format!("计算：tanliu run {DOCUMENT} --data {out}"),
        format!("to compute: tanliu run {DOCUMENT} --data {out}"),
    );
    Ok(Ended::Well)
}

fn first_day(text: &str) -> Result<TimeKey, Failure> {
    TimeKey::parse(text).filter(|key| key.grain == Grain::Day).ok_or_else(|| {
        Failure::new(
            format!("--from 应是一个日期，而不是「{text}」"),
            format!("--from takes a date, not `{text}`"),
        )
        .hint("例：--from 2024-01-01", "e.g. --from 2024-01-01")
    })
}

fn failure(error: SampleError) -> Failure {
    let (message, hint) = (error.message(), error.hint());
    Failure::new(message.zh, message.en).hint(hint.zh, hint.en)
}

/// `10,713,600`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(960), "960");
        assert_eq!(grouped(10_713_600), "10,713,600");
    }
}
