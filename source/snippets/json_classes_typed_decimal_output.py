from decimal import Decimal

from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/bill")
def bill() -> dict[str, Decimal]:
    return {"total": Decimal("1.10")}
# end

response = TestClient(app).get("/bill")
print(response.text)
assert response.text == '{"total":"1.10"}'
