from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/teams/{team_id:int}")
def read_team(team_id: int):
    return team_id

@app.get("/teams/mine")
def read_my_team():
    return "mine"
# end

client = TestClient(app)
response = client.get("/teams/mine")
print(response.text)
assert response.text == '"mine"'
# With no other route for it, a value that is not an integer is a 404 and no 422.
assert client.get("/teams/other").status_code == 404
