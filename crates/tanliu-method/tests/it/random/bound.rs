//! The data of a random case, bound to its program.

use super::generate::Case;
use super::language::{FIRST_YEAR, INDEXES, INPUTS, Key, Kind, NOWHERE, TEXTS, key_text};
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
        let keys = (0..INDEXES.len())
            .filter(|place| declared.dims & INDEXES[*place] != 0)
            .map(|place| column(place, &rows))
            .collect();
        let values = table.values().map(|value| value_of(declared.kind, *value)).collect();
        dataset.inputs.insert(id, InputTable { keys, values, ..InputTable::default() });
    }
    let id = program.variable("town_of").unwrap();
    let plants: Vec<Key> = case.data.town_of.keys().map(|plant| at_plant(*plant)).collect();
    let keys = vec![column(1, &plants.iter().collect::<Vec<_>>())];
    let towns = case.data.town_of.values().map(|town| Value::Key(program_key(2, *town)));
    let values = towns.collect();
    dataset.inputs.insert(id, InputTable { keys, values, ..InputTable::default() });
    dataset
}

/// The key of a plant.
pub(crate) fn at_plant(plant: u8) -> Key {
    let mut key = NOWHERE;
    key[1] = plant;
    key
}

fn value_of(kind: Kind, value: f64) -> Value {
    let code = value as u8;
    match kind {
        Kind::Number => Value::Number(value),
        Kind::Date => Value::Date(time(5, code, Grain::Day)),
        Kind::Text => Value::Text(Rc::from(TEXTS[usize::from(code)])),
        Kind::Town => Value::Key(program_key(2, code)),
    }
}

fn time(place: usize, code: u8, grain: Grain) -> TimeKey {
    TimeKey::parse_as(&key_text(place, code), grain).unwrap()
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
        1 | 2 => ProgramKey::Text(Rc::from(key_text(place, code))),
        3 => ProgramKey::Member(u32::from(code)),
        4 => ProgramKey::Time(time(place, code, Grain::Month)),
        _ => ProgramKey::Time(time(place, code, Grain::Day)),
    }
}
