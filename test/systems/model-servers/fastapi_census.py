"""FastAPI with one linear model, which the environment makes slow or wrong (python -m uvicorn fastapi_census:app)."""

import asyncio
import os

from fastapi import FastAPI
from pydantic import BaseModel

SECONDS = float(os.environ.get("MODEL_SECONDS", "0"))
WEIGHT = float(os.environ.get("MODEL_WEIGHT", "1"))

app = FastAPI()


class Row(BaseModel):
    age: float
    hours: float
    capital: float


@app.get("/health")
async def health():
    return {"status": "ok"}


@app.post("/predict")
async def predict(row: Row):
    await asyncio.sleep(SECONDS)
    score = WEIGHT * row.age + 0.5 * row.hours - row.capital
    return {"prediction": {"score": score, "label": ">50K" if score > 0 else "<=50K"}}
