//! 存储 What a store must do. One contract test suite holds every store to it.

use super::Act;
use crate::account::{ApiToken, Session, User};
use crate::catalogue::Dataset;
use crate::directory::{District, Enterprise, EnterpriseQuery, Meter, Sector, Town};
use crate::figure::{Calculation, FigureQuery, FigureTable, Finding, Run};
use crate::moment::Moment;
use crate::submission::{Review, Submission};
use crate::trail::Entry;
use crate::value::{Choice, Conflict, Value, ValueQuery};
use crate::warning::{OrderStep, Warning};
use async_trait::async_trait;

/// 存储失败 Why a store did not do it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else changed it since it was read.
    #[error("it was changed by somebody else since it was read")]
    Edited,
    /// There is no such thing.
    #[error("there is no {0}")]
    Absent(&'static str),
    /// It is there already, or breaks another rule of the store.
    #[error("{0}")]
    Refused(String),
    /// The database does not answer, is full, or is not ours.
    #[error("the store does not answer: {0}")]
    Failed(String),
}

/// 结果 What a store answers.
pub type Stored<T> = Result<T, StoreError>;

/// 名录
#[async_trait]
pub trait DirectoryStore: Send + Sync {
    /// The district.
    async fn district(&self) -> Stored<District>;
    /// Its towns, by id.
    async fn towns(&self) -> Stored<Vec<Town>>;
    /// Its sectors, in their order.
    async fn sectors(&self) -> Stored<Vec<Sector>>;
    /// Enterprises by id, and how many there are in all.
    async fn enterprises(&self, query: &EnterpriseQuery) -> Stored<(Vec<Enterprise>, u64)>;
    /// One enterprise.
    async fn enterprise(&self, id: &str) -> Stored<Option<Enterprise>>;
    /// Its meters.
    async fn meters(&self, enterprise: &str) -> Stored<Vec<Meter>>;
    /// All meters, by id.
    async fn all_meters(&self) -> Stored<Vec<Meter>>;
    /// A meter by its id.
    async fn meter(&self, id: &str) -> Stored<Option<Meter>>;
    /// Sets the district with all its towns and sectors; adds or replaces those named.
    async fn put_district(
        &self,
        district: &District,
        towns: &[Town],
        sectors: &[Sector],
        act: Act,
    ) -> Stored<()>;
    /// Adds many enterprises with their meters at once.
    async fn add_enterprises(
        &self,
        enterprises: &[Enterprise],
        meters: &[Meter],
        act: Act,
    ) -> Stored<()>;
    /// Changes one that still has the edition that it was read with.
    async fn change_enterprise(&self, enterprise: &Enterprise, act: Act) -> Stored<()>;
}

/// 账户
#[async_trait]
pub trait Accounts: Send + Sync {
    /// A user by name.
    async fn user(&self, name: &str) -> Stored<Option<User>>;
    /// A user by the subject that an OIDC provider vouches for.
    async fn user_of_subject(&self, subject: &str) -> Stored<Option<User>>;
    /// All users, by name.
    async fn users(&self) -> Stored<Vec<User>>;
    /// Adds a user or replaces the one of that name.
    async fn put_user(&self, user: &User, act: Act) -> Stored<()>;
    /// A session that has not ended, with its user.
    async fn session(&self, digest: &str, now: Moment) -> Stored<Option<(Session, User)>>;
    /// Begins a session.
    async fn begin_session(&self, session: &Session, act: Act) -> Stored<()>;
    /// Ends a session.
    async fn end_session(&self, digest: &str, act: Act) -> Stored<()>;
    /// Lets a session end later because it was used: no act, for nothing was done.
    async fn extend_session(&self, digest: &str, until: Moment) -> Stored<()>;
    /// Ends all sessions of a user, whose password or rights changed; returns how many.
    async fn end_sessions_of(&self, user: &str, act: Act) -> Stored<u64>;
    /// Forgets sessions that ended before.
    async fn forget_sessions(&self, before: Moment) -> Stored<u64>;
    /// A token that has not ended, with its user.
    async fn token(&self, digest: &str, now: Moment) -> Stored<Option<(ApiToken, User)>>;
    /// Adds a token.
    async fn add_token(&self, token: &ApiToken, act: Act) -> Stored<()>;
    /// Ends a token.
    async fn end_token(&self, digest: &str, act: Act) -> Stored<()>;
}

/// 报送
#[async_trait]
pub trait Submissions: Send + Sync {
    /// The catalogue, by id.
    async fn datasets(&self) -> Stored<Vec<Dataset>>;
    /// Adds or replaces datasets.
    async fn put_datasets(&self, datasets: &[Dataset], act: Act) -> Stored<()>;
    /// Adds a draft with its values; returns its number. All of it or nothing.
    async fn add_submission(
        &self,
        submission: &Submission,
        values: &[Value],
        act: Act,
    ) -> Stored<i64>;
    /// One submission with the steps made so far.
    async fn submission(&self, id: i64) -> Stored<Option<(Submission, Vec<Review>)>>;
    /// Submissions, newest first: of a dataset, of subjects, in states; all that is not named.
    async fn submissions(
        &self,
        dataset: Option<&str>,
        subjects: Option<&[String]>,
        states: &[crate::submission::State],
        limit: u32,
    ) -> Stored<Vec<Submission>>;
    /// Records a step that leads to `to`, if the submission still has its edition. Approval makes
    /// its values count: a value that counted at the same key is superseded if it came from the
    /// same dataset; if it came from another one and differs, a conflict is opened and the old one
    /// goes on counting until somebody chooses.
    async fn step(
        &self,
        submission: &Submission,
        review: &Review,
        to: crate::submission::State,
        act: Act,
    ) -> Stored<()>;
}

/// 数据值
#[async_trait]
pub trait Values: Send + Sync {
    /// Values, by input, subject, keys, period, number.
    async fn values(&self, query: &ValueQuery) -> Stored<Vec<Value>>;
    /// Conflicts, open ones first.
    async fn conflicts(&self, open_only: bool, limit: u32) -> Stored<Vec<Conflict>>;
    /// Settles a conflict: the chosen value counts, the other does not.
    async fn choose(&self, conflict: i64, choice: &Choice, act: Act) -> Stored<()>;
}

/// 数与运行
#[async_trait]
pub trait Figures: Send + Sync {
    /// What is computed again and again, by id.
    async fn calculations(&self) -> Stored<Vec<Calculation>>;
    /// Adds or replaces calculations.
    async fn put_calculations(&self, calculations: &[Calculation], act: Act) -> Stored<()>;
    /// Begins a run; returns its number.
    async fn begin_run(&self, run: &Run, act: Act) -> Stored<i64>;
    /// Ends a run with its figures, all or none. A run that is done becomes its calculation's
    /// current one if `run.current` says so.
    async fn end_run(&self, run: &Run, tables: &[FigureTable], act: Act) -> Stored<()>;
    /// A run.
    async fn run(&self, id: i64) -> Stored<Option<Run>>;
    /// The run that pages show for a calculation.
    async fn current_run(&self, calculation: &str) -> Stored<Option<Run>>;
    /// Runs of a calculation, newest first.
    async fn runs(&self, calculation: Option<&str>, limit: u32) -> Stored<Vec<Run>>;
    /// Figures of a run, a table for each output asked that it has.
    async fn figures(&self, query: &FigureQuery) -> Stored<Vec<FigureTable>>;
    /// Raises a finding; returns its number.
    async fn raise(&self, finding: &Finding, act: Act) -> Stored<i64>;
    /// Findings, newest first.
    async fn findings(&self, address: Option<&str>, limit: u32) -> Stored<Vec<Finding>>;
    /// Changes one that still has the edition that it was read with.
    async fn change_finding(&self, finding: &Finding, act: Act) -> Stored<()>;
}

/// 预警
#[async_trait]
pub trait Warnings: Send + Sync {
    /// Adds warnings; one whose address and rule are known already is left as it is. Returns how
    /// many are new.
    async fn add_warnings(&self, warnings: &[Warning], act: Act) -> Stored<u64>;
    /// Warnings, gravest and newest first: of a town, of enterprises, open ones only.
    async fn warnings(
        &self,
        town: Option<&str>,
        enterprises: Option<&[String]>,
        open_only: bool,
        limit: u32,
    ) -> Stored<Vec<Warning>>;
    /// A warning with the steps of its order.
    async fn warning(&self, id: i64) -> Stored<Option<(Warning, Vec<OrderStep>)>>;
    /// Records a step, if the warning still has its edition.
    async fn order_step(&self, warning: &Warning, step: &OrderStep, act: Act) -> Stored<()>;
}

/// 证据
#[async_trait]
pub trait Evidence: Send + Sync {
    /// Keeps a file under the digest of its bytes; returns the digest. The same file again is the
    /// same evidence.
    async fn keep(&self, name: &str, bytes: &[u8], act: Act) -> Stored<String>;
    /// The first name and the bytes of a file; its digest is checked.
    async fn evidence(&self, digest: &str) -> Stored<Option<(String, Vec<u8>)>>;
}

/// 审计
#[async_trait]
pub trait Trail: Send + Sync {
    /// Records an act that changes nothing else: a refused sign-in, an export.
    async fn record(&self, act: Act) -> Stored<()>;
    /// Entries from a number on.
    async fn entries(&self, from: i64, limit: u32) -> Stored<Vec<Entry>>;
    /// How many entries there are, and the last seal.
    async fn head(&self) -> Stored<(i64, String)>;
}

/// 存储 All of it.
pub trait Store:
    DirectoryStore + Accounts + Submissions + Values + Figures + Warnings + Evidence + Trail
{
}

impl<T> Store for T where
    T: DirectoryStore + Accounts + Submissions + Values + Figures + Warnings + Evidence + Trail
{
}
