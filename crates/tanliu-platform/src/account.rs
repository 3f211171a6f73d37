//! 账户 Users, their roles and reach, their sessions and tokens.

use crate::moment::Moment;

/// 角色 What somebody is to the district.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 系统管理员 Keeps users and settings; sees no more of enterprises than it must.
    Administrator,
    /// 区县 The district's officials: everything of the district, last approval.
    District,
    /// 部门 A department: the datasets that it confirms, technical review.
    Department,
    /// 镇街 A town's office: its own enterprises.
    Town,
    /// 企业 An enterprise: itself.
    Enterprise,
    /// 核查机构 A verifier: the enterprises that it was given.
    Verifier,
}

impl Role {
    /// All, in the order of pages.
    pub const ALL: [Self; 6] = [
        Self::Administrator,
        Self::District,
        Self::Department,
        Self::Town,
        Self::Enterprise,
        Self::Verifier,
    ];

    /// The word in the store and on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::District => "district",
            Self::Department => "department",
            Self::Town => "town",
            Self::Enterprise => "enterprise",
            Self::Verifier => "verifier",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// 范围 Which part of the district somebody belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The department of a department's clerk.
    pub department: Option<String>,
    /// The town of a town's clerk.
    pub town: Option<String>,
    /// The enterprise of its clerk; those that a verifier was given.
    pub enterprises: Vec<String>,
}

/// 用户 Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name to sign in with.
    pub name: String,
    /// The name that others see.
    pub shown: String,
    /// What the user is.
    pub role: Role,
    /// Where.
    pub reach: Reach,
    /// The password's argon2id string; none where another house vouches (OIDC).
    pub password: Option<String>,
    /// Who vouches for the user at an OIDC provider: its subject.
    pub subject: Option<String>,
    /// Signed out of service.
    pub disabled: bool,
}

/// 行为人 Who acts, as far as rules need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's name.
    pub name: String,
    /// The name that others see.
    pub shown: String,
    /// What the user is.
    pub role: Role,
    /// Where.
    pub reach: Reach,
}

impl From<&User> for Actor {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            shown: user.shown.clone(),
            role: user.role,
            reach: user.reach.clone(),
        }
    }
}

/// 会话 A browser that signed in. The store knows the digest of its secret, never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret, in hex.
    pub digest: String,
    /// Whose.
    pub user: String,
    /// What unsafe requests must bring along (CSRF).
    pub csrf: String,
    /// When it was begun.
    pub since: Moment,
    /// When it ends.
    pub until: Moment,
}

/// 接口令牌 What a machine signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// SHA-256 of the secret, in hex.
    pub digest: String,
    /// What it is for.
    pub label: String,
    /// Whose; it may do what the user may, within `scope`.
    pub user: String,
    /// What it may do: `readings:write`, `figures:read`.
    pub scope: Vec<String>,
    /// When it ends.
    pub until: Option<Moment>,
}
