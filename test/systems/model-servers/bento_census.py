"""A service of BentoML with one linear model (python -m bentoml serve bento_census:Census)."""

import bentoml


@bentoml.service(workers=1)
class Census:
    @bentoml.api
    def predict(self, rows: list) -> list:
        return [
            {"score": row["age"] + 0.5 * row["hours"] - row["capital"]} for row in rows
        ]
