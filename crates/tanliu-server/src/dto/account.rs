//! 账户与名录的形状 Sessions, users, the district and its enterprises.

use super::Label;
use super::figures::Run;
use serde::{Deserialize, Serialize};
use tanliu_platform::{account, directory};
use utoipa::ToSchema;

/// 登录
#[derive(Deserialize, ToSchema)]
pub(crate) struct SignIn {
    pub(crate) name: String,
    pub(crate) password: String,
}

/// 会话
#[derive(Serialize, ToSchema)]
pub(crate) struct Session {
    pub(crate) user: SignedIn,
    /// What unsafe requests bring along in `x-tanliu-csrf`.
    pub(crate) csrf: String,
    pub(crate) until: String,
}

/// 已登录的人
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedIn {
    pub(crate) name: String,
    pub(crate) shown: String,
    /// administrator, district, department, town, enterprise, verifier
    pub(crate) role: String,
    pub(crate) reach: Reach,
}

/// 范围
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Reach {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) department: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) town: Option<String>,
    #[serde(default)]
    pub(crate) enterprises: Vec<String>,
}

impl From<&account::Reach> for Reach {
    fn from(own: &account::Reach) -> Self {
        Self {
            department: own.department.clone(),
            town: own.town.clone(),
            enterprises: own.enterprises.clone(),
        }
    }
}

impl From<Reach> for account::Reach {
    fn from(own: Reach) -> Self {
        Self { department: own.department, town: own.town, enterprises: own.enterprises }
    }
}

impl Session {
    pub(crate) fn of(session: &account::Session, actor: &account::Actor) -> Self {
        Self {
            user: SignedIn {
                name: actor.name.clone(),
                shown: actor.shown.clone(),
                role: actor.role.word().to_owned(),
                reach: Reach::from(&actor.reach),
            },
            csrf: session.csrf.clone(),
            until: session.until.to_utc(),
        }
    }
}

/// 用户
#[derive(Serialize, ToSchema)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) shown: String,
    pub(crate) role: String,
    pub(crate) reach: Reach,
    pub(crate) disabled: bool,
    /// Whether the user signs in with a password here.
    pub(crate) has_password: bool,
}

impl From<&account::User> for User {
    fn from(own: &account::User) -> Self {
        Self {
            name: own.name.clone(),
            shown: own.shown.clone(),
            role: own.role.word().to_owned(),
            reach: Reach::from(&own.reach),
            disabled: own.disabled,
            has_password: own.password.is_some(),
        }
    }
}

/// 设用户
#[derive(Deserialize, ToSchema)]
pub(crate) struct UserChange {
    pub(crate) shown: String,
    pub(crate) role: String,
    #[serde(default)]
    pub(crate) reach: Reach,
    #[serde(default)]
    pub(crate) disabled: bool,
    /// A new password; none leaves it as it is.
    #[serde(default)]
    pub(crate) password: Option<String>,
}

/// 设令牌
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenWanted {
    pub(crate) label: String,
    pub(crate) user: String,
    pub(crate) scope: Vec<String>,
    #[serde(default)]
    pub(crate) until: Option<String>,
}

/// 新令牌 Its secret is told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenMade {
    pub(crate) digest: String,
    pub(crate) secret: String,
    pub(crate) label: String,
    pub(crate) user: String,
    pub(crate) scope: Vec<String>,
    pub(crate) until: Option<String>,
}

/// 企业
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Enterprise {
    pub(crate) id: String,
    pub(crate) credit_code: String,
    pub(crate) name: String,
    pub(crate) town: String,
    pub(crate) sector: String,
    pub(crate) industry_code: String,
    pub(crate) industry_name: String,
    pub(crate) above_scale: bool,
    #[serde(default)]
    pub(crate) land_mu: Option<f64>,
    /// Longitude and latitude, CGCS2000.
    #[serde(default)]
    pub(crate) place: Option<[f64; 2]>,
    #[serde(default)]
    pub(crate) contact: Option<String>,
    pub(crate) edition: i64,
}

impl From<&directory::Enterprise> for Enterprise {
    fn from(own: &directory::Enterprise) -> Self {
        Self {
            id: own.id.clone(),
            credit_code: own.credit_code.clone(),
            name: own.name.clone(),
            town: own.town.clone(),
            sector: own.sector.clone(),
            industry_code: own.industry_code.clone(),
            industry_name: own.industry_name.clone(),
            above_scale: own.above_scale,
            land_mu: own.land_mu,
            place: own.place.map(|(longitude, latitude)| [longitude, latitude]),
            contact: own.contact.clone(),
            edition: own.edition,
        }
    }
}

impl From<Enterprise> for directory::Enterprise {
    fn from(own: Enterprise) -> Self {
        Self {
            id: own.id,
            credit_code: own.credit_code,
            name: own.name,
            town: own.town,
            sector: own.sector,
            industry_code: own.industry_code,
            industry_name: own.industry_name,
            above_scale: own.above_scale,
            land_mu: own.land_mu,
            place: own.place.map(|[longitude, latitude]| (longitude, latitude)),
            contact: own.contact,
            edition: own.edition,
        }
    }
}

/// 计量表
#[derive(Serialize, ToSchema)]
pub(crate) struct Meter {
    pub(crate) id: String,
    pub(crate) carrier: String,
    pub(crate) unit: String,
    pub(crate) serves: String,
}

/// 企业页
#[derive(Serialize, ToSchema)]
pub(crate) struct EnterprisePage {
    pub(crate) enterprise: Enterprise,
    pub(crate) meters: Vec<Meter>,
    /// The address of its public page: `/code/…`.
    pub(crate) code: String,
}

/// 企业列表
#[derive(Serialize, ToSchema)]
pub(crate) struct Enterprises {
    pub(crate) enterprises: Vec<Enterprise>,
    pub(crate) count: u64,
}

/// 区县总览 What every page needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct DistrictPage {
    pub(crate) district: District,
    pub(crate) towns: Vec<Town>,
    pub(crate) sectors: Vec<Sector>,
    pub(crate) calculations: Vec<Calculation>,
}

/// 区县
#[derive(Serialize, ToSchema)]
pub(crate) struct District {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notice: Option<String>,
}

/// 镇街
#[derive(Serialize, ToSchema)]
pub(crate) struct Town {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) tile: [i32; 2],
}

/// 领域
#[derive(Serialize, ToSchema)]
pub(crate) struct Sector {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// 计算任务
#[derive(Serialize, ToSchema)]
pub(crate) struct Calculation {
    pub(crate) id: String,
    pub(crate) name: Label,
    pub(crate) document: String,
    pub(crate) schedule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) current: Option<Run>,
}
