//! The file that Prometheus's textfile collector reads: whole or as it was, and readable for the collector.

use std::io::{self, Write};
use std::path::Path;

use crate::output::{last_success_ms, prometheus_text};
use crate::retention::RunReport;

/// Writes the metrics of a run. When the last successful run was is taken over from the file that is there if this one failed.
pub fn write(file: &Path, report: &RunReport) -> io::Result<()> {
    let last_success = if report.exit == 0 {
        Some(report.finished_ms())
    } else {
        // What cannot be read tells of no success.
        last_success_ms(&std::fs::read_to_string(file).unwrap_or_default(), report)
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The collector reads whatever ends in .prom.
    let mut whole = tempfile::Builder::new().prefix(".mlflow-trace-").suffix(".tmp").tempfile_in(folder)?;
    whole.write_all(prometheus_text(report, last_success).as_bytes())?;
    readable_for_all(whole.as_file())?;
    whole.as_file().sync_all()?;
    whole.persist(file)?;
    Ok(())
}

/// Temporary files are for their owner alone, and a scheduler's umask may be, too.
#[cfg(unix)]
fn readable_for_all(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_for_all(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}
