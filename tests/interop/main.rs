//! Query engines on our Parquet files: `DuckDB`, Spark and pandas, each from `PyPI`.
//!
//! Run on demand, `cargo test --test interop`, because it needs Java 17 and, the first time, the network. The virtual environment
//! is kept in the target directory; `MLFLOW_TRACE_INTEROP_PYTHON` names a Python that already has what `requirements.txt` lists,
//! and with `MLFLOW_TRACE_POSTGRES` (a connection string of a database that may be written) `PostgreSQL` is asked, too.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod engines;
mod filters;
#[path = "../filter/generate.rs"]
#[allow(dead_code)] // One filter and one sort of traces are used.
mod generate;
mod layout;
