import json
import subprocess
import sys
from importlib.metadata import requires, version

from fastapi import Depends, FastAPI
from fastapi.exceptions import FastAPIDeprecationWarning
from fastapi.security import HTTPBearer

# card:
from packaging.specifiers import SpecifierSet

releases = ["0.165.0", "0.165.3", "0.166.0", "1.0.0"]

for pin in (
    "==0.165.0",
    "~=0.165.0",
    ">=0.165,<0.166",
    "~=0.165",
    ">=0.165",
):
    fitting = SpecifierSet(pin).filter(releases)
    print(f"{pin:14} {' '.join(fitting)}")
# end

assert list(SpecifierSet("~=0.165.0").filter(releases)) == ["0.165.0", "0.165.3"]
assert "0.166.0" in SpecifierSet("~=0.165") and "1.0.0" not in SpecifierSet("~=0.165")

# FastAPI's own requirements have no upper end: Starlette and Pydantic stay where a lock file holds them.
needed = [requirement for requirement in requires("fastapi") or [] if "extra" not in requirement]
assert "starlette>=1.6.0" in needed and not any("<" in requirement for requirement in needed)
assert version("fastapi").startswith("0.165.")

# What is deprecated warns with a class that no filter for DeprecationWarning catches.
assert issubclass(FastAPIDeprecationWarning, UserWarning)
assert not issubclass(FastAPIDeprecationWarning, DeprecationWarning)
code = "import warnings, fastapi.exceptions as e; warnings.warn('old', e.FastAPIDeprecationWarning)"
runs = [
    subprocess.run([sys.executable, "-W", chosen, "-c", code], capture_output=True, text=True)
    for chosen in ("error::DeprecationWarning", "error")
]
assert [run.returncode for run in runs] == [0, 1]

# The contract can be compared as text; it says nothing of the 401 that a security class answers.
app = FastAPI()


@app.get("/me", dependencies=[Depends(HTTPBearer())])
def me():
    return "ann"


contract = json.dumps(app.openapi(), sort_keys=True)
assert contract == json.dumps(json.loads(contract), sort_keys=True) and "401" not in contract
