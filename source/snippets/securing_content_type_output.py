from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

# card:
app = FastAPI()

class Note(BaseModel):
    text: str

@app.post("/notes")
def add(note: Note):
    return note.text
# end

client = TestClient(app)
body = '{"text": "hello"}'
response = client.post("/notes", content=body)
assert "content-type" not in response.request.headers
print(response.status_code)
assert response.status_code == 422
assert client.post("/notes", content=body, headers={"Content-Type": "application/json"}).status_code == 200
