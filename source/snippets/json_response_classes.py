import math
import warnings
from datetime import UTC, datetime

from fastapi.exceptions import FastAPIDeprecationWarning
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

# card:
from decimal import Decimal

from fastapi import FastAPI
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel

class Bill(BaseModel):
    total: Decimal

app = FastAPI()
bill = {"total": Decimal("1.10")}

@app.get("/old", response_class=ORJSONResponse)
def old():
    return bill

@app.get("/new", response_model=Bill)
def new():
    return bill
# end

client = TestClient(app)
bodies = {}
for path in ("/old", "/new"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bodies[path] = client.get(path).text
    print(f"{path} {bodies[path]} {len(caught)} warning(s)")
    assert {type(warning.message) for warning in caught} == ({FastAPIDeprecationWarning} if path == "/old" else set())
assert bodies == {"/old": '{"total":1.1}', "/new": '{"total":"1.10"}'}

# The warning belongs to each response, not to the declaration. It is a UserWarning, so Python shows it by default.
with warnings.catch_warnings():
    warnings.simplefilter("error")
    app.get("/silent", response_class=ORJSONResponse)(old)
    broken = TestClient(app, raise_server_exceptions=False)
    assert broken.get("/silent").status_code == 500
assert issubclass(FastAPIDeprecationWarning, UserWarning)
assert not issubclass(FastAPIDeprecationWarning, DeprecationWarning)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    client.get("/silent")
    client.get("/silent")
assert len(caught) == 2

# Other differences between an untyped and a typed response.
moment = {"at": datetime(2026, 1, 1, tzinfo=UTC), "ratio": 0.5}


class Reading(BaseModel):
    at: datetime
    ratio: float


@app.get("/untyped")
def untyped():
    return moment


@app.get("/typed")
def typed() -> Reading:
    return moment  # type: ignore[return-value]


@app.get("/dict")
def as_dict() -> dict:
    return bill | moment


assert client.get("/untyped").json()["at"] == "2026-01-01T00:00:00+00:00"
assert client.get("/typed").json()["at"] == "2026-01-01T00:00:00Z"
# Even the return type `dict` is a type, and Pydantic writes the values.
assert client.get("/dict").json() == {"total": "1.10", "at": "2026-01-01T00:00:00Z", "ratio": 0.5}

# NaN: orjson and Pydantic write null, the standard encoder refuses it.
moment["ratio"] = math.nan
assert client.get("/typed").json()["ratio"] is None
assert TestClient(app, raise_server_exceptions=False).get("/untyped").status_code == 500
app.get("/nan-old", response_class=ORJSONResponse)(untyped)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert client.get("/nan-old").json()["ratio"] is None


# Integers beyond 64 bits: orjson refuses them, Pydantic does not.
def big():
    return {"n": 2**70}


def typed_big() -> dict[str, int]:
    return {"n": 2**70}


app.get("/big-old", response_class=ORJSONResponse)(big)
app.get("/big-new")(typed_big)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    assert TestClient(app, raise_server_exceptions=False).get("/big-old").status_code == 500
assert client.get("/big-new").json() == {"n": 2**70}


# A response class of your own is not deprecated, and is used for every response of its route.
class Envelope(JSONResponse):
    def render(self, content):
        return super().render({"data": content})


@app.get("/envelope", response_class=Envelope)
def envelope() -> list[int]:
    return [1]


with warnings.catch_warnings():
    warnings.simplefilter("error")
    assert client.get("/envelope").json() == {"data": [1]}
