from fastapi import FastAPI, UploadFile
from fastapi.testclient import TestClient

# card:
limits = {"max_part_size": 100}
app = FastAPI(form_limits=limits)

@app.post("/files")
def save(file: UploadFile):
    return file.size
# end

response = TestClient(app).post("/files", files={"file": b"x" * 3000})
print(response.status_code, response.text)
assert (response.status_code, response.json()) == (200, 3000)
