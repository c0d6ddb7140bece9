from fastapi import APIRouter, Request
from fastapi.testclient import TestClient

# card:
from typing import Annotated

from fastapi import FastAPI, Form, UploadFile

app = FastAPI(
    max_body_size=1000,
    form_limits={"max_fields": 2, "max_part_size": 100},
)

@app.post("/form")
def form(text: Annotated[str, Form()] = ""):
    return len(text)

@app.post("/file", max_body_size=5000)
def file(upload: UploadFile):
    return upload.size
# end

client = TestClient(app)
results = [
    ("/form three fields", client.post("/form", data={"text": "a", "b": "b", "c": "c"}), 400),
    ("/form field of 200 bytes", client.post("/form", data={"text": "x" * 200}), 400),
    ("/form body of 2000 bytes", client.post("/form", data={"text": "x" * 2000}), 413),
    ("/file file of 3000 bytes", client.post("/file", files={"upload": b"x" * 3000}), 200),
    ("/file file of 6000 bytes", client.post("/file", files={"upload": b"x" * 6000}), 413),
]
for name, response, status in results:
    print(f"{name:24} {response.status_code}")
    assert response.status_code == status, name
assert results[0][1].json() == {"detail": "Too many fields. Maximum number of fields is 2."}
assert results[3][1].json() == 3000
assert not {"400", "413"} & set(app.openapi()["paths"]["/form"]["post"]["responses"])

# The limit of a body is inherited from app to router to route; the closest number wins, up or down.
router = APIRouter(prefix="/small", max_body_size=10)


async def size(request: Request):
    return len(await request.body())


router.post("/inherits", max_body_size=None)(size)
router.post("/more", max_body_size=100)(size)
router.post("/empty", max_body_size=0)(size)
app.include_router(router)
for path, length, status in [
    ("/small/inherits", 10, 200),
    ("/small/inherits", 11, 413),
    ("/small/more", 100, 200),
    ("/small/empty", 0, 200),
    ("/small/empty", 1, 413),
]:
    assert client.post(path, content=b"x" * length).status_code == status, (path, length)

# The parent's limit covers a mounted app.
sub = FastAPI()
sub.post("/size")(size)
main = FastAPI(max_body_size=10)
main.mount("/sub", sub)
assert TestClient(main).post("/sub/size", content=b"x" * 11).status_code == 413

# A middleware that reads the body first does so under the limit of the app, not of the route.
early = FastAPI(max_body_size=10)
early.post("/size", max_body_size=100)(size)


@early.middleware("http")
async def read_first(request: Request, call_next):
    if "read" in request.query_params:
        await request.body()
    return await call_next(request)


assert TestClient(early).post("/size", content=b"x" * 50).status_code == 200
assert TestClient(early).post("/size?read=1", content=b"x" * 50).status_code == 413

# An endpoint that reads no body runs, and only its answer is replaced. In chunks, without a declared length, nothing
# is even counted.
log: list[str] = []


@app.post("/unread")
def unread():
    log.append("ran")
    return "done"


def chunks():
    yield b"x" * 3000
    yield b"x" * 3000


assert client.post("/unread", content=b"x" * 2000).status_code == 413 and log == ["ran"]
assert client.post("/unread", content=chunks()).status_code == 200 and log == ["ran", "ran"]
# Where the body is read, chunks are counted as they arrive.
assert client.post("/file", content=chunks(), headers=results[3][1].request.headers).status_code in (400, 413)
assert client.post("/small/more", content=chunks()).status_code == 413


# A form that the endpoint parses itself has its own limits.
@app.post("/own")
async def own(request: Request):
    return len(await request.form())


assert client.post("/own", data={"a": "1", "b": "2", "c": "3"}).json() == 3

# One key set on a route leaves the others as they were.
app.post("/three", form_limits={"max_fields": 3})(form)
assert client.post("/three", data={"text": "a", "b": "b", "c": "c"}).status_code == 200
assert client.post("/three", data={"text": "x" * 200}).status_code == 400

# max_files, and the limits that hold without any setting: 1000 fields, and 1 MiB for a text field.
files = FastAPI(form_limits={"max_files": 1})
files.post("/form")(form)
assert TestClient(files).post("/form", files={"a": b"1"}).status_code == 200
assert TestClient(files).post("/form", files={"a": b"1", "b": b"2"}).status_code == 400
plain = FastAPI()
plain.post("/form")(form)
for fields, status in [(1000, 200), (1001, 400)]:
    assert TestClient(plain).post("/form", data={f"f{n}": "1" for n in range(fields)}).status_code == status
for length, status in [(1_000_000, 200), (1_100_000, 400)]:
    assert TestClient(plain).post("/form", data={"text": "x" * length}).status_code == status

# A misspelled key is an error when the app is created.
try:
    FastAPI(form_limits={"max_field": 1})  # type: ignore[typeddict-unknown-key]
except ValueError:
    pass
else:
    raise AssertionError("unknown keys pass")
