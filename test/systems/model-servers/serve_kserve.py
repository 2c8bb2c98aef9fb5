"""KServe's Python server with one linear model (python serve_kserve.py --http_port 1 --grpc_port 2)."""

import numpy
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer

WEIGHTS = numpy.array([1.0, 0.5, -1.0])


class Census(Model):
    def load(self):
        self.ready = True

    async def get_input_types(self):
        return [{"name": "features", "datatype": "FP64", "shape": [-1, 3]}]

    async def get_output_types(self):
        return [{"name": "score", "datatype": "FP64", "shape": [-1]}]

    def predict(self, payload, headers=None, response_headers=None):
        if not isinstance(payload, InferRequest):
            return {"predictions": (numpy.array(payload["instances"]) @ WEIGHTS).tolist()}
        scores = payload.inputs[0].as_numpy() @ WEIGHTS
        output = InferOutput(name="score", shape=list(scores.shape), datatype="FP64")
        output.set_data_from_numpy(scores, binary_data=False)
        return InferResponse(
            response_id=payload.id or "1", model_name=self.name, infer_outputs=[output]
        )


model = Census("census")
model.load()
ModelServer().start([model])
