"""Makes in moto, by boto3, what a user has before a rollout: a model behind an endpoint, and a function with versions."""

import io
import json
import sys
import zipfile

import boto3

url, metrics = sys.argv[1], json.loads(sys.argv[2])


def client(service):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


role = client("iam").create_role(
    RoleName="ml",
    AssumeRolePolicyDocument=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    ),
)["Role"]["Arn"]

sagemaker = client("sagemaker")
for name in ["model-1", "model-2"]:
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer={"Image": "1.dkr.ecr/x:1"})
variants = [
    {
        "VariantName": f"v{i}",
        "ModelName": f"model-{i}",
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": 2 - i,
    }
    for i in [1, 2]
]
sagemaker.create_endpoint_config(EndpointConfigName="fraud-config", ProductionVariants=variants)
sagemaker.create_endpoint(EndpointName="fraud", EndpointConfigName="fraud-config")

code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("model.py", "def answer(event, context):\n    return 1\n")
functions = client("lambda")
functions.create_function(
    FunctionName="fraud",
    Runtime="python3.12",
    Role=role,
    Handler="model.answer",
    Code={"ZipFile": code.getvalue()},
    Publish=True,
)
functions.publish_version(FunctionName="fraud", Description="2")
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("model.py", "def answer(event, context):\n    return 2\n")
functions.update_function_code(FunctionName="fraud", ZipFile=code.getvalue(), Publish=True)
functions.create_alias(FunctionName="fraud", Name="live", FunctionVersion="1", Description="users call this")

cloudwatch = client("cloudwatch")
for at, version, requests, errors in metrics:
    dimensions = [{"Name": "Version", "Value": version}]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Timestamp": at, "Value": value}
        for name, value in [("Requests", requests), ("Failures", errors)]
    ]
    cloudwatch.put_metric_data(Namespace="ML/Serving", MetricData=data)
