//! 填充 The made-up district goes in as a real one would: enterprises, submissions, reviews, runs.

use super::PASSWORD;
use crate::arguments::Demo as Wanted;
use crate::command::user::digest;
use crate::failure::Failure;
use crate::screen::Screen;
use crate::service::Platform;
use serde_json::json;
use std::collections::BTreeSet;
use tanliu_demo::{Demo, Handed, SEED};
use tanliu_engine::sample::{Plants, Span, write_readings};
use tanliu_load::Profile;
use tanliu_platform::account::{Actor, Reach, Role};
use tanliu_platform::moment::Moment;
use tanliu_platform::port::{
    Accounts as _, Act, Calculator as _, DirectoryStore as _, Figures as _, ReadingOrigin,
    StoreError, Submissions as _,
};
use tanliu_platform::submission::{State, next};
use tanliu_platform::value::Standing;
use tanliu_server::{Clock as _, SystemClock};
use tanliu_unit::time::TimeKey;

/// Who brings the district in.
const SYSTEM: &str = "system";
/// The last day of which there are readings.
const LAST_DAY: &str = "2021-12-31";

/// Everything of the district: what people said and decided, then what is computed from it.
pub(super) async fn fill(
    platform: &Platform,
    wanted: &Wanted,
    screen: &mut Screen,
) -> Result<(), Failure> {
    let clock = SystemClock::default();
    let begun = clock.ticks_us();
    screen.line(
        "建立示范区（名称、企业和数据全部自拟）……",
        "setting the demonstration district up (every name, enterprise and figure is made up) …",
    );
    screen.flush();
    let demo = Demo::new(SEED);
    let chosen = chosen(&demo, wanted.enterprises);
    directory(platform, &demo, &chosen, clock.now()).await?;
    let (mut submissions, mut values) = (0, 0);
    for handed in demo.handed() {
        let count = hand_in(platform, handed, &chosen).await?;
        submissions += usize::from(count > 0);
        values += count;
    }
    screen.line(
        format!("{} 家企业，{submissions} 次报送，{values} 个数据值", chosen.len()),
        format!("{} enterprises, {submissions} submissions, {values} values", chosen.len()),
    );
    screen.flush();
    readings(platform, &demo, (&chosen, wanted.days), screen).await?;
    for calculation in &demo.calculations {
        let now = clock.now();
        let ran = platform.calculator.calculate(calculation, now, SYSTEM, now).await;
        let run = ran.map_err(|error| {
            Failure::new(format!("{} 没有算成：{error}", calculation.id), error.to_string())
        })?;
        screen.line(
            format!("运行 {}：{}，{}", run.id, calculation.name.0, run.state.word()),
            format!("run {}: {}, {}", run.id, calculation.name.1, run.state.word()),
        );
        screen.flush();
    }
    let seconds = (clock.ticks_us() - begun) / 1_000_000;
    screen.line(format!("用了 {seconds} 秒"), format!("it took {seconds} s"));
    screen.flush();
    Ok(())
}

/// The enterprises of a smaller district: those with a planted case, and the first others.
fn chosen(demo: &Demo, most: u32) -> BTreeSet<String> {
    let planted = demo.planted().into_iter().map(|planted| planted.enterprise);
    let all = demo.enterprises.iter().map(|enterprise| enterprise.id.clone());
    let mut chosen = BTreeSet::new();
    for id in planted.chain(all) {
        if chosen.len() >= most as usize {
            break;
        }
        chosen.insert(id);
    }
    chosen
}

/// 电表 The profiles of the chosen enterprises' meters.
struct Metered<'d> {
    demo: &'d Demo,
    places: Vec<usize>,
}

impl Plants for Metered<'_> {
    fn count(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    fn plant(&self, number: u32) -> Option<Profile> {
        self.demo.profile(*self.places.get(number as usize)?)
    }
}

/// The last days of the district's last year, a reading every quarter of an hour.
async fn readings(
    platform: &Platform,
    demo: &Demo,
    (chosen, days): (&BTreeSet<String>, u32),
    screen: &mut Screen,
) -> Result<(), Failure> {
    if days == 0 {
        return Ok(());
    }
    platform.meters.reload(platform.store.as_ref()).await.map_err(failed)?;
    let numbered = demo.meters.iter().enumerate();
    let places = numbered.filter(|(_, meter)| chosen.contains(&meter.enterprise));
    let metered = Metered { demo, places: places.map(|(place, _)| place).collect() };
    let last = TimeKey::parse(LAST_DAY).ok_or_else(|| Failure::new(LAST_DAY, LAST_DAY))?;
    let span = Span { from: last.step(1 - i64::from(days)), days };
    let folder = tempfile::Builder::new()
        .prefix("made-up-")
        .tempdir_in(platform.house.root())
        .map_err(|error| Failure::unwritable("readings", &error))?;
    let written = write_readings(&folder.path().join("made"), &metered, span, &mut |_| {})
        .map_err(|error| Failure::new(error.to_string(), error.to_string()))?;
    let files = std::fs::read_dir(folder.path().join("made").join("readings"))
        .map_err(|error| Failure::unwritable("readings", &error))?;
    let mut paths: Vec<_> = files.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let origin = ReadingOrigin {
        by: SYSTEM.to_owned(),
        at: SystemClock::default().now(),
        batch: "示范区 demonstration".to_owned(),
    };
    let columns = ["plant", "instant", "power"].map(|name| Some(name.to_owned()));
    platform.readings.add_files(paths, "kWh", columns, &origin)?;
    screen.line(
        format!("{} 块表 {days} 天的一刻钟读数，{} 个", metered.places.len(), written.rows),
        format!("{} meters, {days} days, {} readings", metered.places.len(), written.rows),
    );
    screen.flush();
    Ok(())
}

fn act(by: &str, at: Moment, verb: &str, object: String) -> Act {
    let facts = json!({ "demo": true }).to_string();
    Act { by: by.to_owned(), at, verb: verb.to_owned(), object, facts }
}

/// District, enterprises, people, catalogue.
async fn directory(
    platform: &Platform,
    demo: &Demo,
    chosen: &BTreeSet<String>,
    now: Moment,
) -> Result<(), Failure> {
    let store = &platform.store;
    let put = act(SYSTEM, now, "district.put", "district".to_owned());
    store.put_district(&demo.district, &demo.towns, &demo.sectors, put).await.map_err(failed)?;
    let enterprises: Vec<_> =
        demo.enterprises.iter().filter(|own| chosen.contains(&own.id)).cloned().collect();
    let meters: Vec<_> =
        demo.meters.iter().filter(|own| chosen.contains(&own.enterprise)).cloned().collect();
    let add = act(SYSTEM, now, "enterprises.add", "enterprises".to_owned());
    store.add_enterprises(&enterprises, &meters, add).await.map_err(failed)?;
    let password = digest(PASSWORD)?;
    for user in &demo.users {
        let mut user = user.clone();
        user.password = Some(password.clone());
        user.reach.enterprises.retain(|id| chosen.contains(id));
        let put = act(SYSTEM, now, "user.put", format!("user/{}", user.name));
        store.put_user(&user, put).await.map_err(failed)?;
    }
    let put = act(SYSTEM, now, "datasets.put", "datasets".to_owned());
    store.put_datasets(&demo.datasets, put).await.map_err(failed)?;
    let put = act(SYSTEM, now, "calculations.put", "calculations".to_owned());
    store.put_calculations(&demo.calculations, put).await.map_err(failed)
}

/// One submission with all the steps of its review; how many values it had.
async fn hand_in(
    platform: &Platform,
    handed: Handed,
    chosen: &BTreeSet<String>,
) -> Result<usize, Failure> {
    let store = &platform.store;
    let mut values = handed.values;
    // What is said of towns and of the district stays whole.
    values.retain(|value| !is_enterprise(&value.subject) || chosen.contains(&value.subject));
    if values.is_empty() {
        return Ok(0);
    }
    for value in &mut values {
        value.standing = Standing::Pending;
    }
    let mut submission = handed.submission;
    submission.state = State::Draft;
    submission.count = i64::try_from(values.len()).unwrap_or(i64::MAX);
    let object = format!("dataset/{}", submission.dataset);
    let add = act(&submission.by, submission.at, "submission.add", object);
    let id = store.add_submission(&submission, &values, add).await.map_err(failed)?;
    for mut review in handed.reviews {
        let Some((submission, made)) = store.submission(id).await.map_err(failed)? else { break };
        review.submission = id;
        // By the rules that hold for everybody; what a reviewer may reach is of no matter to them.
        let actor = Actor {
            name: review.by.clone(),
            shown: review.by.clone(),
            role: Role::District,
            reach: Reach::default(),
        };
        let to = next(submission.state, review.step, &actor, &made, &review.reason)
            .map_err(|refused| Failure::new(refused.message.zh, refused.message.en))?;
        let verb = format!("submission.{}", review.step.word());
        let step = act(&review.by, review.at, &verb, format!("submission/{id}"));
        store.step(&submission, &review, to, step).await.map_err(failed)?;
    }
    Ok(values.len())
}

/// Enterprises are `E…`, towns `T…`.
fn is_enterprise(subject: &str) -> bool {
    subject.starts_with('E')
}

fn failed(error: StoreError) -> Failure {
    Failure::new(format!("数据库没有应答：{error}"), format!("the database failed: {error}"))
}
