import os
import tempfile
import threading
from pathlib import Path
from typing import Annotated

for name in [name for name in os.environ if name.lower().startswith("shop_")]:
    del os.environ[name]

# card:
from functools import lru_cache
from fastapi import Depends, FastAPI
from pydantic import SecretStr
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    model_config = {"env_prefix": "SHOP_"}
    api_key: SecretStr
    page_size: int = 10

@lru_cache
def get_settings() -> Settings:
    return Settings()

app = FastAPI()
Configured = Annotated[Settings, Depends(get_settings)]

@app.get("/")
def read(settings: Configured):
    return settings
# end

from contextlib import asynccontextmanager

from fastapi.testclient import TestClient
from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

client = TestClient(app, raise_server_exceptions=False)

# A missing variable: nothing happens when the app is built, and the first request fails.
missing = client.get("/")
print("no SHOP_API_KEY:", missing.status_code)
assert missing.status_code == 500
try:
    TestClient(app).get("/")
    raise AssertionError
except ValidationError as error:
    assert error.errors()[0]["type"] == "missing"


# Called in the lifespan, the same mistake stops the start.
@asynccontextmanager
async def lifespan(app: FastAPI):
    get_settings()
    yield


try:
    with TestClient(FastAPI(lifespan=lifespan)):
        raise AssertionError
except ValidationError:
    pass

# An exception is not cached: the variable is set now, and the next call builds the settings.
os.environ["SHOP_API_KEY"] = "s3cret"
os.environ["SHOP_PAGE_SIZE"] = "25"
print("both set:", client.get("/").text)
assert client.get("/").json() == {"api_key": "**********", "page_size": 25}

assert "s3cret" not in repr(get_settings()) and get_settings().api_key.get_secret_value() == "s3cret"

# The cache: one object for the process, whatever happens to the environment, until it is cleared.
os.environ["SHOP_PAGE_SIZE"] = "50"
print("changed to 50:", client.get("/").json()["page_size"])
assert client.get("/").json()["page_size"] == 25 and get_settings() is get_settings()
get_settings.cache_clear()
assert client.get("/").json()["page_size"] == 50

# lru_cache does not lock: two threads that come first both build, and the later object stays.
built = []


@lru_cache
def slow_settings() -> object:
    built.append("built")
    both_in.wait(5)
    return object()


both_in = threading.Barrier(2)
threads = [threading.Thread(target=slow_settings) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert built == ["built", "built"] and slow_settings() is slow_settings()

# A test replaces the settings as it replaces any dependency.
app.dependency_overrides[get_settings] = lambda: Settings(page_size=3)
print("override:", client.get("/").json()["page_size"])
assert client.get("/").json()["page_size"] == 3
app.dependency_overrides.clear()

# The class itself as the dependency: each setting becomes a query parameter, and the client's value wins.
direct = FastAPI()


@direct.get("/")
def read_direct(settings: Annotated[Settings, Depends(Settings)]):
    return settings.page_size


assert TestClient(direct).get("/").json()["detail"][0]["loc"] == ["query", "api_key"]
assert TestClient(direct).get("/?api_key=mine&page_size=999").json() == 999

# Without Depends it is a body model, and a client could send its own settings.
body = FastAPI()


@body.post("/")
def from_body(settings: Settings):
    return settings.page_size


assert TestClient(body).post("/", json={"api_key": "mine", "page_size": 7}).json() == 7

# Names are matched without regard to case; the text is converted; a list is written as JSON.
del os.environ["SHOP_PAGE_SIZE"]
os.environ["shop_page_size"] = "12"
assert Settings().page_size == 12
del os.environ["shop_page_size"]
os.environ["SHOP_PAGE_SIZE"] = "many"
try:
    Settings()
    raise AssertionError
except ValidationError as error:
    assert error.errors()[0]["type"] == "int_parsing"
del os.environ["SHOP_PAGE_SIZE"]


class Lists(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")
    hosts: list[str]


os.environ["SHOP_HOSTS"] = '["a", "b"]'
assert Lists().hosts == ["a", "b"]
os.environ["SHOP_HOSTS"] = "a,b"
try:
    Lists()
    raise AssertionError
except SettingsError:
    pass
del os.environ["SHOP_HOSTS"]

# The environment wins over a .env file, and the file may not hold unknown names.
with tempfile.TemporaryDirectory() as folder:
    env = Path(folder, ".env")
    env.write_text("SHOP_PAGE_SIZE=5\n", "utf-8")
    assert Settings(_env_file=env).page_size == 5
    os.environ["SHOP_PAGE_SIZE"] = "6"
    assert Settings(_env_file=env).page_size == 6
    assert Settings(_env_file=env, page_size=7).page_size == 7
    env.write_text("SHOP_PAGE_SIZE=5\nOTHER=1\n", "utf-8")
    try:
        Settings(_env_file=env)
        raise AssertionError
    except ValidationError as error:
        assert error.errors()[0]["type"] == "extra_forbidden"
# A missing file is no error.
assert Settings(_env_file=Path(folder, ".env")).page_size == 6
