use crate::read::shown::{
    PercentFormat, date_value, iso_date_value, percent_as_shown, percent_format,
};
use calamine::{ExcelDateTime, ExcelDateTimeType};
use proptest::prelude::*;
use tanliu_method::table::CellValue;

fn shown(fraction: f64, decimals: u32) -> (f64, bool) {
    percent_as_shown(fraction, PercentFormat { decimals: Some(decimals) })
}

#[test]
fn percent_formats_are_known_by_their_code() {
    let decimals = |code| percent_format(code).map(|format| format.decimals);
    assert_eq!(decimals("0%"), Some(Some(0)));
    assert_eq!(decimals("0.00%"), Some(Some(2)));
    assert_eq!(decimals("#,##0.0##%;[Red]-0%"), Some(Some(3)));
    assert_eq!(decimals("0.00E+00%"), Some(None));
    assert_eq!(decimals("[Red]0.0%"), Some(Some(1)));
    for code in ["General", "", "0.00", "0\"%\"", "0\\%", "0;0%", "0%%", "0_%", "[%]0"] {
        assert_eq!(decimals(code), None, "{code}");
    }
}

#[test]
fn percentages_are_what_people_see() {
    assert_eq!(shown(0.05, 0), (5.0, false));
    assert_eq!(shown(0.07, 0), (7.0, false));
    assert_eq!(shown(0.123456, 2), (12.35, true));
    assert_eq!(shown(-0.125, 0), (-13.0, true));
    assert_eq!(shown(1.005, 0), (101.0, true));
    assert_eq!(shown(0.1 + 0.2, 0), (30.0, false), "15 digits, as Excel");
    assert_eq!(shown(0.004, 0), (0.0, true));
    assert_eq!(shown(0.005, 0), (1.0, true));
    assert_eq!(shown(1e-30, 2), (0.0, true));
    assert_eq!(shown(0.0, 2), (0.0, false));
    assert_eq!(shown(1e20, 2), (1e22, false));
    let open = PercentFormat { decimals: None };
    assert_eq!(percent_as_shown(0.123456, open), (12.3456, false));
}

proptest! {
    #[test]
    fn a_percentage_typed_with_shown_digits_is_itself(hundredths in -1_000_000_000_i64..1_000_000_000) {
        let typed = hundredths as f64 / 100.0;
        let stored: f64 = format!("{hundredths}e-4").parse().unwrap();
        prop_assert_eq!(shown(stored, 2), (typed, false));
    }

    #[test]
    fn showing_moves_by_half_a_unit_at_most(fraction in -1e6_f64..1e6, decimals in 0_u32..8) {
        let (value, _) = shown(fraction, decimals);
        let unit = format!("1e-{decimals}").parse::<f64>().unwrap();
        prop_assert!((value - fraction * 100.0).abs() <= unit / 2.0 + fraction.abs() * 1e-11);
    }
}

fn date(serial: f64) -> CellValue {
    date_value(&ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false))
}

#[test]
fn dates_are_days_with_a_time_unless_midnight() {
    let day = |text: &str| CellValue::Date(text.to_owned());
    assert_eq!(date(45322.0), day("2024-01-31"));
    assert_eq!(date(45322.0 + 13.25 / 24.0), day("2024-01-31 13:15"));
    assert_eq!(date(45322.0 + 47_730.0 / 86_400.0), day("2024-01-31 13:15:30"));
    assert_eq!(date(45_322.999_999_99), day("2024-02-01"), "a float's noise is not a second");
    assert_eq!(date(45_291.999_999_99), day("2024-01-01"));
    assert_eq!(date(0.5), CellValue::Text("12:00".to_owned()));
    assert_eq!(date(-1.0), CellValue::Error("########".to_owned()));
    let duration = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
    assert_eq!(date_value(&duration), CellValue::Text("36:00".to_owned()));
    assert_eq!(iso_date_value("2024-01-31T13:15:00"), day("2024-01-31 13:15"));
    assert_eq!(iso_date_value("2024-01-31T00:00:00.000"), day("2024-01-31"));
    assert_eq!(iso_date_value("2024-01-31"), day("2024-01-31"));
}
