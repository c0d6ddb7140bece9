# card:
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()

class SoldOut(Exception):
    def __init__(self, sku: str):
        self.sku = sku

@app.exception_handler(SoldOut)
def sold_out(request: Request, exc: SoldOut):
    return JSONResponse({"sold_out": exc.sku}, 409)

@app.get("/items/{sku}")
def read(sku: str):
    if sku == "x":
        raise HTTPException(404, {"sku": sku})
    if sku == "lamp":
        raise SoldOut(sku)
    raise ValueError(sku)
# end

from fastapi import Response
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException as StarletteHTTPException

client = TestClient(app, raise_server_exceptions=False)
replies = {path: client.get(path) for path in ("/items/x", "/items/lamp", "/items/cup", "/nowhere")}
for path, reply in replies.items():
    print(f"{path:<11} {reply.status_code} {reply.text}")

missing, lamp, cup, nowhere = replies.values()
assert (missing.status_code, missing.json()) == (404, {"detail": {"sku": "x"}})
assert (lamp.status_code, lamp.json()) == (409, {"sold_out": "lamp"})
# Unhandled: plain text, no detail, and the exception goes on to the server, which logs it.
assert (cup.status_code, cup.text) == (500, "Internal Server Error")
assert cup.headers["content-type"].startswith("text/plain")
try:
    TestClient(app).get("/items/cup")
    raise AssertionError
except ValueError as error:
    assert str(error) == "cup"
assert (nowhere.status_code, nowhere.json()) == (404, {"detail": "Not Found"})

# FastAPI's class is a subclass of Starlette's. The router raises Starlette's, so a handler for the subclass misses it.
assert issubclass(HTTPException, StarletteHTTPException) and HTTPException is not StarletteHTTPException


def app_with_handler(key) -> TestClient:
    other = FastAPI()

    @other.exception_handler(key)
    async def handler(request: Request, exc: Exception):
        return PlainTextResponse("mine", getattr(exc, "status_code", 500))

    @other.get("/raises")
    async def raises():
        raise HTTPException(404)

    @other.get("/bug")
    async def bug():
        raise ValueError("secret")

    @other.middleware("http")
    async def mark(request: Request, call_next):
        response = await call_next(request)
        response.headers["x-middleware"] = "seen"
        return response

    return TestClient(other, raise_server_exceptions=False)


for key, raised, router_404, router_405 in (
    (HTTPException, "mine", '{"detail":"Not Found"}', '{"detail":"Method Not Allowed"}'),
    (StarletteHTTPException, "mine", "mine", "mine"),
    (404, "mine", "mine", '{"detail":"Method Not Allowed"}'),
):
    other = app_with_handler(key)
    assert other.get("/raises").text == raised
    assert other.get("/nowhere").text == router_404
    assert other.post("/raises").text == router_405

# A handler for the status covers both classes, too.
by_status = FastAPI()


@by_status.exception_handler(404)
async def handle_404(request: Request, error: Exception):
    return PlainTextResponse("by status", 404)


@by_status.get("/raises")
def raises_404():
    raise HTTPException(404)


assert TestClient(by_status).get("/raises").text == TestClient(by_status).get("/nowhere").text == "by status"

# A handler for Exception writes the 500 outside the middleware, and the exception is raised to the server all the same.
other = app_with_handler(Exception)
assert other.get("/bug").text == "mine" and "x-middleware" not in other.get("/bug").headers
assert other.get("/raises").headers["x-middleware"] == "seen"
other = TestClient(other.app)
try:
    other.get("/bug")
    raise AssertionError
except ValueError:
    pass

# The detail may be anything that JSON can hold; without one it is the standard phrase. Headers set on an injected
# Response are lost when the endpoint raises. Documentation does not see raised errors.


@app.get("/list")
def list_detail():
    raise HTTPException(400, ["a", 1, None])


@app.get("/phrase")
def phrase():
    raise HTTPException(403, headers={"x-why": "old"})


@app.get("/none")
def none_detail():
    raise HTTPException(404, None)


assert client.get("/none").json() == {"detail": "Not Found"}
assert client.get("/list").json() == {"detail": ["a", 1, None]}
assert client.get("/phrase").json() == {"detail": "Forbidden"}
assert client.get("/phrase").headers["x-why"] == "old"


@app.get("/lost-header")
def lost_header(response: Response):
    response.headers["x-mine"] = "1"
    raise HTTPException(400)


@app.get("/kept-header")
def kept_header(response: Response):
    response.headers["x-mine"] = "1"


assert "x-mine" not in client.get("/lost-header").headers and "x-mine" in client.get("/kept-header").headers
app.openapi_schema = None
assert set(app.openapi()["paths"]["/phrase"]["get"]["responses"]) == {"200"}

# The most specific handler along the class hierarchy wins; a handler may be def or async def.


class Gone(SoldOut):
    pass


@app.get("/gone")
def gone():
    raise Gone("cup")


app_with_both = FastAPI()
app_with_both.add_exception_handler(SoldOut, lambda request, exc: PlainTextResponse("base", 409))
app_with_both.get("/gone")(gone)
assert TestClient(app_with_both).get("/gone").text == "base"
app_with_both = FastAPI()
app_with_both.add_exception_handler(SoldOut, lambda request, exc: PlainTextResponse("base", 409))
app_with_both.add_exception_handler(Gone, lambda request, exc: PlainTextResponse("sub", 410))
app_with_both.get("/gone")(gone)
assert TestClient(app_with_both).get("/gone").text == "sub"
# debug=True sends the traceback to the client.
debug = FastAPI(debug=True)


@debug.get("/bug")
def bug():
    raise ValueError("secret")


assert "secret" in TestClient(debug, raise_server_exceptions=False).get("/bug").text
assert not issubclass(RequestValidationError, HTTPException) and not issubclass(ResponseValidationError, HTTPException)
