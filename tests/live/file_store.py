"""A folder in which MLflow keeps its traces without a database, made and read by MLflow's own client.

    python file_store.py FOLDER seed
    python file_store.py FOLDER infos|traces EXPERIMENT

Reading prints one trace a line.
"""

import json
import logging
import os
import sys

os.environ.update({"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_ALLOW_FILE_STORE": "true"})
os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"
logging.disable(logging.WARNING)

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import AssessmentSource  # noqa: E402

URI = "file:" + sys.argv[1]
mlflow.set_tracking_uri(URI)
client = MlflowClient(URI)


def seed():
    for name in ["shop", "other", "gone"]:
        client.create_experiment(name)
    mlflow.set_experiment("shop")
    words = ["yes", "no", "1e5", "0o7", "1:30", "null", "2026-01-01", "it's: \"a\\b\" # ✓", "two\nlines", " blank ", "", "📦\u0085\u2028", "0x1f", "=", "<<", ".inf", "1_000", "+1", "-"]
    for number, word in enumerate(words):
        with mlflow.start_span(f"agent {number % 3}", span_type="AGENT") as root:
            mlflow.update_current_trace(
                tags={"word": word, "env": "prod" if number % 2 else "dev"},
                metadata={"mlflow.trace.session": f"s-{number % 4}", "note": word},
                client_request_id=f"req-{number}",
            )
            root.set_inputs({"word": word})
            with mlflow.start_span("inner", span_type="TOOL") as inner:
                inner.set_attribute("number", number / 4)
            root.set_outputs(word)
        trace = root.trace_id
        if number % 2:
            mlflow.log_feedback(trace_id=trace, name="good", value=[True, 4, 0.5, "yes", ["a", {"b": 1}]][number % 5], rationale=word, metadata={"k": word})
        if number % 3 == 0:
            mlflow.log_expectation(trace_id=trace, name="answer", value={"word": word, "n": number})
        if number % 4 == 1:
            source = AssessmentSource("LLM_JUDGE", "gpt")
            mlflow.log_feedback(trace_id=trace, name="failed", error=ValueError(word), source=source)
    try:
        with mlflow.start_span("failing"):
            raise ValueError("no")
    except ValueError:
        pass
    mlflow.set_experiment("gone")
    with mlflow.start_span("gone"):
        pass
    client.delete_experiment(client.get_experiment_by_name("gone").experiment_id)


def found(name):
    return client.search_traces(locations=[client.get_experiment_by_name(name).experiment_id], max_results=500, include_spans=False)


def infos(name):
    for trace in found(name):
        info = trace.info
        # What it makes of them in JSON is cut, what it has read is not.
        whole = {"trace_metadata": info.trace_metadata, "tags": info.tags}
        print(json.dumps({"info": {**info.to_dict(), **{key: value for key, value in whole.items() if value}}}))


def traces(name):
    for trace in found(name):
        whole = json.loads(client.get_trace(trace.info.trace_id).to_json())
        print(json.dumps({"info": {"trace_id": trace.info.trace_id}, "data": whole["data"]}))


{"seed": seed, "infos": infos, "traces": traces}[sys.argv[2]](*sys.argv[3:])
