from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

app = FastAPI()

# card:
class Change(BaseModel):
    title: str | None = None
    note: str | None = None

@app.patch("/task")
def patch(change: Change):
    return change.model_dump(
        exclude_unset=True
    )
# end

response = TestClient(app).patch("/task", json={"note": None})
print(response.text)
assert response.text == '{"note":null}'
