import os
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from pydantic_settings import BaseSettings

os.environ["MAX_ROWS"] = "50"

# card:
app = FastAPI()

class Settings(BaseSettings):
    max_rows: int = 10

Config = Annotated[Settings, Depends()]

@app.get("/")
def read(settings: Config):
    return settings.max_rows
# end

client = TestClient(app)
text = client.get("/?max_rows=999").text
print(text)
assert text == "999"
