from fastapi import Request
from fastapi.testclient import TestClient
from pydantic import ConfigDict

# card:
from typing import Annotated

from fastapi import FastAPI, Header
from pydantic import BaseModel

class Caller(BaseModel):
    x_user: str = "nobody"

app = FastAPI()

@app.get("/model")
def by_model(caller: Annotated[Caller, Header()]):
    return caller.x_user

Literal = Header(convert_underscores=False)

@app.get("/literal")
def literal(x_user: Annotated[str, Literal] = "nobody"):
    return x_user
# end

client = TestClient(app)
requests = [
    ("/model", {"X-User": "ada"}, "ada"),
    ("/model", {"X_User": "eve"}, "nobody"),
    ("/model", {"X-User": "ada", "X_User": "eve"}, "ada"),
    ("/literal", {"X-User": "ada"}, "nobody"),
    ("/literal", {"X_User": "eve"}, "eve"),
]
for path, headers, user in requests:
    shown = " ".join(f"{name}:{value}" for name, value in headers.items())
    answer = client.get(path, headers=headers).json()
    print(f"{path:8} {shown:21} -> {answer}")
    assert answer == user


# A single parameter, a model without conversion, an alias with an underscore, and the raw headers.
@app.get("/single")
def single(x_user: Annotated[str, Header()] = "nobody"):
    return x_user


@app.get("/literal-model")
def literal_model(caller: Annotated[Caller, Header(convert_underscores=False)]):
    return caller.x_user


@app.get("/alias")
def alias(user: Annotated[str, Header(alias="x_user")] = "nobody"):
    return user


@app.get("/raw")
def raw(request: Request):
    return request.headers.get("x_user", "nobody")


for path, reads in [("/single", "X-User"), ("/literal-model", "X_User"), ("/alias", "X_User"), ("/raw", "X_User")]:
    for name in ("X-User", "X_User"):
        assert client.get(path, headers={name: "ada"}).json() == ("ada" if name == reads else "nobody"), (path, name)


# A required field is reported under the header's real name, and the other spelling is no extra field either.
class Required(BaseModel):
    x_user: str


class Extras(Caller):
    model_config = ConfigDict(extra="allow")


@app.get("/required")
def required(caller: Annotated[Required, Header()]):
    return caller.x_user


@app.get("/extras")
def extras(caller: Annotated[Extras, Header()]):
    return caller.x_user


response = client.get("/required", headers={"X_User": "eve"})
assert response.status_code == 422 and response.json()["detail"][0]["loc"] == ["header", "x-user"]
assert client.get("/extras", headers={"X_User": "eve"}).json() == "nobody"
# The document names the header that is read.
parameters = {path: item["get"].get("parameters", []) for path, item in app.openapi()["paths"].items()}
assert [p["name"] for p in parameters["/model"]] == ["x-user"]
assert [p["name"] for p in parameters["/literal"]] == ["x_user"]
