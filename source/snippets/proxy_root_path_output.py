from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/items")
def items(request: Request):
    return request.url_for("items").path

client = TestClient(app, root_path="/api")
# end

text = client.get("/items").text
print(text)
assert text == '"/api/items"'
assert TestClient(app).get("/items").text == '"/items"'
