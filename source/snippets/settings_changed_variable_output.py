import os
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic_settings import BaseSettings

os.environ["PAGE_SIZE"] = "10"

app = FastAPI()

# card:
class Settings(BaseSettings):
    page_size: int

@lru_cache
def get_settings() -> Settings:
    return Settings()

Config = Depends(get_settings)

@app.get("/")
def read(s: Annotated[Settings, Config]):
    return s.page_size
# end

client = TestClient(app)
assert client.get("/").json() == 10
os.environ["PAGE_SIZE"] = "50"
second = client.get("/").text
print(second)
assert second == "10"
