//! 碳流 The binary: puts the rooms together. It alone reads files, writes files and prints.
//!
//! 1. `arguments`, `help`: the command line, in Chinese or English.
//! 2. `documents`, `library`, `factors`, `data`: files come in.
//! 3. `command`: one file per command; what is computed is computed by the other crates.
//! 4. `packing`, `unpacking`: a run into a pack, and a run out of one.
//! 5. `screen`, `findings`, `results`, `manifest`, `deliver`: what is printed and written.
//!
//! Exit codes: 0 all well; 1 the document or the data is refused, or an example fails; 2 usage
//! error or unreadable file.

mod arguments;
mod command;
mod data;
mod deliver;
mod documents;
mod embedded;
mod factors;
mod failure;
mod findings;
mod help;
mod library;
mod manifest;
mod packing;
mod results;
mod screen;
mod service;
mod session;
mod timing;
mod unpacking;

use crate::arguments::Command;
use crate::failure::Ended;
use crate::screen::Screen;
use std::process::ExitCode;

fn main() -> ExitCode {
    quiet_guarded_readers();
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut screen = Screen::new(help::wanted_language(&words));
    let arguments = match help::parse(&words) {
        Ok(arguments) => arguments,
        Err((text, is_error)) => {
            if is_error {
                screen.error_text(&text);
                return ExitCode::from(2);
            }
            screen.text(&text);
            screen.flush();
            return ExitCode::SUCCESS;
        }
    };
    screen.lang = arguments.lang.lang();
    let ended = match &arguments.command {
        Command::Check(wanted) => command::check::run(wanted, &mut screen),
        Command::Lint(wanted) => command::lint::run(wanted, &mut screen),
        Command::Test(wanted) => command::test::run(wanted, &mut screen),
        Command::Run(wanted) => command::run::run(wanted, &mut screen),
        Command::Explain(wanted) => command::explain::run(wanted, &mut screen),
        Command::Factors(wanted) => command::factors::run(wanted, &mut screen),
        Command::Pack(wanted) => command::pack::run(wanted, &mut screen),
        Command::Verify(wanted) => command::verify::run(wanted, &mut screen),
        Command::Template(wanted) => command::template::run(wanted, &mut screen),
        Command::Table(wanted) => command::table::run(wanted, &mut screen),
        Command::Sample(wanted) => command::sample::run(wanted, &mut screen),
        Command::Reference(wanted) => command::reference::run(wanted, &mut screen),
        Command::Doc(wanted) => command::doc::run(wanted, &mut screen),
        Command::Serve(wanted) => command::serve::run(wanted, &mut screen),
        Command::Demo(wanted) => command::demo::run(wanted, &mut screen),
        Command::Backup(wanted) => command::backup::backup(wanted, &mut screen),
        Command::Restore(wanted) => command::backup::restore(wanted, &mut screen),
        Command::User(wanted) => command::user::run(wanted, &mut screen),
    };
    screen.flush();
    match ended {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Refused) => ExitCode::from(1),
        Err(failure) => {
            screen.error_text(&failure.show(screen.lang));
            ExitCode::from(2)
        }
    }
}

/// The readers of workbooks are guarded where they are called: if one gives up over a damaged file,
/// that is a finding about the file, and a report of the panic beside it would only alarm. The same
/// holds for the store of files that gives up twice where a disk is full.
fn quiet_guarded_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let guarded = panic.location().is_some_and(|place| {
            ["calamine-", "quick-xml-", "object_store-"]
                .iter()
                .any(|reader| place.file().contains(reader))
        });
        if !guarded {
            usual(panic);
        }
    }));
}
