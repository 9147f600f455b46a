//! The file of `--since-last`.

use std::io::Write;
use std::path::Path;

use super::unwritable;
use crate::error::CliError;
use crate::exit::Exit;
use crate::export::State;
use crate::files::{Access, PartialFile};
use crate::model::Manifest;

/// What it holds; `None` before the first run.
pub fn read(path: &Path) -> Result<Option<State>, CliError> {
    // What is no file keeps nothing, and a pipe would be waited for.
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(CliError::usage(format!("{} is not a --since-last state: it is not a file", path.display())));
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(CliError::usage(format!("cannot read the state {}: {error}", path.display())));
        }
    };
    State::from_json(&bytes).map(Some).map_err(|reason| {
        CliError::usage(format!("{} is not a --since-last state: {reason}", path.display()))
            .hint("use another file; the first run with a new file exports everything")
    })
}

/// The state that a run goes on with; one of another question is refused.
pub fn matching(state: Option<State>, path: &Path, wanted: &Manifest) -> Result<State, CliError> {
    let fresh = State::new(wanted.source.tracking_uri.clone(), wanted.query.clone());
    let Some(state) = state else { return Ok(fresh) };
    let of_state = Manifest {
        source: crate::model::ManifestSource { tracking_uri: state.tracking_uri.clone(), ..Default::default() },
        query: state.query.clone(),
        ..Manifest::default()
    };
    let differences = crate::export::differences(&of_state, wanted);
    if differences.is_empty() {
        return Ok(state);
    }
    let message = format!("{} is the state of another export: {}", path.display(), differences.join("; "));
    Err(CliError::new(Exit::SafetyStop, message).hint("use a separate --since-last file for each export"))
}

/// Writes it in the place of the older one.
pub fn write(path: &Path, state: &State) -> std::io::Result<()> {
    let mut file = PartialFile::create(path, Access::Owner)?;
    file.write_all(&state.to_json())?;
    file.write_all(b"\n")?;
    file.finish()
}

/// Writes it, or says that it could not be.
pub fn save(path: &Path, state: &State) -> Result<(), CliError> {
    write(path, state).map_err(|error| unwritable(&path.display().to_string(), &error))
}
