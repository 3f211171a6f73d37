//! 碳流 The binary: puts the rooms together.
use std::collections::BTreeMap;
use tanliu_diagnostic::{Lang, render};
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let units = tanliu_unit::UnitTable::builtin();
        let files: Vec<(String, String)> = Vec::new();
        let (catalogue, _) = tanliu_factor::Catalogue::load(files, &units);
        let checked =
            tanliu_method::check::check(&path, &text, &tanliu_method::check::NoLibrary, &catalogue);
        let sources: BTreeMap<String, String> = [(path, text)].into();
        #[allow(clippy::print_stdout)]
        {
            print!("{}", render(checked.diagnostics.list(), &sources, Lang::En, false));
            println!("{} variables", checked.program.variables.len());
        }
    }
}
