from fastapi import FastAPI
from fastapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

# card:
app = FastAPI()
app.add_middleware(
    HTTPSRedirectMiddleware)

@app.get("/")
def read():
    return "ok"
# end


def ask(trusted: str):
    """What the proxy gets. Uvicorn wraps an app in this middleware, with what `--forwarded-allow-ips` says."""
    served = ProxyHeadersMiddleware(app, trusted_hosts=trusted)
    client = TestClient(served, base_url="http://shop.example", client=("10.0.0.7", 50000))
    return client.get("/", headers={"X-Forwarded-Proto": "https"}, follow_redirects=False)


response = ask("127.0.0.1")
print(response.status_code)
assert (response.status_code, response.headers["Location"]) == (307, "https://shop.example/")
# Where the browser's second request ends in the same answer, it is a loop. With the proxy on the list it is none.
assert ask("10.0.0.7").json() == "ok"
