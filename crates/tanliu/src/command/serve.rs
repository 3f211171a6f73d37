//! `tanliu serve`: the district's platform over HTTP, with its schedules, until it is stopped.

use crate::arguments::{Listening, Serve};
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::service::{
    DocumentCalculator, MeterBook, Platform, ReadingKeeper, assets_of, embedded_assets, secret,
};
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tanliu_platform::figure::RunState;
use tanliu_platform::port::{Act, Calculator, Figures as _};
use tanliu_platform::schedule::Schedule;
use tanliu_server::{Clock, Config, Services, SystemClock, SystemEntropy};
use tanliu_store::SqlStore;

/// How often schedules are looked at.
const LOOK: Duration = Duration::from_secs(30);
/// Who starts what is due.
const SCHEDULE: &str = "system";

/// Serves until Ctrl-C or SIGTERM.
pub(crate) fn run(wanted: &Serve, screen: &mut Screen) -> Result<Ended, Failure> {
    runtime()?.block_on(async {
        let platform = Platform::open(&wanted.home, &wanted.sources).await?;
        stopped_runs(&platform).await?;
        serve(platform, &wanted.listening, screen).await
    })
}

/// The threads of the server.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::new(format!("起不了线程：{error}"), format!("cannot start threads: {error}"))
    })
}

/// Serves an opened platform.
pub(crate) async fn serve(
    platform: Platform,
    listening: &Listening,
    screen: &mut Screen,
) -> Result<Ended, Failure> {
    log();
    let address: SocketAddr = listening.listen.parse().map_err(|_| {
        Failure::new(
            format!("--listen {} 不是地址", listening.listen),
            format!("--listen {} is no address", listening.listen),
        )
        .hint("写作 --listen 127.0.0.1:8400", "write --listen 127.0.0.1:8400")
    })?;
    let mut config = Config::new(address, secret(&platform.house)?);
    config.public_url.clone_from(&listening.public_url);
    config.behind_proxy = listening.behind_proxy;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let services = Services {
        store: platform.store.clone(),
        calculator: platform.calculator.clone(),
        readings: platform.readings.clone(),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        assets: listening.web.as_deref().map_or_else(embedded_assets, assets_of),
    };
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let mut ended = stopping.clone();
    let serving = tanliu_server::serve(config, services, async move {
        let _ = ended.wait_for(|stop| *stop).await;
    })
    .await
    .map_err(|error| {
        Failure::new(
            format!("不能监听 {}：{error}", listening.listen),
            format!("cannot listen at {}: {error}", listening.listen),
        )
        .hint("换一个端口：--listen 127.0.0.1:8401", "take another port: --listen 127.0.0.1:8401")
    })?;
    let shown = format!("http://{}/", serving.address);
    screen.line(
        format!("平台在 {shown}，按 Ctrl-C 停止"),
        format!("the platform is at {shown}; Ctrl-C stops it"),
    );
    screen.flush();
    let keeping = tokio::spawn(keep_readings(
        platform.readings.clone(),
        (platform.meters.clone(), platform.store.clone()),
        clock.clone(),
        stopping.clone(),
    ));
    tokio::spawn(warm(platform.store.clone(), platform.calculator.clone()));
    let schedules = tokio::spawn(watch_schedules(platform, clock, stopping));
    wait_for_stop().await;
    screen.remark("正在停止，等在途的请求结束", "stopping, once open requests have ended");
    screen.flush();
    let _ = stop.send(true);
    let _ = schedules.await;
    let _ = keeping.await;
    serving.stopped().await.map_err(|error| {
        Failure::new(
            format!("服务没有正常结束：{error}"),
            format!("the server ended badly: {error}"),
        )
    })?;
    Ok(Ended::Well)
}

/// Runs that were going on when the server last ended have no figures and never will.
pub(crate) async fn stopped_runs(platform: &Platform) -> Result<(), Failure> {
    let now = SystemClock::default().now();
    let failed = |error: tanliu_platform::port::StoreError| {
        Failure::new(format!("数据库没有应答：{error}"), format!("{error}"))
    };
    let runs = platform.store.runs(None, u32::MAX).await.map_err(failed)?;
    for mut run in runs.into_iter().filter(|run| run.state == RunState::Running) {
        run.state = RunState::Stopped;
        run.current = false;
        run.ended = Some(now);
        let act = Act {
            by: SCHEDULE.to_owned(),
            at: now,
            verb: "run.end".to_owned(),
            object: format!("run/{}", run.id),
            facts: json!({ "state": "stopped" }).to_string(),
        };
        platform.store.end_run(&run, &[], act).await.map_err(failed)?;
    }
    Ok(())
}

/// Opens the runs that pages show, so that the first figure that is asked about answers at once.
async fn warm(store: Arc<SqlStore>, calculator: Arc<DocumentCalculator>) {
    let Ok(calculations) = store.calculations().await else { return };
    for calculation in calculations {
        if let Ok(Some(run)) = store.current_run(&calculation.id).await {
            // The answer is of no matter: what was opened on the way stays open.
            let _ = calculator.explain(&run, "warm", &[], 0).await;
        }
    }
}

/// Puts readings that wait into their tables, and reads again which meters there are.
async fn keep_readings(
    readings: Arc<ReadingKeeper>,
    (meters, store): (MeterBook, Arc<SqlStore>),
    clock: Arc<dyn Clock>,
    mut stopping: tokio::sync::watch::Receiver<bool>,
) {
    let mut tick = tokio::time::interval(LOOK);
    loop {
        let stopped = tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => true,
            () = readings.wanted() => false,
            _ = tick.tick() => false,
        };
        if let Err(error) = meters.reload(store.as_ref()).await {
            tracing::warn!(%error, "meters were not read again");
        }
        let (keeper, now) = (Arc::clone(&readings), clock.now());
        let put = tokio::task::spawn_blocking(move || match stopped {
            true => keeper.flush(),
            false => keeper.tick(now).map(drop),
        });
        if let Ok(Err(failure)) = put.await {
            tracing::error!(why = failure.message().en, "readings wait in their journal");
        }
        if stopped {
            return;
        }
    }
}

/// Starts what is due, one after the other, until the server stops.
async fn watch_schedules(
    platform: Platform,
    clock: Arc<dyn Clock>,
    mut stopping: tokio::sync::watch::Receiver<bool>,
) {
    let mut tick = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            _ = tick.tick() => {}
        }
        let Ok(calculations) = platform.store.calculations().await else { continue };
        for calculation in calculations {
            let schedule = match Schedule::parse(&calculation.schedule) {
                Ok(Some(schedule)) => schedule,
                Ok(None) => continue,
                Err(text) => {
                    tracing::warn!(calculation = calculation.id, schedule = text, "no schedule");
                    continue;
                }
            };
            let Ok(runs) = platform.store.runs(Some(&calculation.id), 1).await else { continue };
            let now = clock.now();
            if !schedule.is_due(runs.first().map(|run| run.began), now) {
                continue;
            }
            let ran = platform.calculator.calculate(&calculation, now, SCHEDULE, now).await;
            match ran {
                Ok(run) => tracing::info!(run = run.id, state = run.state.word(), "scheduled run"),
                Err(error) => tracing::error!(%error, "scheduled run failed"),
            }
        }
    }
}

async fn wait_for_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

/// Structured logs on standard error; `TANLIU_LOG` says how much.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TANLIU_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("warn,tanliu::command=info,sqlx=error")
    });
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
