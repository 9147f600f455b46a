#!/usr/bin/env python3
"""Reads a database of MLflow whose traces have files in an object store: spans as servers before 3.5 kept them, spans that a
server archived, attachments. What MLflow's own client reads there is the judge.

Needs PyPI's mlflow, moto[server] and boto3. Starts a moto server and ends it.

    python tests/interop/artifacts.py target/debug/mlflow-trace
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

import boto3
import mlflow
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracing.attachments import Attachment
from moto.server import ThreadedMotoServer

TRACES = 60
BUCKET = "artifacts"


def make(uri):
    """Traces of three spans each, in an experiment whose files are in the bucket; the newest one has an attachment."""
    mlflow.set_tracking_uri(uri)
    experiment = mlflow.create_experiment("app", artifact_location=f"s3://{BUCKET}/app")
    ids = []
    for number in range(TRACES):
        root = mlflow.start_span_no_context("root", experiment_id=experiment)
        root.set_inputs({"question": f"number {number}"})
        for name in ["retrieve", "answer"]:
            child = mlflow.start_span_no_context(name, parent_span=root)
            child.set_attributes({"score": number / 7, "list": [1, "é", None], "nested": {"a": {"b": [True]}}})
            child.end()
        if number + 1 == TRACES:
            root.set_inputs([Attachment(content_type="image/png", content_bytes=b"a picture")])
        root.end(status="ERROR" if number % 5 == 0 else "OK")
        ids.append(root.trace_id)
    mlflow.flush_trace_async_logging()
    return experiment, ids


def into_files(uri, ids):
    """Keeps the spans of traces as servers before 3.5 did: in a file beside the artifacts."""
    client = MlflowClient(uri)
    traces = [client.get_trace(trace) for trace in ids]
    for trace in traces:
        location = trace.info.tags["mlflow.artifactLocation"]
        get_artifact_repository(location).upload_trace_data(json.dumps(trace.data.to_dict()))
    with sqlite3.connect(uri.removeprefix("sqlite:///")) as database:
        for trace in ids:
            database.execute("DELETE FROM spans WHERE trace_id = ?", [trace])
            database.execute("DELETE FROM trace_tags WHERE request_id = ? AND key = 'mlflow.trace.spansLocation'", [trace])


def spans(trace):
    # A span that has not ended ends at 0 or at nothing.
    return [{**span, "end_time_unix_nano": span["end_time_unix_nano"] or None} for span in trace["data"]["spans"]]


def main():
    program = os.path.abspath(sys.argv[1])
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    os.environ.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION="us-east-1")
    os.environ["MLFLOW_S3_ENDPOINT_URL"] = f"http://{host}:{port}"
    bucket = boto3.resource("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"]).create_bucket(Bucket=BUCKET)
    with tempfile.TemporaryDirectory() as folder:
        check(program, folder, bucket, moto)
    print("ok")


def check(program, folder, bucket, moto):
    uri = f"sqlite:///{folder}/mlflow.db"
    experiment, ids = make(uri)
    into_files(uri, ids[:20])
    store = SqlAlchemyStore(uri, folder)
    store._get_archive_traces_now_millis = lambda: 2**42
    archived = store.archive_traces(
        resolved_trace_archival_location=f"s3://{BUCKET}/archive", broader_retention="1m", max_traces_per_pass=20
    )
    assert archived == 20, archived
    names = [found.key for found in bucket.objects.all()]
    assert all(any(trace in name and name.endswith("traces.json") for name in names) for trace in ids[:20]), names
    assert sum(name.endswith("traces.pb") for name in names) == 20, names
    environment = {**os.environ, "MLFLOW_TRACKING_URI": uri, "MLFLOW_EXPERIMENT_NAME": "app", "HOME": folder}

    def run(*arguments, code=0):
        ended = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, timeout=120)
        assert ended.returncode == code, (arguments, ended)
        return ended

    run("export", f"{folder}/all.jsonl", "--spans", "--no-attachments")
    with open(f"{folder}/all.jsonl", encoding="utf-8") as file:
        here = {trace["info"]["trace_id"]: spans(trace) for trace in map(json.loads, file)}
    assert sorted(here) == sorted(ids)
    client = MlflowClient(uri)
    for trace in ids:
        theirs = spans(json.loads(client.get_trace(trace).to_json()))
        assert len(theirs) == 3 and here[trace] == theirs, (trace, here[trace], theirs)
    print(f"the spans of {len(ids)} traces are those of MLflow's client, 40 of them from the bucket")

    run("export", f"{folder}/with/", "--spans")
    contents = [open(path, "rb").read() for path in files_below(f"{folder}/with/attachments")]
    assert b"a picture" in contents, contents

    found = run("count", "-q", "span.name = 'retrieve' AND status = 'ERROR'").stdout
    assert found == "12\n", found

    # What is not there is told, and the rest is read all the same.
    gone = next(found for found in bucket.objects.all() if found.key.endswith(f"{ids[0]}/artifacts/traces.json"))
    gone.delete()
    told = run("get", ids[0], code=3)
    assert f"there is no file s3://{BUCKET}/{gone.key}" in told.stderr, told
    run("export", f"{folder}/rest.jsonl", "--spans", "--no-attachments", code=3)

    # A store that does not answer is given up, for each trace with the reason.
    moto.stop()
    began = time.monotonic()
    told = run("get", ids[1], code=3)
    assert "s3://" in told.stderr and time.monotonic() - began < 60, told


def files_below(folder):
    return [os.path.join(path, name) for path, _, names in os.walk(folder) for name in names]


main()
