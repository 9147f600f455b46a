"""Compares `export --spans` with `mlflow.search_traces(include_spans=True)` on a real tracking server.

    python benches/spans.py [--traces 5000] [--runs 3] [--workers 4 1] [--binary target/dist/mlflow-trace]

Needs an interpreter that has mlflow 3.17.2 (the live tests make one under target/) and GNU time. Seeds a SQLite store with
traces of three to five spans, starts `mlflow server` with each number of workers in turn, and runs the contenders
alternately, so that ratios hold on a noisy machine. Whole processes are measured from outside, start-up included: wall
time, user + system time, and peak memory as the kernel counts them.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402

SDK = """
import sys, mlflow
mlflow.set_tracking_uri(sys.argv[1])
traces = mlflow.search_traces(locations=[sys.argv[2]], include_spans=True, return_type="list", max_results=int(sys.argv[3]))
assert len(traces) == int(sys.argv[3]), len(traces)
assert all(len(trace.data.spans) >= 3 for trace in traces)
"""


def seed(path, count):
    """Traces as an application's agent leaves them: 3 to 5 spans of about 1.5 kB each."""
    from mlflow.entities import TraceInfo
    from mlflow.entities.span import Span
    from mlflow.entities.span_status import SpanStatus
    from mlflow.entities.trace_location import TraceLocation
    from mlflow.entities.trace_state import TraceState
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from mlflow.tracing.utils import build_otel_context, dump_span_attribute_value
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from sqlalchemy import Engine, event

    event.listen(Engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    store = SqlAlchemyStore("sqlite:///" + path, "mlflow-artifacts:/")
    experiment = store.create_experiment("bench")
    first = 1_790_000_000_000
    question, answer = {"question": "where is my parcel? " * 20}, "it is on its way. " * 40
    kinds = ["AGENT", "RETRIEVER", "CHAT_MODEL", "TOOL", "CHAIN"]

    def span(trace, number, start):
        values = {
            "mlflow.traceRequestId": trace,
            "mlflow.spanType": kinds[number - 1],
            "mlflow.spanInputs": question,
            "mlflow.spanOutputs": answer,
            "model": {"name": "m-1", "temperature": 0.7, "stop": ["a", "b"]},
        }
        otel = int(trace.removeprefix("tr-"), 16)
        return Span(
            ReadableSpan(
                name=f"step {number}",
                context=build_otel_context(otel, number),
                parent=build_otel_context(otel, 1) if number > 1 else None,
                start_time=(start + number) * 1_000_000,
                end_time=(start + number + 50) * 1_000_000,
                attributes={key: dump_span_attribute_value(value) for key, value in values.items()},
                status=SpanStatus("OK").to_otel_status(),
                resource=Resource.get_empty(),
            )
        )

    for number in range(count):
        trace, start, spans = f"tr-{number + 1:032x}", first + number * 1000, 3 + number % 3
        store.log_spans(experiment, [span(trace, part, start) for part in range(1, spans + 1)])
        size = 1500 * spans
        store.start_trace(
            TraceInfo(
                trace_id=trace,
                trace_location=TraceLocation.from_experiment_id(experiment),
                request_time=start,
                state=TraceState.OK,
                request_preview=json.dumps(question),
                response_preview=answer,
                execution_duration=60,
                trace_metadata={
                    "mlflow.trace.session": f"session-{number % 500}",
                    "mlflow.trace.sizeStats": json.dumps({"total_size_bytes": size, "num_spans": spans, "max": 1500}),
                    "mlflow.trace.sizeBytes": str(size),
                    "mlflow.trace_schema.version": "3",
                },
                tags={"mlflow.traceName": "agent", "environment": "production"},
            )
        )
        if number % 1000 == 999:
            print(f"seeded {number + 1}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--traces", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[4, 1])
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    parser.add_argument("--database", help="a store seeded by an earlier run; made if it does not exist")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mlflow-trace-bench-")
    database = os.path.abspath(arguments.database or os.path.join(folder, "mlflow.db"))
    if not os.path.exists(database):
        seed(database, arguments.traces)
    for workers in arguments.workers:
        server, url = compare.start_server(database, folder, workers)
        try:
            ours = [arguments.binary, "-u", url, "-x", "bench", "export", "-", "--spans", "--format", "jsonl"]
            contenders = {
                "mlflow-trace": ours,
                "mlflow.search_traces": [sys.executable, "-c", SDK, url, "1", str(arguments.traces)],
            }
            title = f"{arguments.traces} traces with spans, {workers} worker" + ("s" if workers > 1 else "")
            compare.show(title, compare.in_turn(contenders, arguments.runs))
        finally:
            os.killpg(server.pid, 15)
            server.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
