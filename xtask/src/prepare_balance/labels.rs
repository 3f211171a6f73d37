//! 名称表 The rows and columns of a provincial energy balance, and the names documents give them.
//!
//! The labels are those of the China Energy Statistical Yearbook 2008, tables 6-1 to 6-30. A new
//! edition that words a row differently needs a line here, not a guess.

/// 平衡表项目 One row of the balance.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// The row's number in the published table, from 1.
    pub row: u8,
    /// The member of the document's index `item`.
    pub code: &'static str,
    /// As printed.
    pub label: &'static str,
}

/// 能源品种 One column of the balance.
#[derive(Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The member of the document's index `fuel` or `gas`; our own name for the others.
    pub code: &'static str,
    /// As printed.
    pub label: &'static str,
    /// What it is measured in.
    pub family: Family,
    /// Why a computation of direct emissions does not take it.
    pub left_out: Option<LeftOut>,
}

/// 单位族 The families of units that a balance mixes; each has a table of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// 万吨
    Mass,
    /// 亿立方米
    Volume,
    /// 百亿千焦
    Heat,
    /// 亿千瓦时
    Electricity,
    /// 万吨标准煤
    StandardCoal,
}

/// 不取的原因 Why a column does not enter a computation of direct emissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// The sum of other columns.
    SubTotal,
    /// Heat and electricity: their fuels stand under thermal power and heating.
    NoDirectEmission,
    /// A mixture whose composition is not published.
    NoComposition,
}

impl Family {
    /// In the order of the files.
    pub const ALL: &[Self] =
        &[Self::Mass, Self::Volume, Self::Heat, Self::Electricity, Self::StandardCoal];

    /// The texts that the unit column may hold; the first is the usual one.
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Self::Mass => &["万吨"],
            Self::Volume => &["亿立方米"],
            Self::Heat => &["百亿千焦"],
            Self::Electricity => &["亿千瓦时"],
            Self::StandardCoal => &["万吨标煤", "万吨标准煤"],
        }
    }

    /// The file that holds the family.
    pub fn file(self) -> &'static str {
        match self {
            Self::Mass => "mass.csv",
            Self::Volume => "volume.csv",
            Self::Heat => "heat.csv",
            Self::Electricity => "electricity.csv",
            Self::StandardCoal => "standard-coal.csv",
        }
    }

    /// The header of the file, with the unit.
    pub fn header(self) -> &'static str {
        match self {
            Self::Mass => "province,year,item,fuel,mass (万吨)",
            Self::Volume => "province,year,item,gas,volume (亿立方米)",
            Self::Heat => "province,year,item,heat (百亿千焦)",
            Self::Electricity => "province,year,item,electricity (亿千瓦时)",
            Self::StandardCoal => "province,year,item,other_energy (万吨标准煤)",
        }
    }

    /// Whether several carriers share the table.
    pub fn holds_several(self) -> bool {
        matches!(self, Self::Mass | Self::Volume)
    }
}

impl LeftOut {
    /// In Chinese and in English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SubTotal => (
                "小计，与分品种并列会重复计算",
                "a sub-total: beside its parts it would be counted twice",
            ),
            Self::NoDirectEmission => (
                "使用时不直接排放，其燃料已计入火力发电和供热投入",
                "no direct emission in use: its fuels stand under thermal power and heating",
            ),
            Self::NoComposition => {
                ("构成未公布，无对应排放因子", "its composition is not published: no factor")
            }
        }
    }
}

/// All rows, in the order of the balance.
pub const ITEMS: &[Item] = &[
    Item { row: 1, code: "supply", label: "一.可供本地区消费的能源量" },
    Item { row: 2, code: "production", label: "1.一次能源生产量" },
    Item { row: 3, code: "recovered", label: "2.回收能" },
    Item { row: 4, code: "moved_in", label: "3.外省(区、市)调入量" },
    Item { row: 5, code: "imported", label: "4.进口量" },
    Item { row: 6, code: "bunkers_abroad", label: "5.我轮、机在外国加油量" },
    Item { row: 7, code: "moved_out", label: "6.本省(区、市)调出量(-)" },
    Item { row: 8, code: "exported", label: "7.出口量(-)" },
    Item { row: 9, code: "bunkers_here", label: "8.外轮、机在我国加油量(-)" },
    Item { row: 10, code: "stock_change", label: "9.库存增(-)、减(+)量" },
    Item { row: 11, code: "transformation", label: "二.加工转换投入(-)产出(+)量" },
    Item { row: 12, code: "thermal_power", label: "1.火力发电" },
    Item { row: 13, code: "heating", label: "2.供热" },
    Item { row: 14, code: "coal_washing", label: "3.洗选煤" },
    Item { row: 15, code: "coking", label: "4.炼焦" },
    Item { row: 16, code: "refining", label: "5.炼油" },
    Item { row: 17, code: "gas_works", label: "6.制气" },
    Item { row: 18, code: "coke_input", label: "#焦炭再投入量(-)" },
    Item { row: 19, code: "briquette_making", label: "7.煤制品加工" },
    Item { row: 20, code: "losses", label: "三.损失量" },
    Item { row: 21, code: "final", label: "四.终端消费量" },
    Item { row: 22, code: "farming", label: "1.农、林、牧、渔、水利业" },
    Item { row: 23, code: "industry", label: "2.工业" },
    Item { row: 24, code: "non_energy", label: "#用作原料、材料" },
    Item { row: 25, code: "construction", label: "3.建筑业" },
    Item { row: 26, code: "transport", label: "4.交通运输、仓储和邮政业" },
    Item { row: 27, code: "trade", label: "5.批发、零售业和住宿、餐饮业" },
    Item { row: 28, code: "residential", label: "6.生活消费" },
    Item { row: 29, code: "urban", label: "城镇" },
    Item { row: 30, code: "rural", label: "乡村" },
    Item { row: 31, code: "other_final", label: "7.其他" },
    Item { row: 32, code: "difference", label: "五.平衡差额" },
    Item { row: 33, code: "consumption", label: "六.消费量合计" },
];

const fn taken(code: &'static str, label: &'static str, family: Family) -> Carrier {
    Carrier { code, label, family, left_out: None }
}

const fn dropped(
    code: &'static str,
    label: &'static str,
    family: Family,
    reason: LeftOut,
) -> Carrier {
    Carrier { code, label, family, left_out: Some(reason) }
}

/// All columns, in the order of the balance.
pub const CARRIERS: &[Carrier] = &[
    dropped("coal_total", "煤合计", Family::Mass, LeftOut::SubTotal),
    taken("raw_coal", "原煤", Family::Mass),
    taken("cleaned_coal", "洗精煤", Family::Mass),
    taken("other_washed_coal", "其他洗煤", Family::Mass),
    taken("briquette", "型煤", Family::Mass),
    taken("coke", "焦炭", Family::Mass),
    taken("coke_oven_gas", "焦炉煤气", Family::Volume),
    taken("other_gas", "其他煤气", Family::Volume),
    taken("other_coking_products", "其他焦化产品", Family::Mass),
    dropped("oil_total", "油品合计", Family::Mass, LeftOut::SubTotal),
    taken("crude_oil", "原油", Family::Mass),
    taken("gasoline", "汽油", Family::Mass),
    taken("kerosene", "煤油", Family::Mass),
    taken("diesel", "柴油", Family::Mass),
    taken("fuel_oil", "燃料油", Family::Mass),
    taken("lpg", "液化石油气", Family::Mass),
    taken("refinery_gas", "炼厂干气", Family::Mass),
    taken("natural_gas", "天然气", Family::Volume),
    taken("other_oil_products", "其他石油制品", Family::Mass),
    dropped("heat", "热力", Family::Heat, LeftOut::NoDirectEmission),
    dropped("electricity", "电力", Family::Electricity, LeftOut::NoDirectEmission),
    dropped("other_energy", "其他能源", Family::StandardCoal, LeftOut::NoComposition),
];

/// The row of a label; its number must be the row's, for labels such as 工业 stand in other tables
/// too.
pub(super) fn item(row: &str, label: &str) -> Result<&'static Item, String> {
    let item = ITEMS.iter().find(|item| item.label == label).ok_or_else(|| {
        format!("unknown row `{label}` (number {row}); the balance has 33 rows, see ITEMS")
    })?;
    if row.parse() == Ok(item.row) {
        Ok(item)
    } else {
        Err(format!("row `{label}` has the number `{row}`, expected {}", item.row))
    }
}

pub(super) fn carrier(label: &str) -> Result<&'static Carrier, String> {
    CARRIERS
        .iter()
        .find(|carrier| carrier.label == label)
        .ok_or_else(|| format!("unknown fuel `{label}`; the balance has 22 columns, see CARRIERS"))
}
