//! The file that Prometheus's textfile collector reads: whole or as it was, and readable for the collector.

use std::io::{self, Write};
use std::path::Path;

use crate::files::{Access, PartialFile};
use crate::output::{last_success_ms, prometheus_text};
use crate::retention::RunReport;

/// Writes the metrics of a run. When the last successful run was is taken over from the file that is there if this one failed.
pub fn write(file: &Path, report: &RunReport) -> io::Result<()> {
    let last_success = if report.exit == 0 { Some(report.finished_ms()) } else { self::last_success(file, report) };
    // The collector reads whatever ends in .prom, which a file under way does not.
    let mut whole = PartialFile::create(file, Access::Everybody)?;
    whole.write_all(prometheus_text(report, last_success).as_bytes())?;
    whole.finish()
}

/// When the last successful run was; nothing where what is there cannot be read, or is a stream, which would be waited for.
fn last_success(file: &Path, report: &RunReport) -> Option<i64> {
    std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file)?;
    last_success_ms(&std::fs::read_to_string(file).ok()?, report)
}
