//! The answers of a check: for people, for programs, and for the services that run builds.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::records::{Align, write_aligned};
use super::stats::{human_number, machine_number};
use super::{count, inert_text, one_line};
use crate::analysis::gate::{Bound, Demand, GateFinding, GateResult, Offender};
use crate::analysis::stats::{Metric, Unit};

const WIDEST: usize = 80;

/// Writes a table, the traces that break rules, and how it ended.
pub fn write_gate(writer: &mut dyn Write, findings: &[GateFinding], width: Option<u16>) -> io::Result<()> {
    let has_baseline = findings.iter().any(|finding| finding.baseline.is_some());
    let mut headers: Vec<String> = ["result", "rule", "found"].map(str::to_owned).to_vec();
    let mut aligns = vec![Align::Left, Align::Left, Align::Right];
    if has_baseline {
        headers.push("before".to_owned());
        aligns.push(Align::Right);
    }
    headers.push("counted".to_owned());
    aligns.push(Align::Right);
    let row = |finding: &GateFinding| {
        let mut row = vec![word(finding.result).to_owned(), one_line(&finding.rule.name, WIDEST), found(finding)];
        if has_baseline {
            row.push(human_number(finding.baseline, unit(finding)));
        }
        row.push(count(finding.count));
        row
    };
    write_aligned(writer, &headers, &findings.iter().map(row).collect::<Vec<_>>(), &aligns, width)?;
    for finding in findings.iter().filter(|finding| !finding.offenders.is_empty()) {
        writeln!(writer, "\n{}:", one_line(&finding.rule.name, WIDEST))?;
        for offender in &finding.offenders {
            writeln!(writer, "  {}", shown(finding, offender))?;
        }
    }
    writeln!(writer, "\n{}", verdict(findings))
}

/// The answers as one object.
#[must_use]
pub fn gate_json(findings: &[GateFinding]) -> Value {
    let rules: Vec<Value> = findings.iter().map(finding_json).collect();
    json!({"passed": findings.iter().all(|finding| finding.result == GateResult::Pass), "rules": rules})
}

fn finding_json(finding: &GateFinding) -> Value {
    let unit = unit(finding);
    let (kind, limit) = match &finding.rule.demand {
        Demand::Within(_, Bound::AtMost(most)) => ("max", machine_number(Some(*most), unit)),
        Demand::Within(_, Bound::AtLeast(least)) => ("min", machine_number(Some(*least), unit)),
        Demand::NoWorse(_) => ("no_worse", Value::Null),
        Demand::NoMatch => ("none", Value::Null),
    };
    let traces: Vec<Value> = finding
        .offenders
        .iter()
        .map(|offender| json!({"trace_id": offender.trace_id.as_str(), "value": machine_number(offender.value, unit)}))
        .collect();
    json!({
        "name": finding.rule.name,
        "result": finding.result.as_str(),
        "kind": kind,
        "metric": finding.rule.demand.metric().map(Metric::name),
        "filter": finding.rule.filter,
        "limit": limit,
        "found": machine_number(finding.found, unit),
        "before": machine_number(finding.baseline, unit),
        "p": finding.p,
        "count": finding.count,
        "min_count": finding.rule.min_count,
        "traces": traces,
    })
}

/// The answers as a `JUnit` report: a broken rule is a failure, too little data an error.
#[must_use]
pub fn gate_junit(findings: &[GateFinding]) -> String {
    let number = |result| findings.iter().filter(|finding| finding.result == result).count();
    let (failures, errors) = (number(GateResult::Fail), number(GateResult::TooFew));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"mlflow-trace check\" tests=\"{}\" \
         failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\">\n",
        findings.len()
    );
    for finding in findings {
        let name = inert_text(&finding.rule.name);
        let element = match finding.result {
            GateResult::Pass => {
                xml.push_str(&format!("<testcase classname=\"check\" name=\"{name}\"/>\n"));
                continue;
            }
            GateResult::Fail => "failure",
            GateResult::TooFew => "error",
        };
        let traces: Vec<String> = finding.offenders.iter().map(|one| inert_text(&shown(finding, one))).collect();
        xml.push_str(&format!(
            "<testcase classname=\"check\" name=\"{name}\"><{element} message=\"{}\">{}</{element}></testcase>\n",
            inert_text(&sentence(finding)),
            traces.join("\n")
        ));
    }
    xml.push_str("</testsuite>\n</testsuites>\n");
    xml
}

/// The rules that do not hold as workflow commands of GitHub Actions, one a line.
#[must_use]
pub fn gate_github(findings: &[GateFinding]) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut commands = String::new();
    for finding in findings.iter().filter(|finding| finding.result != GateResult::Pass) {
        let lines: Vec<String> = finding.offenders.iter().map(|one| shown(finding, one)).collect();
        let message = [vec![sentence(finding)], lines].concat().join("\n");
        let title = property(&one_line(&finding.rule.name, WIDEST));
        commands.push_str(&format!("::error title={title}::{}\n", data(&message)));
    }
    commands
}

/// The answers as a section of a Markdown page.
#[must_use]
pub fn gate_markdown(findings: &[GateFinding]) -> String {
    let cell = |text: &str| inert_text(&one_line(text, WIDEST)).replace('|', "\\|").replace('`', "&#96;");
    let mut page = format!("### {}\n\n| result | rule | found | counted |\n|---|---|---|---|\n", verdict(findings));
    for finding in findings {
        let (name, found) = (cell(&finding.rule.name), cell(&found(finding)));
        page.push_str(&format!("| {} | {name} | {found} | {} |\n", word(finding.result), count(finding.count)));
    }
    for finding in findings.iter().filter(|finding| !finding.offenders.is_empty()) {
        page.push_str(&format!("\n{}:\n\n", cell(&finding.rule.name)));
        for offender in &finding.offenders {
            page.push_str(&format!("- {}\n", cell(&shown(finding, offender))));
        }
    }
    page.push('\n');
    page
}

fn word(result: GateResult) -> &'static str {
    match result {
        GateResult::Pass => "pass",
        GateResult::Fail => "FAIL",
        GateResult::TooFew => "TOO FEW",
    }
}

fn unit(finding: &GateFinding) -> Unit {
    finding.rule.demand.metric().map_or(Unit::Count, Metric::unit)
}

fn found(finding: &GateFinding) -> String {
    match finding.found {
        None => "nothing".to_owned(),
        found => human_number(found, unit(finding)),
    }
}

fn shown(finding: &GateFinding, offender: &Offender) -> String {
    let id = one_line(offender.trace_id.as_str(), WIDEST);
    match offender.value {
        Some(_) => format!("{id}  {}", human_number(offender.value, unit(finding))),
        None => id,
    }
}

fn sentence(finding: &GateFinding) -> String {
    let told = count(finding.count);
    match finding.result {
        GateResult::TooFew => {
            format!("too little data: {told} counted, {} needed", count(finding.rule.min_count.max(1)))
        }
        GateResult::Pass | GateResult::Fail => match finding.baseline {
            Some(before) => {
                format!("{}, before {} ({told} counted)", found(finding), human_number(Some(before), unit(finding)))
            }
            None => format!("{} ({told} counted)", found(finding)),
        },
    }
}

/// How it ended, in one sentence.
fn verdict(findings: &[GateFinding]) -> String {
    let number = |result| findings.iter().filter(|finding| finding.result == result).count();
    let (failed, few) = (number(GateResult::Fail), number(GateResult::TooFew));
    let rules = if findings.len() == 1 { "1 rule".to_owned() } else { format!("{} rules", findings.len()) };
    match (failed, few) {
        (0, 0) => format!("Passed: {rules}."),
        (0, few) => format!("Failed: {few} of {rules} with too little data."),
        (failed, 0) => format!("Failed: {failed} of {rules} broken."),
        (failed, few) => format!("Failed: {failed} of {rules} broken, {few} with too little data."),
    }
}
