#!/usr/bin/env python3
"""Exports to an S3 emulator: parts and manifest, one object, killed and gone on with, nothing half-written to be seen; and a
retention policy that archives there before it deletes.

Needs PyPI's moto[server] and boto3. Starts a moto server, and a small tracking server of its own that is slow enough to be
killed; starts nothing else and ends both.

    python tests/interop/s3.py target/debug/mlflow-trace
"""

import base64
import gzip
import hashlib
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import boto3
from moto.server import ThreadedMotoServer

TRACES = 3000
BASE_MS = 1_795_334_400_000
BUCKET = "archive"


def trace(number, base_ms=BASE_MS):
    # Three traces share each millisecond.
    start_ms = base_ms + number // 3 * 1000
    seconds, millis = divmod(start_ms, 1000)
    return {
        "trace_id": f"tr-{number:032x}",
        "trace_location": {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "1"}},
        "request_time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{millis:03}Z",
        "execution_duration": "0.120s",
        "state": "OK",
        "request_preview": f"question {number} " + "x" * random.Random(number).randrange(2000),
        "start_ms": start_ms,
    }


ALL = sorted((trace(number) for number in range(TRACES)), key=lambda t: (-t["start_ms"], t["trace_id"]))
EXPERIMENT = {"experiment_id": "1", "name": "my-app", "lifecycle_stage": "active"}


class Tracking(BaseHTTPRequestHandler):
    """As much of a tracking server as an export without spans and a retention run ask for."""

    protocol_version = "HTTP/1.1"
    delay = 0.0
    traces = ALL
    broken = set()

    def log_message(self, *_):
        pass

    def answer(self, value, status=200):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if isinstance(value, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/version":
            return self.answer("3.17.2")
        if "experiments/get" in self.path:
            return self.answer({"experiment": EXPERIMENT})
        query = parse_qs(urlsplit(self.path).query)
        ids = set(query.get("trace_ids", query.get("trace_id", query.get("request_id", []))))
        if "/traces/batchGet" in self.path and not ids & self.broken:
            return self.answer({"traces": [{"trace_info": shown(t), "spans": [span(t)]} for t in self.traces if t["trace_id"] in ids]})
        if ids & self.broken:
            return self.answer({"error_code": "INTERNAL_ERROR", "message": "it is broken"}, 500)
        if "/traces/get" in self.path:
            one = next(t for t in self.traces if t["trace_id"] in ids)
            return self.answer({"trace": {"trace_info": shown(one), "spans": [span(one)]}})
        return self.answer({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no"}, 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("experiments/search"):
            return self.answer({"experiments": [EXPERIMENT]})
        if self.path.endswith("traces/delete-traces"):
            assert set(body) == {"experiment_id", "request_ids"}, body
            before = len(self.traces)
            Tracking.traces = [t for t in self.traces if t["trace_id"] not in body["request_ids"]]
            return self.answer({"traces_deleted": before - len(self.traces)})
        if not self.path.endswith("traces/search"):
            return self.answer({"error_code": "INVALID_PARAMETER_VALUE", "message": "no"}, 400)
        time.sleep(self.delay)
        found = self.traces
        for clause in filter(None, body.get("filter", "").split(" AND ")):
            if clause.startswith("request_id IN ("):
                found = [t for t in found if f"'{t['trace_id']}'" in clause]
                continue
            field, operator, value = clause.split()
            assert field == "timestamp_ms", clause
            newer = {"<=": lambda t: t["start_ms"] <= int(value), ">=": lambda t: t["start_ms"] >= int(value)}
            found = [t for t in found if newer[operator](t)]
        offset, size = int(body.get("page_token") or 0), body.get("max_results", 100)
        page = found[offset : offset + size]
        answer = {"traces": [shown(t) for t in page]}
        if len(page) == size:
            answer["next_page_token"] = str(offset + size)
        return self.answer(answer)


def shown(t):
    return {k: v for k, v in t.items() if k != "start_ms"}


def span(t):
    raw = bytes.fromhex(t["trace_id"][3:])
    return {
        "trace_id": base64.b64encode(raw).decode(),
        "span_id": base64.b64encode(raw[-8:]).decode(),
        "name": "chat",
        "start_time_unix_nano": t["start_ms"] * 1_000_000,
        "end_time_unix_nano": t["start_ms"] * 1_000_000 + 5,
        "attributes": [],
        "status": {"code": "STATUS_CODE_OK"},
    }


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that is killed does not read its answer."""


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/debug/mlflow-trace")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    tracking = Server(("127.0.0.1", 0), Tracking)
    threading.Thread(target=tracking.serve_forever, daemon=True).start()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    s3 = boto3.client("s3", endpoint_url=endpoint, **keys)
    s3.create_bucket(Bucket=BUCKET)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": tempfile.mkdtemp(),
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{tracking.server_port}",
        "MLFLOW_EXPERIMENT_NAME": "my-app",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
    }

    def start(*arguments, verb=("export",), **changed):
        command = [program, *verb, *arguments]
        return subprocess.Popen(command, env={**environment, **changed}, stderr=subprocess.PIPE, text=True)

    def run(*arguments, code=0, verb=("export",), **changed):
        process = start(*arguments, verb=verb, **changed)
        stderr = process.communicate(timeout=300)[1]
        assert process.returncode == code, (arguments, process.returncode, stderr)
        return stderr

    def objects(prefix):
        listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return {item["Key"][len(prefix) :]: s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read() for item in listed}

    def ids_of(prefix):
        there = objects(prefix)
        manifest, ids = json.loads(there["manifest.json"]), []
        for part in manifest["parts"]:
            data = there[part["path"]]
            assert hashlib.sha256(data).hexdigest() == part["sha256"] and len(data) == part["bytes"], part
            text = gzip.decompress(data) if part["path"].endswith(".gz") else data
            ids += [json.loads(line)["info"]["trace_id"] for line in text.splitlines()]
        return manifest, ids, there

    expected = [t["trace_id"] for t in ALL]

    print("parts and manifest:", run(f"s3://{BUCKET}/whole/", "--split", "800").strip())
    manifest, ids, there = ids_of("whole/")
    assert ids == expected and manifest["complete"] and len(there) == 5, (len(ids), sorted(there))
    print("the same again:", run(f"s3://{BUCKET}/whole", "--split", "800").strip())
    print("another query:", run(f"s3://{BUCKET}/whole", "--split", "900", code=7).splitlines()[0])

    print("one object:", run(f"s3://{BUCKET}/one/traces.jsonl.gz").strip())
    lines = gzip.decompress(objects("one/")["traces.jsonl.gz"]).splitlines()
    assert [json.loads(line)["info"]["trace_id"] for line in lines] == expected
    print("an empty object:", run(f"s3://{BUCKET}/one/none.jsonl", "--until", "2020-01-01").strip())
    assert objects("one/")["none.jsonl"] == b""
    # Larger than one piece, so that it is uploaded in several; cut off, nothing of it may be seen.
    big = "".join(json.dumps({"info": {"trace_id": f"tr-{n}", "request_time": "2026-11-22T08:00:00Z", "request_preview": "y" * 60_000}}) + "\n" for n in range(500))
    with tempfile.TemporaryDirectory() as folder:
        archive = os.path.join(folder, "big.jsonl")
        with open(archive, "w") as file:
            file.write(big)
        print("several pieces:", run(f"s3://{BUCKET}/big/traces.jsonl", "-u", f"file:{archive}").strip())
    lines = objects("big/")["traces.jsonl"].splitlines()
    assert len(lines) == 500 and len(objects("big/")["traces.jsonl"]) > 3 * 8 * 1024 * 1024
    assert sorted(json.loads(line)["info"]["trace_id"] for line in lines) == sorted(f"tr-{n}" for n in range(500))

    Tracking.delay, kills, rng = 0.15, 0, random.Random(7)
    command = [f"s3://{BUCKET}/killed/", "--split", "120", "--compress", "gzip"]
    while True:
        process = start(*command)
        try:
            stderr = process.communicate(timeout=rng.uniform(0.1, 0.9))[1]
            assert process.returncode == 0, stderr
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        there = objects("killed/")
        if "manifest.json" in there:
            named = ids_of("killed/")[1]
            assert len(named) == len(set(named))
            assert len(there) - 1 <= len(json.loads(there["manifest.json"])["parts"]) + 1, sorted(there)
        for name, data in there.items():
            # Whatever is there can be read to its end.
            json.loads(data) if name.endswith(".json") else gzip.decompress(data)
    manifest, ids, there = ids_of("killed/")
    assert ids == expected and manifest["complete"], (len(ids), len(set(ids)))
    assert len(there) == len(manifest["parts"]) + 1, sorted(there)
    print(f"killed {kills} times and gone on with: {len(ids)} traces in {len(manifest['parts'])} parts")

    Tracking.delay = 0.0
    print("no such bucket:", run("s3://no-such-bucket/x/", code=1).splitlines()[0])
    purge(run, objects, program, environment)
    tracking.shutdown()
    moto.stop()
    print("ok")


def purge(run, objects, program, environment):
    """A policy with `archive_to`: what is deleted is in the bucket before, and what is not in the bucket is not deleted."""
    tag = {"tags": {"mlflow.traceName": "chat", "mlflow.trace.spansLocation": "TRACKING_STORE"}}
    # So much that does not compress that the part is read back in several pieces.
    old = [{**trace(n, int(time.time() * 1000) - 90 * 86_400_000), **tag} for n in range(700)]
    old = [{**t, "request_preview": random.Random(t["trace_id"]).randbytes(15_000).hex()} for t in old]
    young = [{**trace(n, int(time.time() * 1000) - 86_400_000), **tag} for n in range(700, 720)]
    Tracking.traces = sorted(old + young, key=lambda t: (-t["start_ms"], t["trace_id"]))
    Tracking.broken = {old[13]["trace_id"], old[577]["trace_id"]}
    expected = sorted(t["trace_id"] for t in old if t["trace_id"] not in Tracking.broken)
    with tempfile.TemporaryDirectory() as folder:
        policy = os.path.join(folder, "retention.toml")

        def rule(place):
            with open(policy, "w") as file:
                file.write(f'[[rule]]\nname = "old"\nexperiments = ["my-app"]\nkeep_within = "30d"\narchive_to = "{place}"\n')

        command = {"verb": ("retention", "run"), "MLFLOW_TRACE_STATE_DIR": os.path.join(folder, "state")}
        rule("s3://no-such-bucket/expired")
        print("no such bucket to archive to:", run("--policy", policy, "--yes", code=7, **command).strip())
        assert len(Tracking.traces) == 720
        rule(f"s3://{BUCKET}/expired")
        print("a purge:", run("--policy", policy, "--yes", code=3, **command).strip())
        left = sorted(t["trace_id"] for t in Tracking.traces)
        assert left == sorted([t["trace_id"] for t in young] + list(Tracking.broken)), len(left)
        there = objects("expired/")
        assert max(len(data) for data in there.values()) > 8 * 1024 * 1024
        assert not [name for name in there if "probe" in name], sorted(there)
        for name, data in there.items():
            path = os.path.join(folder, "copy", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        search = [program, "search", "-u", f"file:{folder}/copy", "--all", "span.name = 'chat'", "-o", "ids"]
        found = subprocess.run(search, env=environment, capture_output=True, text=True, check=True).stdout.split()
        assert sorted(found) == expected, len(found)
        print(f"and {len(found)} traces in the bucket: {sorted(name for name in there)}")


if __name__ == "__main__":
    main()
