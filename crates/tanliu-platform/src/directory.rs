//! 名录 Towns, sectors, enterprises and their meters.

/// 区县 The district itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// Its name.
    pub name: String,
    /// A note that stands on every page, e.g. that all data are made up.
    pub notice: Option<String>,
}

/// 镇街 A town or subdistrict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// Its key in documents and data: `T07`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its place in the tile map: column and row, from 0.
    pub tile: (i32, i32),
}

/// 领域 One of the six areas of a district: energy, industry, building, transport, agriculture,
/// living.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sector {
    /// Its key in documents and data: `industry`.
    pub id: String,
    /// 工业
    pub name: String,
    /// Its order on pages.
    pub place: i32,
}

/// 企业 An enterprise, or another body that reports energy (an institution, a housing company).
#[derive(Debug, Clone, PartialEq)]
pub struct Enterprise {
    /// Its key in documents and data: `E00012`.
    pub id: String,
    /// 统一社会信用代码
    pub credit_code: String,
    /// Its name.
    pub name: String,
    /// The town it belongs to.
    pub town: String,
    /// One of the six areas.
    pub sector: String,
    /// 国民经济行业分类 The code of GB/T 4754, four digits: `1751`.
    pub industry_code: String,
    /// Its name: 化纤织造加工.
    pub industry_name: String,
    /// 规上 Whether it is above the statistical scale.
    pub above_scale: bool,
    /// 占地, in mu (亩).
    pub land_mu: Option<f64>,
    /// Longitude and latitude, CGCS2000.
    pub place: Option<(f64, f64)>,
    /// 联系人 Who answers questions.
    pub contact: Option<String>,
    /// Counts changes, so that a second editor is noticed.
    pub edition: i64,
}

/// 计量表 A meter of an enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Its key in the readings.
    pub id: String,
    /// Whose it is.
    pub enterprise: String,
    /// electricity, gas, heat …
    pub carrier: String,
    /// The unit of its readings.
    pub unit: String,
    /// Whether it serves all of the enterprise or a part: 总表 or 分表, and what.
    pub serves: String,
}

/// 企业查询 Which enterprises are wanted. An empty query wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnterpriseQuery {
    /// Of one town.
    pub town: Option<String>,
    /// Of one area.
    pub sector: Option<String>,
    /// Whose name, code or key holds this text.
    pub text: Option<String>,
    /// Only these.
    pub ids: Option<Vec<String>>,
    /// How many are passed over.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}
