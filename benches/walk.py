"""Compares complete reading with curl and with MLflow's own client: several pages at once, many traces, filters on spans.

    python benches/walk.py [--base store.db] [--runs 3] [--binary target/dist/mlflow-trace] [--parts pages,depth,spans]

Needs what compare.py needs. `--base` is a store of 20,000 traces as compare.py seeds it (`--database`); larger stores are made
from it by copying rows, which takes seconds where logging takes an hour. Servers run with 4 workers. Every contender of a part
runs in turn.
"""

import argparse
import base64
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.request

import compare

FIRST_MS = 1_790_000_000_000
COUNT = 20_000
DEPTH = 15

# Reads pages of 500 spread evenly over the whole depth, as the client's own paging would read each of them, and prints
# seconds per page.
SDK_SAMPLE = """
import base64, json, sys, time
from mlflow import MlflowClient
client = MlflowClient(sys.argv[1])
count, step = int(sys.argv[2]), int(sys.argv[3])
took = []
for offset in range(0, count, step):
    token = base64.b64encode(json.dumps({"offset": offset}).encode()).decode() if offset else None
    started = time.monotonic()
    client.search_traces(locations=["1"], max_results=500, page_token=token, include_spans=False)
    took.append(time.monotonic() - started)
print(sum(took) / len(took))
"""


def multiply(base, path, times):
    """A store with `times` as many traces, each copy 20,000 s earlier than the one before."""
    shutil.copyfile(base, path)
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA synchronous = OFF")
        columns = [row[1] for row in store.execute("PRAGMA table_info(trace_info)") if row[1] not in ("request_id", "timestamp_ms")]
        names = ", ".join(columns)
        for copy in range(1, times):
            new_id = f"'tr-{copy:04x}' || substr(request_id, 8)"
            store.execute(
                f"INSERT INTO trace_info (request_id, timestamp_ms, {names}) "
                f"SELECT {new_id}, timestamp_ms - {copy * COUNT * 1000}, {names} FROM trace_info WHERE timestamp_ms >= {FIRST_MS}"
            )
            for table in ("trace_tags", "trace_request_metadata"):
                store.execute(
                    f"INSERT INTO {table} (key, value, request_id) SELECT key, value, {new_id} FROM {table} "
                    f"WHERE request_id LIKE 'tr-0000%'"
                )


def add_spans(path):
    """Three spans for every trace, written as rows. No ANALYZE: a server never runs it."""
    with sqlite3.connect(path) as store:
        store.execute("PRAGMA synchronous = OFF")
        for number, (name, kind) in enumerate([("agent", "AGENT"), ("retrieve", "RETRIEVER"), ("chat", "LLM")]):
            content = json.dumps({"name": name, "attributes": {"mlflow.spanType": json.dumps(kind), "mlflow.spanInputs": json.dumps("where is my parcel? " * 10)}})
            store.execute(
                "INSERT INTO spans (trace_id, experiment_id, span_id, parent_span_id, name, type, status, start_time_unix_nano, end_time_unix_nano, content) "
                "SELECT request_id, experiment_id, ?, ?, ?, ?, 'OK', timestamp_ms * 1000000, timestamp_ms * 1000000 + 5000000, ? FROM trace_info",
                (f"{number + 1:016x}", None if number == 0 else f"{1:016x}", name, kind, content),
            )
        store.execute(
            "INSERT OR REPLACE INTO trace_tags (key, value, request_id) "
            "SELECT 'mlflow.trace.spansLocation', 'TRACKING_STORE', request_id FROM trace_info"
        )


def page(url, filter_text, offset, timeout):
    """Seconds for one page by offset."""
    body = {"locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "1"}}], "max_results": 500, "filter": filter_text}
    if offset:
        body["page_token"] = base64.b64encode(json.dumps({"offset": offset}).encode()).decode()
    request = urllib.request.Request(url + "/api/3.0/mlflow/traces/search", json.dumps(body).encode(), {"Content-Type": "application/json"})
    started = time.monotonic()
    urllib.request.urlopen(request, timeout=timeout).read()
    return time.monotonic() - started


def parallel(curl, at_once):
    return [curl[0], "--parallel", "--parallel-max", str(at_once), *curl[1:]]


def ratio(title, ours, theirs):
    print(f"  {title}: {ours:.6f} s / {theirs:.6f} s = {ours / theirs:.4f} = 1 / {theirs / ours:.1f}")


def pages_part(arguments, base, folder):
    server, url = compare.start_server(base, folder, workers=4)
    try:
        curl = compare.curl_pages(url, "1", COUNT, folder)
        ours = [arguments.binary, "-u", url, "-x", "bench", "search", "--all", "-o", "jsonl"]
        contenders = {
            "mlflow-trace": ours,
            "one at a time": [*ours, "--concurrency", "1"],
            "four at a time": [*ours, "--concurrency", "4"],
            "curl in sequence": curl,
            "curl, four at a time": parallel(curl, 4),
            "MlflowClient.search_traces": [sys.executable, "-c", compare.SDK_SEARCH, url, "1"],
        }
        results = compare.in_turn(contenders, arguments.runs)
        compare.show(f"every one of {COUNT} traces, 4 workers", results)
        ratio("one at a time / curl in sequence", results["one at a time"]["wall"], results["curl in sequence"]["wall"])
        ratio("four at a time / curl, four at a time", results["four at a time"]["wall"], results["curl, four at a time"]["wall"])
    finally:
        compare.stop(server)


def depth_part(arguments, base, folder):
    deep = os.path.join(folder, "deep.db")
    multiply(base, deep, DEPTH)
    walls = {}
    for name, path, count in [("few", base, COUNT), ("many", deep, COUNT * DEPTH)]:
        server, url = compare.start_server(path, folder, workers=4)
        try:
            ours = [arguments.binary, "-u", url, "-x", "bench", "search", "--all", "-o", "jsonl"]
            result = compare.in_turn({"mlflow-trace": ours}, arguments.runs if name == "few" else 1)["mlflow-trace"]
            walls[name] = result["wall"] / count
            print(f"\n{count} traces: wall {result['wall']:.2f} s, {1e6 * walls[name]:.0f} us per trace, cpu {result['cpu']:.2f} s, peak {result['mb']:.1f} MB")
            if name == "many":
                per_page = float(compare.output([sys.executable, "-c", SDK_SAMPLE, url, str(count), "5000"]))
                stock = per_page / 500
                print(f"MlflowClient.search_traces, pages sampled over the depth: {1e6 * stock:.0f} us per trace")
                ratio("per trace, stock client / mlflow-trace", stock, walls[name])
        finally:
            compare.stop(server)
    ratio(f"per trace at {COUNT * DEPTH} / at {COUNT}", walls["many"], walls["few"])


def spans_part(arguments, base, folder):
    store = os.path.join(folder, "spans.db")
    shutil.copyfile(base, store)
    add_spans(store)
    server, url = compare.start_server(store, folder, workers=4)
    try:
        filter_text = "span.name = 'agent'"
        ours = [arguments.binary, "-u", url, "-x", "bench", "search", filter_text, "--all", "-o", "ids"]
        result = compare.in_turn({"mlflow-trace": ours}, arguments.runs)["mlflow-trace"]
        print(f"\n{filter_text} over {COUNT} traces: wall {result['wall']:.2f} s, peak {result['mb']:.1f} MB")
        # The server goes over all rows before the offset: cost grows in proportion to it, and three pages show by how much.
        offsets = (0, 1_000, 2_000)
        sampled = [page(url, filter_text, offset, 600) for offset in offsets]
        print("  pages by offset at 0, 1,000 and 2,000:", ", ".join(f"{seconds:.1f} s" for seconds in sampled))
        slope, first = statistics.linear_regression(offsets, sampled)
        total = sum(first + slope * offset for offset in range(0, COUNT, 500))
        ratio("mlflow-trace / offset paging, extrapolated from these", result["wall"], total)
    finally:
        compare.stop(server)


PARTS = {"pages": pages_part, "depth": depth_part, "spans": spans_part}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", help="a store of 20,000 traces; made if it does not exist")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    parser.add_argument("--parts", default=",".join(PARTS))
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mlflow-trace-bench-")
    base = os.path.abspath(arguments.base or os.path.join(folder, "mlflow.db"))
    try:
        if not os.path.exists(base):
            compare.seed(base, COUNT)
        for part in arguments.parts.split(","):
            PARTS[part](arguments, base, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
