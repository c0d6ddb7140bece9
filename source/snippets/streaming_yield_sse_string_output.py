from collections.abc import Iterable

from fastapi import FastAPI
from fastapi.sse import EventSourceResponse
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get(
    "/words",
    response_class=EventSourceResponse,
)
def words() -> Iterable[str]:
    yield "hello"
# end

response = TestClient(app).get("/words")
print(response.text.strip())
assert response.text == 'data: "hello"\n\n'
