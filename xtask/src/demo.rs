//! 演示 The example province from beginning to end, as a newcomer would do it by hand; then a month
//! of the example district; then the platform of a made-up district, in the browser.
//!
//! The province's steps are the lines of `examples/province/run.txt`, the very lines whose results
//! `cargo xtask golden` compares: the demonstration cannot drift from what is checked. A pack is
//! made and verified after them; what it holds is compared already.

mod district;
mod platform;

use crate::TaskResult;
use crate::golden::{self, Step};
use crate::process::{self, Profile};
use crate::web;
use std::time::Instant;

const EXAMPLE: &str = "examples/province";
const FOLDER: &str = "out/demo";
const PACK: &str = "\
# The run in one file, and whoever gets it computes it again, with nothing but the file.
pack methods/cn/regional/carbon-intensity.md --data examples/province/data/intensity --set home=吉林 --set 'target=18 %' --out {out}/intensity.tanpack
verify {out}/intensity.tanpack
";

/// Builds the binary, runs every step of the province into `out/demo/`, then the district in
/// `target/demo/`; `--plants N` sets how many plants it has.
#[allow(clippy::disallowed_methods, reason = "the demonstration says how long it took")]
pub(crate) fn run(arguments: &[String]) -> TaskResult {
    let plants = wanted_plants(arguments)?;
    let begin = Instant::now();
    println!("Building the web app and tanliu (the first time it takes a few minutes) …");
    web::build()?;
    let binary = process::build_tanliu(Profile::Dev)?;
    let folder = process::fresh_folder(FOLDER)?;
    let mut steps = golden::read_steps(EXAMPLE)?;
    let recorded = steps.len();
    steps.extend(golden::parse_steps(PACK).into_iter().map(|mut step| {
        step.number += recorded;
        step
    }));
    for step in steps {
        println!();
        for remark in &step.remarks {
            println!("# {remark}");
        }
        show(&step, &golden::perform(&binary, &step, FOLDER)?)?;
    }
    println!("\nEverything is in {FOLDER}/:");
    for file in process::files_under(&folder) {
        println!("  {FOLDER}/{file}");
    }
    district::run(&binary, plants)?;
    println!("\nDone in {:.0} s. Next: README.md", begin.elapsed().as_secs_f64());
    platform::run(&binary)
}

fn wanted_plants(arguments: &[String]) -> Result<Option<u32>, String> {
    match arguments {
        [] => Ok(None),
        [option, number] if option == "--plants" => match number.parse() {
            Ok(plants) if plants > 0 => Ok(Some(plants)),
            _ => Err(format!("--plants takes a number above 0, not {number}")),
        },
        _ => Err(format!("it takes --plants N, not {}", arguments.join(" "))),
    }
}

fn show(step: &Step, outcome: &golden::Outcome) -> TaskResult {
    println!("$ tanliu {}", step.shown(FOLDER));
    print!("{}", outcome.output.replace("{out}", FOLDER));
    if outcome.code == step.expected_code {
        Ok(())
    } else {
        Err(format!("tanliu {} ended with code {}", step.shown(FOLDER), outcome.code))
    }
}

#[cfg(test)]
mod tests {
    use super::wanted_plants;

    #[test]
    fn the_number_of_plants_may_be_set() {
        let wanted = |line: &str| {
            wanted_plants(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        };
        assert_eq!(wanted(""), Ok(None));
        assert_eq!(wanted("--plants 500"), Ok(Some(500)));
        assert!(wanted("--plants 0").is_err() && wanted("--plant 5").is_err());
    }
}
