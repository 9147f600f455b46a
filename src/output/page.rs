//! Numbers and charts as one HTML page that holds everything it shows, runs nothing and asks for nothing from elsewhere.

use std::fmt::Write;

use super::human;
use super::stats_table::{StatsTable, stats_table};
use super::svg::{inert_text, svg};
use crate::analysis::stats::{Standout, StatsReport};
use crate::model::rfc3339_utc;

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2rem;color:#111}table{border-collapse:collapse;margin:1rem 0}\
th,td{padding:.25rem .75rem;border-bottom:1px solid #ddd;text-align:left;white-space:nowrap}td.n,th.n{text-align:right}\
tbody tr:hover{background:#f5f7ff}p{color:#555}svg{max-width:100%;height:auto}.wide{overflow-x:auto}\
td.text{max-width:40rem;overflow:hidden;text-overflow:ellipsis}h2{font-size:1.1rem;margin-top:2rem}";

/// The page of a report. `what` says what was asked, `when` when; `link` is where a trace is shown, if anywhere.
#[must_use]
pub fn html(
    report: &StatsReport,
    is_usual: bool,
    what: &str,
    when: &str,
    link: &dyn Fn(&Standout) -> Option<String>,
) -> String {
    let StatsTable { headers, rows, is_number, known } = stats_table(report, is_usual);
    let class = |place: usize| if is_number.get(place).copied().unwrap_or(false) { " class=\"n\"" } else { "" };
    let mut page = String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
    let _ = writeln!(page, "<title>Traces in numbers</title><style>{STYLE}</style></head><body>");
    let _ = writeln!(page, "<h1>Traces in numbers</h1>\n<p>{}<br>{}</p>", inert_text(what), inert_text(when));
    page.push_str("<div class=\"wide\"><table><thead><tr>");
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
    page.push_str("</tbody></table></div>\n");
    for line in known {
        let _ = writeln!(page, "<p>{}</p>", inert_text(&line));
    }
    page.push_str(&svg(report).unwrap_or_default());
    write_traces(&mut page, "Slowest traces", &report.standouts.slowest, link);
    write_traces(&mut page, "Last failed traces", &report.standouts.failed, link);
    page.push_str("</body></html>\n");
    page
}

fn write_traces(page: &mut String, title: &str, traces: &[Standout], link: &dyn Fn(&Standout) -> Option<String>) {
    if traces.is_empty() {
        return;
    }
    let _ = writeln!(page, "<h2>{title}</h2>\n<div class=\"wide\"><table><thead><tr><th>trace_id</th><th>time</th>");
    page.push_str("<th class=\"n\">duration</th><th>name</th><th>request</th></tr></thead><tbody>\n");
    for trace in traces {
        let id = inert_text(trace.trace_id.as_str());
        let id = match link(trace) {
            Some(address) => format!("<a rel=\"noreferrer\" href=\"{}\">{id}</a>", inert_text(&address)),
            None => id,
        };
        let duration = trace.duration_ms.map(human::duration).unwrap_or_default();
        let text = |text: &Option<String>| inert_text(text.as_deref().unwrap_or_default());
        let (time, name, request) = (rfc3339_utc(trace.start_ms), text(&trace.name), text(&trace.request));
        let _ = write!(page, "<tr><td>{id}</td><td>{time}</td><td class=\"n\">{duration}</td><td>{name}</td>");
        let _ = writeln!(page, "<td class=\"text\">{request}</td></tr>");
    }
    page.push_str("</tbody></table></div>\n");
}
