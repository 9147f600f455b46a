//! The `mlflow-trace` binary: collects the process's arguments, environment and streams and hands them to the library.

use std::process::ExitCode;

use mlflow_trace::clock::Clock;
use mlflow_trace::settings::env::Environment;
use mlflow_trace::ui::Streams;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let environment = Environment::of_process();
    if mlflow_trace::complete(std::env::args_os(), &environment) {
        return ExitCode::SUCCESS;
    }
    mlflow_trace::run(std::env::args_os(), &environment, Streams::of_process(), Clock::system()).into()
}
