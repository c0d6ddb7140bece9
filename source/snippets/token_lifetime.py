import secrets
import sqlite3
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated

from fastapi.testclient import TestClient

folder = TemporaryDirectory()
file = Path(folder.name) / "logins.db"
db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
db.execute("CREATE TABLE logins (id TEXT PRIMARY KEY, user TEXT, hash TEXT)")
KEY = "an example key of more than 32 bytes"


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


# card:
import jwt
from fastapi import FastAPI, Form, HTTPException

app = FastAPI()
SWAP = """UPDATE logins SET hash = ? WHERE id = ?
    AND hash = ? RETURNING user"""
END = "DELETE FROM logins WHERE id = ?"

@app.post("/refresh")
def refresh(token: Annotated[str, Form()]):
    login = token.partition(".")[0]
    new = f"{login}.{secrets.token_urlsafe(32)}"
    swap = digest(new), login, digest(token)
    found = db.execute(SWAP, swap).fetchone()
    if not found:  # used before: end this login
        db.execute(END, [login])
        raise HTTPException(401, "Log in again")
    claims = {"sub": found[0], "exp": time.time() + 300}
    access = jwt.encode(claims, KEY, "HS256")
    return {"access": access, "refresh": new}
# end


def log_in(user: str) -> str:
    login = secrets.token_urlsafe(16)
    token = f"{login}.{secrets.token_urlsafe(32)}"
    db.execute("INSERT INTO logins VALUES (?, ?, ?)", (login, user, digest(token)))
    return token


client = TestClient(app)


def use(token: str):
    return client.post("/refresh", data={"token": token})


first = log_in("ada")
good = use(first)
second = good.json()["refresh"]
again = use(first)
after = use(second)
for name, response in (("first token", good), ("first, again", again), ("second token", after)):
    detail = response.json().get("detail", "access, second token")
    print(f"{name + ':':14}{response.status_code} {detail}")
claims = jwt.decode(good.json()["access"], KEY, ["HS256"])
print("access token:", round((claims["exp"] - time.time()) / 60), "more minutes")

assert (good.status_code, again.status_code, after.status_code) == (200, 401, 401)
# The access token ends by itself: nothing looked it up.
assert claims["sub"] == "ada" and 290 < claims["exp"] - time.time() <= 300
# The table has hashes, not tokens, and the login of the reused token is gone.
assert db.execute("SELECT count(*) FROM logins").fetchone() == (0,)
token = log_in("bob")
assert db.execute("SELECT hash FROM logins").fetchone() == (digest(token),)

# Another login of the same user goes on when one is ended.
other = log_in("bob")
used = use(token).json()["refresh"]
assert use(token).status_code == 401 and use(used).status_code == 401 and use(other).status_code == 200

# Two uses of one token at the same moment: one gets new tokens, the other ends the login, whoever was first.
for _ in range(10):
    token, answers = log_in("eve"), []
    threads = [Thread(target=lambda t=token, a=answers: a.append(use(t))) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    (winner,) = (answer.json()["refresh"] for answer in answers if answer.status_code == 200)
    assert use(winner).status_code == 401

# Words of PyJWT that the cards use.
for claims, options, error in (
    ({"exp": time.time() - 1}, {}, jwt.ExpiredSignatureError),
    ({"exp": time.time() - 1}, {"leeway": 10}, None),
    ({"aud": "shop"}, {}, jwt.InvalidAudienceError),
    ({"aud": "shop"}, {"audience": "mail"}, jwt.InvalidAudienceError),
    ({"aud": "shop"}, {"audience": "shop"}, None),
    ({}, {"audience": "shop"}, jwt.MissingRequiredClaimError),
    ({"nbf": time.time() + 60}, {}, jwt.ImmatureSignatureError),
):
    try:
        jwt.decode(jwt.encode(claims, KEY, "HS256"), KEY, ["HS256"], **options)
        assert error is None, claims
    except jwt.InvalidTokenError as raised:
        assert type(raised) is error, claims

# A key by its id: the header names it before anything is verified.
keys = {"2026-10": "o" * 32, "2026-11": "n" * 32}
token = jwt.encode({"sub": "ada"}, keys["2026-10"], "HS256", headers={"kid": "2026-10"})
assert jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]], ["HS256"]) == {"sub": "ada"}

db.close()
folder.cleanup()
