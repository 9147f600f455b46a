"""Measures a database of PostgreSQL with many traces: counts, searches, statistics, planning a policy, purging a day.

    python benches/large.py --traces 300000,3000000 [--binary target/dist/mlflow-trace] postgresql://USER@HOST:PORT/

Needs mlflow and psycopg2. The server gets a database `bench_N` of each size, made by MLflow's own store and filled by SQL: traces
over 30 days, two tags, a user and one span each; it stays. Ratios say how much a question grew with the traces.
"""

import argparse
import os
import sys
import tempfile
import time

import psycopg2

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare  # noqa: E402

DAYS = 30
SEED = """
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
    VALUES (1, 'bench', '/tmp/bench', 'active', 0, 0);
INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, execution_time_ms, status, request_preview, response_preview,
        db_payload_generation, trace_name, session_id, input_tokens, output_tokens, total_tokens)
    SELECT 'tr-' || md5(n::text), 1, {now} - n::bigint * {step}, 100 + n % 3000, CASE WHEN n % 20 = 0 THEN 'ERROR' ELSE 'OK' END,
        repeat('where is my parcel? ', 5), repeat('on its way. ', 10), 0, 'agent-' || n % 12, 'session-' || n / 8, n % 900, n % 300,
        n % 900 + n % 300 FROM generate_series(1, {traces}) n;
INSERT INTO trace_tags (key, value, request_id)
    SELECT 'mlflow.trace.spansLocation', 'TRACKING_STORE', request_id FROM trace_info
    UNION ALL SELECT 'environment', CASE WHEN execution_time_ms % 4 = 0 THEN 'staging' ELSE 'production' END, request_id FROM trace_info;
INSERT INTO trace_request_metadata (key, value, request_id)
    SELECT 'mlflow.trace.user', 'user-' || execution_time_ms % 500, request_id FROM trace_info;
INSERT INTO spans (trace_id, experiment_id, span_id, name, type, status, start_time_unix_nano, end_time_unix_nano, content)
    SELECT request_id, 1, '00000000000000aa', CASE WHEN execution_time_ms % 9 = 0 THEN 'retrieve' ELSE 'chat' END, 'LLM', 'OK',
        timestamp_ms * 1000000, (timestamp_ms + execution_time_ms) * 1000000, json_build_object('trace_id', request_id, 'span_id',
        '00000000000000aa', 'name', 'chat', 'start_time_unix_nano', timestamp_ms * 1000000, 'attributes', '{{}}'::json)::text
    FROM trace_info;
"""


def make(server, traces):
    """The address of a database of that many traces."""
    name = f"bench_{traces}"
    connection = psycopg2.connect(server + "postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone():
            cursor.execute(f"DROP DATABASE {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    SqlAlchemyStore(server.replace("postgresql:", "postgresql+psycopg2:") + name, "/tmp/bench")
    connection = psycopg2.connect(server + name)
    connection.autocommit = True
    step = DAYS * 86_400_000 // traces
    with connection.cursor() as cursor:
        cursor.execute(SEED.format(now=int(time.time() * 1000), step=step, traces=traces))
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")
    return server + name


def measure(binary, uri, folder):
    os.environ["MLFLOW_TRACE_STATE_DIR"] = folder
    ours = [binary, "-u", uri, "-x", "bench"]
    policy = os.path.join(folder, "policy.toml")
    with open(policy, "w", encoding="utf-8") as file:
        file.write(f'[[rule]]\nname = "all"\nexperiments = ["bench"]\nkeep_within = "{DAYS - 1}d"\n')
    questions = {
        "count": [*ours, "count", "-q"],
        "count of a tag": [*ours, "count", "-q", "tags.environment = 'staging'"],
        "count of a span's name": [*ours, "count", "-q", "span.name = 'retrieve'"],
        "newest 100": [*ours, "search", "--limit", "100", "-o", "jsonl", "-q"],
        "search of the last hour": [*ours, "search", "--since", "1h", "--all", "-o", "jsonl", "-q"],
        "errors of the last day": [*ours, "search", "status = 'ERROR'", "--since", "24h", "--all", "-o", "jsonl", "-q"],
        "stats of the last day": [*ours, "stats", "--by", "name", "--since", "24h", "-q"],
        "search of everything": [*ours, "search", "--all", "-o", "jsonl", "-q"],
        "plan of a policy": [binary, "-u", uri, "retention", "plan", "--policy", policy, "--trust-clock", "-q"],
    }
    results = compare.in_turn(questions, 1)
    purge = ["retention", "run", "--policy", policy, "--yes", "--trust-clock", "--allow-database-writes", "-q"]
    with open(os.devnull, "wb") as sink:
        results["purge of a day"] = compare.measured([binary, "-u", uri, *purge], sink)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", help="address of a PostgreSQL server, ending in a slash")
    parser.add_argument("--traces", default="300000,3000000", help="the sizes, with a comma between them")
    parser.add_argument("--binary", default="target/dist/mlflow-trace")
    arguments = parser.parse_args()
    first = None
    for traces in map(int, arguments.traces.split(",")):
        started = time.monotonic()
        uri = make(arguments.server, traces)
        print(f"\n{traces} traces, made in {time.monotonic() - started:.0f} s", flush=True)
        with tempfile.TemporaryDirectory(prefix="mlflow-trace-bench-") as folder:
            results = measure(os.path.abspath(arguments.binary), uri, folder)
        for name, result in results.items():
            grown = f"   {result['wall'] / first[name]['wall']:6.2f} times" if first else ""
            print(f"  {name:26} wall {result['wall']:8.3f} s   peak {result['mb']:6.1f} MB{grown}", flush=True)
        first = first or results


if __name__ == "__main__":
    main()
