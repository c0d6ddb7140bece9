from fastapi import FastAPI
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.get("/mail")
def mail(urgent: bool):
    return "now" if urgent else "later"
# end

client = TestClient(app)
response = client.get("/mail?urgent=off")
print(response.text)
assert response.text == '"later"'
assert bool("off") is True
