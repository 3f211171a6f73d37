//! The data of a random case, bound to its program.

use super::generate::Case;
use super::language::{FIRST_YEAR, INDEXES, INPUTS, Key, NONE};
use std::rc::Rc;
use tanliu_method::data::{Dataset, InputTable, KeyColumn};
use tanliu_method::program::{Key as ProgramKey, Program, Value};
use tanliu_unit::time::{Grain, TimeKey};

/// The case's data as a data set of its program.
pub(crate) fn dataset(case: &Case, program: &Program) -> Dataset {
    let mut dataset = Dataset::default();
    for (declared, table) in INPUTS.iter().zip(&case.data.inputs) {
        let id = program.variable(declared.name).unwrap();
        let rows: Vec<&Key> = table.keys().collect();
        let keys = (0..4)
            .filter(|place| declared.dims & INDEXES[*place] != 0)
            .map(|place| column(place, &rows))
            .collect();
        let values = table.values().map(|value| Value::Number(*value)).collect();
        dataset.inputs.insert(id, InputTable { keys, values, ..InputTable::default() });
    }
    let id = program.variable("town_of").unwrap();
    let plants: Vec<Key> =
        case.data.town_of.keys().map(|plant| [NONE, *plant, NONE, NONE]).collect();
    let keys = vec![column(1, &plants.iter().collect::<Vec<_>>())];
    let towns = case.data.town_of.values().map(|town| Value::Key(program_key(2, *town)));
    let values = towns.collect();
    dataset.inputs.insert(id, InputTable { keys, values, ..InputTable::default() });
    dataset
}

fn column(place: usize, rows: &[&Key]) -> KeyColumn {
    let mut column = KeyColumn::default();
    for row in rows {
        let key = program_key(place, row[place]);
        let code = column.dictionary.iter().position(|known| *known == key).unwrap_or_else(|| {
            column.dictionary.push(key);
            column.dictionary.len() - 1
        });
        column.codes.push(u32::try_from(code).unwrap());
    }
    column
}

pub(crate) fn program_key(place: usize, code: u8) -> ProgramKey {
    match place {
        0 => {
            ProgramKey::Time(TimeKey { grain: Grain::Year, ordinal: FIRST_YEAR + i64::from(code) })
        }
        1 => ProgramKey::Text(Rc::from(format!("p{code}"))),
        2 => ProgramKey::Text(Rc::from(format!("t{code}"))),
        _ => ProgramKey::Member(u32::from(code)),
    }
}
