//! Traces that do not stand in one piece anywhere: OpenTelemetry's spans, and a trace with its spans in a file of their own.

use std::ops::ControlFlow;

use super::part::{Damage, Part, Record, Source, Visit};
use crate::model::{OtlpTraces, Trace};

/// Where `mlflow-export-import` leaves the spans of a trace.
const SPANS: &str = "artifacts/traces.json";

/// The traces of a part and of all that belongs to it. They are put together in memory.
pub(super) fn otlp(part: &Part, visit: &mut Visit) -> Result<(), Damage> {
    let mut traces = OtlpTraces::default();
    part.for_each_document(&mut |text| traces.add(text))?;
    for file in &part.more {
        // The part is named with the damage; this one is another file.
        let named = |damage: Damage| Damage { place: None, reason: file.failure(&damage).to_string() };
        file.for_each_document(&mut |text| traces.add(text)).map_err(named)?;
    }
    for (number, trace) in traces.traces().enumerate() {
        if visit(number as u64, Record::Whole(Box::new(trace)))?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The trace of a file and of the file beside it, which is not there if its spans were in a database.
pub(super) fn exported(part: &Part, visit: &mut Visit) -> Result<(), Damage> {
    let Source::File(path) = &part.source else { return Ok(()) };
    let mut trace = Trace::from_text(&part.whole()?)?;
    let beside = path.with_file_name("").join(SPANS);
    if beside.is_file() {
        let spans = Part::new(Source::File(beside));
        let named = |reason: String| Damage { place: None, reason: format!("{}: {reason}", spans.name()) };
        let text = spans.whole().map_err(|error| named(error.to_string()))?;
        trace = trace.with_span_file(&text).map_err(|error| named(error.to_string()))?;
    }
    visit(0, Record::Whole(Box::new(trace))).map(|_: ControlFlow<()>| ())
}
