from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
client = TestClient(app)
URL = "/openapi.json"
client.get(URL)  # builds the document

@app.get("/late")
def late():
    return 1

paths = client.get(URL).json()["paths"]
# end

print(list(paths))
assert list(paths) == ["/late"]
