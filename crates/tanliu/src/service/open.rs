//! 开张 The platform's services over a house: store, calculator, readings, secret.

use super::calculator::DocumentCalculator;
use super::house::House;
use super::meters::MeterBook;
use super::readings::{KeeperOptions, ReadingKeeper};
use crate::arguments::{Home, Sources};
use crate::failure::Failure;
use std::sync::Arc;
use tanliu_platform::port::Store;
use tanliu_server::{Entropy as _, SystemEntropy};
use tanliu_store::SqlStore;

/// What the secret of a house has.
const SECRET_BYTES: usize = 32;

/// 已开张的平台 A house with what keeps and computes in it.
pub(crate) struct Platform {
    pub(crate) house: House,
    pub(crate) store: Arc<SqlStore>,
    pub(crate) calculator: Arc<DocumentCalculator>,
    pub(crate) readings: Arc<ReadingKeeper>,
    pub(crate) meters: MeterBook,
}

impl Platform {
    /// Opens the house, makes its database if there is none.
    pub(crate) async fn open(home: &Home, sources: &Sources) -> Result<Self, Failure> {
        let house = House::open(&home.home)?;
        let store = open_store(&house, home).await?;
        let dynamic: Arc<dyn Store> = store.clone();
        let sources = absolute(sources);
        let calculator = Arc::new(DocumentCalculator::new(dynamic, house.clone(), sources));
        let meters = MeterBook::default();
        meters.reload(store.as_ref()).await.map_err(|error| {
            Failure::new(format!("数据库没有应答：{error}"), format!("the store failed: {error}"))
        })?;
        let options = KeeperOptions::default();
        let readings = ReadingKeeper::open(&house.readings(), meters.units(), options)?;
        Ok(Self { house, store, calculator, readings: Arc::new(readings), meters })
    }
}

/// The store of a house.
pub(crate) async fn open_store(house: &House, home: &Home) -> Result<Arc<SqlStore>, Failure> {
    let url = home.database.clone().unwrap_or_else(|| house.database());
    let opened = SqlStore::open(&url, house.evidence()).await;
    opened.map(Arc::new).map_err(|error| {
        let shown = home.database.as_ref().map_or("tanliu.db", |_| "--database");
        Failure::new(
            format!("打不开数据库 {shown}：{error}"),
            format!("cannot open the database {shown}: {error}"),
        )
    })
}

/// A server works in its house: paths that were given from elsewhere must stay good.
fn absolute(sources: &Sources) -> Sources {
    let whole = |path: &String| {
        std::path::absolute(path)
            .map_or_else(|_| path.clone(), |path| path.to_string_lossy().into_owned())
    };
    Sources {
        library: sources.library.iter().map(whole).collect(),
        factors: sources.factors.as_ref().map(whole),
    }
}

/// What tokens of codes are derived from: made once, kept for good.
pub(crate) fn secret(house: &House) -> Result<Vec<u8>, Failure> {
    let path = house.root().join("secret");
    let shown = path.to_string_lossy().into_owned();
    if path.exists() {
        return std::fs::read(&path).map_err(|error| Failure::unreadable(&shown, &error));
    }
    let mut bytes = vec![0_u8; SECRET_BYTES];
    SystemEntropy
        .fill(&mut bytes)
        .map_err(|error| Failure::new(format!("系统没有随机数：{error}"), format!("{error}")))?;
    write_private(&path, &bytes).map_err(|error| Failure::unwritable(&shown, &error))?;
    Ok(bytes)
}

/// A file that nobody else may read.
fn write_private(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(bytes)
}
