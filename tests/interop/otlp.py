"""Send exported spans to real OpenTelemetry backends and ask the backends what they hold.

    python tests/interop/otlp.py PROGRAM MLFLOW_PYTHON PHOENIX_PYTHON

PROGRAM is the built `mlflow-trace`, MLFLOW_PYTHON a Python with `mlflow`, PHOENIX_PYTHON one with `arize-phoenix`. Starts
a tracking server and Phoenix on free ports of this machine, sends the traces of tests/data/filter/traces.jsonl and those of
the demonstration to both, and compares ids, names, parents, times, states and attributes of every span with the file that
`export --format otlp-json` writes. Ends with 0 if everything is equal.
"""

import base64
import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE.parent / "data" / "filter" / "traces.jsonl"
PATIENCE_S = 180


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"null")


def wait_for(url, process):
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{url} does not answer")
            time.sleep(0.3)


def start_mlflow(python, folder):
    port = free_port()
    command = [python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", f"{folder}/artifacts"]
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    with open(f"{folder}/mlflow.log", "wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    wait_for(f"http://127.0.0.1:{port}/health", server)
    return server, f"http://127.0.0.1:{port}"


def start_phoenix(python, folder):
    port, grpc = free_port(), free_port()
    environment = {
        **os.environ,
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(grpc),
        "PHOENIX_WORKING_DIR": folder,
        "PHOENIX_TELEMETRY_ENABLED": "false",
    }
    with open(f"{folder}/phoenix.log", "wb") as log:
        command = [python, "-m", "phoenix.server.main", "serve"]
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
    wait_for(f"http://127.0.0.1:{port}/v1/projects", server)
    return server, f"http://127.0.0.1:{port}"


def stop(server):
    """Ends the process and whatever it started; it leads a group of its own."""
    for sign in (15, 9):
        try:
            os.killpg(server.pid, sign)
            server.wait(10)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def with_spans_of_their_own(folder):
    """The corpus with span ids that occur once: Phoenix knows a span by its id alone, whatever its trace."""

    def once(trace, span):
        return base64.b64encode(hashlib.sha256(f"{trace} {span}".encode()).digest()[:8]).decode()

    path = pathlib.Path(folder) / "corpus.jsonl"
    with open(CORPUS) as lines, open(path, "w") as corpus:
        for line in lines:
            trace = json.loads(line)
            for span in trace.get("spans", []):
                for key in ("span_id", "parent_span_id"):
                    if span.get(key):
                        span[key] = once(span["trace_id"], span[key])
            corpus.write(json.dumps(trace) + "\n")
    return path


def run(program, *arguments):
    ended = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert ended.returncode == 0, f"{arguments}: {ended.returncode}\n{ended.stderr}"
    return ended


def value_of(any_value):
    """An AnyValue of OpenTelemetry's JSON as plain JSON; numbers that JSON has not stay words."""
    for kind, value in any_value.items():
        if kind == "intValue":
            return int(value)
        if kind == "arrayValue":
            return [value_of(item) for item in value.get("values", [])]
        if kind == "kvlistValue":
            return {pair["key"]: value_of(pair["value"]) for pair in value.get("values", [])}
        return value
    return None


def spans_of(lines):
    """Spans by (trace id, span id), as the exported file has them."""
    spans = {}
    for line in lines:
        for resource in json.loads(line)["resourceSpans"]:
            for span in resource["scopeSpans"][0]["spans"]:
                spans[span["traceId"], span["spanId"]] = span
    return spans


def check_mlflow(address, spans):
    """Ids, names, parents, times and attributes in the tracking server's own answers."""
    def to_hex(text):
        return base64.b64decode(text).hex() if text else ""

    seen = set()
    for trace in sorted({trace for trace, _ in spans}):
        query = urllib.parse.urlencode({"request_id": f"tr-{trace}"})
        for stored in ask(f"{address}/ajax-api/2.0/mlflow/get-trace-artifact?{query}")["spans"]:
            key = (to_hex(stored["trace_id"]), to_hex(stored["span_id"]))
            sent = spans[key]
            seen.add(key)
            assert to_hex(stored["parent_span_id"]) == sent.get("parentSpanId", ""), key
            assert stored["name"] == sent["name"], key
            assert str(stored["start_time_unix_nano"]) == sent["startTimeUnixNano"], key
            assert str(stored["end_time_unix_nano"] or 0) == sent["endTimeUnixNano"], key
            code = {"STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2}.get(stored["status"]["code"], 0)
            assert code == sent["status"].get("code", 0), key
            missing = {pair["key"] for pair in sent.get("attributes", [])} - set(stored["attributes"])
            assert not missing, (key, missing)
    assert seen == set(spans), set(spans) - seen


GRAPHQL = """query($first: Int!, $after: String) { projects { edges { node { name
  spans(first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    edges { node { name statusCode startTime parentId spanId trace { traceId } attributes } } } } } } }"""


def phoenix_spans(address):
    after = None
    while True:
        answer = ask(f"{address}/graphql", {"query": GRAPHQL, "variables": {"first": 500, "after": after}})
        assert "errors" not in answer or not answer["errors"], answer["errors"]
        projects = [edge["node"] for edge in answer["data"]["projects"]["edges"]]
        page = next(project for project in projects if project["name"] == "default")["spans"]
        yield from (edge["node"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def check_phoenix(address, spans):
    """Ids, names, parents and states in Phoenix's GraphQL answers, once it has stored everything."""
    end = time.monotonic() + 60
    while True:
        stored = {(span["trace"]["traceId"], span["spanId"]): span for span in phoenix_spans(address)}
        if len(stored) >= len(spans) or time.monotonic() > end:
            break
        time.sleep(1)
    assert stored.keys() == spans.keys(), (len(stored), len(spans), list(spans.keys() - stored.keys())[:5])
    for key, span in stored.items():
        sent = spans[key]
        assert span["name"] == sent["name"], key
        assert (span["parentId"] or "") == sent.get("parentSpanId", ""), key
        assert {"OK": 1, "ERROR": 2}.get(span["statusCode"], 0) == sent["status"].get("code", 0), key
        held = json.dumps(json.loads(span["attributes"]), ensure_ascii=False)
        for pair in sent.get("attributes", []):
            value = value_of(pair["value"])
            # Phoenix nests keys at their dots; texts are looked for as they are.
            if isinstance(value, str) and pair["key"] == "mlflow.spanType":
                assert json.dumps(value, ensure_ascii=False) in held, (key, pair)
    rest = ask(f"{address}/v1/projects/default/spans?limit=5")
    assert rest["data"] and all(span["context"]["trace_id"] in {trace for trace, _ in spans} for span in rest["data"])


def main():
    program, mlflow_python, phoenix_python = sys.argv[1:4]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        servers = []
        try:
            mlflow, mlflow_address = start_mlflow(mlflow_python, folder)
            servers.append(mlflow)
            phoenix, phoenix_address = start_phoenix(phoenix_python, folder)
            servers.append(phoenix)
            sent = {}
            for source in (f"file:{with_spans_of_their_own(folder)}", "demo"):
                lines = run(program, "-u", source, "export", "-", "--format", "otlp-json").stdout.splitlines()
                sent.update(spans_of(lines))
                header = "x-mlflow-experiment-id=0"
                told = run(program, "-u", source, "export", "--to-otlp", f"{mlflow_address}/v1/traces", "--otlp-header", header)
                print("MLflow: ", told.stderr.splitlines()[0])
                told = run(program, "-u", source, "export", "--to-otlp", phoenix_address)
                print("Phoenix:", told.stderr.splitlines()[0])
            check_mlflow(mlflow_address, sent)
            print(f"MLflow holds {len(sent)} spans with their ids, parents, names, times and states")
            check_phoenix(phoenix_address, sent)
            print(f"Phoenix holds {len(sent)} spans with their ids, parents, names and states")
        finally:
            for server in servers:
                stop(server)


if __name__ == "__main__":
    main()
