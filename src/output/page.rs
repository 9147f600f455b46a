//! Numbers and charts as one HTML page that holds everything it shows, runs nothing and asks for nothing from elsewhere.

use std::fmt::Write;

use super::stats_table::{StatsTable, stats_table};
use super::svg::{inert_text, svg};
use crate::analysis::stats::StatsReport;

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#111}table{border-collapse:collapse;margin:1rem 0}\
th,td{padding:.25rem .75rem;border-bottom:1px solid #ddd;text-align:left;white-space:nowrap}td.n,th.n{text-align:right}\
tbody tr:hover{background:#f5f7ff}p{color:#555}svg{max-width:100%;height:auto}";

/// The page of a report. `what` says what was asked, `when` when.
#[must_use]
pub fn html(report: &StatsReport, is_usual: bool, what: &str, when: &str) -> String {
    let StatsTable { headers, rows, is_number, known } = stats_table(report, is_usual);
    let class = |place: usize| if is_number.get(place).copied().unwrap_or(false) { " class=\"n\"" } else { "" };
    let mut page = String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    let _ = writeln!(page, "<title>Traces in numbers</title><style>{STYLE}</style></head><body>");
    let _ = writeln!(page, "<h1>Traces in numbers</h1>\n<p>{}<br>{}</p>", inert_text(what), inert_text(when));
    page.push_str("<table><thead><tr>");
    for (place, header) in headers.iter().enumerate() {
        let _ = write!(page, "<th{}>{}</th>", class(place), inert_text(header));
    }
    page.push_str("</tr></thead><tbody>\n");
    for row in &rows {
        page.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let _ = write!(page, "<td{}>{}</td>", class(place), inert_text(cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
    for line in known {
        let _ = writeln!(page, "<p>{}</p>", inert_text(&line));
    }
    page.push_str(&svg(report).unwrap_or_default());
    page.push_str("</body></html>\n");
    page
}
