//! 帮助的语言 Parses the command line with help and usage errors in the reader's language.

use crate::arguments::Arguments;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, Command, CommandFactory, FromArgMatches};
use tanliu_diagnostic::Lang;

/// What parts the two languages of a text.
const PARTING: char = '¦';

/// Reads the command line.
///
/// # Errors
/// The text to print, and whether it is an error (code 2) or help that was asked for (code 0).
pub(crate) fn parse(words: &[String]) -> Result<Arguments, (String, bool)> {
    let lang = wanted_language(words);
    let mut command = localised(Arguments::command(), lang).color(ColorChoice::Never);
    let matches = command.try_get_matches_from_mut(words).map_err(|error| shown(&error, lang))?;
    Arguments::from_arg_matches(&matches).map_err(|error| shown(&error, lang))
}

/// `--lang` is needed before the rest is understood: its own errors too are in a language.
pub(crate) fn wanted_language(words: &[String]) -> Lang {
    let english = words.windows(2).any(|pair| pair.iter().eq(["--lang", "en"]))
        || words.iter().any(|word| word == "--lang=en");
    if english { Lang::En } else { Lang::Zh }
}

fn part(text: &str, lang: Lang) -> String {
    match (text.split_once(PARTING), lang) {
        (Some((zh, _)), Lang::Zh) => zh.trim().to_owned(),
        (Some((_, en)), Lang::En) => en.trim().to_owned(),
        (None, _) => text.to_owned(),
    }
}

const TEMPLATE_ZH: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";
const TEMPLATE_EN: &str = "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}";

fn localised(mut command: Command, lang: Lang) -> Command {
    if let Some(about) = command.get_about().map(|text| part(&text.to_string(), lang)) {
        command = command.about(about).long_about(None::<&str>);
    }
    if let Some(after) = command.get_after_help().map(|text| part(&text.to_string(), lang)) {
        command = command.after_help(after);
    }
    command = command.mut_args(|arg| {
        let help = arg.get_help().map(|text| part(&text.to_string(), lang));
        let takes = arg.get_action().takes_values();
        let arg = if takes { arg.hide_possible_values(true).hide_default_value(true) } else { arg };
        let heading = if arg.is_positional() { "参数" } else { "选项" };
        let arg = if lang == Lang::Zh { arg.help_heading(heading) } else { arg };
        match help {
            Some(help) => arg.help(help).long_help(None::<&str>),
            None => arg,
        }
    });
    let help = clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(clap::ArgAction::Help)
        .help(if lang == Lang::Zh { "显示帮助" } else { "print help" })
        .help_heading(if lang == Lang::Zh { Some("选项") } else { Some("Options") });
    command = command.disable_help_flag(true).arg(help).disable_help_subcommand(true);
    if lang == Lang::Zh {
        command = command.help_template(TEMPLATE_ZH).subcommand_help_heading("命令");
    } else {
        command = command.help_template(TEMPLATE_EN);
    }
    if command.get_version().is_some() {
        let version = clap::Arg::new("version")
            .short('V')
            .long("version")
            .action(clap::ArgAction::Version)
            .help(if lang == Lang::Zh { "显示版本" } else { "print the version" })
            .help_heading(if lang == Lang::Zh { Some("选项") } else { Some("Options") });
        command = command.disable_version_flag(true).arg(version);
    }
    command.mut_subcommands(|sub| localised(sub, lang))
}

/// The text for an error of the command line, and whether it is one.
fn shown(error: &clap::Error, lang: Lang) -> (String, bool) {
    let usual = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return (usual, false);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand || lang == Lang::En {
        return (usual, true);
    }
    let Some(message) = in_chinese(error) else { return (usual, true) };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg]
        .iter()
        .find_map(|kind| words(error, *kind))
        .map(|near| format!("\n  = 建议：是否想写 {near}？"))
        .unwrap_or_default();
    (format!("错误：{message}{near}\n\n查看用法：tanliu --help，或 tanliu 命令 --help\n"), true)
}

fn in_chinese(error: &clap::Error) -> Option<String> {
    let arg = words(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = words(error, ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("没有选项或参数 {arg}"),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令 {}", words(error, ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面缺少值"),
        ErrorKind::InvalidValue => {
            let valid = words(error, ContextKind::ValidValue).unwrap_or_default();
            format!("{arg} 不能是「{value}」，只能是 {valid}")
        }
        ErrorKind::ValueValidation => format!("{arg} 不能是「{value}」"),
        ErrorKind::ArgumentConflict => format!("{arg} 重复或与其他选项冲突"),
        _ => return None,
    })
}

fn words(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(list) if !list.is_empty() => Some(list.join("、")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}
