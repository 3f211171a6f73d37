//! 气体 What is said about greenhouse gases and their warming potentials.

use super::spaced;
use tanliu_diagnostic::{Diagnostic, Place, Text};
use tanliu_unit::Unit;
use tanliu_unit::gwp::GwpSet;

pub(in crate::check) fn gwp_undeclared(name: &str, here: Place) -> Diagnostic {
    Diagnostic::error(
        "gwp-undeclared",
        format!("`{name}( )` 须先在文首声明 GWP 取值"),
        format!("`{name}( )` wants a GWP set in the front matter"),
    )
    .at(here, "", "")
    .hint("写 gwp: AR2 | AR4 | AR5 | AR6 之一", "write gwp: AR2, AR4, AR5 or AR6")
}

pub(in crate::check) fn co2e_needs_one_gas(unit: &Unit, set: GwpSet, here: Place) -> Diagnostic {
    Diagnostic::error(
        "co2e-needs-gas",
        format!("`co2e( )` 须作用于一种温室气体，{unit} 不是"),
        format!("`co2e( )` takes one greenhouse gas, which {unit} is not"),
    )
    .at(here, "", "")
    .note(format!("GWP 取值：{}", set.name()), format!("GWP set: {}", set.name()))
    .hint("如 tCH4、kgN2O、tHFC-134a 写作 t{HFC-134a}", "as in tCH4, kgN2O, t{HFC-134a}")
}

pub(in crate::check) fn gwp_needs_gases(found: &Text, here: Place) -> Diagnostic {
    Diagnostic::error(
        "gwp-needs-gases",
        format!("`gwp( )` 须作用于气体的封闭索引，却是{}", spaced(&found.zh)),
        format!("`gwp( )` takes a closed index of gases, found {}", found.en),
    )
    .at(here, "", "")
    .hint("如 index gas = CO2 | CH4 | N2O", "as in index gas = CO2 | CH4 | N2O")
}

pub(in crate::check) fn gwp_lacks(set: GwpSet, gases: &[&str], here: Place) -> Diagnostic {
    let shown = gases.join(", ");
    Diagnostic::error(
        "gwp-lacks",
        format!("{} 没有 {shown} 的 GWP", set.name()),
        format!("GWP set {} has no figure for {shown}", set.name()),
    )
    .at(here, "", "")
    .hint(
        "索引里只留有 GWP 的气体，其余另列",
        "keep gases with a GWP in the index, and treat the others apart",
    )
}

/// `co2e(x)` of a gas for which only other sets have a figure.
pub(in crate::check) fn gwp_lacks_gas(set: GwpSet, gas: &str, here: Place) -> Diagnostic {
    let others = GwpSet::ALL.iter().filter(|set| set.of(gas).is_some());
    let others: Vec<&str> = others.map(|set| set.name()).collect();
    Diagnostic::error(
        "gwp-lacks",
        format!("{} 没有 {gas} 的 GWP", set.name()),
        format!("GWP set {} has no figure for {gas}", set.name()),
    )
    .at(here, "", "")
    .note(
        format!("有这种气体的：{}", others.join("、")),
        format!("the sets that have one: {}", others.join(", ")),
    )
    .hint(
        format!(
            "换文首的 gwp，或以有出处的 `param` 代替 co2e( )：`x * gwp_own`，单位 tCO2e/t{{{gas}}}"
        ),
        format!(
            "name another gwp in the front matter, or in place of co2e( ) multiply by a `param` \
             with a source, in tCO2e/t{{{gas}}}"
        ),
    )
}
