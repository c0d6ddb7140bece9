from fastapi.testclient import TestClient

# card:
from datetime import date, timedelta

from fastapi import FastAPI

app = FastAPI()

@app.get("/after/{day}")
def after(day: date):
    return day + timedelta(days=1)
# end

response = TestClient(app).get("/after/2028-02-28")
print(response.text)
assert response.text == '"2028-02-29"'
