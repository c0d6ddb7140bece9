from fastapi.testclient import TestClient

# card:
async def app(scope, receive, send):
    await send({
        "type": "http.response.start",
        "status": 202,
    })
    await send({
        "type": "http.response.body",
        "body": scope["path"].encode(),
    })
# end

response = TestClient(app).get("/ping")
print(response.status_code, response.text)
assert (response.status_code, response.text) == (202, "/ping")
