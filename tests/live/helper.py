"""MLflow's own client at the service of the live tests.

    python helper.py TRACKING_URI

Reads one JSON request per line, `{"call": name, "with": {…}}`, and answers each with one line, `{"ok": value}` or
`{"error": text}`. The tests set the scene and check results through it, never through the program they test.
"""

import base64
import json
import logging
import os
import random
import sqlite3
import sys
import time
import traceback

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"
logging.disable(logging.WARNING)

# Answers go to the real standard output; whatever MLflow prints must not get between them.
ANSWERS, sys.stdout = sys.stdout, sys.stderr

import mlflow  # noqa: E402
import requests  # noqa: E402
from google.protobuf.json_format import MessageToJson  # noqa: E402
from mlflow import MlflowClient  # noqa: E402
from mlflow.entities import Link, SpanEvent, Trace, TraceData, TraceInfo  # noqa: E402
from mlflow.entities.assessment_source import AssessmentSource  # noqa: E402
from mlflow.entities.span import Span  # noqa: E402
from mlflow.entities.span_status import SpanStatus  # noqa: E402
from mlflow.entities.trace_location import TraceLocation  # noqa: E402
from mlflow.entities.trace_state import TraceState  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracing.attachments import Attachment  # noqa: E402
from mlflow.tracing.client import TracingClient  # noqa: E402
from mlflow.tracing.utils import build_otel_context, dump_span_attribute_value  # noqa: E402
from opentelemetry.sdk.resources import Resource  # noqa: E402
from opentelemetry.sdk.trace import Event, ReadableSpan  # noqa: E402

CALLS = {}


def call(function):
    CALLS[function.__name__] = function
    return function


def client():
    return MlflowClient(URI)


def tracing():
    return TracingClient(URI)


# ------------------------------------------------------------------------------------------------ experiments


@call
def use_workspace(name):
    """Works in a workspace from now on, which is created if it is not there."""
    answer = requests.post(URI + "/api/3.0/mlflow/workspaces", json={"name": name})
    if answer.json().get("error_code") != "RESOURCE_ALREADY_EXISTS":
        answer.raise_for_status()
    mlflow.set_workspace(name)


@call
def create_experiment(name):
    return client().create_experiment(name)


@call
def delete_experiment(experiment):
    client().delete_experiment(experiment)


# ---------------------------------------------------------------------------------------------------- seeding


def span(trace, number, name, kind, start_ns, end_ns, parent=None, attributes=None, status="OK", message="", events=()):
    otel_trace = int(trace.removeprefix("tr-"), 16)
    values = {"mlflow.traceRequestId": trace, "mlflow.spanType": kind, **(attributes or {})}
    return Span(
        ReadableSpan(
            name=name,
            context=build_otel_context(otel_trace, number),
            parent=build_otel_context(otel_trace, parent) if parent else None,
            start_time=start_ns,
            end_time=end_ns,
            attributes={key: dump_span_attribute_value(value) for key, value in values.items()},
            status=SpanStatus(status, message).to_otel_status(),
            resource=Resource.get_empty(),
            events=events,
        )
    )


def new_trace_id():
    return f"tr-{random.getrandbits(128) | 1 << 127:032x}"


def start_ms_of(spec):
    """`at_ms` is a moment, `age_s` seconds before now."""
    return spec.get("at_ms") or int((time.time() - spec.get("age_s", 60)) * 1000)


def spans_of(trace, spec):
    """A root and, inside it, a tool and a model call; an error happens in the tool and reaches the root."""
    start = start_ms_of(spec) * 1_000_000
    length = (spec.get("duration_ms") or 1000) * 1_000_000
    failed = spec.get("state") == "ERROR"
    error = {"status": "ERROR", "message": "ValueError: no such order"} if failed else {}
    exception = {
        "exception.type": "ValueError",
        "exception.message": "no such order",
        "exception.stacktrace": 'Traceback (most recent call last):\n  File "app.py", line 7, in find\nValueError: no such order\n',
    }
    events = [Event("exception", exception, start + length // 2)] if failed else ()
    model = {"mlflow.llm.model": spec.get("model", "gpt-4o-mini"), "mlflow.spanOutputs": {"content": spec.get("response", "It is on its way.")}}
    if tokens := spec.get("tokens"):
        model["mlflow.chat.tokenUsage"] = usage(tokens)
    ends = None if spec.get("state") == "IN_PROGRESS" else start + length
    inputs = {"mlflow.spanInputs": {"question": spec.get("request", "Where is my order?")}}
    outputs = {"mlflow.spanOutputs": spec.get("response", "It is on its way.")}
    return [
        span(trace, 1, spec.get("name", "agent"), "AGENT", start, ends, attributes={**inputs, **outputs}, **error),
        span(trace, 2, "find_order", "TOOL", start + length // 10, start + length // 2, 1, {"mlflow.spanInputs": {"order": 7}}, events=events, **error),
        span(trace, 3, "answer", "CHAT_MODEL", start + length // 2, start + length, 1, model),
    ]


def usage(tokens):
    into, out = tokens
    return {"input_tokens": into, "output_tokens": out, "total_tokens": into + out}


def info_of(experiment, trace, spec):
    metadata = dict(spec.get("metadata", {}))
    for key, name in (("session", "mlflow.trace.session"), ("user", "mlflow.trace.user")):
        if value := spec.get(key):
            metadata[name] = value
    if tokens := spec.get("tokens"):
        metadata["mlflow.trace.tokenUsage"] = json.dumps(usage(tokens))
    state = spec.get("state", "OK")
    return TraceInfo(
        trace_id=trace,
        trace_location=TraceLocation.from_experiment_id(experiment),
        request_time=start_ms_of(spec),
        execution_duration=None if state == "IN_PROGRESS" else spec.get("duration_ms", 1000),
        state=TraceState(state),
        client_request_id=spec.get("client_request_id"),
        request_preview=spec.get("request", "Where is my order?"),
        response_preview=spec.get("response", "It is on its way."),
        trace_metadata=metadata,
        tags={"mlflow.traceName": spec.get("name", "agent"), **spec.get("tags", {})},
    )


@call
def seed(experiment, traces):
    """Traces as described, each with three spans; returns their ids in the same order.

    A description may hold: name, state, at_ms or age_s, duration_ms, request, response, client_request_id, session,
    user, model, tokens ([in, out]), tags, metadata, feedback and expectations (objects of name and value).
    """
    specs = [(new_trace_id(), {**spec, "at_ms": start_ms_of(spec)}) for spec in traces]
    store = tracing().store
    store.log_spans(experiment, [span for trace, spec in specs for span in spans_of(trace, spec)])
    for trace, spec in specs:
        # After the spans, so that what is said here wins over what the server derived from them.
        store.start_trace(info_of(experiment, trace, spec))
        for name, value in spec.get("feedback", {}).items():
            mlflow.log_feedback(trace_id=trace, name=name, value=value)
        for name, value in spec.get("expectations", {}).items():
            mlflow.log_expectation(trace_id=trace, name=name, value=value)
    return [trace for trace, _ in specs]


@call
def seed_many(experiment, count, age_s, tags=None, step_s=1):
    """Many traces of one span each, a second apart and the oldest first, sent as one OpenTelemetry request."""
    start = int((time.time() - age_s) * 1000) * 1_000_000
    traces = [new_trace_id() for _ in range(count)]
    attributes = {f"mlflow.traceTag.{key}": value for key, value in (tags or {}).items()}
    spans = [
        span(trace, 1, "bulk", "CHAIN", moment, moment + 5_000_000, attributes=attributes)
        for trace, moment in zip(traces, (start + number * step_s * 10**9 for number in range(count)))
    ]
    tracing().store.log_spans(experiment, spans)
    return traces


@call
def metrics(experiment, view, name, aggregations, dimensions=()):
    """What the server's own route for metrics says of an experiment."""
    body = {
        "experiment_ids": [experiment],
        "view_type": view,
        "metric_name": name,
        "aggregations": aggregations,
        "dimensions": list(dimensions),
    }
    response = requests.post(f"{URI}/api/3.0/mlflow/traces/metrics", json=body)
    response.raise_for_status()
    return response.json().get("data_points", [])


@call
def late_span(experiment, trace):
    """One more span of a trace of one span, within the time of that span."""
    known = client().get_trace(trace).data.spans[0]
    late = span(trace, 2, "late", "TOOL", known.start_time_ns + 1_000_000, known.end_time_ns - 1_000_000, 1)
    tracing().store.log_spans(experiment, [late])


@call
def seed_groups(experiment, groups):
    """Groups of traces of one span each, sent as one OpenTelemetry request; a group has a count, age_s and tags. Returns the
    ids of each group."""
    found, spans = [], []
    for group in groups:
        start = int((time.time() - group["age_s"]) * 1000) * 1_000_000
        attributes = {f"mlflow.traceTag.{key}": value for key, value in group.get("tags", {}).items()}
        ids = [new_trace_id() for _ in range(group["count"])]
        for number, trace in enumerate(ids):
            moment = start + number * 10**9
            spans.append(span(trace, 1, "group", "CHAIN", moment, moment + 5_000_000, attributes=attributes))
        found.append(ids)
    tracing().store.log_spans(experiment, spans)
    return found


@call
def seed_world(experiment, free):
    """Old traces of one span each that are free to go, and one for each reason to keep a trace. Returns both; those that
    are kept by their reason."""
    age, day = 40 * 86_400, 86_400
    start = int((time.time() - age) * 1000) * 1_000_000
    second = 10**9

    def one(name, moment, kind="CHAIN", attributes=None):
        trace = new_trace_id()
        return trace, span(trace, 1, name, kind, moment, moment + 5_000_000, attributes=attributes)

    def tagged(key, value):
        return {f"mlflow.traceTag.{key}": value}

    loose = [one("free", start + number * second, attributes=tagged("number", str(number))) for number in range(free)]
    tag = one("kept by a tag", start, attributes=tagged("keep", "true"))
    name = one("precious", start)
    kind = one("kept by a type", start, "GUARDRAIL")
    linked = one("linked", start)
    cut = one("cut", start)
    # A session is judged by one of its traces, the other has nothing of its own.
    judged, silent = one("judged", start), one("silent", start)
    young = one("young", start + age * second - day * second)
    store = tracing().store
    kept = {"tag": tag, "name": name, "type": kind, "link": linked, "cut": cut, "judged": judged, "session": silent, "young": young}
    store.log_spans(experiment, [span for _, span in [*loose, *kept.values()]])
    reasons = {reason: trace for reason, (trace, _) in kept.items()}
    run = client().create_run(experiment).info.run_id
    client().link_traces_to_run([reasons["link"]], run)
    for reason, (trace, only) in kept.items():
        metadata = {"judged": {"mlflow.trace.session": "s"}, "session": {"mlflow.trace.session": "s"}}
        metadata["cut"] = {"note": "x" * 300 + "LEGAL HOLD"}
        if reason in metadata:
            start_by_hand(experiment, trace, {"at_ms": only.start_time_ns // 1_000_000, "duration_ms": 5}, metadata[reason])
    log_session_feedback(reasons["judged"], "helpful", True, "s")
    spec = {"age_s": age, "name": "precious"}
    reasons["file"] = seed_span_file(experiment, spec=spec)
    reasons["in progress"] = seed_span_file(experiment, spec={"age_s": age, "state": "IN_PROGRESS", "name": "cheap"})
    cheap = seed_span_file(experiment, spec={"age_s": age, "name": "cheap"})
    return {"free": [*(trace for trace, _ in loose), cheap], "kept": reasons}


def start_by_hand(experiment, trace, spec, metadata, tags=None):
    """Starts a trace with values that MLflow's client would cut before it sends them."""
    body = json.loads(MessageToJson(info_of(experiment, trace, spec).to_proto(), preserving_proto_field_name=True))
    body["trace_metadata"] = {**body.get("trace_metadata", {}), **metadata}
    body["tags"] = {**body.get("tags", {}), **(tags or {})}
    response = requests.post(f"{URI}/api/3.0/mlflow/traces", json={"trace": {"trace_info": body}})
    response.raise_for_status()


@call
def change_one(experiment, trace, how):
    """What somebody else does to a trace between a plan and its end, so that it is to be kept."""
    known = client().get_trace(trace)
    if how == "span":
        first = known.data.spans[0]
        late = span(trace, 2, "precious", "TOOL", first.start_time_ns + 1_000, first.end_time_ns - 1_000, 1)
        tracing().store.log_spans(experiment, [late])
    elif how == "again":
        log_again(experiment, trace, {"age_s": 5})
    elif how == "feedback":
        log_feedback(trace, "helpful", True)
    elif how == "link":
        link_to_run(experiment, [trace])
    else:
        set_tag(trace, "keep", "true")


@call
def seed_showcase(experiment):
    """One trace recorded the way applications record them, with everything that is hard to carry over."""
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_span("earlier", span_type="TASK") as earlier:
        earlier.set_outputs("done")
    trace_id = None
    try:
        with mlflow.start_span("agent", span_type="AGENT") as root:
            trace_id = root.trace_id
            mlflow.update_current_trace(
                tags={"team": "söðrun", "empty": ""},
                metadata={"mlflow.trace.session": "sess-é", "mlflow.trace.user": "user 東京", "build": "7"},
                client_request_id="req-✓",
            )
            root.set_inputs({"question": "Où est ma commande ? 📦", "\u001b[31mred": "a\u202eb\tc\nd", "n": 2**53 + 1})
            with mlflow.start_span("embed", span_type="EMBEDDING") as embedding:
                embedding.set_outputs([0.1, -1e-7, 1e22, 1.0, float("nan"), float("inf"), float("-inf")])
                embedding.set_attributes({"n": 5, "f": 0.30000000000000004, "t": True, "none": None, "nested": {"a": [1, {"b": []}]}})
            link = Link(trace_id=earlier.trace_id, span_id=earlier.span_id, attributes={"why": "follow-up"})
            with mlflow.start_span("answer", span_type="CHAT_MODEL", links=[link]) as answer:
                answer.set_attribute("mlflow.chat.tokenUsage", usage([12, 34]))
                answer.add_event(SpanEvent("retry", attributes={"attempt": 2, "after_s": 0.5}))
                raise ValueError("no such order: “7”")
    except ValueError:
        pass
    judge = AssessmentSource(source_type="LLM_JUDGE", source_id="judge-1")
    mlflow.log_feedback(trace_id=trace_id, name="score", value=0.1, source=judge, rationale="ça va", metadata={"k": "v"})
    mlflow.log_feedback(trace_id=trace_id, name="parts", value={"a": [1, 2.5], "b": None})
    mlflow.log_expectation(trace_id=trace_id, name="facts", value=["Paris", 7, {"x": "é"}])
    return trace_id


def span_file_url(trace):
    location = tracing().get_trace_info(trace).tags["mlflow.artifactLocation"].removeprefix("mlflow-artifacts:/")
    return f"{URI}/api/2.0/mlflow-artifacts/artifacts/{location}/traces.json"


@call
def seed_span_file(experiment, text=None, spec=None):
    """A trace whose spans are in a file of artifacts, as MLflow before 3.6 left them; in the text `TRACE_ID` is
    its id and `TRACE` the same in base64."""
    trace, spec = new_trace_id(), {"at_ms": start_ms_of(spec or {}), **(spec or {})}
    tracing().store.start_trace(info_of(experiment, trace, spec))
    if text is None:
        text = json.dumps({"spans": [span.to_dict() for span in spans_of(trace, spec)]})
    encoded = base64.b64encode(bytes.fromhex(trace.removeprefix("tr-"))).decode()
    requests.put(span_file_url(trace), data=text.replace("TRACE_ID", trace).replace("TRACE", encoded).encode()).raise_for_status()
    return trace


@call
def delete_span_file(trace):
    requests.delete(span_file_url(trace)).raise_for_status()


@call
def set_artifact_location(trace, value):
    """What MLflow's own client does not do, and servers before 3.18 do. Whether this one did."""
    body = {"key": "mlflow.artifactLocation", "value": value}
    answer = requests.patch(f"{URI}/api/2.0/mlflow/traces/{trace}/tags", json=body)
    if answer.status_code == 400 and "immutable" in answer.text:
        return False
    answer.raise_for_status()
    return True


@call
def put_artifact(path):
    requests.put(f"{URI}/api/2.0/mlflow-artifacts/artifacts/{path}", data=b"x").raise_for_status()


@call
def list_artifacts(path):
    answer = requests.get(f"{URI}/api/2.0/mlflow-artifacts/artifacts", params={"path": path})
    answer.raise_for_status()
    return sorted(file["path"] for file in answer.json().get("files", []))


@call
def seed_otlp(experiment, inputs):
    """A trace of one span sent by an OpenTelemetry client whose inputs are this JSON text."""
    trace, now = new_trace_id(), time.time_ns()
    span = {
        "traceId": trace.removeprefix("tr-"),
        "spanId": "00000000000000aa",
        "name": "otlp",
        "startTimeUnixNano": str(now),
        "endTimeUnixNano": str(now + 1000),
        "attributes": [{"key": "mlflow.spanInputs", "value": {"stringValue": inputs}}],
        "status": {"code": 1},
    }
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    requests.post(f"{URI}/v1/traces", json=body, headers={"x-mlflow-experiment-id": experiment}).raise_for_status()
    return trace


@call
def seed_attachments(experiment, age_s, texts):
    """A trace whose inputs are attachments with these contents, logged as applications log them."""
    start = int((time.time() - age_s) * 1000) * 1_000_000
    span = mlflow.start_span_no_context("look", experiment_id=experiment, start_time_ns=start)
    span.set_inputs([Attachment(content_type="image/png", content_bytes=text.encode()) for text in texts])
    span.end(end_time_ns=start + 10**9)
    return span.trace_id


@call
def attachments(trace):
    """What the server has of the attachments that the inputs of a trace refer to; none of what it does not have."""
    found = []
    for reference in client().get_trace(trace).data.spans[0].inputs:
        query = {"request_id": trace, "path": Attachment.parse_ref(reference)["attachment_id"]}
        answer = requests.get(f"{URI}/ajax-api/2.0/mlflow/get-trace-artifact", params=query)
        found.append(answer.text if answer.ok else None)
    return found


def attachments_url(trace):
    return span_file_url(trace).removesuffix("traces.json") + "attachments"


@call
def delete_attachments(trace):
    requests.delete(attachments_url(trace)).raise_for_status()


@call
def seed_genai(experiment, operation, age_s):
    """A trace that came over OpenTelemetry's protocol, as instrumented applications send it: no attribute of MLflow's own."""
    trace, start = new_trace_id(), int((time.time() - age_s) * 1000) * 1_000_000
    span = {
        "traceId": trace.removeprefix("tr-"),
        "spanId": "00000000000000ab",
        "name": f"{operation} gpt-4o",
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + 10**9),
        "attributes": [
            {"key": "gen_ai.operation.name", "value": {"stringValue": operation}},
            {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4o"}},
        ],
        "status": {"code": 1},
    }
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    requests.post(f"{URI}/v1/traces", json=body, headers={"x-mlflow-experiment-id": experiment}).raise_for_status()
    return trace


@call
def link_to_run(experiment, traces):
    """Links traces to a new run of the experiment; returns its id."""
    run = client().create_run(experiment).info.run_id
    client().link_traces_to_run(traces, run)
    return run


@call
def seed_long(experiment, age_s, metadata, tags):
    """A trace whose values are longer than what MLflow's client sends and a server returns."""
    trace = new_trace_id()
    store = tracing().store
    spec = {"age_s": age_s}
    store.log_spans(experiment, spans_of(trace, spec))
    start_by_hand(experiment, trace, spec, metadata, tags)
    return trace


@call
def log_again(experiment, trace, spec):
    """Starts a trace anew under an id that is there."""
    tracing().store.start_trace(info_of(experiment, trace, spec))


@call
def seed_odd(experiment):
    """Traces that other ways of recording leave: without spans, with spans in a file, with an id of another kind, through
    OpenTelemetry alone, and with assessments that override one another."""
    store = tracing().store
    without_spans, in_file, overridden = new_trace_id(), new_trace_id(), new_trace_id()
    by_hand = f"by-hand-{random.getrandbits(64):x}"
    store.start_trace(info_of(experiment, without_spans, {"metadata": {"mlflow.trace.sizeStats": '{"num_spans": 0}'}}))
    for trace in (in_file, by_hand):
        spec = {"at_ms": start_ms_of({}), "tags": {"kept": "in a file"}}
        info = store.start_trace(info_of(experiment, trace, spec))
        spans = spans_of(in_file, {**spec, "state": "ERROR"})
        tracing()._upload_trace_data(info, TraceData(spans))
    spec = {"at_ms": start_ms_of({})}
    store.log_spans(experiment, spans_of(overridden, spec))
    store.start_trace(info_of(experiment, overridden, spec))
    first = log_feedback(overridden, "score", 1)
    second = override_feedback(overridden, first, 2)
    override_feedback(overridden, second, {"a": [3]})
    return [without_spans, in_file, by_hand, overridden, *seed_many(experiment, 2, 500, {"k": "v"})]


@call
def set_tag(trace, key, value):
    client().set_trace_tag(trace, key, value)


@call
def set_tag_if_there(trace, key, value):
    try:
        client().set_trace_tag(trace, key, value)
    except MlflowException:
        if info(trace) is not None:
            raise


@call
def delete_traces(experiment, traces):
    client().delete_traces(experiment, trace_ids=traces)


@call
def delete_tag(trace, key):
    client().delete_trace_tag(trace, key)


@call
def log_feedback(trace, name, value):
    return mlflow.log_feedback(trace_id=trace, name=name, value=value).assessment_id


@call
def log_session_feedback(trace, name, value, session):
    """Feedback that counts for every trace of the session."""
    metadata = {"mlflow.trace.session": session}
    return mlflow.log_feedback(trace_id=trace, name=name, value=value, metadata=metadata).assessment_id


@call
def log_expectation(trace, name, value):
    return mlflow.log_expectation(trace_id=trace, name=name, value=value).assessment_id


@call
def override_feedback(trace, assessment, value):
    return mlflow.override_feedback(trace_id=trace, assessment_id=assessment, value=value).assessment_id


@call
def delete_assessment(trace, assessment):
    mlflow.delete_assessment(trace_id=trace, assessment_id=assessment)


@call
def create_label_schema(experiment, name, kind, input):
    """With the input whose fields are given."""
    from mlflow.genai.label_schemas import label_schemas as schemas

    kinds = {"options": "InputCategorical", "min_value": "InputNumeric", "max_length": "InputText"}
    input_type = next((kinds[key] for key in input if key in kinds), "InputPassFail")
    schema = getattr(schemas, input_type)(**input)
    tracing().store.create_label_schema(experiment, name=name, type=schemas.LabelSchemaType(kind), input=schema)


# ----------------------------------------------------------------------------------------------------- reading


@call
def search(experiments, filter=None, order_by=None):
    """The ids of all traces that match, in MLflow's order."""
    ids, token = [], None
    while True:
        page = client().search_traces(
            locations=experiments,
            filter_string=filter,
            order_by=order_by,
            max_results=500,
            page_token=token,
            include_spans=False,
        )
        ids += [trace.info.trace_id for trace in page]
        token = page.token
        if not token:
            return ids


@call
def traces(experiment):
    """Every trace of an experiment with its spans, as MLflow's own JSON."""
    page = client().search_traces(locations=[experiment], max_results=500, include_spans=True)
    return [json.loads(trace.to_json()) for trace in page]


@call
def merged_dataset(experiment, name):
    """A dataset of all traces of an experiment, as MLflow's client makes it."""
    dataset = mlflow.genai.datasets.create_dataset(name=name, experiment_id=experiment)
    traces = client().search_traces(locations=[experiment], max_results=500, include_spans=True)
    dataset.merge_records([trace for trace in traces if trace.data.spans[0].inputs is not None])
    return dataset.dataset_id


@call
def dataset_records(dataset):
    """What MLflow's client reads of a dataset."""
    records = mlflow.genai.datasets.get_dataset(dataset_id=dataset).to_df()
    return json.loads(records[["inputs", "outputs", "expectations"]].to_json(orient="records"))


def in_database(uri, experiment, with_spans):
    """What MLflow's client says of all traces of an experiment that reads their database itself."""
    found, token = [], None
    while True:
        page = MlflowClient(uri).search_traces(locations=[experiment], max_results=200, page_token=token, include_spans=with_spans)
        found, token = [*found, *page], page.token
        if not token:
            return found


@call
def infos_in(uri, experiment):
    infos = [trace.info for trace in in_database(uri, experiment, False)]
    # What it makes of them in JSON is cut, what it has read is not.
    whole = [{"trace_metadata": info.trace_metadata, "tags": info.tags} for info in infos]
    return [{"info": {**info.to_dict(), **{key: value for key, value in maps.items() if value}}} for info, maps in zip(infos, whole)]


@call
def traces_in(uri, experiment):
    located = [trace for trace in in_database(uri, experiment, False) if "mlflow.trace.spansLocation" in trace.info.tags]
    return [json.loads(MlflowClient(uri).get_trace(trace.info.trace_id).to_json()) for trace in located]


@call
def archived_copy(uri, folder):
    """A copy of a database of SQLite of which MLflow has archived all traces that it can, in files; and how many."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    with sqlite3.connect(uri.removeprefix("sqlite:///")) as source, sqlite3.connect(f"{folder}/copy.db") as target:
        source.backup(target)
    copy = f"sqlite:///{folder}/copy.db"
    store = SqlAlchemyStore(copy, folder)
    store._get_archive_traces_now_millis = lambda: 2**42
    count = store.archive_traces(resolved_trace_archival_location=f"file://{folder}/archive", broader_retention="1m")
    return {"uri": copy, "count": count}


@call
def states(experiment):
    """The tags and the assessments, overridden ones too, of every trace of an experiment that has 500 at the most."""
    page = client().search_traces(locations=[experiment], max_results=500, include_spans=False)
    assert not page.token
    infos = [trace.info for trace in page]
    return {
        info.trace_id: {"tags": info.tags, "assessments": [one.to_dictionary() for one in info.assessments]} for info in infos
    }


@call
def info(trace):
    """The info of a trace as MLflow's own JSON; null if there is no such trace."""
    try:
        return tracing().get_trace_info(trace).to_dict()
    except MlflowException as error:
        if error.error_code in ("RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"):
            return None
        raise


@call
def trace(trace):
    """A whole trace as MLflow's own JSON, read and written once more: only that turns the end 0 of an open span into null."""
    return load(client().get_trace(trace, display=False).to_json())


@call
def assessments(trace):
    return [assessment.to_dictionary() for assessment in tracing().get_trace_info(trace).assessments]


@call
def load(text):
    """What MLflow makes of a text that should be trace JSON."""
    return json.loads(Trace.from_json(text).to_json())


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": CALLS[request["call"]](**request["with"])}
        except Exception:
            answer = {"error": traceback.format_exc()}
        ANSWERS.write(json.dumps(answer) + "\n")
        ANSWERS.flush()


if __name__ == "__main__":
    URI = sys.argv[1]
    mlflow.set_tracking_uri(URI)
    main()
