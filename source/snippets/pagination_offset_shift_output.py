from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()
rows = ["c", "b", "a"]  # newest first

@app.get("/rows")
def page(offset: int = 0):
    return rows[offset:offset + 2]

client = TestClient(app)
client.get("/rows")  # c and b
rows.insert(0, "d")  # a new row
# end

response = client.get("/rows?offset=2")
print(response.text)
assert response.text == '["b","a"]'
