"""Compares mlflow-trace with curl and with MLflow's own client on a real tracking server.

    python benches/compare.py [--traces 20000] [--runs 3] [--binary target/dist/mlflow-trace]

Needs an interpreter that has mlflow 3.17.2 (the live tests make one under target/), curl and GNU time. Seeds a SQLite store,
starts `mlflow server` on a loopback port, and runs every contender in turn, so that ratios hold on a noisy machine.
Whole processes are measured from outside: wall time, user + system time and peak memory as the kernel counts them.
"""

import argparse
import base64
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"

PAGE = 500

SDK_SEARCH = """
import json, sys
from mlflow import MlflowClient
client, token, count = MlflowClient(sys.argv[1]), None, 0
while True:
    page = client.search_traces(locations=[sys.argv[2]], max_results=500, page_token=token, include_spans=False)
    count += len(page)
    token = page.token
    if not token:
        break
print(count, file=sys.stderr)
"""


def seed(path, count):
    """Traces of about 2 kB each: 4 tags, 13 pieces of metadata, previews."""
    from mlflow.entities import TraceInfo
    from mlflow.entities.trace_location import TraceLocation
    from mlflow.entities.trace_state import TraceState
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from sqlalchemy import Engine, event

    # Seeding commits once a trace; waiting for the disk each time would take longer than everything measured here.
    event.listen(Engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    store = SqlAlchemyStore("sqlite:///" + path, "mlflow-artifacts:/")
    experiment = store.create_experiment("bench")
    start = 1_790_000_000_000
    for number in range(count):
        metadata = {
            "mlflow.trace.session": f"session-{number % 500}",
            "mlflow.trace.user": f"user-{number % 97}",
            "mlflow.trace.tokenUsage": json.dumps({"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}),
            "mlflow.trace.sizeStats": json.dumps({"total_size_bytes": 3422, "num_spans": 3, "max": 915, "p25": 703}),
            "mlflow.trace.sizeBytes": "3422",
            "mlflow.trace_schema.version": "3",
            "mlflow.traceInputs": json.dumps({"question": "where is my parcel? " * 10}),
            "mlflow.traceOutputs": json.dumps("it is on its way. " * 10),
            "mlflow.source.name": "app.py",
            "mlflow.source.type": "LOCAL",
            "mlflow.user": "svc",
            "app_version": "1.4.2",
            "git": "0123456789abcdef",
        }
        store.start_trace(
            TraceInfo(
                trace_id=f"tr-{number:032x}",
                trace_location=TraceLocation.from_experiment_id(experiment),
                request_time=start + number * 1000,
                state=TraceState.ERROR if number % 10 == 0 else TraceState.OK,
                request_preview=json.dumps({"question": "where is my parcel? " * 20}),
                response_preview="it is on its way. " * 20,
                client_request_id=f"request-{number}",
                execution_duration=number % 5000,
                trace_metadata=metadata,
                tags={"mlflow.traceName": "agent", "environment": "production", "team": f"team-{number % 7}", "app_version": "1.4.2"},
            )
        )
        if number % 5000 == 4999:
            print(f"seeded {number + 1}", file=sys.stderr)
    return experiment


def measured(command, stdout):
    """Peak memory comes from time(1): a child of this interpreter would inherit the interpreter's own peak."""
    with tempfile.NamedTemporaryFile("r") as peak:
        started = time.monotonic()
        timed = ["/usr/bin/time", "--format", "%M", "--output", peak.name, "--quiet", *command]
        process = subprocess.Popen(timed, stdout=stdout, stderr=subprocess.PIPE)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{command[:4]} failed: {error.decode()[-2000:]}")
        return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "mb": int(peak.read()) / 1024}


def in_turn(contenders, runs):
    """Runs A B C A B C ...; one warm-up round; medians. A command may depend on the number of the round."""
    results = {name: [] for name in contenders}
    for round_number in range(runs + 1):
        for name, command in contenders.items():
            command = command(round_number) if callable(command) else command
            with open(os.devnull, "wb") as sink:
                result = measured(command, sink)
            if round_number:
                results[name].append(result)
    return {
        name: {key: statistics.median(run[key] for run in rows) for key in rows[0]}
        for name, rows in results.items()
    }


def curl_pages(url, experiment, count, folder):
    """One curl process with one connection that fetches the same pages one after the other."""
    lines = []
    for number, offset in enumerate(range(0, count + 1, PAGE)):
        body = {"locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment}}], "max_results": PAGE}
        if offset:
            body["page_token"] = base64.b64encode(json.dumps({"offset": offset}).encode()).decode()
        path = os.path.join(folder, f"body-{number}.json")
        with open(path, "w") as file:
            json.dump(body, file)
        if number:
            lines.append("next")
        lines += ["silent", "fail", f'url = "{url}/api/3.0/mlflow/traces/search"', 'header = "Content-Type: application/json"', f'data = "@{path}"']
    config = os.path.join(folder, "curl.config")
    with open(config, "w") as file:
        file.write("\n".join(lines) + "\n")
    return ["curl", "--config", config]


def start_server(database, folder, workers=1):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", "sqlite:///" + database]
    command += ["--artifacts-destination", folder, "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    with open(os.path.join(folder, "server.log"), "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(url + "/health", timeout=1).read()
            return server, url
        except OSError:
            time.sleep(0.5)
    sys.exit("the server did not start")


def stop(server):
    os.killpg(server.pid, 15)
    server.wait()


def output(command):
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def show(title, results):
    print(f"\n{title}")
    for name, result in results.items():
        print(f"  {name:<28} wall {result['wall']:8.3f} s   cpu {result['cpu']:8.3f} s   peak {result['mb']:7.1f} MB")
    ours = results["mlflow-trace"]
    for name, result in results.items():
        if name != "mlflow-trace":
            print(f"  mlflow-trace / {name}: wall {ours['wall'] / result['wall']:.4f}, cpu {ours['cpu'] / result['cpu']:.4f}, memory {ours['mb'] / result['mb']:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--traces", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    parser.add_argument("--database", help="a store seeded by an earlier run; made if it does not exist")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mlflow-trace-bench-")
    database = os.path.abspath(arguments.database or os.path.join(folder, "mlflow.db"))
    if not os.path.exists(database):
        seed(database, arguments.traces)
    mlflow = os.path.join(os.path.dirname(sys.executable), "mlflow")
    print(f"binary: {os.path.getsize(arguments.binary) / 1e6:.1f} MB")
    startup = {"mlflow-trace": [arguments.binary, "--version"], "mlflow": [mlflow, "--version"]}
    show("start-up: --version", in_turn(startup, arguments.runs))
    server, url = start_server(database, folder)
    try:
        ours = [arguments.binary, "-u", url, "-x", "bench", "search", "-o", "jsonl"]
        contenders = {
            "mlflow-trace": [*ours, "--all"],
            "curl, same pages in sequence": curl_pages(url, "1", arguments.traces, folder),
            "MlflowClient.search_traces": [sys.executable, "-c", SDK_SEARCH, url, "1"],
        }
        show(f"every one of {arguments.traces} traces", in_turn(contenders, arguments.runs))
        memory = in_turn({"mlflow-trace": [*ours, "--limit", str(arguments.traces // 4)], "all": contenders["mlflow-trace"]}, arguments.runs)
        print(f"\npeak memory: {memory['mlflow-trace']['mb']:.1f} MB for a quarter of the traces, {memory['all']['mb']:.1f} MB for all")
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
