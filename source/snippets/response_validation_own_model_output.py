from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Price(BaseModel):
    cents: int

@app.get("/prices")
def read(cents: str):
    return Price(cents=cents)
# end

client = TestClient(app, raise_server_exceptions=False)
response = client.get("/prices?cents=many")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (500, "Internal Server Error")
assert client.get("/prices?cents=5").json() == {"cents": 5}
