//! 命令行 The commands and their options. Every text stands in both languages, parted by `¦`.

mod platform;

pub(crate) use platform::{Backup, Demo, Home, Listening, Restore, Serve, User};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tanliu_diagnostic::Lang;

/// 碳流：方法学文档即程序。检查、验证算例、计算、溯源 ¦ Tanliu: methodologies as documents that check, run, explain and prove themselves
#[derive(Debug, Parser)]
#[command(name = "tanliu", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// 语言：zh 中文（缺省），en 英文 ¦ language: zh Chinese (default), en English
    #[arg(long, global = true, value_enum, default_value = "zh")]
    pub(crate) lang: Language,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
退出码：0 一切正常；1 文档或数据被拒绝、算例不符、包与重算不符；2 用法错误或文件读不了
每条命令的例子：tanliu 命令 --help ¦ \
Exit codes: 0 all well; 1 the document or the data is refused, an example fails, or a pack is not what it says; 2 usage error or unreadable file
An example of each command: tanliu COMMAND --help";

/// 语言
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// 中文 ¦ Chinese
    Zh,
    /// 英文 ¦ English
    En,
}

impl Language {
    /// The language of texts.
    pub(crate) fn lang(self) -> Lang {
        match self {
            Self::Zh => Lang::Zh,
            Self::En => Lang::En,
        }
    }
}

/// 命令
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 检查文档：语法、单位、维度、引用 ¦ check documents: syntax, units, dimensions, references
    #[command(after_help = "例：tanliu check methods/ ¦ Example: tanliu check methods/")]
    Check(Check),
    /// 审读文档：分档的空隙与重叠、合计、无用的输入、缺来源的数 ¦ read documents critically: gaps and overlaps of bands, totals, unused inputs, figures without a source
    #[command(
        after_help = "例：tanliu lint methods/ --excused ¦ Example: tanliu lint methods/ --excused"
    )]
    Lint(Lint),
    /// 运行文档里的算例，与印出的数逐一比对 ¦ run the worked examples and hold them to the printed figures
    #[command(
        after_help = "例：tanliu test methods/ --verbose ¦ Example: tanliu test methods/ --verbose"
    )]
    Test(Test),
    /// 用数据计算 ¦ compute from data
    #[command(after_help = "\
例：tanliu run method.md --data data/ --out results/
    tanliu run cn/regional/carbon-intensity --data book.xlsx --set base_year=2015 ¦ \
Examples: tanliu run method.md --data data/ --out results/
          tanliu run cn/regional/carbon-intensity --data book.xlsx --set base_year=2015")]
    Run(Run),
    /// 溯源：一个数由哪些数怎样算出 ¦ explain a figure: from what and how it was computed
    #[command(after_help = "\
例：tanliu explain method.md --data data/ 'co2[year=2016]' ¦ \
Example: tanliu explain method.md --data data/ 'co2[year=2016]'")]
    Explain(Explain),
    /// 因子库 ¦ the catalogue of factors
    #[command(
        after_help = "例：tanliu factors show cn/grid/om ¦ Example: tanliu factors show cn/grid/om"
    )]
    Factors(Factors),
    /// 生成可阅读的网页 ¦ write a readable page
    #[command(
        after_help = "例：tanliu doc method.md -o method.html ¦ Example: tanliu doc method.md -o method.html"
    )]
    Doc(Doc),
    /// 生成填报用的 Excel 工作簿 ¦ write the workbook that people fill in
    #[command(after_help = "\
例：tanliu template method.md -o book.xlsx；填好后 tanliu run method.md --data book.xlsx ¦ \
Example: tanliu template method.md -o book.xlsx; filled in, tanliu run method.md --data book.xlsx")]
    Template(Doc),
    /// 打包：把文档、数据、因子和结果装进一个文件，供人离线复算 ¦ pack document, data, factors and results into one file that anyone can verify
    #[command(after_help = "\
例：tanliu pack method.md --data data/ --out account.tanpack
    tanliu pack method.md --data data/ --out account.tanpack --key signer.pem ¦ \
Examples: tanliu pack method.md --data data/ --out account.tanpack
          tanliu pack method.md --data data/ --out account.tanpack --key signer.pem")]
    Pack(Pack),
    /// 核验一个包：是否完好，重算是否相符 ¦ verify a pack: whether it is intact and computes to the same figures
    #[command(after_help = "\
例：tanliu verify account.tanpack --public-key signer.pub.pem ¦ \
Example: tanliu verify account.tanpack --public-key signer.pub.pem")]
    Verify(Verify),
    /// Delta 表：建立、追加、更正、替换、历史 ¦ Delta tables: create, append, merge, replace, history
    #[command(after_help = "\
例：tanliu table create meters 1月.csv --key plant,instant --partition 'month(instant)'
    tanliu table merge meters 更正.csv --by 李工 --note 电表重新校准 ¦ \
Examples: tanliu table create meters january.csv --key plant,instant --partition 'month(instant)'
          tanliu table merge meters restated.csv --by 'A. Li' --note 'meter recalibrated'")]
    Table(Table),
    /// 区县平台：启动服务 ¦ the district's platform: serve it
    #[command(after_help = "\
例：tanliu user admin --role administrator --home 平台 < 口令.txt
    tanliu serve --home 平台 --listen 127.0.0.1:8400 ¦ \
Examples: tanliu user admin --role administrator --home platform < password.txt
          tanliu serve --home platform --listen 127.0.0.1:8400")]
    Serve(Serve),
    /// 示范区：建立一个自拟的区县并启动服务 ¦ a made-up district: set it up and serve it
    #[command(after_help = "例：tanliu demo --home 示范区 ¦ Example: tanliu demo --home demo")]
    Demo(Demo),
    /// 备份平台的数据 ¦ back the platform up
    #[command(after_help = "\
例：tanliu backup 备份/20240131 --home 平台 ¦ Example: tanliu backup backups/20240131 --home platform")]
    Backup(Backup),
    /// 由备份恢复平台 ¦ restore the platform from a backup
    #[command(after_help = "\
例：tanliu restore 备份/20240131 --home 新平台 ¦ Example: tanliu restore backups/20240131 --home new")]
    Restore(Restore),
    /// 平台的用户：新增或更改，口令从标准输入读 ¦ a user of the platform: add or change, the password from standard input
    #[command(after_help = "\
例：tanliu user chen --role department --of statistics --home 平台 < 口令.txt ¦ \
Example: tanliu user chen --role department --of statistics --home platform < password.txt")]
    User(User),
    /// 生成示例数据 ¦ write example data
    Sample(Sample),
    /// 参考页（Markdown） ¦ reference pages (Markdown)
    #[command(hide = true)]
    Reference(Reference),
}

/// 查找范围
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Sources {
    /// 被引用文档所在的目录，可重复；缺省：文档所在目录、methods/、内置文档 ¦ folder of documents that are used; repeatable; default: the document's own, methods/, built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) library: Vec<String>,
    /// 因子库目录；缺省：methods/ 旁边的 factors/、内置因子 ¦ folder of factor sets; default: factors/ beside methods/, built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) factors: Option<String>,
}

/// `tanliu check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// 文档或目录 ¦ documents or folders
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu lint`
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// 文档或目录 ¦ documents or folders
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    /// 也列出文档写明理由的例外 ¦ list the exceptions for which documents give a reason, too
    #[arg(long)]
    pub(crate) excused: bool,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu test`
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// 文档或目录 ¦ documents or folders
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,
    /// 列出每一个期望值 ¦ list every expectation
    #[arg(long)]
    pub(crate) verbose: bool,
    /// 用哪个求值器，或两个都用 ¦ which evaluator, or both
    #[arg(long, value_enum, default_value = "reference")]
    pub(crate) engine: Evaluators,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// 数据
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Data {
    /// 数据文件或目录（CSV、TSV、JSON 行、Excel），可多个、可重复 ¦ data files or folders (CSV, TSV, JSON lines, Excel); several, repeatable
    #[arg(long, value_name = "FILE|DIR", num_args = 1..)]
    pub(crate) data: Vec<String>,
    /// 给标量或待填参数赋值，可重复：--set 'x=3 MWh' ¦ set a scalar or a named hole; repeatable: --set 'x=3 MWh'
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// 按哪个版本或时间读 Delta 表：12、2024-12-31；表名=… 只管一张表，可重复 ¦ as of which version or time Delta tables are read: 12, 2024-12-31; TABLE=… for one; repeatable
    #[arg(long, value_name = "VERSION|TIME")]
    pub(crate) as_of: Vec<String>,
    /// 剔除不满足 require 的键后计算，并在清单中写明 ¦ run without the keys that fail a require, and say so in the manifest
    #[arg(long)]
    pub(crate) drop_refused: bool,
    /// 求值引擎；缺省按数据大小自选，结果逐位相同 ¦ which evaluator runs; default: by the size of the data. The figures are the same to the last bit
    #[arg(long, value_enum)]
    pub(crate) engine: Option<Engine>,
}

/// 引擎
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// 参考解释器：全部读入内存 ¦ the reference interpreter: everything in memory
    Reference,
    /// 列式引擎：数据留在文件里逐批计算 ¦ the columnar engine: rows stay in their files
    Columnar,
}

/// 求值器
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Evaluators {
    /// 参考解释器 ¦ the reference interpreter
    Reference,
    /// 列式引擎 ¦ the columnar engine
    Columnar,
    /// 两个都用，逐例比对 ¦ both, each held to the same figures
    Both,
}

/// `tanliu run`
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// 文档路径，或库中文档的 id ¦ a document's path, or its id in the library
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) data: Data,
    /// 结果目录：每个输出一张表，另有清单 run.json；缺省打印在屏幕上 ¦ folder of results: a table per output and the manifest run.json; default: printed
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<String>,
    /// 结果格式；缺省 csv ¦ format of the results; default csv
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// 列式引擎过数时至多占用的内存，如 2GB；缺省 4GB；放不下的暂存到 TMPDIR ¦ memory of the columnar engine's passes at most, e.g. 2GB; default 4GB; the rest waits in TMPDIR
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// 列式引擎用几个线程；缺省为处理器数 ¦ threads of the columnar engine; default: one per processor
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// 数据有误的 Excel 标注副本写到哪里；缺省在 --out 旁边 ¦ where the marked copy of a faulty workbook goes; default: beside --out
    #[arg(long, value_name = "FILE")]
    pub(crate) mark: Option<String>,
    /// 以 JSON 输出结果与清单 ¦ print results and manifest as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) uncertainty: Uncertainty,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// 不确定度
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Uncertainty {
    /// 不确定度：一阶传播（IPCC 方法 1），95 % 区间与方差贡献 ¦ uncertainty by first-order propagation (IPCC Approach 1): 95 % intervals and contributions to variance
    #[arg(long)]
    pub(crate) uncertainty: bool,
    /// 另作蒙特卡洛抽样（IPCC 方法 2）的次数，如 10000 ¦ draws of a Monte Carlo simulation as well (IPCC Approach 2), e.g. 10000
    #[arg(long, value_name = "DRAWS", value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub(crate) monte_carlo: Option<u32>,
    /// 抽样的种子；缺省 1 ¦ seed of the draws; default 1
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// `tanliu pack`
#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// 文档路径，或库中文档的 id ¦ a document's path, or its id in the library
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) data: Data,
    /// 写到哪个文件 ¦ the file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: String,
    /// 用这个私钥签名（PEM，ed25519 或 SM2） ¦ sign with this private key (PEM, ed25519 or SM2)
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<String>,
    /// 大于此数的数据文件只记名称和摘要值，不装入，如 100MB ¦ data files above this size are named by their digests, not copied; e.g. 100MB
    #[arg(long, value_name = "SIZE")]
    pub(crate) external: Option<String>,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// 包 ¦ the pack
    #[arg(value_name = "FILE")]
    pub(crate) pack: String,
    /// 须由这个公钥（PEM）所签 ¦ it must be signed by this public key (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) public_key: Option<String>,
    /// 包里只记了摘要值的数据在哪个目录，可重复 ¦ folder of the data that the pack only names; repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Vec<String>,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// 结果格式
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// 每个输出一个 CSV ¦ a CSV file per output
    Csv,
    /// 每个输出一个 JSON ¦ a JSON file per output
    Json,
    /// 一个工作簿，每个输出一张工作表 ¦ one workbook, a sheet per output
    Xlsx,
    /// 每个输出一个 Parquet ¦ a Parquet file per output
    Parquet,
    /// 每个输出一张 Delta 表，每次运行一个版本 ¦ a Delta table per output, a version per run
    Delta,
}

/// `tanliu explain`
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// 文档路径，或库中文档的 id ¦ a document's path, or its id in the library
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    /// 哪一个数：'名称[索引=键, …]' ¦ which figure: 'name[index=key, …]'
    #[arg(value_name = "FIGURE")]
    pub(crate) figure: Option<String>,
    #[command(flatten)]
    pub(crate) data: Data,
    /// 展开几层 ¦ how many levels
    #[arg(long, default_value_t = 12)]
    pub(crate) depth: usize,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu factors`
#[derive(Debug, Args)]
pub(crate) struct Factors {
    /// 因子库目录；缺省：methods/ 旁边的 factors/、内置因子 ¦ folder of factor sets; default: factors/ beside methods/, built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) factors: Option<String>,
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) action: FactorAction,
}

/// `tanliu factors …`
#[derive(Debug, Subcommand)]
pub(crate) enum FactorAction {
    /// 列出全部因子集 ¦ list all sets
    List,
    /// 显示一个因子集：表头与每一行 ¦ show a set: header and rows
    Show {
        /// 因子集，如 cn/grid/om ¦ the set, e.g. cn/grid/om
        #[arg(value_name = "ID")]
        id: String,
    },
    /// 按词查找 ¦ search by words
    Search {
        /// 词，须都出现 ¦ words, all of which must be found
        #[arg(value_name = "WORD", required = true)]
        words: Vec<String>,
    },
    /// 检查因子集：单位、重叠、缺口 ¦ check sets: units, overlaps, gaps
    Check {
        /// 目录；缺省整个因子库 ¦ the folder; default: the whole catalogue
        #[arg(value_name = "DIR")]
        folder: Option<String>,
    },
}

/// `tanliu doc`, `tanliu template`
#[derive(Debug, Args)]
pub(crate) struct Doc {
    /// 文档路径，或库中文档的 id ¦ a document's path, or its id in the library
    #[arg(value_name = "DOC")]
    pub(crate) document: String,
    /// 写到哪个文件 ¦ the file to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: String,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// `tanliu table`
#[derive(Debug, Args)]
pub(crate) struct Table {
    /// 以 JSON 输出 ¦ print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) action: TableAction,
}

/// `tanliu table …`
#[derive(Debug, Subcommand)]
pub(crate) enum TableAction {
    /// 建立一张表，并放入数据文件的行 ¦ make a table and put the rows of files in
    Create(TableCreate),
    /// 追加行 ¦ add rows
    Append(TableRows),
    /// 更正：键相同的行换成新的，其余新增；同一更正再来一次不产生版本 ¦ restate rows by key, add the others; the same once more makes no version
    Merge {
        #[command(flatten)]
        rows: TableRows,
        /// 键列：plant,instant；缺省用建表时的键 ¦ key columns: plant,instant; default: those of the table
        #[arg(long, value_name = "COLUMNS")]
        key: Vec<String>,
        /// 只更正已有的行；有新键就拒绝 ¦ restate known rows only, refuse unknown keys
        #[arg(long)]
        known_only: bool,
    },
    /// 替换：这些行所在的分区整个换成这些行 ¦ replace the partitions that the rows lie in by the rows
    Replace(TableRows),
    /// 历史：每个版本的时间、操作、行数、经手 ¦ versions: time, operation, rows, by whom
    History {
        /// 表所在的目录 ¦ the table's folder
        #[arg(value_name = "DIR")]
        folder: String,
    },
    /// 显示一个版本：列、单位、分区、文件 ¦ show a version: columns, units, partitions, files
    Show {
        /// 表所在的目录 ¦ the table's folder
        #[arg(value_name = "DIR")]
        folder: String,
        /// 版本号或时间；缺省为最新 ¦ a version or a time; default: the latest
        #[arg(long, value_name = "VERSION|TIME")]
        as_of: Option<String>,
    },
}

/// `tanliu table create`
#[derive(Debug, Args)]
pub(crate) struct TableCreate {
    #[command(flatten)]
    pub(crate) rows: TableRows,
    /// 键列：plant,instant ¦ key columns: plant,instant
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) key: Vec<String>,
    /// 分区：列名，或 year、quarter、month、day(列)，可多个 ¦ partitions: a column, or year, quarter, month, day(column); several
    #[arg(long, value_name = "COLUMNS")]
    pub(crate) partition: Vec<String>,
    /// 按文档的输入声明建列，与 --input 同用 ¦ columns as a document's inputs declare them, with --input
    #[arg(long, value_name = "DOC", requires = "input")]
    pub(crate) from: Option<String>,
    /// 文档里的输入，可多个，索引须相同 ¦ inputs of the document; several over the same indexes
    #[arg(long, value_name = "NAMES", requires = "from")]
    pub(crate) input: Vec<String>,
    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// 表和行
#[derive(Debug, Args)]
pub(crate) struct TableRows {
    /// 表所在的目录 ¦ the table's folder
    #[arg(value_name = "DIR")]
    pub(crate) folder: String,
    /// 数据文件或目录（UTF-8 CSV、Parquet） ¦ files or folders of rows (CSV in UTF-8, Parquet)
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
    /// 表头没有写的单位：--unit power=kWh，可重复 ¦ units that the headers do not say: --unit power=kWh; repeatable
    #[arg(long, value_name = "COLUMN=UNIT")]
    pub(crate) unit: Vec<String>,
    #[command(flatten)]
    pub(crate) writer: TableWriter,
}

/// 经手
#[derive(Debug, Args)]
pub(crate) struct TableWriter {
    /// 经手人，记入历史 ¦ who writes, for the history
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// 备注，记入历史 ¦ a remark, for the history
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

/// `tanliu sample`
#[derive(Debug, Args)]
pub(crate) struct Sample {
    #[command(subcommand)]
    pub(crate) kind: SampleKind,
}

/// `tanliu sample …`
#[derive(Debug, Subcommand)]
pub(crate) enum SampleKind {
    /// 示例区：企业一刻钟电表读数、所属镇街与行业、逐月电力因子，全部自拟 ¦ the example district: quarter-hour readings, towns and sectors, a factor by month; made up
    #[command(after_help = "\
例：tanliu sample district out/district --plants 3600 --from 2024-01-01 --days 31
    tanliu run examples/district/meters.md --data out/district ¦ \
Example: tanliu sample district out/district --plants 3600 --from 2024-01-01 --days 31
         tanliu run examples/district/meters.md --data out/district")]
    District(SampleDistrict),
}

/// `tanliu sample district`
#[derive(Debug, Args)]
pub(crate) struct SampleDistrict {
    /// 写到哪个目录；须不存在或是空的 ¦ the folder to write, new or empty
    #[arg(value_name = "OUT")]
    pub(crate) out: String,
    /// 企业数；缺省 3600 ¦ how many plants; default 3600
    #[arg(long, value_name = "N", default_value_t = 3600)]
    pub(crate) plants: u32,
    /// 起始日；缺省 2024-01-01 ¦ the first day; default 2024-01-01
    #[arg(long, value_name = "DAY", default_value = "2024-01-01")]
    pub(crate) from: String,
    /// 天数；缺省 31 ¦ how many days; default 31
    #[arg(long, value_name = "N", default_value_t = 31)]
    pub(crate) days: u32,
    /// 随机种子；缺省 20251120 ¦ seed of the made-up figures; default 20251120
    #[arg(long, value_name = "N", default_value_t = tanliu_engine::sample::SEED)]
    pub(crate) seed: u64,
}

/// `tanliu reference`
#[derive(Debug, Args)]
pub(crate) struct Reference {
    /// 哪一页 ¦ which page
    #[arg(value_enum)]
    pub(crate) page: Page,
    /// 每个诊断代码的示例所在的目录 ¦ the folder of cases, one for each code of a finding
    #[arg(long, default_value = "crates/tanliu/reference")]
    pub(crate) cases: String,
    /// 方法库的目录 ¦ the folder of the method library
    #[arg(long, default_value = "methods")]
    pub(crate) methods: String,
    /// 方法参考写到哪里 ¦ where the pages of the methods go
    #[arg(long, default_value = "docs/reference/methods")]
    pub(crate) out: String,
}

/// 参考页
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Page {
    /// 诊断 ¦ diagnostics
    Diagnostics,
    /// 单位 ¦ units
    Units,
    /// 因子 ¦ factors
    Factors,
    /// 方法库目录 ¦ the map of the method library
    Library,
    /// 方法参考 ¦ the pages of the methods
    Methods,
}
