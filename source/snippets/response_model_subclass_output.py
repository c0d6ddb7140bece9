from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Public(BaseModel):
    name: str

class Account(Public):
    pin: str

@app.get("/me")
def me() -> Public:
    return Account(name="Ada", pin="1234")
# end

response = TestClient(app).get("/me")
print(response.text)
assert response.text == '{"name":"Ada"}'
