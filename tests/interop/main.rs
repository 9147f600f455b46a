//! Query engines on our Parquet files (`DuckDB`, Spark and pandas), and what takes our exports (Phoenix, `MLflow` by OTLP, an
//! emulator of S3), each from `PyPI`.
//!
//! Run on demand, `cargo test --test interop`, because it needs Java 17, Chromium and, the first time, the network. A virtual environment
//! for each is kept in the target directory; `MLFLOW_TRACE_INTEROP_PYTHON` names a Python that already has what
//! `requirements.txt` lists, and with `MLFLOW_TRACE_POSTGRES` (a connection string of a database that may be written)
//! `PostgreSQL` is asked, too.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod engines;
mod filters;
#[path = "../filter/generate.rs"]
#[allow(dead_code)] // One filter and one sort of traces are used.
mod generate;
mod layout;
mod page;
mod receivers;
mod stats;
