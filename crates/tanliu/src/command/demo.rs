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

/// Sets the district up where there is none yet, and serves it.
pub(crate) fn run(wanted: &Demo, screen: &mut Screen) -> Result<Ended, Failure> {
    runtime()?.block_on(async {
        let platform = Platform::open(&wanted.home, &wanted.sources).await?;
        if platform.store.district().await.is_ok() {
            let home = &wanted.home.home;
            screen.line(
                format!("{home} 里已有区县，照用"),
                format!("there is a district in {home} already, and it is served"),
            );
            stopped_runs(&platform).await?;
        } else {
            fill::fill(&platform, wanted, screen).await?;
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
