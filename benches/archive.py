"""Compares a filtered scan of an archive of JSON lines with DuckDB's read_json and with jq.

    python benches/archive.py [--megabytes 1024] [--runs 3] [--threads 2] [--binary target/dist/mlflow-trace]

Needs the DuckDB package from PyPI, GNU time, and jq (left out if it is not there). Makes the archive from a seed, asks all
contenders the same in turn, so that ratios hold on a noisy machine, and holds their answers against each other. Whole
processes are measured from outside; the file is in the page cache for all of them.
"""

import argparse
import base64
import csv
import importlib.util
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402

WORDS = (
    "the parcel order refund policy customer invoice shipment delay tracking number address warehouse return label please "
    "answer question where when how total price agent tool search document index vector context prompt model token".split()
)

DUCK = """
import sys, duckdb
connection = duckdb.connect()
connection.execute("SET threads = " + sys.argv[1])
connection.execute("SET preserve_insertion_order = false")
connection.execute("SET enable_progress_bar = false")
for row in connection.execute(sys.argv[2]).fetchall():
    print(row[0])
"""

# Only the columns that the predicate needs, with their types, so that nothing is guessed and nothing else is kept.
FIELDS = {
    "id": "trace_id VARCHAR",
    "state": "state VARCHAR",
    "ms": "execution_duration_ms BIGINT",
    "tags": "tags STRUCT(environment VARCHAR)",
    "session": 'trace_metadata STRUCT("mlflow.trace.session" VARCHAR)',
}


def duckdb_query(path, what, predicate, fields):
    columns = ", ".join(FIELDS[field] for field in fields)
    source = f"read_json('{path}', format = 'newline_delimited', columns = {{info: 'STRUCT({columns})'}}, maximum_object_size = 16777216)"
    return f"SELECT {what} FROM {source} WHERE {predicate}"


# Name, filter, DuckDB's predicate and columns, jq's predicate.
FILTERS = [
    (
        "tag and status",
        "tags.environment = 'production' AND status = 'ERROR'",
        ("info.tags.environment = 'production' AND info.state = 'ERROR'", ["state", "tags"]),
        '.info.tags.environment == "production" and .info.state == "ERROR"',
    ),
    (
        "number",
        "execution_time > 5000",
        ("info.execution_duration_ms > 5000", ["ms"]),
        ".info.execution_duration_ms != null and .info.execution_duration_ms > 5000",
    ),
    (
        "one session",
        "session = 'session-77'",
        ("info.trace_metadata.\"mlflow.trace.session\" = 'session-77'", ["session"]),
        '.info.trace_metadata["mlflow.trace.session"] == "session-77"',
    ),
]


def sentence(rng, words):
    return " ".join(rng.choice(WORDS) for _ in range(words))


def make_span(rng, trace_id, number, start):
    kind = rng.choice(["LLM", "TOOL", "RETRIEVER", "CHAIN"])
    inputs = {"messages": [{"role": "user", "content": sentence(rng, rng.randint(10, 50))}], "temperature": 0.2}
    outputs = {"answer": sentence(rng, rng.randint(20, 90)), "finish_reason": "stop", "score": rng.random()}
    attributes = {
        "mlflow.traceRequestId": json.dumps(trace_id),
        "mlflow.spanType": json.dumps(kind),
        "mlflow.spanInputs": json.dumps(inputs),
        "mlflow.spanOutputs": json.dumps(outputs),
        "model": json.dumps(rng.choice(["gpt-4o", "claude-sonnet", "small"])),
    }
    return {
        "trace_id": base64.b64encode(bytes.fromhex(trace_id[3:])).decode(),
        "span_id": base64.b64encode(rng.randbytes(8)).decode(),
        "parent_span_id": None if number == 0 else base64.b64encode(rng.randbytes(8)).decode(),
        "name": rng.choice(["chat", "retrieve", "rerank", "plan", "call_tool"]),
        "start_time_unix_nano": start * 1_000_000 + number,
        "end_time_unix_nano": start * 1_000_000 + number + rng.randint(1_000, 9_000_000_000),
        "events": [],
        "status": {"code": "STATUS_CODE_ERROR" if rng.random() < 0.03 else "STATUS_CODE_OK", "message": ""},
        "attributes": attributes,
        "links": [],
    }


def make_trace(rng, number):
    trace_id = f"tr-{rng.getrandbits(128):032x}"
    start = 1_790_000_000_000 - number * 700
    spans = [make_span(rng, trace_id, position, start) for position in range(rng.randint(1, 7))]
    tokens = {"input_tokens": rng.randint(50, 4000), "output_tokens": rng.randint(5, 900)}
    metadata = {
        "mlflow.trace.session": f"session-{rng.randint(0, 5000)}",
        "mlflow.trace.user": f"user-{rng.randint(0, 900)}",
        "mlflow.trace.tokenUsage": json.dumps({**tokens, "total_tokens": sum(tokens.values())}),
        "mlflow.trace.sizeStats": json.dumps({"total_size_bytes": 3422, "num_spans": len(spans), "max": 915}),
        "mlflow.trace_schema.version": "3",
        "mlflow.traceInputs": json.dumps({"question": sentence(rng, 12)}),
        "mlflow.traceOutputs": json.dumps(sentence(rng, 20)),
        "mlflow.source.name": "app.py",
        "app_version": rng.choice(["1.4.1", "1.4.2"]),
    }
    info = {
        "trace_id": trace_id,
        "client_request_id": f"request-{number}",
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": str(rng.randint(1, 3))}},
        "request_time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start // 1000)) + f".{start % 1000:03d}Z",
        "execution_duration_ms": int(rng.expovariate(1 / 1500)),
        "state": "ERROR" if rng.random() < 0.08 else "OK",
        "request_preview": json.dumps({"question": sentence(rng, 15)}),
        "response_preview": sentence(rng, 25),
        "trace_metadata": metadata,
        "tags": {
            "mlflow.traceName": rng.choice(["agent", "search", "chat"]),
            "environment": rng.choice(["production", "production", "staging", "dev"]),
            "team": f"team-{rng.randint(0, 7)}",
            "mlflow.trace.spansLocation": "TRACKING_STORE",
        },
    }
    return {"info": info, "data": {"spans": spans}}


def make_archive(path, megabytes):
    rng = random.Random(4)
    written, count = 0, 0
    with open(path, "w") as file:
        while written < megabytes * 1024 * 1024:
            written += file.write(json.dumps(make_trace(rng, count), separators=(",", ":")) + "\n")
            count += 1
    print(f"{count} traces, {written / 1e6:.0f} MB, {written / count:.0f} bytes each")


def groups(text):
    """Rows of CSV as (start, name, traces, errors, p95), with or without a header and what else `stats` has."""
    rows = list(csv.reader(text.splitlines()))
    if rows[0][0] == "start":
        places = [rows[0].index(name) for name in ("start", "name", "traces", "errors", "p95:duration_ms")]
        rows = [[row[place] for place in places] for row in rows[1:]]
    return sorted((row[0][:19].replace("T", " "), row[1], int(row[2]), int(row[3]), round(float(row[4]), 3)) for row in rows)


def in_turn(contenders, runs, folder, read=lambda text: sorted(text.split())):
    """Runs A B C A B C ...; one warm-up round; the fastest of each, because noise only ever adds. jq runs once."""
    results = {name: [] for name in contenders}
    answers = {}
    for round_number in range(runs + 1):
        for name, command in contenders.items():
            if name == "jq" and round_number > 0:
                continue
            output = os.path.join(folder, "output")
            with open(output, "wb") as sink:
                results[name].append(compare.measured(command, sink))
            with open(output) as file:
                answers[name] = read(file.read())
    first = next(iter(answers.values()))
    for name, answer in answers.items():
        if answer != first:
            sys.exit(f"{name} gives another answer: {len(answer)} lines, not {len(first)}")
    best = {name: min(rows[1:] or rows, key=lambda row: row["wall"]) for name, rows in results.items()}
    spread = {name: statistics.median(row["wall"] for row in rows[1:] or rows) for name, rows in results.items()}
    return best, spread, first


def show(title, best, medians, answer):
    print(f"\n{title}: {answer}")
    for name, result in best.items():
        print(f"  {name:<14} wall {result['wall']:8.3f} s (median {medians[name]:.3f})   cpu {result['cpu']:8.3f} s   peak {result['mb']:7.1f} MB")
    for name, result in best.items():
        if name != "mlflow-trace":
            print(f"  {name} / mlflow-trace: wall {result['wall'] / best['mlflow-trace']['wall']:.2f}, cpu {result['cpu'] / best['mlflow-trace']['cpu']:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    parser.add_argument("--archive", help="an archive made by an earlier run; made and kept if it does not exist")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mlflow-trace-archive-")
    try:
        path = os.path.abspath(arguments.archive or os.path.join(folder, "traces.jsonl"))
        if not os.path.exists(path):
            make_archive(path, arguments.megabytes)
        ours = [arguments.binary, "-u", f"file:{path}"]
        has_duckdb = importlib.util.find_spec("duckdb") is not None
        if not has_duckdb:
            print("no duckdb package in this interpreter: left out")
        if not shutil.which("jq"):
            print("no jq on the path: left out")
        for name, text, (predicate, fields), jq in FILTERS:
            count = {"mlflow-trace": [*ours, "count", text]}
            ids = {"mlflow-trace": [*ours, "search", "--all", "-o", "ids", text]}
            if has_duckdb:
                python = [sys.executable, "-c", DUCK, str(arguments.threads)]
                count["DuckDB"] = [*python, duckdb_query(path, "count(*)", predicate, fields)]
                ids["DuckDB"] = [*python, duckdb_query(path, "info.trace_id", predicate, ["id", *fields])]
            if shutil.which("jq"):
                ids["jq"] = ["jq", "-r", f"select({jq}) | .info.trace_id", path]
            best, medians, answer = in_turn(count, arguments.runs, folder)
            show(f"count, {name}: {text}", best, medians, answer[0])
            best, medians, answer = in_turn(ids, arguments.runs, folder)
            show(f"ids, {name}: {text}", best, medians, f"{len(answer)} ids")
        by_hour = {"mlflow-trace": [*ours, "stats", *"--by name --every 1h --metric traces,errors,p95:duration --top 9 -o csv".split()]}
        if has_duckdb:
            columns = 'request_time TIMESTAMP, state VARCHAR, execution_duration_ms BIGINT, tags STRUCT("mlflow.traceName" VARCHAR)'
            source = f"read_json('{path}', format = 'newline_delimited', columns = {{info: 'STRUCT({columns})'}}, maximum_object_size = 16777216)"
            sql = (
                "SELECT concat_ws(',', date_trunc('hour', info.request_time), info.tags.\"mlflow.traceName\", count(*), "
                "count(*) FILTER (info.state = 'ERROR'), quantile_cont(info.execution_duration_ms, 0.95)) "
                f"FROM {source} GROUP BY date_trunc('hour', info.request_time), info.tags.\"mlflow.traceName\""
            )
            by_hour["DuckDB"] = [sys.executable, "-c", DUCK, str(arguments.threads), sql]
        best, medians, answer = in_turn(by_hour, arguments.runs, folder, groups)
        show("stats --by name --every 1h", best, medians, f"{len(answer)} groups")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
