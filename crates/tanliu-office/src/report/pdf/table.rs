//! 排表 Tables over several pages: three rules, the head repeated, long cells parted.

use super::fonts::Weight;
use super::sheet::{BOTTOM, INK, NOTE, RULE, SIDE, Sheet, Style, TOP, WIDTH};
use crate::report::wrap::{Widths, pieces};
use crate::report::{Align, Table, words};

/// The room on either side of a cell.
const PAD: f32 = 4.0;
/// The room above and below a row's lines.
const LEAD: f32 = 2.5;
/// So many rows decide about the widths of the columns.
const ROWS_FOR_WIDTH: usize = 2000;
/// A head that is higher is not repeated.
const HIGHEST_HEAD: f32 = (BOTTOM - TOP) / 3.0;

/// 排好的行 A row whose cells are cut into lines.
struct Row<'t> {
    cells: Vec<Vec<&'t str>>,
    /// The lines of its longest cell.
    count: usize,
}

/// 栏 A column on the page.
struct Place {
    left: f32,
    width: f32,
    align: Align,
}

impl Sheet<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        self.tables += 1;
        let number = self.tables;
        let style = body_style(table.columns.len());
        let head_style = Style { weight: Weight::Bold, ..style };
        let heads: Vec<String> =
            table.columns.iter().map(|column| words::head(self.lang, column)).collect();
        let places = self.places(table, &heads, style);
        let head = self.row(&heads, &places, head_style);
        let caption = words::numbered(words::table_word(self.lang), number, &table.caption);
        let above = height(&head, style) + 2.0 * (style.leading + 2.0 * LEAD);
        self.caption(&caption, above.min(HIGHEST_HEAD));
        if table.columns.is_empty() {
            self.note(&table.note);
            return;
        }
        self.edge(1.0);
        self.set_row(&head, &places, head_style, None);
        self.edge(0.5);
        let continued = format!("{} {number}", words::continued_word(self.lang));
        let again = (height(&head, style) <= HIGHEST_HEAD).then_some(Again {
            head: &head,
            style: head_style,
            caption: &continued,
        });
        let mut first = true;
        for cells in &table.rows {
            let row = self.row(cells, &places, style);
            if !first && self.down > TOP {
                let (down, width) = (self.down, SIDE + WIDTH);
                self.rule((SIDE, down), (width, down), 0.3, RULE);
            }
            self.set_row(&row, &places, style, again.as_ref());
            first = false;
        }
        self.edge(1.0);
        self.down += 3.0;
        self.note(&table.note);
    }

    /// A rule across the page.
    fn edge(&mut self, thick: f32) {
        let down = self.down;
        self.rule((SIDE, down), (SIDE + WIDTH, down), thick, INK);
    }

    fn row<'t>(&self, cells: &'t [String], places: &[Place], style: Style) -> Row<'t> {
        let cells: Vec<Vec<&str>> = cells
            .iter()
            .zip(places)
            .map(|(cell, place)| {
                let room = place.width - 2.0 * PAD;
                self.lines(cell, style, Widths { first: room, rest: room })
            })
            .collect();
        let count = cells.iter().map(Vec::len).max().unwrap_or(1);
        Row { cells, count }
    }

    /// Sets a row; one that does not fit goes to the next page, one that fits on no page is parted.
    fn set_row(
        &mut self,
        row: &Row<'_>,
        places: &[Place],
        style: Style,
        again: Option<&Again<'_>>,
    ) {
        let whole = height(row, style);
        let is_parted = whole > (BOTTOM - TOP) / 3.0;
        let least = if is_parted { style.leading + 2.0 * LEAD } else { whole };
        let mut from = 0;
        while from < row.count {
            if self.down + least > BOTTOM && self.down > TOP {
                self.continue_table(places, again);
            }
            let room = BOTTOM - self.down - 2.0 * LEAD;
            let fitting = ((room / style.leading).floor().max(1.0)) as usize;
            let until = row.count.min(from + fitting);
            self.down += LEAD;
            for (cell, place) in row.cells.iter().zip(places) {
                self.set_cell(cell.get(from..until.min(cell.len())), place, style);
            }
            self.down += (until - from) as f32 * style.leading + LEAD;
            from = until;
        }
    }

    fn set_cell(&mut self, lines: Option<&[&str]>, place: &Place, style: Style) {
        let mut down = self.down;
        for line in lines.unwrap_or_default() {
            let line = line.trim_end();
            let free = (place.width - 2.0 * PAD - self.width(line, style)).max(0.0);
            let shift = match place.align {
                Align::Left => 0.0,
                Align::Center => free / 2.0,
                Align::Right => free,
            };
            let base = down + (style.leading + style.size * 0.72) / 2.0;
            self.put(line, (place.left + PAD + shift, base), style, 0.0);
            down += style.leading;
        }
    }

    /// Ends the page and repeats the head on the next.
    fn continue_table(&mut self, places: &[Place], again: Option<&Again<'_>>) {
        self.edge(0.5);
        self.turn();
        let Some(again) = again else { return };
        let base = self.down + (NOTE.leading + NOTE.size * 0.72) / 2.0;
        self.put(again.caption, (SIDE, base), NOTE, 0.0);
        self.down += NOTE.leading + 2.0;
        self.edge(1.0);
        self.set_row(again.head, places, again.style, None);
        self.edge(0.5);
    }

    /// How the page is divided: every column gets its longest word, and what is left goes by need.
    fn places(&self, table: &Table, heads: &[String], style: Style) -> Vec<Place> {
        let room = WIDTH - 2.0 * PAD * table.columns.len() as f32;
        let mut wanted = Vec::new();
        let mut least = Vec::new();
        for (number, head) in heads.iter().enumerate() {
            let cells = table.rows.iter().take(ROWS_FOR_WIDTH).filter_map(|row| row.get(number));
            let bold = Style { weight: Weight::Bold, ..style };
            let (mut wide, mut word) = (style.size, style.size);
            let texts = cells.map(|cell| (cell, style)).chain([(head, bold)]);
            for (text, style) in texts {
                for line in text.lines() {
                    wide = wide.max(self.width(line, style));
                }
                word = word.max(self.widest_word(text, style));
            }
            wanted.push(wide.min(room * 0.6) + 0.5);
            least.push(word.min(room * 0.3) + 0.5);
        }
        let widths = divided(room, &wanted, &least);
        let mut left = SIDE;
        let mut places = Vec::new();
        for (column, width) in table.columns.iter().zip(widths) {
            let width = width + 2.0 * PAD;
            places.push(Place { left, width, align: column.align });
            left += width;
        }
        places
    }

    /// The widest piece of a text that is parted only by force.
    fn widest_word(&self, text: &str, style: Style) -> f32 {
        let head: String = text.chars().take(400).collect();
        let widths = pieces(&head).into_iter().map(|piece| self.width(piece, style));
        widths.fold(0.0, f32::max)
    }
}

/// 再来 What stands above a table that goes on.
struct Again<'r> {
    head: &'r Row<'r>,
    style: Style,
    caption: &'r str,
}

fn height(row: &Row<'_>, style: Style) -> f32 {
    row.count as f32 * style.leading + 2.0 * LEAD
}

/// The more columns, the smaller the letters.
fn body_style(columns: usize) -> Style {
    let (size, leading) = match columns {
        0..=8 => (9.0, 13.5),
        9..=12 => (7.5, 11.5),
        _ => (6.0, 9.0),
    };
    Style::new(size, leading, Weight::Regular, INK)
}

/// Room divided among columns by what each wants, but at least what each needs.
fn divided(room: f32, wanted: &[f32], least: &[f32]) -> Vec<f32> {
    let all: f32 = wanted.iter().sum();
    if all <= room {
        let more = room / all.max(1.0);
        return wanted.iter().map(|width| width * more).collect();
    }
    let needed: f32 = least.iter().sum();
    if needed >= room {
        return least.iter().map(|width| width * room / needed).collect();
    }
    let surplus: Vec<f32> =
        wanted.iter().zip(least).map(|(wide, word)| (wide - word).max(0.0)).collect();
    let share = (room - needed) / surplus.iter().sum::<f32>().max(1.0);
    least.iter().zip(&surplus).map(|(word, more)| word + more * share).collect()
}
