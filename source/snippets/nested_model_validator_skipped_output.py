from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, model_validator

app = FastAPI()

# card:
class Span(BaseModel):
    start: int
    end: int
    @model_validator(mode="after")
    def in_order(self):
        if self.end < self.start:
            raise ValueError("reversed")
        return self

@app.post("/spans")
def create(span: Span):
    return "ok"
# end

client = TestClient(app)
types = [e["type"] for e in client.post("/spans", json={"start": 5, "end": "x"}).json()["detail"]]
print(*types)
assert types == ["int_parsing"]
assert [e["type"] for e in client.post("/spans", json={"start": 5, "end": 4}).json()["detail"]] == ["value_error"]
