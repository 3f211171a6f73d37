//! 物质 Substances that may be joined to a mass unit: `tCO2` is short for `t{CO2}`.
//!
//! `ce` is no substance (`tce` is energy), and names that would read as a unit or a prefix are left
//! to braces (`t{PM2.5}`, `t{HFC-134a}`).

/// Every joinable spelling with the substance it means.
const SUBSTANCES: [(&str, &str); 74] = [
    ("CO2", "CO2"),
    ("CO2e", "CO2e"),
    ("CO2eq", "CO2e"),
    ("CO2当量", "CO2e"),
    ("CH4", "CH4"),
    ("N2O", "N2O"),
    ("SF6", "SF6"),
    ("NF3", "NF3"),
    ("CF4", "CF4"),
    ("C2F6", "C2F6"),
    ("C3F8", "C3F8"),
    ("C4F10", "C4F10"),
    ("PFC14", "CF4"),
    ("PFC116", "C2F6"),
    ("PFC218", "C3F8"),
    ("HFC", "HFC"),
    ("HFCs", "HFC"),
    ("PFC", "PFC"),
    ("PFCs", "PFC"),
    ("HFC23", "HFC-23"),
    ("HFC32", "HFC-32"),
    ("HFC41", "HFC-41"),
    ("HFC125", "HFC-125"),
    ("HFC134", "HFC-134"),
    ("HFC134a", "HFC-134a"),
    ("HFC143", "HFC-143"),
    ("HFC143a", "HFC-143a"),
    ("HFC152a", "HFC-152a"),
    ("HFC227ea", "HFC-227ea"),
    ("HFC236fa", "HFC-236fa"),
    ("HFC245ca", "HFC-245ca"),
    ("HFC245fa", "HFC-245fa"),
    ("HFC365mfc", "HFC-365mfc"),
    ("HCFC22", "HCFC-22"),
    ("C", "C"),
    ("CO", "CO"),
    ("HC", "HC"),
    ("NOx", "NOx"),
    ("NO2", "NO2"),
    ("SO2", "SO2"),
    ("SOx", "SOx"),
    ("PM", "PM"),
    ("PM10", "PM10"),
    ("VOC", "VOC"),
    ("VOCs", "VOC"),
    ("NMVOC", "NMVOC"),
    ("NH3", "NH3"),
    ("N", "N"),
    ("S", "S"),
    ("H2", "H2"),
    ("O2", "O2"),
    ("H2O", "H2O"),
    ("CaCO3", "CaCO3"),
    ("MgCO3", "MgCO3"),
    ("Na2CO3", "Na2CO3"),
    ("CaO", "CaO"),
    ("MgO", "MgO"),
    ("CaC2", "CaC2"),
    ("H2SO4", "H2SO4"),
    ("HNO3", "HNO3"),
    ("BOD", "BOD"),
    ("COD", "COD"),
    ("二氧化碳", "CO2"),
    ("二氧化碳当量", "CO2e"),
    ("甲烷", "CH4"),
    ("氧化亚氮", "N2O"),
    ("六氟化硫", "SF6"),
    ("三氟化氮", "NF3"),
    ("二氧化硫", "SO2"),
    ("氮氧化物", "NOx"),
    ("氨", "NH3"),
    ("碳", "C"),
    ("氮", "N"),
    ("氢", "H2"),
];

/// Spellings that only braces can hold, with what they mean.
const IN_BRACES: [(&str, &str); 3] = [("CO2-e", "CO2e"), ("CO2-eq", "CO2e"), ("CO2 eq", "CO2e")];

/// Whether the text may follow a mass unit without braces.
pub(crate) fn is_joinable(text: &str) -> bool {
    SUBSTANCES.iter().any(|(spelling, _)| *spelling == text)
}

/// The name under which a substance or an annotation counts: `CO2eq` is `CO2e`, `二氧化碳` is
/// `CO2`, `HFC134a` is `HFC-134a`; any other text is itself.
pub(crate) fn canonical(text: &str) -> String {
    let known = SUBSTANCES.iter().chain(&IN_BRACES).find(|(spelling, _)| *spelling == text);
    known.map_or(text, |(_, meaning)| meaning).to_owned()
}
