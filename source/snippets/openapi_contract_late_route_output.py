from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
client = TestClient(app)
client.get("/openapi.json")  # the document is built here

@app.get("/late")
def late():
    return 1

paths = client.get("/openapi.json").json()["paths"]
# end

print(list(paths))
assert list(paths) == ["/late"]
