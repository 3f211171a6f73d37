//! 平台的命令行 The commands that keep a district's platform running.

use super::Sources;
use clap::Args;

/// 安装 Where the platform keeps what it knows.
#[derive(Debug, Clone, Args)]
pub(crate) struct Home {
    /// 平台的数据目录：数据库、证据、运行、读数都在其中 ¦ the platform's folder: database, evidence, runs and readings lie below it
    #[arg(long, value_name = "DIR")]
    pub(crate) home: String,
    /// 数据库地址；缺省：数据目录里的 SQLite。postgres://… 用 PostgreSQL ¦ URL of the database; default: SQLite in the folder. postgres://… for PostgreSQL
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}

/// 监听 Where the server listens, and what it hands out.
#[derive(Debug, Clone, Args)]
pub(crate) struct Listening {
    /// 监听地址；缺省 127.0.0.1:8400 ¦ where it listens; default 127.0.0.1:8400
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8400")]
    pub(crate) listen: String,
    /// 人们输入的网址，写进二维码；https 开头时会话只走 https ¦ the address that people type, it stands in QR codes; with https sessions go by https only
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// 前面有自家的反向代理 ¦ a proxy of the house stands before it
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// 从目录读网页，不用内嵌的（开发用） ¦ the web app from a folder, not the embedded one (to develop)
    #[arg(long, value_name = "DIR")]
    pub(crate) web: Option<String>,
}

/// `tanliu serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) home: Home,
    #[command(flatten)]
    pub(crate) listening: Listening,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) home: Home,
    #[command(flatten)]
    pub(crate) listening: Listening,
    #[command(flatten)]
    pub(crate) sources: Sources,
    /// 读数的天数；缺省 31，一年是 366 ¦ days of readings; default 31, a year is 366
    #[arg(long, value_name = "N", default_value_t = 31)]
    pub(crate) days: u32,
    /// 企业数；缺省 3600 ¦ enterprises; default 3600
    #[arg(long, value_name = "N", default_value_t = 3600)]
    pub(crate) enterprises: u32,
    /// 只建立示范区，不启动服务 ¦ set the district up and end
    #[arg(long)]
    pub(crate) only_fill: bool,
}

/// `tanliu backup`
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// 备份写到哪个目录，须是空的 ¦ the folder that it goes to; it must be empty
    #[arg(value_name = "TARGET")]
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) home: Home,
}

/// `tanliu restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// 备份所在的目录 ¦ the folder of the backup
    #[arg(value_name = "SOURCE")]
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) home: Home,
}

/// `tanliu user`
#[derive(Debug, Args)]
pub(crate) struct User {
    /// 登录名 ¦ the name to sign in with
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// 角色：administrator、district、department、town、enterprise、verifier ¦ the role: administrator, district, department, town, enterprise, verifier
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: String,
    /// 显示名；缺省同登录名 ¦ the name that others see; default: the same
    #[arg(long, value_name = "TEXT")]
    pub(crate) shown: Option<String>,
    /// 所属部门、镇街，或企业（可重复） ¦ its department, its town, or its enterprises (repeatable)
    #[arg(long, value_name = "ID")]
    pub(crate) of: Vec<String>,
    #[command(flatten)]
    pub(crate) home: Home,
}
