import os
import tempfile

from fastapi import FastAPI
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, func, insert, select, update

if "SHOP" not in os.environ:
    folder = tempfile.TemporaryDirectory()
    os.environ["SHOP"] = f"sqlite:///{os.path.join(folder.name, 'shop.db')}"
engine = create_engine(os.environ["SHOP"])
meta = MetaData()
orders = Table("orders", meta, Column("id", Integer, primary_key=True), Column("email", String))
jobs = Table(
    "jobs", meta, Column("id", Integer, primary_key=True), Column("email", String),
    Column("tries", Integer, default=0), Column("state", String, default="new"),
)  # fmt: skip
mails = Table("mails", meta, Column("id", Integer, primary_key=True), Column("to", String))
app = FastAPI()


def take_job():
    """Return the oldest job that is not done, and count the try."""
    with engine.begin() as db:
        job = db.execute(select(jobs).where(jobs.c.state == "new").order_by(jobs.c.id)).first()
        if job:
            db.execute(update(jobs).where(jobs.c.id == job.id).values(tries=jobs.c.tries + 1))
        return job


# card:
@app.post("/orders", status_code=202)
def order(email: str):
    with engine.begin() as db:  # both or neither
        db.execute(insert(orders).values(email=email))
        db.execute(insert(jobs).values(email=email))

def send_mail(job):  # once for each job, on every try
    once = insert(mails).prefix_with("OR IGNORE")
    with engine.begin() as db:
        db.execute(once.values(id=job.id, to=job.email))

def report_done(job):
    this = update(jobs).where(jobs.c.id == job.id)
    with engine.begin() as db:
        db.execute(this.values(state="done"))

def work():  # in a process of its own
    while job := take_job():
        send_mail(job)
        report_done(job)
# end

if __name__ == "__main__":
    import signal
    import subprocess
    import sys

    from fastapi.testclient import TestClient

    meta.create_all(engine)
    print("POST /orders:", TestClient(app).post("/orders?email=ann@example.com").status_code)
    # Two workers, each a process. The first gets SIGKILL between the work and its report.
    killed = "job_queues.report_done = lambda job: os.kill(os.getpid(), signal.SIGKILL)"
    for name, crash, status in (("worker 1", killed, -signal.SIGKILL), ("worker 2", "pass", 0)):
        code = f"import os, signal, sys; sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})\n"
        code += f"import job_queues\n{crash}\njob_queues.work()"
        environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run([sys.executable, "-c", code], env=environment)
        assert run.returncode == status
        with engine.connect() as db:
            job = db.execute(select(jobs)).one()
            sent = db.scalar(select(func.count()).select_from(mails))
        print(f"{name}: exit {run.returncode}, tries {job.tries}, mails {sent}, job {job.state}")
    assert (job.tries, sent, job.state) == (2, 1, "done")
    engine.dispose()
    folder.cleanup()
