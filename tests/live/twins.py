"""Two traces that are alike, one of which MLflow's own store changes: what the program makes of the other must be the same.

    python twins.py DATABASE_URI COMMAND [JSON]

`make` prints their experiment and ids. `change ID` makes every call on a trace that `twins.rs` makes by command lines. `rows ID`
prints what the tables have of it. `seed NUMBER` prints the ids of so many traces with rows in every table. `tag ID KEY VALUE` sets a
tag that no client may set. `delete EXPERIMENT IDS` deletes. `sums` turns the sums of each day on. `dump` prints a checksum of every
table.
"""

import datetime
import hashlib
import json
import logging
import os
import sys
import time

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
logging.disable(logging.WARNING)

from sqlalchemy import MetaData, create_engine, text  # noqa: E402

URI, COMMAND = sys.argv[1:3]
# What only looks at tables, or fills them by itself, does without MLflow, whose import takes seconds.
if COMMAND not in {"rows", "sums", "dump"}:
    from mlflow import MlflowClient
    from mlflow.entities import Expectation, Feedback, TraceInfo
    from mlflow.entities.assessment import ExpectationValue, FeedbackValue
    from mlflow.entities.assessment_source import AssessmentSource
    from mlflow.entities.span import Span
    from mlflow.entities.trace_location import TraceLocation
    from mlflow.entities.trace_state import TraceState
    from mlflow.tracing.client import TracingClient
    from mlflow.tracing.utils import build_otel_context
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan

    STORE = TracingClient(URI).store
    JANE, JUDGE = AssessmentSource("HUMAN", "jane"), AssessmentSource("LLM_JUDGE", "gpt")
START_MS = 1_700_000_000_000


def trace(experiment, number, name="agent"):
    id = "tr-" + hashlib.md5(f"{time.time_ns()} {number}".encode()).hexdigest()
    start = (START_MS + number) * 10**6
    attributes = {"mlflow.traceRequestId": json.dumps(id), "mlflow.spanType": '"CHAIN"'}
    inner = ReadableSpan(
        name=name,
        context=build_otel_context(int(id.removeprefix("tr-"), 16), number + 1),
        resource=Resource.get_empty(),
        attributes=attributes,
        start_time=start,
        end_time=start + 5_000_000,
    )
    STORE.log_spans(experiment, [Span(inner)])
    STORE.start_trace(
        TraceInfo(
            trace_id=id,
            trace_location=TraceLocation.from_experiment_id(experiment),
            request_time=START_MS + number,
            execution_duration=5,
            state=TraceState.OK,
            trace_metadata={"note": "ä"},
            tags={"mlflow.traceName": name, "old": "tag", "kept": "x"},
        )
    )
    return id


def make():
    experiment = MlflowClient(URI).create_experiment(f"twins-{time.time_ns()}")
    return {"experiment": experiment, "ids": [trace(experiment, 1), trace(experiment, 1)]}


def named(id, name):
    found = [one for one in STORE.get_trace_info(id).assessments if one.name == name]
    return max(found, key=lambda one: one.create_time_ms).assessment_id


def change(id):
    """What `twins.rs` does by command lines."""
    for key, value in [("env", "dev"), ("env", "prod"), ("a b/c:d.e-1", "it's \"a\\b\" ✓ 50%"), ("empty", ""), ("mlflow.traceName", "näme"), ("gone", "x")]:
        STORE.set_trace_tag(id, key, value)
    for key in ["gone", "old"]:
        STORE.delete_trace_tag(id, key)
    feedback = [
        ("truth", True, None, None, JANE),
        ("number", 4, "why é 📦", {"k": "v", "mlflow.assessment.sourceRunId": "0123456789abcdef0123456789abcdef"}, JUDGE),
        ("fraction", 0.5, None, None, JUDGE),
        ("large", 10**15, None, None, JUDGE),
        ("word", " Yes ", None, None, JANE),
        ("no", "NO", None, None, JANE),
        ("list", ["a", 1, None], None, None, JANE),
        ("object", {"b": 1, "a": {"c": "ü"}}, None, None, JANE),
        ("updated", True, "old", {"a": "1", "b": "2"}, JANE),
        ("overridden", True, None, None, JANE),
        ("restored", True, None, None, JANE),
        ("deleted", True, None, None, JANE),
    ]
    for name, value, rationale, metadata, source in feedback:
        STORE.create_assessment(Feedback(name=name, value=value, rationale=rationale, metadata=metadata, source=source, trace_id=id))
    for name, value in [("answer", "Paris"), ("facts", ["a", 1.5, {"b": None}]), ("count", 3), ("changed", "x")]:
        STORE.create_assessment(Expectation(name=name, value=value, source=JANE, trace_id=id))
    STORE.update_assessment(id, named(id, "updated"), feedback=FeedbackValue(value="no"), rationale="", metadata={"b": "3", "c": "é"})
    STORE.update_assessment(id, named(id, "fraction"), name="renamed")
    STORE.update_assessment(id, named(id, "changed"), expectation=ExpectationValue(value=[1]), metadata={"m": "n"})
    for name in ["overridden", "restored"]:
        new = Feedback(name=name, value=False, rationale="no", source=JUDGE, trace_id=id, overrides=named(id, name))
        STORE.create_assessment(new)
    STORE.delete_assessment(id, named(id, "restored"))
    STORE.delete_assessment(id, named(id, "deleted"))


# Different by nature: ids and clocks.
CLOCKS = {"created_timestamp", "last_updated_timestamp"}


def rows(id):
    found = {}
    with create_engine(URI).connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, column in [("trace_info", "request_id"), ("trace_tags", "request_id"), ("trace_request_metadata", "request_id"), ("assessments", "trace_id"), ("spans", "trace_id")]:
            table = tables.tables[name]
            all = [dict(row._mapping) for row in connection.execute(table.select().where(table.c[column] == id))]
            names = {row["assessment_id"]: f"{row['name']} {row['value']}" for row in all if "assessment_id" in row}
            for row in all:
                if name == "assessments":
                    row["was_updated"] = row["last_updated_timestamp"] > row["created_timestamp"]
                    row["overrides"] = names.get(row["overrides"], row["overrides"])
                    del row["assessment_id"]
                for clock in CLOCKS & row.keys():
                    assert abs(row[clock] / 1000 - time.time()) < 3600, row
                    del row[clock]
            hexes = id.removeprefix("tr-")
            lines = [json.dumps(row, sort_keys=True, default=str).replace(hexes, "ID") for row in all]
            # Spans name their traces in base64, too.
            found[name] = sorted(line for line in lines if name != "spans") or len(lines)
    return found


def seed(number):
    experiment = MlflowClient(URI).create_experiment(f"doomed-{time.time_ns()}")
    ids = [trace(experiment, n, "doomed") for n in range(number)]
    run = MlflowClient(URI).create_run(experiment).info.run_id
    MlflowClient(URI).link_traces_to_run(ids[:4], run)
    with create_engine(URI).begin() as connection:
        def add(table, **row):
            columns, places = ", ".join(quoted(connection, key) for key in row), ", ".join(f":{key}" for key in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), row)

        queue = f"rq-{time.time_ns()}"
        add("review_queues", queue_id=queue, experiment_id=int(experiment), name="q", name_key="q", queue_type="custom", creation_time_ms=1, last_update_time_ms=1)
        for id in ids:
            add("review_queue_items", queue_id=queue, item_type="trace", item_id=id, status="pending", creation_time_ms=1, last_update_time_ms=1)
            add("trace_metrics", request_id=id, key="m", value=1.0)
            span = connection.execute(text("SELECT span_id FROM spans WHERE trace_id = :id"), {"id": id}).scalar()
            add("span_metrics", trace_id=id, span_id=span, key="m", value=1.0)
    for id in ids:
        STORE.create_assessment(Feedback(name="good", value=True, source=JANE, trace_id=id))
    return {"experiment": experiment, "ids": ids}


def quoted(connection, name):
    return connection.dialect.identifier_preparer.quote(name)


def tag(id, key, value):
    """A tag that no client may set."""
    with create_engine(URI).begin() as connection:
        key_column = quoted(connection, "key")
        connection.execute(text(f"DELETE FROM trace_tags WHERE request_id = :id AND {key_column} = :key"), {"id": id, "key": key})
        if value is not None:
            connection.execute(
                text(f"INSERT INTO trace_tags ({key_column}, value, request_id) VALUES (:key, :value, :id)"),
                {"id": id, "key": key, "value": value},
            )


def delete(experiment, ids):
    return STORE.delete_traces(experiment, trace_ids=ids)


def sums():
    """What a server leaves that keeps sums of each day."""
    with create_engine(URI).begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        table = tables.tables["sql_trace_rollup_rebuild_queue"]
        odd = {str: "x", datetime.date: datetime.date(2026, 1, 1)}
        row = {column.name: odd.get(column.type.python_type, 1) for column in table.columns}
        connection.execute(table.insert().values(row))


def dump():
    sums = {}
    with create_engine(URI).connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, table in sorted(tables.tables.items()):
            lines = sorted(json.dumps(list(row), default=str) for row in connection.execute(table.select()))
            sums[name] = [len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()]
    return sums


COMMANDS = {"make": make, "change": change, "rows": rows, "seed": seed, "tag": tag, "delete": delete, "sums": sums, "dump": dump}

if __name__ == "__main__":
    print(json.dumps(COMMANDS[COMMAND](*json.loads(sys.argv[3]))))
