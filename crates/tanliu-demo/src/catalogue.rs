//! 目录与计算 The catalogue of datasets, and what is computed from them.

use crate::annual::FUELS;
use crate::planted::ENTERPRISE_INPUTS;
use tanliu_platform::catalogue::{Dataset, Refresh, Subject, Way};
use tanliu_platform::figure::Calculation;

/// The document that all annual data feed.
pub const PANORAMA: &str = "cn/district/panorama";

/// 部门 The departments that confirm datasets.
pub(crate) const STATISTICS: &str = "统计局";
pub(crate) const PLANNING: &str = "发展和改革局";
pub(crate) const INDUSTRY: &str = "经济和信息化局";
pub(crate) const GRID: &str = "供电公司";

/// The transformed fuels that the document knows.
pub(crate) const PUT_IN: [(&str, usize); 4] = [
    ("transformation_raw_coal", 0),
    ("transformation_diesel", 2),
    ("transformation_natural_gas", 3),
    ("transformation_lng", 4),
];
/// What comes of them.
pub(crate) const MADE: [(&str, usize); 2] =
    [("transformation_heat_out", 5), ("transformation_electricity_out", 6)];

/// The names of inputs by fuel: `rest_raw_coal` …
pub(crate) fn inputs(stem: &str) -> Vec<String> {
    FUELS.iter().map(|(fuel, _, _)| format!("{stem}_{fuel}")).collect()
}

struct Entry {
    id: &'static str,
    name: (&'static str, &'static str),
    subject: Subject,
    way: Way,
    refresh: Refresh,
    source: &'static str,
    department: &'static str,
    inputs: Vec<String>,
    note: &'static str,
}

impl Entry {
    fn dataset(self) -> Dataset {
        Dataset {
            id: self.id.to_owned(),
            name: (self.name.0.to_owned(), self.name.1.to_owned()),
            subject: self.subject,
            way: self.way,
            refresh: self.refresh,
            source_system: self.source.to_owned(),
            department: self.department.to_owned(),
            document: PANORAMA.to_owned(),
            inputs: self.inputs,
            note: self.note.to_owned(),
        }
    }
}

/// 数据资源目录
pub(crate) fn datasets() -> Vec<Dataset> {
    let mut entries = of_enterprises();
    entries.extend(of_towns());
    entries.extend(of_the_district());
    entries.into_iter().map(Entry::dataset).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn of_enterprises() -> Vec<Entry> {
    let mut energy = owned(&ENTERPRISE_INPUTS);
    energy.extend(PUT_IN.iter().chain(&MADE).map(|(input, _)| (*input).to_owned()));
    vec![
        Entry {
            id: "enterprise-energy",
            name: ("企业能源消费", "Energy of enterprises"),
            subject: Subject::Enterprise,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "能源统计报表",
            department: STATISTICS,
            inputs: energy,
            note: "演示数据。一家一年一行；没有用的品种不填，不知道的不要空着；消费量含加工转换投入",
        },
        Entry {
            id: "enterprise-output",
            name: ("企业增加值", "Value added of enterprises"),
            subject: Subject::Enterprise,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "工业统计报表",
            department: STATISTICS,
            inputs: owned(&["value_added"]),
            note: "演示数据。可比价；规下企业只有一部分有",
        },
        Entry {
            id: "supplier-settlement",
            name: ("供能单位结算表", "Suppliers' settlements"),
            subject: Subject::Enterprise,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "供热、供气结算系统",
            department: INDUSTRY,
            inputs: owned(&["enterprise_natural_gas", "enterprise_heat"]),
            note: "演示数据。用来核对企业填报的热力、天然气",
        },
        Entry {
            id: "meters",
            name: ("电表读数", "Readings of electricity meters"),
            subject: Subject::Enterprise,
            way: Way::Collected,
            refresh: Refresh::QuarterHour,
            source: "用电信息采集",
            department: GRID,
            inputs: owned(&["enterprise_electricity"]),
            note: "演示数据。15 分钟电量，kWh；总表一家一只，部分企业有分表",
        },
    ]
}

fn of_towns() -> Vec<Entry> {
    vec![
        Entry {
            id: "town-energy",
            name: ("镇街未覆盖部分用能", "Energy of towns beside the listed enterprises"),
            subject: Subject::Town,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "部门归集表",
            department: PLANNING,
            inputs: inputs("rest"),
            note: "演示数据。居民、小商户、农户、社会车辆，已减去名单内企业",
        },
        Entry {
            id: "town-output",
            name: ("镇街增加值", "Value added of towns"),
            subject: Subject::Town,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "国民经济核算",
            department: STATISTICS,
            inputs: owned(&["value_added_town", "industrial_value_added_town"]),
            note: "演示数据。可比价；各镇街之和与全区略有出入",
        },
    ]
}

fn of_the_district() -> Vec<Entry> {
    let mut statistics = owned(&["gdp", "value_added_sector", "electricity_factor_given"]);
    statistics.extend(inputs("statistics"));
    vec![
        Entry {
            id: "district-statistics",
            name: ("全区统计", "Statistics of the district"),
            subject: Subject::District,
            way: Way::Gathered,
            refresh: Refresh::Year,
            source: "统计年报",
            department: STATISTICS,
            inputs: statistics,
            note: "演示数据。电力因子也是演示数，不是公布的因子",
        },
        Entry {
            id: "targets",
            name: ("全区目标", "Targets of the district"),
            subject: Subject::District,
            way: Way::Entered,
            refresh: Refresh::Change,
            source: "目标下达文件",
            department: PLANNING,
            inputs: owned(&[
                "energy_target",
                "energy_intensity_target",
                "co2_target",
                "co2_intensity_target",
            ]),
            note: "演示数据，不是下达的目标",
        },
    ]
}

/// 计算任务
pub(crate) fn calculations() -> Vec<Calculation> {
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![Calculation {
        id: "panorama".to_owned(),
        name: ("区县全景碳流".to_owned(), "Panoramic carbon flow".to_owned()),
        document: PANORAMA.to_owned(),
        settings: vec![
            set("coal_class_of", "bituminous_coal"),
            set("electricity_basis", "calorific"),
            set("electricity_factor_basis", "given"),
            set("method", "by_rank"),
        ],
        schedule: "daily 02:30".to_owned(),
        feeds: Vec::new(),
    }]
}
