//! 单位名 The names of the built-in units, each defined by those above it.

/// Which prefixes a name takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prefixes {
    /// None.
    None,
    /// SI prefixes: kW, MJ, mg.
    Si,
    /// k, M, G, T only: `mt` would be a trap.
    Large,
    /// m, μ, n, p only.
    Small,
    /// 千 兆 吉 太 毫 微 …
    Chinese,
}

use Prefixes::{Chinese, Large, None, Si};

/// SI prefixes as powers of ten, longest first.
pub(crate) const SI_PREFIXES: [(&str, i64); 16] = [
    ("da", 1),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("μ", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
];

/// Chinese prefix words as powers of ten.
pub(crate) const CHINESE_PREFIXES: [(&str, i64); 11] = [
    ("艾", 18),
    ("拍", 15),
    ("太", 12),
    ("吉", 9),
    ("兆", 6),
    ("千", 3),
    ("分", -1),
    ("厘", -2),
    ("毫", -3),
    ("微", -6),
    ("纳", -9),
];

/// Chinese multipliers as powers of ten; they may be joined: 百亿 is 10^10.
pub(crate) const MULTIPLIERS: [(char, i64); 5] =
    [('十', 1), ('百', 2), ('千', 3), ('万', 4), ('亿', 8)];

/// Currencies: each its own base. ISO 4217 codes.
pub(crate) const CURRENCIES: [&str; 27] = [
    "CNY", "USD", "EUR", "JPY", "GBP", "HKD", "MOP", "TWD", "KRW", "AUD", "CAD", "CHF", "SGD",
    "INR", "BRL", "RUB", "ZAR", "THB", "MYR", "IDR", "VND", "NZD", "SEK", "NOK", "DKK", "TRY",
    "MXN",
];

/// Names, their definitions and their prefixes; a definition uses only names above it.
///
/// - `a`, 年: a year is 365 d, so 8,760 h exactly.
/// - `cal`: the international table calorie, 4.1868 J exactly, so that 1 kgce = 7000 kcal is
///   29.3076 MJ (GB/T 2589).
/// - 亩: 10000/15 m2.
/// - `Nm3`, 标准立方米, 标方: 0 °C; a volume at 20 °C is `m3@20C`.
pub(crate) const DEFINED: [(&str, &str, Prefixes); 151] = [
    // 数 numbers
    ("%", "1/100", None),
    ("‰", "1/1000", None),
    ("ppm", "1/1000000", None),
    ("ppb", "1/1000000000", None),
    // 时间 time
    ("min", "60 s", None),
    ("h", "60 min", None),
    ("d", "24 h", None),
    ("a", "365 d", None),
    ("秒", "s", Chinese),
    ("分钟", "min", None),
    ("小时", "h", None),
    ("天", "d", None),
    ("日", "d", None),
    ("年", "a", None),
    // 长度、面积、体积 length, area, volume
    ("米", "m", Chinese),
    ("公里", "km", None),
    ("m2", "m^2", None),
    ("km2", "km^2", None),
    ("hm2", "hm^2", None),
    ("dm2", "dm^2", None),
    ("cm2", "cm^2", None),
    ("mm2", "mm^2", None),
    ("m3", "m^3", None),
    ("km3", "km^3", None),
    ("dm3", "dm^3", None),
    ("cm3", "cm^3", None),
    ("mm3", "mm^3", None),
    ("ha", "10000 m2", None),
    ("公顷", "ha", None),
    ("亩", "10000/15 m2", None),
    ("平方米", "m2", None),
    ("平米", "m2", None),
    ("平方公里", "km2", None),
    ("平方千米", "km2", None),
    ("平方分米", "dm2", None),
    ("平方厘米", "cm2", None),
    ("平方毫米", "mm2", None),
    ("立方米", "m3", None),
    ("立方", "m3", None),
    ("方", "m3", None),
    ("立方千米", "km3", None),
    ("立方公里", "km3", None),
    ("立方分米", "dm3", None),
    ("立方厘米", "cm3", None),
    ("立方毫米", "mm3", None),
    ("L", "dm3", Si),
    ("l", "dm3", Si),
    ("升", "L", Chinese),
    ("Nm3", "m3@0C", None),
    ("标准立方米", "Nm3", None),
    ("标立方米", "Nm3", None),
    ("标方", "Nm3", None),
    // 质量 mass
    ("克", "g", Chinese),
    ("公斤", "kg", None),
    ("t", "1000 kg", Large),
    ("吨", "t", None),
    ("公吨", "t", None),
    // 力学与电学 mechanics and electricity
    ("Hz", "1/s", Si),
    ("赫", "Hz", Chinese),
    ("赫兹", "Hz", Chinese),
    ("N", "kg*m/s^2", Si),
    ("牛", "N", Chinese),
    ("牛顿", "N", Chinese),
    ("Pa", "N/m2", Si),
    ("帕", "Pa", Chinese),
    ("帕斯卡", "Pa", Chinese),
    ("bar", "100000 Pa", Si),
    ("巴", "bar", Chinese),
    ("J", "N*m", Si),
    ("焦", "J", Chinese),
    ("焦耳", "J", Chinese),
    ("W", "J/s", Si),
    ("瓦", "W", Chinese),
    ("瓦特", "W", Chinese),
    ("VA", "W", Si),
    ("伏安", "VA", Chinese),
    ("var", "W", Si),
    ("乏", "var", Chinese),
    ("V", "W/A", Si),
    ("伏", "V", Chinese),
    ("伏特", "V", Chinese),
    ("安", "A", Chinese),
    ("安培", "A", Chinese),
    ("Ah", "A*h", Si),
    ("安时", "Ah", Chinese),
    ("Ω", "V/A", Si),
    ("欧姆", "Ω", Chinese),
    ("Wh", "W*h", Si),
    ("瓦时", "Wh", Chinese),
    ("瓦小时", "Wh", Chinese),
    ("瓦·时", "Wh", Chinese),
    ("varh", "var*h", Si),
    ("VAh", "VA*h", Si),
    ("度", "kWh", None),
    // 热 heat
    ("cal", "4.1868 J", Si),
    ("卡", "cal", Chinese),
    ("大卡", "kcal", None),
    ("开", "K", None),
    ("开尔文", "K", None),
    ("摄氏度", "°C", None),
    // 标准煤 coal equivalent: energy
    ("kgce", "7000 kcal", None),
    ("gce", "1/1000 kgce", None),
    ("tce", "1000 kgce", Large),
    ("吨标准煤", "tce", None),
    ("吨标煤", "tce", None),
    ("千克标准煤", "kgce", None),
    ("千克标煤", "kgce", None),
    ("公斤标准煤", "kgce", None),
    ("公斤标煤", "kgce", None),
    ("克标准煤", "gce", None),
    ("克标煤", "gce", None),
    // 物质的量与光 amount of substance, light
    ("摩尔", "mol", Chinese),
    ("lm", "cd", Si),
    ("流明", "lm", Chinese),
    ("lx", "lm/m2", Si),
    ("勒克斯", "lx", None),
    // 运输与人 transport and people
    ("tkm", "t*km", None),
    ("吨公里", "tkm", None),
    ("吨千米", "tkm", None),
    ("吨·公里", "tkm", None),
    ("吨·千米", "tkm", None),
    ("人", "1{person}", None),
    ("pkm", "km{passenger}", None),
    ("人公里", "pkm", None),
    ("人千米", "pkm", None),
    ("人·公里", "pkm", None),
    ("人·千米", "pkm", None),
    ("客公里", "pkm", None),
    ("vkm", "km{vehicle}", None),
    ("车公里", "vkm", None),
    ("车千米", "vkm", None),
    ("车·公里", "vkm", None),
    ("车·千米", "vkm", None),
    // 货币 currencies
    ("元", "CNY", None),
    ("人民币元", "CNY", None),
    ("RMB", "CNY", None),
    ("美元", "USD", None),
    ("欧元", "EUR", None),
    ("日元", "JPY", None),
    ("英镑", "GBP", None),
    ("港元", "HKD", None),
    ("港币", "HKD", None),
    ("澳门元", "MOP", None),
    ("新台币", "TWD", None),
    ("韩元", "KRW", None),
    ("澳元", "AUD", None),
    ("加元", "CAD", None),
    ("瑞士法郎", "CHF", None),
    ("卢布", "RUB", None),
    ("卢比", "INR", None),
    ("新元", "SGD", None),
];
