//! 区与镇街 The made-up district, its towns and their tiles.

use crate::trade::Area;
use tanliu_platform::directory::{District, Sector, Town};

/// How many towns there are.
pub const TOWNS: u32 = 26;
/// Made-up names. That a place of the same name exists somewhere means nothing.
const NAMES: [&str; 26] = [
    "青棠街道",
    "云岫街道",
    "澄汀街道",
    "望汐街道",
    "锦渡街道",
    "听澜街道",
    "采葭街道",
    "漱玉街道",
    "竹溇镇",
    "石笏镇",
    "鹤汀镇",
    "鹿洄镇",
    "桑渎镇",
    "菱塍镇",
    "蓼岸镇",
    "麦陇镇",
    "砚溪镇",
    "樟径镇",
    "杏浦镇",
    "槐津镇",
    "桐汭镇",
    "薇垄镇",
    "稻汀镇",
    "萤渚镇",
    "岚坞镇",
    "霁桥镇",
];
/// Columns and rows of the tile map.
const COLUMNS: i32 = 6;
const ROWS: i32 = 5;
/// The side of a town in the invented square, in degrees.
const SIDE_DEGREES: f64 = 0.1;

/// 示范区
pub(crate) fn district() -> District {
    District {
        name: "示范区".to_owned(),
        notice: Some("演示数据，全部自拟 All data are made up for demonstration".to_owned()),
    }
}

/// 镇街 Twenty-six towns: six columns by five rows without the four corners.
pub(crate) fn towns() -> Vec<Town> {
    let rows = (0..ROWS).flat_map(|row| (0..COLUMNS).map(move |column| (column, row)));
    let corner = |tile: &(i32, i32)| matches!(tile.0, 0 | 5) && matches!(tile.1, 0 | 4);
    let tiles = rows.filter(|tile| !corner(tile));
    (1_u32..)
        .zip(NAMES)
        .zip(tiles)
        .map(|((number, name), tile)| Town { id: town_id(number), name: name.to_owned(), tile })
        .collect()
}

/// `T07`, counted from 1.
pub(crate) fn town_id(number: u32) -> String {
    format!("T{number:02}")
}

/// The town's name without 街道 or 镇: what its enterprises are called after.
pub(crate) fn stem(name: &str) -> &str {
    name.trim_end_matches("街道").trim_end_matches('镇')
}

/// 领域 The six areas.
pub(crate) fn sectors() -> Vec<Sector> {
    (1..)
        .zip(Area::ALL)
        .map(|(place, area)| {
            let (id, name) = area.words();
            Sector { id: id.to_owned(), name: name.to_owned(), place }
        })
        .collect()
}

/// 坐标 A point of a town in an invented square: longitude 0 to 0.6, latitude 0 to 0.5 degrees.
///
/// It lies in the sea off Africa, where no district can be.
pub(crate) fn point(tile: (i32, i32), share: (f64, f64)) -> (f64, f64) {
    let (column, row) = tile;
    // Rows count from the top of the map, latitudes from the bottom.
    let (east, north) = (f64::from(column), f64::from(ROWS - 1 - row));
    let degrees = |tiles: f64| (tiles * SIDE_DEGREES * 1e5).round() / 1e5;
    (degrees(east + 0.05 + 0.9 * share.0), degrees(north + 0.05 + 0.9 * share.1))
}
