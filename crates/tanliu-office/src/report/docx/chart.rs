//! 图 Charts as Word draws them, from numbers that stand in the file.

use crate::report::{Chart, ChartKind, chart as axes, words};
use tanliu_diagnostic::Lang;

const CHART: &str = "http://schemas.openxmlformats.org/drawingml/2006/chart";
const MAIN: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const PLACE: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A text fit for XML; what was cleaned holds no control characters.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The drawing that stands in the text.
pub(super) fn drawing(number: usize, chart: &Chart) -> String {
    format!(
        "<w:drawing><wp:inline xmlns:wp=\"{PLACE}\" distT=\"0\" distB=\"0\" distL=\"0\" \
         distR=\"0\"><wp:extent cx=\"5760000\" cy=\"2700000\"/><wp:docPr id=\"{number}\" \
         name=\"Chart {number}\" descr=\"{}\"/><wp:cNvGraphicFramePr/><a:graphic \
         xmlns:a=\"{MAIN}\"><a:graphicData uri=\"{CHART}\"><c:chart xmlns:c=\"{CHART}\" \
         xmlns:r=\"{LINKS}\" r:id=\"rIdChart{number}\"/></a:graphicData></a:graphic></wp:inline>\
         </w:drawing>",
        escape(&axes::described(chart))
    )
}

/// The chart's own part.
pub(super) fn part(chart: &Chart, lang: Lang) -> String {
    let series: String =
        chart.series.iter().enumerate().map(|(number, _)| series(chart, number)).collect();
    let (open, close) = match chart.kind {
        ChartKind::Bar => (
            "<c:barChart><c:barDir val=\"col\"/><c:grouping val=\"clustered\"/>\
             <c:varyColors val=\"0\"/>",
            "<c:gapWidth val=\"60\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:barChart>",
        ),
        ChartKind::Line => (
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>",
            "<c:marker val=\"1\"/><c:axId val=\"1\"/><c:axId val=\"2\"/></c:lineChart>",
        ),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><c:chartSpace \
         xmlns:c=\"{CHART}\" xmlns:a=\"{MAIN}\" xmlns:r=\"{LINKS}\"><c:lang val=\"{}\"/>\
         <c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea>\
         <c:layout/>{open}{series}{close}{}</c:plotArea><c:legend><c:legendPos val=\"b\"/>\
         <c:overlay val=\"0\"/></c:legend><c:plotVisOnly val=\"1\"/>\
         <c:dispBlanksAs val=\"gap\"/></c:chart><c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>\
         <a:defRPr sz=\"800\"><a:latin typeface=\"Times New Roman\"/><a:ea typeface=\"宋体\"/>\
         </a:defRPr></a:pPr><a:endParaRPr lang=\"zh-CN\"/></a:p></c:txPr></c:chartSpace>",
        words::tag(lang),
        axis_parts(chart)
    )
}

/// One series: its name, its look, the categories and the values that there are.
fn series(chart: &Chart, number: usize) -> String {
    let Some(series) = chart.series.get(number) else { return String::new() };
    let color: String = axes::color(number)
        .iter()
        .map(|part| format!("{:02X}", (part * 255.0).round() as u8))
        .collect();
    let fill = format!("<a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill>");
    let (look, marker) = match chart.kind {
        ChartKind::Bar => (format!("<c:spPr>{fill}</c:spPr><c:invertIfNegative val=\"0\"/>"), ""),
        ChartKind::Line => (
            format!("<c:spPr><a:ln w=\"19050\">{fill}</a:ln></c:spPr>"),
            match number % 3 {
                0 => "square",
                1 => "diamond",
                _ => "triangle",
            },
        ),
    };
    let marker = if marker.is_empty() {
        String::new()
    } else {
        format!(
            "<c:marker><c:symbol val=\"{marker}\"/><c:size val=\"6\"/><c:spPr>{fill}</c:spPr>\
             </c:marker>"
        )
    };
    let smooth = match chart.kind {
        ChartKind::Bar => "",
        ChartKind::Line => "<c:smooth val=\"0\"/>",
    };
    let column = column_name(number + 1);
    let last = chart.categories.len() + 1;
    let categories: String = chart
        .categories
        .iter()
        .enumerate()
        .map(|(at, text)| format!("<c:pt idx=\"{at}\"><c:v>{}</c:v></c:pt>", escape(text)))
        .collect();
    let values: String = series
        .values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| value.map(|value| (at, value)))
        .map(|(at, value)| format!("<c:pt idx=\"{at}\"><c:v>{value}</c:v></c:pt>"))
        .collect();
    let count = chart.categories.len();
    format!(
        "<c:ser><c:idx val=\"{number}\"/><c:order val=\"{number}\"/><c:tx><c:strRef>\
         <c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\">\
         <c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>{look}{marker}<c:cat><c:strRef>\
         <c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val=\"{count}\"/>{categories}\
         </c:strCache></c:strRef></c:cat><c:val><c:numRef>\
         <c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>\
         <c:formatCode>General</c:formatCode><c:ptCount val=\"{count}\"/>{values}</c:numCache>\
         </c:numRef></c:val>{smooth}</c:ser>",
        escape(&series.name)
    )
}

/// The two axes; the unit is the title of the upright one.
fn axis_parts(chart: &Chart) -> String {
    let axis = axes::Axis::of(chart);
    let title = if chart.unit.is_empty() {
        String::new()
    } else {
        format!(
            "<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:rPr lang=\"zh-CN\" sz=\"800\" \
             b=\"0\"/><a:t>{}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>",
            escape(&chart.unit)
        )
    };
    format!(
        "<c:catAx><c:axId val=\"1\"/><c:scaling><c:orientation val=\"minMax\"/></c:scaling>\
         <c:delete val=\"0\"/><c:axPos val=\"b\"/><c:numFmt formatCode=\"General\" \
         sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/>\
         <c:tickLblPos val=\"low\"/><c:crossAx val=\"2\"/><c:crosses val=\"autoZero\"/></c:catAx>\
         <c:valAx><c:axId val=\"2\"/><c:scaling><c:orientation val=\"minMax\"/><c:max \
         val=\"{}\"/><c:min val=\"{}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"l\"/>\
         <c:majorGridlines><c:spPr><a:ln w=\"4445\"><a:solidFill><a:srgbClr val=\"C7CCD1\"/>\
         </a:solidFill></a:ln></c:spPr></c:majorGridlines>{title}<c:numFmt \
         formatCode=\"#,##0.######\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"1\"/>\
         <c:crosses val=\"autoZero\"/><c:majorUnit val=\"{}\"/></c:valAx>",
        axis.high, axis.low, axis.step
    )
}

/// `A` for 0, `AA` for 26.
fn column_name(number: usize) -> String {
    let letter = |rest: usize| char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0));
    let mut name = String::new();
    let mut rest = number;
    loop {
        name.insert(0, letter(rest));
        if rest < 26 {
            return name;
        }
        rest = rest / 26 - 1;
    }
}
