"""Takes OTLP metrics over HTTP in JSON as the published protobuf descriptions read them, and answers as a collector does.

Prints its port. An unknown field, a wrong type or a wrong name is 400, as protobuf's own parser finds it. Data points of
the metric `rejected` are rejected.
"""
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as service

received = []


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        request = service.ExportMetricsServiceRequest()
        answer = service.ExportMetricsServiceResponse()
        try:
            if self.path != "/v1/metrics" or self.headers["content-type"] != "application/json":
                raise ValueError(f"{self.path} {self.headers['content-type']}")
            json_format.Parse(body.decode("utf-8"), request, ignore_unknown_fields=False)
        except Exception as problem:
            return self.reply(400, json.dumps({"code": 3, "message": str(problem)}))
        for resource in request.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    points = metric.gauge.data_points
                    received.append([metric.name, metric.unit, [[dict((a.key, a.value.string_value) for a in p.attributes), p.as_double, p.time_unix_nano] for p in points]])
                    if metric.name == "rejected":
                        answer.partial_success.rejected_data_points += len(points)
                        answer.partial_success.error_message = "unwanted"
        self.reply(200, json_format.MessageToJson(answer))

    def do_GET(self):
        self.reply(200, json.dumps(received))

    def reply(self, status, text):
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
sys.exit(0)
