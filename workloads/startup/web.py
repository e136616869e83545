"""Imports what a web service needs, makes an application, and ends."""

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    config = uvicorn.Config(app, host="127.0.0.1", port=8000)
    print("ready" if config.app is app else "not ready")
