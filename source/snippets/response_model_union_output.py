from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Public(BaseModel):
    name: str

class Account(Public):
    pin: str

@app.get("/profile")
def me() -> Public | Account:
    return Account(name="Ada", pin="1234")
# end

response = TestClient(app).get("/profile")
print(response.text)
assert response.text == '{"name":"Ada","pin":"1234"}'
