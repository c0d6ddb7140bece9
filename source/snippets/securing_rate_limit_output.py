import warnings

# slowapi asks asyncio whether the endpoint is a coroutine function, which Python 3.14 deprecates.
warnings.filterwarnings("ignore", category=DeprecationWarning, module="slowapi")

from fastapi import FastAPI, Request  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402
from slowapi import Limiter, _rate_limit_exceeded_handler  # noqa: E402
from slowapi.errors import RateLimitExceeded  # noqa: E402
from slowapi.util import get_remote_address  # noqa: E402

# card:
limiter = Limiter(get_remote_address)
app = FastAPI()
app.state.limiter = limiter
app.add_exception_handler(
    RateLimitExceeded,
    _rate_limit_exceeded_handler,
)

@app.get("/")
@limiter.limit("2/minute")
def read(request: Request):
    return "ok"
# end

client = TestClient(app)
codes = [client.get("/").status_code for _ in range(3)]
print(codes[-1])
assert codes == [200, 200, 429]
