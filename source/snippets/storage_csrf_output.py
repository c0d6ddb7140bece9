from typing import Annotated

from fastapi import Cookie, FastAPI, Form
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/pay")
def pay(
    to: Annotated[str, Form()],
    session: Annotated[str, Cookie()],
):
    return f"{session} paid {to}"
# end

client = TestClient(app, cookies={"session": "ann"})
response = client.post("/pay", data={"to": "eve"}, headers={"Origin": "https://evil.example"})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, "ann paid eve")
