from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI(docs_url="/try", redoc_url=None)

@app.get("/users", tags=["people"])
def list_users():
    """Active users only, **newest first**."""
    return []

@app.get("/health", include_in_schema=False)
def health():
    return "ok"

client = TestClient(app)
for path in "/try", "/docs", "/redoc", "/openapi.json":
    print(path, client.get(path).status_code)
paths = client.get("/openapi.json").json()["paths"]
for key in ["tags", "summary", "description"]:
    print(key, paths["/users"]["get"][key])
print("hidden, but", client.get("/health").json())
# end

from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import OAuth2PasswordBearer

assert list(paths) == ["/users"]

# The page is a shell: scripts from a CDN, and the address of the document. The endpoints are not in it.
page = client.get("/try").text
assert "https://cdn.jsdelivr.net/" in page and "/openapi.json" in page and "list_users" not in page
defaults = TestClient(FastAPI())
assert "https://cdn.jsdelivr.net/" in defaults.get("/redoc").text and "Swagger UI" in defaults.get("/docs").text


def statuses(**options):
    c = TestClient(FastAPI(**options))
    return [c.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")]


assert statuses() == [200, 200, 200]
assert statuses(docs_url=None) == [404, 200, 200]
assert statuses(redoc_url=None) == [200, 404, 200]
assert statuses(openapi_url=None) == [404, 404, 404]


# Authorize needs a security scheme in the document: a security class writes it, a plain header does not.
@app.get("/plain")
def plain(authorization: Annotated[str, Header()]): ...


assert "securitySchemes" not in app.openapi().get("components", {})
scheme = OAuth2PasswordBearer(tokenUrl="token")


@app.get("/me")
def me(token: Annotated[str, Depends(scheme)]): ...


document = app.openapi()
assert list(document["components"]["securitySchemes"]) == ["OAuth2PasswordBearer"]
assert "security" in document["paths"]["/me"]["get"] and "security" not in document["paths"]["/plain"]["get"]


# Text after a form feed stays out of the description; summary= replaces the name.
@app.get("/ff", summary="Short title")
def with_form_feed():
    """Shown.

    \f
    For colleagues.
    """


entry = app.openapi()["paths"]["/ff"]["get"]
assert (entry["summary"], entry["description"]) == ("Short title", "Shown.")
