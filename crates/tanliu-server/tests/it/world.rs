//! 世界 A made-up district with people of every role, and browsers that talk to its server.

use crate::fake::{FakeCalculator, FakeClock, FakeEntropy, FakeReadings, FakeStore, Kept};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tanliu_platform::account::{Reach, Role, User};
use tanliu_platform::catalogue::{Dataset, Refresh, Subject, Way};
use tanliu_platform::directory::{District, Enterprise, Meter, Sector, Town};
use tanliu_platform::figure::{Calculation, FigureRow, FigureTable, Run, RunState};
use tanliu_platform::moment::Moment;
use tanliu_platform::warning::{OrderState, Warning};
use tanliu_server::{Asset, Assets, Config, PasswordCost, Services, digest_password, router};
use tower::ServiceExt;

pub(crate) const PASSWORD: &str = "四月的竹子 green";
pub(crate) const CHEAP: PasswordCost = PasswordCost { memory_kib: 64, passes: 1 };
/// 2024-01-01T00:00:00Z
pub(crate) const START_MS: i64 = 1_704_067_200_000;

pub(crate) struct World {
    pub(crate) store: Arc<FakeStore>,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) router: Router,
}

/// An answer, read to its end.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A browser that signed in.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    cookie: String,
    csrf: String,
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.ask(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> Answered {
        let request = self.request(method, path).header("x-tanliu-csrf", &self.csrf);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Hands in a file.
    pub(crate) async fn hand_in(&self, parts: [&str; 3], file: &str) -> Answered {
        let mut body = String::new();
        for (name, value) in ["dataset", "subject", "period"].iter().zip(parts) {
            body += &format!(
                "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += &format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"表.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n{file}\r\n--B--\r\n"
        );
        let request = self.request("POST", "/api/v1/submissions");
        let request = request.header("x-tanliu-csrf", &self.csrf);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookie = format!("tanliu_session={}", self.cookie);
        Request::builder().method(method).uri(path).header(header::COOKIE, cookie)
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answered {
        ask(&self.router, request).await
    }

    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }
}

pub(crate) async fn ask(router: &Router, request: Request<Body>) -> Answered {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answered { status: parts.status, headers: parts.headers, bytes }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// A world whose settings differ from the usual ones.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let store = Arc::new(FakeStore::default());
        fill(&mut store.0.lock().unwrap());
        let clock = Arc::new(FakeClock(AtomicI64::new(START_MS)));
        let config = config(change);
        let router = router(config, services(&store, &clock)).unwrap();
        Self { store, clock, router }
    }

    pub(crate) async fn try_sign_in(&self, name: &str, password: &str) -> Answered {
        let body = json!({ "name": name, "password": password }).to_string();
        let request = Request::post("/api/v1/session")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body));
        ask(&self.router, request.unwrap()).await
    }

    pub(crate) async fn sign_in(&self, name: &str) -> Browser {
        let answered = self.try_sign_in(name, PASSWORD).await;
        assert_eq!(answered.status, StatusCode::OK, "{}", answered.text());
        let cookie = answered.header("set-cookie");
        let cookie = cookie.strip_prefix("tanliu_session=").unwrap().split(';').next().unwrap();
        let csrf = answered.json()["csrf"].as_str().unwrap().to_owned();
        Browser { router: self.router.clone(), cookie: cookie.to_owned(), csrf }
    }

    /// Somebody who did not sign in.
    pub(crate) fn stranger(&self) -> Browser {
        Browser { router: self.router.clone(), cookie: String::new(), csrf: String::new() }
    }
}

pub(crate) fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::new(([127, 0, 0, 1], 0).into(), b"sixteen bytes and more".to_vec());
    config.password = CHEAP;
    change(&mut config);
    config
}

pub(crate) fn services(store: &Arc<FakeStore>, clock: &Arc<FakeClock>) -> Services {
    Services {
        store: Arc::clone(store) as _,
        calculator: Arc::new(FakeCalculator(Arc::clone(store))),
        readings: Arc::new(FakeReadings::default()),
        clock: Arc::clone(clock) as _,
        entropy: Arc::new(FakeEntropy::default()),
        assets: assets(),
    }
}

fn assets() -> Assets {
    Arc::new(|path| {
        let (bytes, content_type): (&'static [u8], _) = match path {
            "index.html" => (b"<!doctype html><title>app</title>", "text/html; charset=utf-8"),
            "assets/app-1.js" => (b"export {}", "text/javascript"),
            _ => return None,
        };
        Some(Asset { bytes: bytes.into(), content_type, digest: format!("d{}", bytes.len()) })
    })
}

fn fill(kept: &mut Kept) {
    let notice = Some("数据为自拟 all data are made up".to_owned());
    kept.district = Some(District { name: "青石区".to_owned(), notice });
    let town = |id: &str, name: &str| Town { id: id.into(), name: name.into(), tile: (0, 0) };
    kept.towns = vec![town("T1", "东镇"), town("T2", "西镇")];
    let sector = |id: &str, name: &str| Sector { id: id.into(), name: name.into(), place: 0 };
    kept.sectors = vec![sector("industry", "工业"), sector("building", "建筑")];
    for (id, town, sector) in
        [("E1", "T1", "industry"), ("E2", "T2", "industry"), ("E3", "T1", "building")]
    {
        kept.enterprises.insert(id.to_owned(), enterprise(id, town, sector));
        kept.meters.push(Meter {
            id: format!("M{id}"),
            enterprise: id.to_owned(),
            carrier: "electricity".to_owned(),
            unit: "kWh".to_owned(),
            serves: "总表".to_owned(),
        });
    }
    people(kept);
    kept.datasets = vec![
        dataset("energy", Subject::Enterprise, Way::Entered, "statistics"),
        dataset("readings", Subject::Enterprise, Way::Collected, "power"),
    ];
    kept.calculations = vec![Calculation {
        id: "panorama".to_owned(),
        name: ("全景".to_owned(), "panorama".to_owned()),
        document: "cn/district/panorama".to_owned(),
        settings: Vec::new(),
        schedule: "daily 02:30".to_owned(),
        feeds: Vec::new(),
    }];
    kept.runs.insert(1, run(1, "panorama"));
    kept.figures.insert(1, tables());
    for (id, enterprise, town) in [(1, "E1", "T1"), (2, "E2", "T2"), (3, "", "T1"), (4, "", "")] {
        kept.warnings.insert(id, (warning(id, enterprise, town), Vec::new()));
    }
}

fn people(kept: &mut Kept) {
    let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let of = |department: Option<&str>, town: Option<&str>, ids: &[&str]| Reach {
        department: department.map(str::to_owned),
        town: town.map(str::to_owned),
        enterprises: own(ids),
    };
    let digest = digest_password(PASSWORD, CHEAP, &FakeEntropy::default()).unwrap();
    for (name, role, reach) in [
        ("admin", Role::Administrator, of(None, None, &[])),
        ("district", Role::District, of(None, None, &[])),
        ("district2", Role::District, of(None, None, &[])),
        ("statistics", Role::Department, of(Some("statistics"), None, &[])),
        ("power", Role::Department, of(Some("power"), None, &[])),
        ("town1", Role::Town, of(None, Some("T1"), &[])),
        ("e1", Role::Enterprise, of(None, None, &["E1"])),
        ("e2", Role::Enterprise, of(None, None, &["E2"])),
        ("verifier", Role::Verifier, of(None, None, &["E1"])),
    ] {
        let user = User {
            name: name.to_owned(),
            shown: name.to_uppercase(),
            role,
            reach,
            password: Some(digest.clone()),
            subject: None,
            disabled: false,
        };
        kept.users.insert(name.to_owned(), user);
    }
}

fn enterprise(id: &str, town: &str, sector: &str) -> Enterprise {
    Enterprise {
        id: id.to_owned(),
        credit_code: format!("91330000MA{id}"),
        name: format!("{id} 织造厂"),
        town: town.to_owned(),
        sector: sector.to_owned(),
        industry_code: "1751".to_owned(),
        industry_name: "化纤织造加工".to_owned(),
        above_scale: true,
        land_mu: Some(20.0),
        place: Some((120.3, 30.4)),
        contact: Some("王工 13800000000".to_owned()),
        edition: 1,
    }
}

fn dataset(id: &str, subject: Subject, way: Way, department: &str) -> Dataset {
    Dataset {
        id: id.to_owned(),
        name: (id.to_owned(), id.to_owned()),
        subject,
        way,
        refresh: Refresh::Year,
        source_system: "报表".to_owned(),
        department: department.to_owned(),
        document: "cn/district/panorama".to_owned(),
        inputs: vec!["burned".to_owned()],
        note: String::new(),
    }
}

fn warning(id: i64, enterprise: &str, town: &str) -> Warning {
    Warning {
        id,
        address: "1/co2[enterprise=E1,year=2021]".to_owned(),
        enterprise: enterprise.to_owned(),
        town: town.to_owned(),
        period: "2021".to_owned(),
        level: 2,
        rule: "over".to_owned(),
        text: "超出预算".to_owned(),
        at: Moment(START_MS),
        state: OrderState::Found,
        edition: 1,
    }
}

pub(crate) fn run(id: i64, calculation: &str) -> Run {
    Run {
        id,
        calculation: calculation.to_owned(),
        document: ("cn/district/panorama".to_owned(), "1".to_owned()),
        document_digest: "d1".to_owned(),
        as_of: Moment(START_MS - 1000),
        by: String::new(),
        began: Moment(START_MS - 900),
        ended: Some(Moment(START_MS - 800)),
        state: RunState::Done,
        manifest: "{\"seed\":1}".to_owned(),
        folder: format!("runs/{id}"),
        current: true,
    }
}

fn table(output: &str, unit: &str, indexes: &[&str], rows: Vec<FigureRow>) -> FigureTable {
    FigureTable {
        output: output.to_owned(),
        label: format!("{output} 的名称"),
        unit: unit.to_owned(),
        indexes: indexes.iter().map(|index| (*index).to_owned()).collect(),
        rows,
    }
}

pub(crate) fn row(keys: &[&str], number: Option<f64>, text: &str) -> FigureRow {
    let keys = keys.iter().map(|key| (*key).to_owned()).collect();
    FigureRow { keys, number, text: text.to_owned() }
}

pub(crate) fn tables() -> Vec<FigureTable> {
    let by_enterprise = |scale: f64| {
        let mut rows = Vec::new();
        for (place, id) in ["E1", "E2", "E3"].into_iter().enumerate() {
            for (year, more) in [("2020", 0.0), ("2021", 0.5)] {
                let number = (place as f64 + 1.0 + more) * scale;
                rows.push(row(&[id, year], Some(number), ""));
            }
        }
        rows
    };
    let by_side = |output: &str, unit: &str| {
        let rows = by_enterprise(0.3).into_iter().flat_map(|own| {
            let side = |side: &str, scale: f64| {
                let keys = [side, &own.keys[0], &own.keys[1]];
                row(&keys, own.number.map(|number| number * scale), "")
            };
            [side("consumption", 1.0), side("production", 0.5)]
        });
        table(output, unit, &["side", "enterprise", "year"], rows.collect())
    };
    let grades = [("E1", "green"), ("E2", "red"), ("E3", "blue")];
    let grades = grades.map(|(id, grade)| row(&[id, "2021"], None, grade)).to_vec();
    let keys = ["enterprise", "year"];
    vec![
        table("co2", "tCO2", &keys, by_enterprise(10.0)),
        table(
            "co2_town",
            "tCO2",
            &["town", "year"],
            vec![row(&["T1", "2021"], Some(50.0), ""), row(&["T2", "2021"], Some(25.0), "")],
        ),
        table("total", "tCO2", &[], vec![row(&[], Some(75.0), "")]),
        table("grade_enterprise", "", &keys, grades),
        table("energy_per_mu", "tce/mu", &keys, by_enterprise(0.1)),
        by_side("co2_per_mu", "tCO2/mu"),
        by_side("co2_by_side", "tCO2"),
        table("rank_in_industry", "1", &keys, by_enterprise(1.0)),
        table(
            "count_in_sector",
            "1",
            &["sector", "year"],
            vec![row(&["industry", "2021"], Some(12.0), "")],
        ),
        table("profit_margin", "%", &keys, by_enterprise(7.0)),
    ]
}
