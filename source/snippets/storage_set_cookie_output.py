from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/login")
def log_in(response: Response):
    response.set_cookie("session", "s1")
# end

header = TestClient(app).post("/login").headers["Set-Cookie"]
print(header)
assert header == "session=s1; Path=/; SameSite=lax"
