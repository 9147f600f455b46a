//! Charts in the terminal, of block characters.

use std::io::{self, Write};

use super::picture::{Bars, Heat, Lines, Picture, pictures};
use super::spark::bar;
use super::stats::human_number;
use crate::analysis::stats::{StatsReport, Unit};

/// Rows of a chart of lines.
const HEIGHT: usize = 10;
/// Marks of lines, in order.
const MARKS: [char; 6] = ['●', '▲', '■', '◆', '○', '△'];
/// Maximum columns that numbers beside a chart take.
const MARGIN: usize = 14;
/// Shades, from few to many.
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];

/// Draws the charts of a report, no wider than this many columns.
pub fn write_chart(writer: &mut dyn Write, report: &StatsReport, width: usize) -> io::Result<()> {
    for picture in pictures(report) {
        writeln!(writer)?;
        match picture {
            Picture::Bars(bars) => write_bars(writer, &bars)?,
            Picture::Lines(lines) => write_lines(writer, &lines, width)?,
            Picture::Heat(heat) => write_heat(writer, &heat, width)?,
        }
    }
    Ok(())
}

fn write_bars(writer: &mut dyn Write, chart: &Bars) -> io::Result<()> {
    let most = chart.bars.iter().map(|(_, length, _)| *length).fold(0.0, f64::max);
    let columns = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let widest = chart.bars.iter().map(|(name, ..)| columns(name)).max().unwrap_or(0);
    writeln!(writer, "{}", chart.title)?;
    for (name, length, text) in &chart.bars {
        let blanks = " ".repeat(widest - columns(name));
        writeln!(writer, "{}", format!("{name}{blanks}  {} {text}", bar(*length, most)).trim_end())?;
    }
    Ok(())
}

/// How many stretches share a column, so that all fit.
fn share(count: usize, room: usize) -> usize {
    count.div_ceil(room.max(1)).max(1)
}

fn write_lines(writer: &mut dyn Write, chart: &Lines, width: usize) -> io::Result<()> {
    let share = share(chart.times.len(), width.saturating_sub(MARGIN));
    let points =
        |points: &[Option<f64>]| points.chunks(share).map(|part| together(part, chart.unit)).collect::<Vec<_>>();
    let lines: Vec<Vec<Option<f64>>> = chart.courses.iter().map(|(_, line)| points(line)).collect();
    let most = lines.iter().flatten().flatten().copied().fold(0.0, f64::max);
    let label = human_number(Some(most), chart.unit);
    let margin = label.chars().count().max(2);
    let mut rows = vec![vec![' '; chart.times.len().div_ceil(share)]; HEIGHT];
    for (line, mark) in lines.iter().zip(MARKS).collect::<Vec<_>>().into_iter().rev() {
        for (column, number) in line.iter().enumerate().filter_map(|(column, number)| Some((column, (*number)?))) {
            rows[HEIGHT - 1 - level(number, most)][column] = mark;
        }
    }
    writeln!(writer, "{}", chart.title)?;
    for (place, row) in rows.iter().enumerate() {
        let label = match place {
            0 => label.as_str(),
            place if place == HEIGHT - 1 => "0",
            _ => "",
        };
        writeln!(writer, "{}", format!("{label:>margin$} │{}", row.iter().collect::<String>()).trim_end())?;
    }
    write_ends(writer, margin, &chart.times)?;
    if chart.courses.len() > 1 {
        let named = chart.courses.iter().zip(MARKS).map(|((name, _), mark)| format!("{mark} {name}"));
        writeln!(writer, "{:>margin$}   {}", "", named.collect::<Vec<_>>().join("   "))?;
    }
    Ok(())
}

/// Several stretches as one: counts add up, of other numbers the largest is shown.
fn together(points: &[Option<f64>], unit: Unit) -> Option<f64> {
    let known = points.iter().flatten().copied();
    if unit == Unit::Count { known.reduce(|sum, number| sum + number) } else { known.reduce(f64::max) }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A row of the chart.
fn level(number: f64, most: f64) -> usize {
    if most <= 0.0 { 0 } else { ((number / most * (HEIGHT - 1) as f64).round() as usize).min(HEIGHT - 1) }
}

fn write_ends(writer: &mut dyn Write, margin: usize, times: &[String]) -> io::Result<()> {
    let (first, last) = (times.first().map_or("", String::as_str), times.last().map_or("", String::as_str));
    writeln!(writer, "{:>margin$} └ {first} to {last}", "")
}

#[allow(clippy::cast_possible_truncation)] // A shade.
fn write_heat(writer: &mut dyn Write, chart: &Heat, width: usize) -> io::Result<()> {
    let labels: Vec<String> = chart.bands.iter().map(|bound| human_number(Some(*bound), Unit::Milliseconds)).collect();
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) + 2;
    let share = share(chart.times.len(), width.saturating_sub(margin + 3));
    let sums = |row: &Vec<u64>| row.chunks(share).map(|part| part.iter().sum::<u64>()).collect::<Vec<_>>();
    let rows: Vec<Vec<u64>> = chart.counts.iter().map(sums).collect();
    let most = rows.iter().flatten().copied().max().unwrap_or(0).max(1);
    let darkness = |count: &u64| SHADES[(count * 4).div_ceil(most) as usize];
    writeln!(writer, "{} (darkest: {most} traces)", chart.title)?;
    for (label, row) in labels.iter().zip(&rows).rev() {
        let label = format!("≤ {label}");
        writeln!(
            writer,
            "{}",
            format!("{label:>margin$} │{}", row.iter().map(darkness).collect::<String>()).trim_end()
        )?;
    }
    write_ends(writer, margin, &chart.times)
}
