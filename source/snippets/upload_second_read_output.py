from fastapi import FastAPI, UploadFile
from fastapi.testclient import TestClient

# card:
app = FastAPI()

@app.post("/sizes")
async def sizes(file: UploadFile):
    first = await file.read()
    second = await file.read()
    return [len(first), len(second)]
# end

text = TestClient(app).post("/sizes", files={"file": ("a.txt", b"abc")}).text
print(text)
assert text == "[3,0]"
