# card:
from fastapi import FastAPI
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    SimpleSpanProcessor,
    in_memory_span_exporter,
)

memory = in_memory_span_exporter.InMemorySpanExporter()
spans = TracerProvider()
spans.add_span_processor(SimpleSpanProcessor(memory))

app = FastAPI(telemetry={"tracer_provider": spans})

@app.get("/items/{item_id}")
def read(item_id: int):
    return {"item_id": item_id}
# end

import logging

import httpx2
from fastapi import BackgroundTasks, Depends
from fastapi.testclient import TestClient
from opentelemetry import propagate, trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

client = TestClient(app)
trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
traceparent = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}


def take():
    found = memory.get_finished_spans()
    memory.clear()
    return found


client.get("/items/7", headers=traceparent)
found = take()
for span in found:
    print(span.name)
whole = found[-1]
print(whole.attributes["http.route"], whole.attributes["http.response.status_code"])
# The trace that the caller began goes on; its span is the parent.
assert {f"{span.context.trace_id:032x}" for span in found} == {trace_id}
assert f"{whole.parent.span_id:016x}" == "00f067aa0ba902b7"
# The name has the route and not the path, so that all items count as one.
assert whole.name == "GET /items/{item_id}" and whole.attributes["url.path"] == "/items/7"

# A 422 is no failed span; its error is a log record without the input.
logs = InMemoryLogRecordExporter()
logger_provider = LoggerProvider()
logger_provider.add_log_record_processor(SimpleLogRecordProcessor(logs))
reader = InMemoryMetricReader()
other = FastAPI(
    telemetry={
        "tracer_provider": spans,
        "logger_provider": logger_provider,
        "meter_provider": MeterProvider(metric_readers=[reader]),
    }
)


@other.get("/items/{item_id}")
def read_item(item_id: int, one: int = Depends(lambda: 1)):
    return {"item_id": item_id}


def work():
    pass


@other.get("/task")
def task(tasks: BackgroundTasks):
    tasks.add_task(work)


@other.get("/broken")
def broken():
    raise LookupError("secret text")


quiet = TestClient(other, raise_server_exceptions=False)
assert quiet.get("/items/x").status_code == 422
assert [span.status.is_unset for span in take()][-1]
(record,) = (each.log_record for each in logs.get_finished_logs())
assert record.event_name == "fastapi.validation.failed" and "x" not in str(dict(record.attributes))
logs.clear()

quiet.get("/task")
assert "fastapi.background_task" in [span.name for span in take()]

assert quiet.get("/broken").status_code == 500
assert take()[-1].attributes["error.type"] == "LookupError"
(record,) = (each.log_record for each in logs.get_finished_logs())
# Records of errors hold the message and the traceback.
assert record.attributes["exception.message"] == "secret text"
assert "broken" in record.attributes["exception.stacktrace"]

names = {
    metric.name
    for each in reader.get_metrics_data().resource_metrics
    for scope in each.scope_metrics
    for metric in scope.metrics
}
assert names == {"http.server.request.duration", "http.server.active_requests"}, names

# Values of query parameters are in the span, but for those of signatures.
quiet.get("/items/7?token=abc&sig=def")
assert take()[-1].attributes["url.query"] == "token=abc&sig=REDACTED"

# An outgoing call carries no `traceparent` unless its client is instrumented, or you inject it.
sent: list[dict[str, str]] = []


@app.get("/calls")
def calls():
    echo = httpx2.MockTransport(lambda request: httpx2.Response(200, json=dict(request.headers)))
    with httpx2.Client(transport=echo) as other_service:
        sent.append(other_service.get("http://other").json())
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        sent.append(other_service.get("http://other", headers=carrier).json())


client.get("/calls", headers=traceparent)
assert "traceparent" not in sent[0] and trace_id in sent[1]["traceparent"]
take()

# `exclude` gets the ASGI scope; health checks need no traces.
excluded = FastAPI(telemetry={"tracer_provider": spans, "exclude": lambda scope: scope["path"] == "/health"})
excluded.get("/health")(lambda: "ok")
excluded.get("/other")(lambda: "ok")
TestClient(excluded).get("/health")
assert take() == ()
TestClient(excluded).get("/other")
assert take()[-1].name == "GET /other"

# Without a provider nothing is recorded, and the global one is used once there is one.
plain = FastAPI()
plain.get("/")(lambda: format(trace.get_current_span().get_span_context().trace_id, "x"))
assert TestClient(plain).get("/", headers=traceparent).json() == "0"
trace.set_tracer_provider(spans)
assert TestClient(plain).get("/", headers=traceparent).json() == trace_id
assert logging.getLogger("fastapi").handlers == []
