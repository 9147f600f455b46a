//! One file of traces.

use std::io::{self, Write};

use super::TraceSource;
use super::archive::Layout;
use super::encode::{Encoder, Stored};
use super::error::ExportError;
use super::feed::{Feed, Stretch};
use super::tally::Tally;

/// Exports a stretch to a writer, which is given back with what was written; finishing the file is the caller's.
///
/// `noted_from` asks for the traces that start at this time or later.
pub async fn write_one<S: TraceSource, W: Write + Send>(
    source: &S,
    stretch: &Stretch,
    layout: &Layout<'_>,
    writer: W,
    name: &str,
    noted_from: Option<i64>,
) -> Result<(W, Tally, Stored), ExportError<S::Error>> {
    let failed = |error: io::Error| ExportError::writing(name)(error);
    let mut encoder = Encoder::new(writer, layout.compression).map_err(failed)?;
    let mut tally = Tally { noted_from, ..Tally::default() };
    {
        let mut rows = layout.format.start(&mut encoder).map_err(failed)?;
        let mut feed = Feed::start(source, &layout.choice, stretch).map_err(ExportError::Source)?;
        while feed.peek().await.map_err(ExportError::Source)?.is_some() {
            if layout.choice.limit.is_some_and(|limit| tally.counts.traces >= limit) {
                tally.is_part = true;
                break;
            }
            let Some(mut item) = feed.take() else { break };
            tally.leave_out_attachments(&item.trace);
            tally.take(&mut item.trace, &layout.redaction, layout.format);
            tally.failed.extend(item.failure);
            rows.write(&item.trace).map_err(failed)?;
            source.wrote();
        }
        rows.finish().map_err(failed)?;
    }
    let (writer, stored) = encoder.finish().map_err(failed)?;
    tally.counts.bytes = stored.taken;
    Ok((writer, tally, stored))
}
