//! `tanliu demo`: a made-up district in an empty house, served as any other.

mod fill;

use crate::arguments::Demo;
use crate::command::serve::{runtime, serve, stopped_runs};
use crate::failure::{Ended, Failure};
use crate::screen::Screen;
use crate::service::Platform;
use tanliu_platform::port::DirectoryStore as _;

/// What every user of the demonstration signs in with.
const PASSWORD: &str = "tanliu-demo";

/// Lies in the house while the district is being set up.
const UNFINISHED: &str = "unfinished";

/// Sets the district up where there is none yet, and serves it.
pub(crate) fn run(wanted: &Demo, screen: &mut Screen) -> Result<Ended, Failure> {
    runtime()?.block_on(async {
        let platform = Platform::open(&wanted.home, &wanted.sources).await?;
        let unfinished = platform.house.root().join(UNFINISHED);
        if unfinished.exists() {
            let home = &wanted.home.home;
            return Err(Failure::new(
                format!("{home} 里的示范区没有建完"),
                format!("the demonstration district in {home} is unfinished"),
            )
            .hint(
                "删掉这个目录，或换一个空目录，再来一次",
                "remove the folder, or take an empty one, and begin again",
            ));
        }
        if platform.store.district().await.is_ok() {
            let home = &wanted.home.home;
            screen.line(
                format!("{home} 里已有区县，照用"),
                format!("there is a district in {home} already, and it is served"),
            );
            stopped_runs(&platform).await?;
        } else {
            let shown = unfinished.to_string_lossy().into_owned();
            let unwritable = |error| Failure::unwritable(&shown, &error);
            std::fs::write(&unfinished, []).map_err(unwritable)?;
            fill::fill(&platform, wanted, screen).await?;
            std::fs::remove_file(&unfinished).map_err(unwritable)?;
        }
        if wanted.only_fill {
            return Ok(Ended::Well);
        }
        screen.line(
            format!("登录：district1（区县）、statistics1（部门）、e00001（企业）、verifier1（核查）、admin（管理员）……口令都是 {PASSWORD}"),
            format!("sign in as district1, statistics1, e00001, verifier1, admin …; the password is {PASSWORD}"),
        );
        serve(platform, &wanted.listening, screen).await
    })
}
