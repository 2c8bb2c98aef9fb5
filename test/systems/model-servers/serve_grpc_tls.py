"""gRPC's own server over TLS with the Open Inference Protocol (python serve_grpc_tls.py port key.pem certificate.pem)."""

import sys
from concurrent import futures
from pathlib import Path

import grpc
from kserve.protocol.grpc import grpc_predict_v2_pb2 as messages
from kserve.protocol.grpc import grpc_predict_v2_pb2_grpc as service


class Census(service.GRPCInferenceServiceServicer):
    def ServerLive(self, request, context):
        return messages.ServerLiveResponse(live=True)

    def ServerReady(self, request, context):
        return messages.ServerReadyResponse(ready=True)

    def ModelReady(self, request, context):
        token = dict(context.invocation_metadata()).get("authorization")
        return messages.ModelReadyResponse(ready=token == "Bearer probe-token")

    def ModelInfer(self, request, context):
        values = request.inputs[0].contents.fp64_contents
        output = messages.ModelInferResponse.InferOutputTensor(
            name="sum", datatype="FP64", shape=[1]
        )
        output.contents.fp64_contents.append(sum(values))
        return messages.ModelInferResponse(model_name="census", outputs=[output])


port, key, certificate = sys.argv[1:]
pair = (Path(key).read_bytes(), Path(certificate).read_bytes())
server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
service.add_GRPCInferenceServiceServicer_to_server(Census(), server)
server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([pair]))
server.start()
server.wait_for_termination()
