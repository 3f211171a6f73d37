//! 示例 Writes a made-up enterprise's report as docx and PDF: `report FOLDER [FONT INDEX]`.
#![allow(clippy::print_stderr, reason = "an example speaks to its reader")]

use std::path::Path;
use tanliu_office::report::enterprise::{
    EnterpriseReport, Origin, Rank, TaskLine, WarningLine, YearSeries, enterprise_report,
};
use tanliu_office::report::{Facts, FontFile, Report, ReportFonts, write_docx, write_pdf_with};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        eprintln!("report FOLDER [FONT INDEX]");
        return Ok(());
    };
    let font = arguments.get(1).map(std::fs::read).transpose()?;
    let index = arguments.get(2).map_or(Ok(0), |text| text.parse())?;
    let regular = font.as_deref().map(|bytes| FontFile { bytes, index });
    let report = report();
    let folder = Path::new(folder);
    std::fs::write(folder.join("report.docx"), write_docx(&report)?)?;
    let fonts = ReportFonts { regular, bold: None };
    std::fs::write(folder.join("report.pdf"), write_pdf_with(&report, &fonts)?)?;
    Ok(())
}

/// 虚构企业 Nothing of this enterprise is true.
fn report() -> Report {
    let digest = format!("sha256:{}", "0f3a9c".repeat(10));
    enterprise_report(&EnterpriseReport {
        name: "虚构精密铸造有限公司".to_owned(),
        credit_code: "91330000MADEUP0X00".to_owned(),
        industry: "黑色金属铸造".to_owned(),
        town: "虚构镇".to_owned(),
        year: "2023".to_owned(),
        notice: "演示数据：企业、数值和位次均为虚构，不代表任何真实企业。".to_owned(),
        facts: Facts {
            run: "运行 128".to_owned(),
            document: "cn/made-up/enterprise@1.2".to_owned(),
            digest: digest.clone(),
            date: "2024年3月31日".to_owned(),
        },
        warnings: vec![WarningLine {
            period: "2023年8月".to_owned(),
            level: "橙".to_owned(),
            text: "单位产品电耗较去年同期升高 18.4%，超过规定的 15%；同月产量下降，请核对电表读数\
                   与产量填报是否同一口径。"
                .to_owned(),
            state: "已回复".to_owned(),
        }],
        tasks: vec![TaskLine {
            name: "2023年度能源利用状况报告".to_owned(),
            due: "2024年3月31日".to_owned(),
            state: "待补充".to_owned(),
        }],
        missing: vec!["2023年外购电力没有电费发票佐证，审核退回后未重新报送".to_owned()],
        origins: [
            ("综合能源消费量", "energy_total"),
            ("生产侧碳排放", "co2_production"),
            ("消费侧碳排放", "co2_consumption"),
            ("行业位次", "rank_in_sector"),
        ]
        .map(|(figure, output)| Origin {
            figure: figure.to_owned(),
            run: "128".to_owned(),
            output: output.to_owned(),
            document: "cn/made-up/enterprise".to_owned(),
            version: "1.2".to_owned(),
            digest: digest.clone(),
        })
        .to_vec(),
        ..figures()
    })
}

/// 虚构数值 The figures of the tables.
fn figures() -> EnterpriseReport {
    let series = |(name, unit): (&str, &str), decimals, values: [Option<f64>; 4]| YearSeries {
        name: name.to_owned(),
        unit: unit.to_owned(),
        decimals,
        values: values.to_vec(),
    };
    let all = |values: [f64; 4]| values.map(Some);
    let energy = [Some(2965.1), Some(3010.4), None, Some(2790.8)];
    let electricity = [Some(1234.5), Some(1302.0), Some(1288.7), None];
    let consumption = [Some(10320.4), Some(10660.1), None, Some(9890.6)];
    EnterpriseReport {
        years: ["2020", "2021", "2022", "2023"].map(str::to_owned).to_vec(),
        fuels: vec![
            series(("原煤", "t"), 1, all([1250.0, 980.5, 640.2, 310.2])),
            series(("天然气", "万m³"), 2, all([42.1, 55.37, 71.9, 88.0])),
            series(("外购电力", "万kWh"), 1, electricity),
        ],
        energy: Some(series(("综合能源消费量", "tce"), 1, energy)),
        production: Some(series(
            ("生产侧碳排放", "tCO₂"),
            1,
            all([3280.0, 3105.2, 2960.9, 2560.3]),
        )),
        consumption: Some(series(("消费侧碳排放", "tCO₂"), 1, consumption)),
        rank: Some(Rank {
            sector: "黑色金属铸造".to_owned(),
            measure: "单位产值碳排放".to_owned(),
            unit: "tCO₂/万元".to_owned(),
            decimals: 3,
            place: 7,
            count: 23,
            own: Some(0.812),
            mean: Some(0.957),
            leader: Some(0.604),
        }),
        ..EnterpriseReport::default()
    }
}
