//! How far a long run has come, on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar on standard error, or nothing at all.
pub struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar up to `total`, a counter if it is unknown; nothing when not `visible`.
    #[must_use]
    pub fn new(visible: bool, total: Option<u64>, verb: &'static str) -> Self {
        if !visible {
            return Self(None);
        }
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        let template = match total {
            Some(_) => "{msg} {wide_bar} {human_pos}/{human_len} ({per_sec}, {eta} left)",
            None => "{spinner} {msg} {human_pos} ({per_sec})",
        };
        // The templates are constants; an unreadable one would fall back to the default look.
        bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(verb);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(Some(bar))
    }

    /// So many more are done.
    pub fn advance(&self, by: usize) {
        if let Some(bar) = &self.0 {
            bar.inc(by as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
