from fastapi.testclient import TestClient

# card:
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["https://app.example"],
    allow_methods=["PUT"],
    allow_headers=["Authorization"],
)
ran = []

@app.post("/cart")
@app.put("/cart")
def save():
    ran.append("save")
    return "saved"
# end

client = TestClient(app)
APP, EVIL = "https://app.example", "https://evil.example"


def preflight(origin: str, method: str, headers: str = "", client: TestClient = client):
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    return client.options("/cart", headers=asked)


results = [
    ("app, PUT", preflight(APP, "PUT", "authorization"), 200),
    ("evil, PUT", preflight(EVIL, "PUT"), 400),
    ("app, DELETE", preflight(APP, "DELETE"), 400),
    ("app, X-Id", preflight(APP, "PUT", "x-id"), 400),
]
for name, response, status in results:
    print(f"{name:12}{response.status_code} {response.text}")
    assert response.status_code == status
print("the endpoint ran:", ran)
assert ran == []
response = client.post("/cart", headers={"Origin": EVIL})
print(f"evil, POST  {response.status_code} {response.text}")
print("the endpoint ran:", ran)
assert response.status_code == 200 and ran == ["save"] and "Access-Control-Allow-Origin" not in response.headers

# What is allowed without being listed: GET alone as a method, and four headers.
plain = FastAPI()
plain.add_middleware(CORSMiddleware, allow_origins=[APP])
plain_client = TestClient(plain)
for method, headers, status in (
    ("GET", "content-type", 200),
    ("GET", "accept, accept-language, content-language", 200),
    ("GET", "authorization", 400),
    ("POST", "", 400),
    ("PUT", "", 400),
):
    assert preflight(APP, method, headers, plain_client).status_code == status, (method, headers)
assert preflight(APP, "GET", "", plain_client).headers["Access-Control-Max-Age"] == "600"

# An OPTIONS request that is no preflight goes on to the routes; without the middleware, a preflight does, too.
assert client.options("/cart", headers={"Origin": APP}).status_code == 405
without = FastAPI()
without.put("/cart")(save)
assert preflight(APP, "PUT", "", TestClient(without)).status_code == 405

# Origins are compared as texts. `*` in allow_headers allows whatever is asked for, `*` in allow_methods eight methods.
for allowed, found in (("https://app.example/", None), ("https://app.example:443", None), (APP, APP)):
    texts = FastAPI()
    texts.add_middleware(CORSMiddleware, allow_origins=[allowed])
    answer = TestClient(texts).get("/", headers={"Origin": APP})
    assert answer.headers.get("Access-Control-Allow-Origin") == found
wide = FastAPI()
wide.add_middleware(CORSMiddleware, allow_origins=[APP], allow_methods=["*"], allow_headers=["*"])
assert preflight(APP, "PATCH", "x-anything", TestClient(wide)).headers["Access-Control-Allow-Headers"] == "x-anything"
assert preflight(APP, "PURGE", "", TestClient(wide)).status_code == 400

# What a page may read of the response's headers is another list, and not part of the preflight.
shown = FastAPI()
shown.add_middleware(CORSMiddleware, allow_origins=[APP], expose_headers=["X-Total-Count"])
answer = TestClient(shown).get("/", headers={"Origin": APP})
assert answer.headers["Access-Control-Expose-Headers"] == "X-Total-Count"
