"""Flask with a model that answers NaN, as its JSON writes it (python -m flask --app flask_census run)."""

from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.post("/predict")
def predict():
    return jsonify(score=float("nan"))
