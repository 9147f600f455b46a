//! The `mlflow-trace` binary: collects the process's arguments, environment and streams and hands them to the library.

use std::process::ExitCode;

use mlflow_trace::clock::Clock;
use mlflow_trace::settings::env::Environment;
use mlflow_trace::ui::Streams;

fn main() -> ExitCode {
    mlflow_trace::run(std::env::args_os(), &Environment::of_process(), Streams::of_process(), Clock::system()).into()
}
