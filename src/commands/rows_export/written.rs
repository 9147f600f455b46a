//! The rows of an export: what was written, and what not.

use std::io::{self, Write};

use crate::annotations::{RowWriter, left_out};
use crate::commands::{CommandResult, Context, completeness};
use crate::error::CliError;
use crate::exit::Exit;
use crate::model::{Assessment, AssessmentKind, Trace};
use crate::output::{count, count_traces};
use crate::store::{Proof, Walk};

/// What was written so far, and what not.
pub struct Written {
    pub kind: AssessmentKind,
    pub include_overridden: bool,
    pub rows: u64,
    pub traces: u64,
    pub overridden: u64,
    /// How many rows cannot hold, and why.
    pub left_out: Option<(u64, &'static str)>,
    pub proof: Option<Proof>,
    /// Of at most this many traces.
    pub limit: Option<u64>,
    /// Traces that were read.
    pub read: u64,
    /// Whether there are more.
    pub more: bool,
}

impl Default for Written {
    fn default() -> Self {
        let kind = AssessmentKind::Feedback;
        let (limit, read, more) = (None, 0, false);
        Self {
            kind,
            include_overridden: false,
            rows: 0,
            traces: 0,
            overridden: 0,
            left_out: None,
            proof: None,
            limit,
            read,
            more,
        }
    }
}

impl Written {
    pub async fn write_all<W: Write>(
        &mut self,
        walk: Option<&mut Box<dyn Walk>>,
        writer: &mut RowWriter<W>,
    ) -> Result<(), CliError> {
        let Some(walk) = walk else { return Ok(()) };
        walk.leave_out_spans();
        while let Some(mut page) = walk.next_page().await? {
            let room = self.limit.map_or(u64::MAX, |limit| limit - self.read);
            self.more = page.len() as u64 > room;
            page.truncate(usize::try_from(room).unwrap_or(usize::MAX));
            self.read += page.len() as u64;
            page.iter().try_for_each(|trace| self.write(trace, writer))?;
            if self.more {
                return Ok(());
            }
        }
        if self.limit.is_some() {
            return Ok(());
        }
        if let Some((proof, late)) = walk.prove(false).await? {
            late.iter().try_for_each(|trace| self.write(trace, writer))?;
            self.proof = Some(proof);
        }
        Ok(())
    }

    pub fn write<W: Write>(&mut self, trace: &Trace, writer: &mut RowWriter<W>) -> io::Result<()> {
        let mut chosen: Vec<&Assessment> = Vec::new();
        for assessment in trace.info.assessments.iter().filter(|assessment| assessment.kind() == self.kind) {
            if !self.include_overridden && !assessment.is_valid() {
                self.overridden += 1;
            } else if let Some(reason) = left_out(assessment) {
                self.left_out = Some((self.left_out.map_or(0, |(number, _)| number) + 1, reason));
            } else {
                chosen.push(assessment);
            }
        }
        let written = writer.write(&trace.info.trace_id, chosen)? as u64;
        self.rows += written;
        self.traces += u64::from(written > 0);
        Ok(())
    }

    pub fn report(self, context: &mut Context<'_>) -> CommandResult {
        context.ui.flush()?;
        let rows = if self.rows == 1 { "1 row".to_owned() } else { format!("{} rows", count(self.rows)) };
        context.ui.status(&format!("Wrote {rows} of {}.", count_traces(self.traces)));
        if self.overridden > 0 {
            context.ui.status(&format!(
                "{} overridden not exported; add --include-overridden to export them",
                count(self.overridden)
            ));
        }
        if let Some(proof) = &self.proof {
            completeness::report(context, proof, "traces keep arriving with past start times; export again")?;
        }
        match self.left_out {
            Some((number, reason)) => {
                Err(CliError::new(Exit::Partial, format!("{} left out: {reason}", count(number))))
            }
            None => Ok(Exit::Done),
        }
    }
}
