from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/users")
def users_v1():
    return 1

@app.get("/users")
def users_v2():
    return 2
# end

response = TestClient(app).get("/users")
print(response.text)
assert response.text == "1"
assert app.openapi()["paths"]["/users"]["get"]["summary"] == "Users V2"
