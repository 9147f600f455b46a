#!/usr/bin/env bash
# Fuzzes the filter language for so many seconds, on the stable toolchain: fuzz/run.sh [SECONDS]
#
# Inputs are kept in target/fuzz/corpus from run to run. What fails is written to target/fuzz/artifacts; run it again with
# target/fuzz/<host>/release/<target> FILE. Needs a C++ compiler for libFuzzer.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-180}
work=${CARGO_TARGET_DIR:-target}/fuzz
host=$(rustc -vV | sed -n 's/^host: //p')

# What cargo-fuzz passes, less the sanitizers, which only a nightly toolchain has.
export RUSTFLAGS="-Cpasses=sancov-module \
  -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
  -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares"
cargo build --release --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$work"

for target in text splice; do
  mkdir -p "$work/corpus/$target" "$work/artifacts/$target"
  FILTER_FUZZ_SEEDS=$work/corpus/$target "$work/$host/release/$target" \
    "$work/corpus/$target" -artifact_prefix="$work/artifacts/$target/" \
    -max_total_time=$((seconds / 2)) -max_len=4096 -len_control=20 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
done
