import time

import jwt

KEY = "an example key of more than 32 bytes"

# card:
claims = {"exp": time.time() - 5}
token = jwt.encode(claims, KEY, "HS256")
try:
    jwt.decode(token, KEY, ["HS256"])
except jwt.InvalidTokenError as error:
    print(type(error).__name__)
# end

assert jwt.decode(token, KEY, ["HS256"], leeway=10) == claims
