//! Charts as an SVG picture, which holds no script and asks for nothing from elsewhere.

use std::fmt::Write;

use super::picture::{Bars, Heat, Lines, Picture, pictures};
use super::sanitize::for_terminal_line;
use super::stats::human_number;
use crate::analysis::stats::{StatsReport, Unit};

const WIDTH: f64 = 960.0;
/// What is left free on the left for names and numbers, and on the right.
const LEFT: f64 = 170.0;
const RIGHT: f64 = 20.0;
const TITLE: f64 = 34.0;
const BAR: f64 = 22.0;
const LINES_HEIGHT: f64 = 220.0;
const BAND: f64 = 18.0;
const COLORS: [&str; 6] = ["#2563eb", "#dc2626", "#059669", "#d97706", "#7c3aed", "#0891b2"];

/// A text in XML or HTML, where it is nothing but text.
#[must_use]
pub fn inert_text(text: &str) -> String {
    for_terminal_line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The charts of a report, one below the other; nothing if there is nothing to draw.
#[must_use]
pub fn svg(report: &StatsReport) -> Option<String> {
    let (mut body, mut top) = (String::new(), 10.0);
    for picture in pictures(report) {
        top += match picture {
            Picture::Bars(bars) => draw_bars(&mut body, top, &bars),
            Picture::Lines(lines) => draw_lines(&mut body, top, &lines),
            Picture::Heat(heat) => draw_heat(&mut body, top, &heat),
        };
    }
    (!body.is_empty()).then(|| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" width=\"{WIDTH}\" height=\"{top}\" \
             font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{body}</svg>\n"
        )
    })
}

fn text(body: &mut String, (x, y): (f64, f64), anchor: &str, text: &str) {
    let _ = writeln!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", inert_text(text));
}

fn title(body: &mut String, top: f64, title: &str) {
    let title = inert_text(title);
    let _ =
        writeln!(body, "<text x=\"10\" y=\"{:.1}\" font-size=\"15\" font-weight=\"600\">{title}</text>", top + 20.0);
}

fn rectangle(body: &mut String, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str, opacity: f64) {
    let _ = writeln!(
        body,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\" fill-opacity=\"{opacity:.3}\"/>"
    );
}

fn draw_bars(body: &mut String, top: f64, chart: &Bars) -> f64 {
    title(body, top, &chart.title);
    let most = chart.bars.iter().map(|(_, length, _)| *length).fold(0.0, f64::max);
    let room = WIDTH - LEFT - RIGHT - 80.0;
    for (place, (name, length, label)) in chart.bars.iter().enumerate() {
        let y = top + TITLE + place as f64 * BAR;
        let width = if most > 0.0 { (length / most).max(0.0) * room } else { 0.0 };
        text(body, (LEFT - 8.0, y + 14.0), "end", &short(name));
        rectangle(body, (LEFT, y + 2.0), (width, BAR - 6.0), COLORS[0], 1.0);
        text(body, (LEFT + width + 6.0, y + 14.0), "start", label);
    }
    TITLE + chart.bars.len() as f64 * BAR + 20.0
}

/// As much of a name as there is room for.
fn short(name: &str) -> String {
    const ROOM: usize = 24;
    if name.chars().count() <= ROOM {
        name.to_owned()
    } else {
        format!("{}…", name.chars().take(ROOM - 1).collect::<String>())
    }
}

fn draw_lines(body: &mut String, top: f64, chart: &Lines) -> f64 {
    title(body, top, &chart.title);
    let most = chart.courses.iter().flat_map(|(_, points)| points.iter().flatten()).copied().fold(0.0, f64::max);
    let room = WIDTH - LEFT - RIGHT;
    let x = |place: usize| LEFT + room * (place as f64 + 0.5) / chart.times.len().max(1) as f64;
    let bottom = top + TITLE + LINES_HEIGHT;
    let y = |number: f64| bottom - if most > 0.0 { number / most * (LINES_HEIGHT - 10.0) } else { 0.0 };
    for part in [0.0, 0.5, 1.0] {
        let at = y(most * part);
        let _ = writeln!(
            body,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/>",
            WIDTH - RIGHT
        );
        text(body, (LEFT - 8.0, at + 4.0), "end", &human_number(Some(most * part), chart.unit));
    }
    for ((name, points), color) in chart.courses.iter().zip(COLORS) {
        // What is not known interrupts the line.
        for part in points.iter().enumerate().collect::<Vec<_>>().split(|(_, point)| point.is_none()) {
            let path: Vec<String> = part
                .iter()
                .filter_map(|(place, point)| Some(format!("{:.1},{:.1}", x(*place), y((**point)?))))
                .collect();
            match path.as_slice() {
                [] => {}
                [one] => {
                    let (x, y) = one.split_once(',').unwrap_or_default();
                    let _ = writeln!(
                        body,
                        "<circle cx=\"{x}\" cy=\"{y}\" r=\"2.5\" fill=\"{color}\"><title>{}</title></circle>",
                        inert_text(name)
                    );
                }
                path => {
                    let path = path.join(" ");
                    let _ = writeln!(
                        body,
                        "<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"><title>{}</title></polyline>",
                        inert_text(name)
                    );
                }
            }
        }
    }
    ends(body, bottom, &chart.times);
    let mut height = TITLE + LINES_HEIGHT + 24.0;
    if chart.courses.len() > 1 {
        for (place, ((name, _), color)) in chart.courses.iter().zip(COLORS).enumerate() {
            let (column, row) = ((place % 3) as f64, (place / 3) as f64);
            let (left, at) = (LEFT + column * 250.0, top + height + row * 18.0);
            rectangle(body, (left, at), (10.0, 10.0), color, 1.0);
            text(body, (left + 16.0, at + 10.0), "start", &short(name));
        }
        height += chart.courses.len().div_ceil(3) as f64 * 18.0;
    }
    height + 20.0
}

fn ends(body: &mut String, bottom: f64, times: &[String]) {
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        text(body, (LEFT, bottom + 16.0), "start", first);
        text(body, (WIDTH - RIGHT, bottom + 16.0), "end", last);
    }
}

fn draw_heat(body: &mut String, top: f64, chart: &Heat) -> f64 {
    title(body, top, &chart.title);
    let most = chart.counts.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let width = (WIDTH - LEFT - RIGHT) / chart.times.len().max(1) as f64;
    for (row, (bound, counts)) in chart.bands.iter().zip(&chart.counts).rev().enumerate() {
        let y = top + TITLE + row as f64 * BAND;
        text(body, (LEFT - 8.0, y + 13.0), "end", &format!("≤ {}", human_number(Some(*bound), Unit::Milliseconds)));
        for (place, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let opacity = 0.12 + 0.88 * *count as f64 / most;
            rectangle(body, (LEFT + place as f64 * width, y), (width.max(1.0), BAND - 1.0), COLORS[0], opacity);
        }
    }
    let height = TITLE + chart.bands.len() as f64 * BAND;
    ends(body, top + height, &chart.times);
    height + 40.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(inert_text("<script>&\"'\u{1b}"), "&lt;script&gt;&amp;&quot;&#39;\\x1b");
    }
}
