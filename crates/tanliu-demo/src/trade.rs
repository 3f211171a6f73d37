//! 行业 Trades: classes of GB/T 4754—2017 with made-up intensities.
//!
//! Codes and names are real (four digits, as public copies of the standard print them). Everything
//! else, the intensities above all, is made up: it gives the demonstration district its shape,
//! textiles, dyeing and chemical fibre first.

use tanliu_load::Shifts;

/// 行业 A class of the standard with what a made-up enterprise of it is like in 2012.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trade {
    /// 代码 Four digits.
    pub(crate) code: &'static str,
    /// 名称 As the standard prints it.
    pub(crate) name: &'static str,
    /// One of the six areas.
    pub(crate) sector: Area,
    /// What stands in the names of its enterprises.
    pub(crate) words: &'static [&'static str],
    /// How many of a thousand enterprises, roughly.
    pub(crate) weight: u32,
    /// Shifts that most of them run.
    pub(crate) shifts: Shifts,
    /// Electricity, kWh for each 万元 of value added.
    pub(crate) electricity: f64,
    /// Heat from outside, GJ for each 万元.
    pub(crate) heat: f64,
    /// Heat of own boilers and furnaces, GJ of fuel for each 万元.
    pub(crate) furnace: f64,
    /// Petrol and diesel, kg for each 万元.
    pub(crate) petrol: f64,
    /// Diesel, kg for each 万元.
    pub(crate) diesel: f64,
}

/// 领域 The six areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Area {
    /// 能源
    Energy,
    /// 工业
    Industry,
    /// 建筑
    Building,
    /// 交通
    Transport,
    /// 农业
    Agriculture,
    /// 居民生活
    Living,
}

impl Area {
    /// All, in the order of pages.
    pub(crate) const ALL: [Self; 6] = [
        Self::Energy,
        Self::Industry,
        Self::Building,
        Self::Transport,
        Self::Agriculture,
        Self::Living,
    ];

    /// Key and name.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Energy => ("energy", "能源"),
            Self::Industry => ("industry", "工业"),
            Self::Building => ("building", "建筑"),
            Self::Transport => ("transport", "交通"),
            Self::Agriculture => ("agriculture", "农业"),
            Self::Living => ("living", "居民生活"),
        }
    }

    /// The key in documents and data.
    pub(crate) fn id(self) -> &'static str {
        self.words().0
    }
}

/// 供热 Classes whose enterprises turn fuel into heat and power for others.
pub(crate) fn transforms(code: &str) -> bool {
    matches!(code, "4412" | "4430")
}

/// One line of the table: code, name, area, words, weight, shifts, and the five intensities.
macro_rules! trades {
    ($($area:ident { $(
        $code:literal $name:literal [$($word:literal),+] $weight:literal $shifts:ident
        $electricity:literal $heat:literal $furnace:literal $petrol:literal $diesel:literal
    ;)+ })+) => {
        &[$($(Trade {
            code: $code, name: $name, sector: Area::$area, words: &[$($word),+], weight: $weight,
            shifts: Shifts::$shifts, electricity: $electricity, heat: $heat, furnace: $furnace,
            petrol: $petrol, diesel: $diesel,
        }),+),+]
    };
}

/// 行业表 All trades. Columns: weight, shifts, kWh, GJ of heat, GJ of own fuel, kg of petrol, kg of
/// diesel; the last five for each 万元 of value added.
#[rustfmt::skip]
pub(crate) const TRADES: &[Trade] = trades! {
    Energy {
        "4412" "热电联产" ["热电", "环保热电"] 3 Continuous 900.0 0.0 0.0 1.0 2.0;
        "4430" "热力生产和供应" ["供热", "热力"] 3 Continuous 500.0 0.0 0.0 1.0 2.0;
        "4511" "天然气生产和供应业" ["燃气"] 3 Continuous 160.0 0.0 0.0 3.0 3.0;
        "4416" "太阳能发电" ["光伏发电", "新能源"] 6 Day 40.0 0.0 0.0 2.0 1.0;
        "2542" "生物质致密成型燃料加工" ["生物质能源"] 3 Two 900.0 0.0 2.0 1.0 12.0;
    }
    Industry {
        "1711" "棉纺纱加工" ["纺纱", "棉纺"] 46 Continuous 2400.0 1.0 0.2 1.0 1.0;
        "1712" "棉织造加工" ["织造", "纺织"] 48 Continuous 1900.0 3.0 0.5 1.0 1.0;
        "1713" "棉印染精加工" ["印染", "染整"] 34 Continuous 1300.0 32.0 11.0 1.0 2.0;
        "1742" "绢纺和丝织加工" ["丝绸"] 18 Two 1200.0 4.0 0.8 1.0 1.0;
        "1743" "丝印染精加工" ["丝绸印染"] 10 Continuous 1100.0 28.0 8.0 1.0 2.0;
        "1751" "化纤织造加工" ["化纤织造", "喷织"] 62 Continuous 2100.0 2.0 0.4 1.0 1.0;
        "1752" "化纤织物染整精加工" ["染整", "印花"] 46 Continuous 1350.0 34.0 12.0 1.0 2.0;
        "1761" "针织或钩针编织物织造" ["针织"] 30 Two 1200.0 2.0 0.5 1.0 1.0;
        "1762" "针织或钩针编织物印染精加工" ["针织染整"] 12 Continuous 1200.0 28.0 9.0 1.0 2.0;
        "1771" "床上用品制造" ["家纺"] 22 Day 420.0 0.6 0.2 1.5 1.0;
        "1773" "窗帘、布艺类产品制造" ["布艺", "窗饰"] 16 Day 380.0 0.5 0.2 1.5 1.0;
        "1781" "非织造布制造" ["非织造布", "无纺"] 16 Continuous 1900.0 2.0 1.5 1.0 1.5;
        "1819" "其他机织服装制造" ["服装", "制衣"] 28 Day 260.0 0.6 0.1 2.0 1.0;
        "1829" "其他针织或钩针编织服装制造" ["针织服饰"] 18 Day 260.0 0.5 0.1 2.0 1.0;
        "1941" "羽毛(绒)加工" ["羽绒"] 14 Two 520.0 6.0 1.0 1.0 2.0;
        "1942" "羽毛(绒)制品加工" ["羽绒制品"] 12 Day 300.0 1.0 0.2 1.5 1.0;
        "2822" "涤纶纤维制造" ["涤纶", "化纤"] 26 Continuous 2900.0 9.0 14.0 0.5 1.0;
        "2821" "锦纶纤维制造" ["锦纶"] 8 Continuous 2700.0 9.0 10.0 0.5 1.0;
        "2826" "氨纶纤维制造" ["氨纶"] 5 Continuous 2600.0 12.0 8.0 0.5 1.0;
        "2653" "合成纤维单(聚合)体制造" ["聚酯", "聚合材料"] 5 Continuous 2100.0 18.0 22.0 0.5 1.0;
        "2645" "染料制造" ["染料化工"] 8 Continuous 1100.0 24.0 7.0 1.0 2.0;
        "2661" "化学试剂和助剂制造" ["助剂", "精细化工"] 18 Two 620.0 9.0 2.5 1.5 3.0;
        "2641" "涂料制造" ["涂料"] 10 Day 360.0 2.0 1.0 2.0 4.0;
        "2221" "机制纸及纸板制造" ["纸业", "造纸"] 14 Continuous 2300.0 42.0 3.0 1.0 5.0;
        "2231" "纸和纸板容器制造" ["包装", "纸箱"] 28 Two 420.0 3.0 0.4 2.0 5.0;
        "2319" "包装装潢及其他印刷" ["印务", "彩印"] 20 Two 460.0 0.4 0.2 2.0 2.0;
        "2921" "塑料薄膜制造" ["薄膜", "塑膜"] 16 Continuous 1700.0 0.6 0.3 1.0 2.0;
        "2922" "塑料板、管、型材制造" ["管业", "塑业"] 20 Two 1500.0 0.4 0.2 1.5 3.0;
        "2926" "塑料包装箱及容器制造" ["塑料包装"] 16 Two 1200.0 0.2 0.2 1.5 3.0;
        "3011" "水泥制造" ["水泥"] 3 Continuous 2300.0 0.0 92.0 0.5 12.0;
        "3021" "水泥制品制造" ["水泥制品", "商品混凝土"] 18 Two 420.0 1.0 1.5 1.0 38.0;
        "3031" "粘土砖瓦及建筑砌块制造" ["新型墙材"] 8 Continuous 620.0 0.0 26.0 1.0 16.0;
        "3054" "日用玻璃制品制造" ["玻璃"] 4 Continuous 1500.0 0.0 34.0 1.0 3.0;
        "3130" "钢压延加工" ["钢业", "板带"] 12 Continuous 2300.0 1.0 17.0 0.5 4.0;
        "3252" "铝压延加工" ["铝业"] 14 Continuous 1900.0 0.5 10.0 1.0 3.0;
        "3251" "铜压延加工" ["铜业"] 8 Continuous 1700.0 0.3 7.0 1.0 3.0;
        "3311" "金属结构制造" ["钢结构"] 34 Day 340.0 0.1 1.2 2.5 7.0;
        "3312" "金属门窗制造" ["门窗"] 20 Day 260.0 0.0 0.4 2.5 4.0;
        "3340" "金属丝绳及其制品制造" ["金属制品"] 12 Two 900.0 0.6 3.0 1.5 2.0;
        "3360" "金属表面处理及热处理加工" ["表面处理", "热处理"] 22 Two 2400.0 5.0 6.0 1.0 2.0;
        "3391" "黑色金属铸造" ["铸造", "铸件"] 16 Continuous 2900.0 0.0 6.0 1.0 4.0;
        "3393" "锻件及粉末冶金制品制造" ["锻造"] 12 Two 1900.0 0.0 7.0 1.0 3.0;
        "3443" "阀门和旋塞制造" ["阀门"] 16 Day 360.0 0.0 0.5 2.0 2.0;
        "3451" "滚动轴承制造" ["轴承"] 22 Two 900.0 0.0 0.6 1.5 1.5;
        "3453" "齿轮及齿轮减、变速箱制造" ["齿轮箱", "传动机械"] 16 Two 820.0 0.0 1.0 1.5 1.5;
        "3482" "紧固件制造" ["紧固件", "标准件"] 24 Two 900.0 0.2 2.0 1.5 2.0;
        "3484" "机械零部件加工" ["机械", "精工"] 48 Two 620.0 0.0 0.5 2.0 2.0;
        "3525" "模具制造" ["模具"] 20 Two 620.0 0.0 0.2 2.0 1.0;
        "3551" "纺织专用设备制造" ["纺机", "纺织机械"] 18 Day 380.0 0.0 0.4 2.0 2.0;
        "3670" "汽车零部件及配件制造" ["汽车零部件", "汽配"] 46 Two 560.0 0.3 1.0 2.0 2.0;
        "3812" "电动机制造" ["电机"] 14 Day 320.0 0.0 0.3 2.0 1.0;
        "3823" "配电开关控制设备制造" ["电气", "电控"] 18 Day 210.0 0.0 0.1 2.0 1.0;
        "3831" "电线、电缆制造" ["线缆", "电缆"] 16 Two 520.0 0.0 0.5 1.5 2.0;
        "3982" "电子电路制造" ["电路板", "电子"] 10 Continuous 1900.0 4.0 0.6 1.0 0.5;
        "3985" "电子专用材料制造" ["电子材料"] 8 Continuous 1600.0 4.0 1.0 1.0 0.5;
        "2110" "木质家具制造" ["家具", "家居"] 16 Day 330.0 0.3 0.6 2.5 3.0;
        "2032" "木门窗制造" ["木业"] 10 Day 330.0 0.5 0.8 2.5 3.0;
        "1371" "蔬菜加工" ["食品", "蔬菜加工"] 16 Day 330.0 4.0 1.0 2.0 4.0;
        "1411" "糕点、面包制造" ["食品"] 8 Day 420.0 1.0 2.0 2.5 4.0;
        "1514" "黄酒制造" ["酒业"] 3 Two 220.0 6.0 1.0 1.5 2.0;
        "1529" "茶饮料及其他饮料制造" ["饮料"] 4 Continuous 560.0 8.0 1.0 1.5 3.0;
        "1329" "其他饲料加工" ["饲料"] 6 Two 420.0 2.0 1.0 1.5 6.0;
        "2761" "生物药品制造" ["生物制药"] 6 Continuous 520.0 7.0 0.6 2.0 1.0;
    }
    Building {
        "5211" "百货零售" ["百货", "商贸"] 12 Day 420.0 0.3 0.3 3.0 0.5;
        "5212" "超级市场零售" ["超市"] 14 Day 620.0 0.1 0.2 3.0 2.0;
        "6110" "旅游饭店" ["大酒店", "宾馆"] 20 Home 720.0 3.0 4.0 3.0 1.0;
        "6121" "经济型连锁酒店" ["酒店管理"] 12 Home 560.0 1.0 2.0 2.0 0.5;
        "6450" "互联网数据服务" ["数据科技"] 4 Continuous 2300.0 0.0 0.0 1.0 2.0;
        "7222" "商业综合体管理服务" ["商业管理"] 14 Day 640.0 1.0 1.0 2.0 0.5;
        "7223" "市场管理服务" ["市场开发"] 14 Day 420.0 0.0 0.2 2.0 1.0;
        "7040" "房地产租赁经营" ["楼宇经营", "置业"] 16 Day 380.0 0.5 0.5 2.0 0.2;
        "4710" "住宅房屋建筑" ["建设", "建筑工程"] 20 Day 90.0 0.0 0.1 6.0 24.0;
        "4813" "市政道路工程建筑" ["市政工程", "路桥工程"] 10 Day 80.0 0.0 0.2 6.0 42.0;
    }
    Transport {
        "5411" "公共电汽车客运" ["公共交通"] 3 Two 260.0 0.0 0.0 4.0 190.0;
        "5421" "长途客运" ["客运"] 3 Two 70.0 0.0 0.0 6.0 260.0;
        "5431" "普通货物道路运输" ["运输", "货运"] 22 Two 40.0 0.0 0.0 8.0 420.0;
        "5433" "集装箱道路运输" ["集装箱运输"] 8 Two 40.0 0.0 0.0 6.0 460.0;
        "5437" "城市配送" ["配送"] 8 Two 120.0 0.0 0.0 30.0 150.0;
        "5523" "内河货物运输" ["航运"] 6 Two 30.0 0.0 0.0 2.0 380.0;
        "5532" "货运港口" ["港务"] 2 Two 420.0 0.0 0.0 4.0 60.0;
        "5920" "通用仓储" ["仓储", "物流"] 14 Two 320.0 0.0 0.2 6.0 50.0;
        "5930" "低温仓储" ["冷链物流"] 4 Continuous 1500.0 0.0 0.0 4.0 60.0;
        "6020" "快递服务" ["快递", "速运"] 6 Two 220.0 0.0 0.0 20.0 120.0;
    }
    Agriculture {
        "0141" "蔬菜种植" ["蔬菜种植", "农业开发"] 10 Day 210.0 0.0 0.4 6.0 60.0;
        "0143" "花卉种植" ["花卉", "园艺"] 9 Day 190.0 0.0 1.0 6.0 30.0;
        "0212" "林木育苗" ["苗木"] 8 Day 90.0 0.0 0.0 6.0 34.0;
        "0313" "猪的饲养" ["牧业"] 3 Day 420.0 0.0 1.0 6.0 20.0;
        "0321" "鸡的饲养" ["禽业"] 2 Day 520.0 0.0 1.2 6.0 20.0;
        "0412" "内陆养殖" ["水产养殖", "渔业"] 8 Day 620.0 0.0 0.0 6.0 22.0;
        "0514" "农产品初加工活动" ["农产品"] 8 Day 380.0 0.0 1.2 6.0 22.0;
    }
    Living {
        "7020" "物业管理" ["物业服务", "物业管理"] 44 Home 620.0 0.6 0.4 3.0 0.5;
        "6210" "正餐服务" ["餐饮"] 20 Home 560.0 0.0 6.0 4.0 0.5;
        "6220" "快餐服务" ["快餐"] 8 Home 520.0 0.0 5.0 4.0 0.5;
        "7214" "单位后勤管理服务" ["后勤服务"] 12 Home 460.0 1.0 3.0 3.0 1.0;
    }
};
