import pydantic_core

# card:
from datetime import date

from pydantic import BaseModel, ValidationError

class Book(BaseModel):
    title: str
    price: float
    published: date | None = None

raw = {"title": "Dune", "price": "2.5", "shelf": 7}
raw["published"] = "1965-08-01"
book = Book.model_validate(raw)
print(book.price, book.published.year)
print(book.model_dump(mode="json"))

try:
    Book(title=7, price="free")
except ValidationError as error:
    for e in error.errors():
        print(e["loc"], e["type"])
# end

import sys
import warnings

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import ConfigDict
from pydantic.errors import PydanticImportError
from pydantic.warnings import PydanticDeprecatedSince20


def error_type(call) -> str:
    try:
        call()
    except ValidationError as error:
        return error.errors()[0]["type"]
    raise AssertionError("no ValidationError")


# The core is a compiled extension module, written in Rust.
assert pydantic_core._pydantic_core.__file__.endswith((".so", ".pyd"))

# Extras are dropped, values are converted, and the dump has Python objects unless mode="json" is asked for.
assert not hasattr(book, "shelf")
assert book.model_dump() == {"title": "Dune", "price": 2.5, "published": date(1965, 8, 1)}
assert book.model_dump_json() == '{"title":"Dune","price":2.5,"published":"1965-08-01"}'

# Lax mode: "2.5" becomes a float, and 2.0 an int, but a number never becomes a string.
assert error_type(lambda: Book(title=7, price=1)) == "string_type"


class Count(BaseModel):
    n: int


assert Count(n="5").n == 5 and Count(n=5.0).n == 5
assert error_type(lambda: Count(n=5.5)) == "int_from_float"
assert error_type(lambda: Count(n="5.5")) == "int_parsing"


# `X | None` allows None; only a default makes a field optional.
class Note(BaseModel):
    text: str | None


assert error_type(lambda: Note()) == "missing"
assert Note(text=None).text is None

# A number becomes a string where the model asks for it.
class Loose(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)
    text: str


assert Loose(text=7).text == "7"

# Assignment is not validated unless the model says so.
count = Count(n=1)
count.n = "many"
assert count.n == "many"


class Guarded(Count):
    model_config = ConfigDict(validate_assignment=True)


def assign() -> None:
    Guarded(n=1).n = "many"


assert error_type(assign) == "int_parsing"


# strict=True stops the conversion, extra="forbid" the silence about unknown keys.
class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    n: int
    x: float = 0.0


assert error_type(lambda: Strict(n="5")) == "int_type"
assert error_type(lambda: Strict(n=5, x="2.5")) == "float_type"
assert error_type(lambda: Strict(n=5, m=6)) == "extra_forbidden"
try:
    Strict(n=5, m=6)
except ValidationError as error:
    assert error.errors()[0]["loc"] == ("m",)

# The version 1 method names still work, with a deprecation warning.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert book.dict() == book.model_dump()
assert [w.category for w in caught] == [PydanticDeprecatedSince20]
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert Book.parse_obj(raw) == book

    class Configured(BaseModel):
        class Config:
            extra = "forbid"


assert [w.category for w in caught] == [PydanticDeprecatedSince20] * 2

# Settings moved to a package of their own.
try:
    from pydantic import BaseSettings  # noqa: F401
except PydanticImportError:
    pass
else:
    raise AssertionError("BaseSettings is back")

# In FastAPI the same class is body parser, validator, serializer and schema.
app = FastAPI()


@app.post("/books")
def create(book: Book) -> Book:
    return book


client = TestClient(app)
assert client.post("/books", json=raw).json() == {"title": "Dune", "price": 2.5, "published": "1965-08-01"}
assert client.post("/books", json={"title": 7, "price": 1}).status_code == 422
assert set(app.openapi()["components"]["schemas"]["Book"]["properties"]) == {"title", "price", "published"}

# FastAPI refuses models of the version 1 interface (which Python 3.14 cannot load any more).
if sys.version_info < (3, 14):
    from fastapi.exceptions import PydanticV1NotSupportedError
    from pydantic.v1 import BaseModel as OldModel

    class Old(OldModel):
        n: int

    try:

        @app.post("/old")
        def old(body: Old):
            return body
    except PydanticV1NotSupportedError:
        pass
    else:
        raise AssertionError("a version 1 model was accepted")
