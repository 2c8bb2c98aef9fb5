/** The process's environment: nothing else in src reads process.env. */
export const env: Readonly<Record<string, string | undefined>> = process.env

export interface EnvironmentVariable {
  readonly name: string
  readonly doc: string
}

/** Every variable that the product reads, for the documentation. `*` stands for any name. */
export const environmentVariables: readonly EnvironmentVariable[] = [
  { name: 'INPUT_*', doc: "An action's inputs, as the runner passes them." },
  { name: 'STATE_*', doc: "What an action's main step saved for its post step." },
  { name: 'GITHUB_WORKSPACE', doc: 'The folder that an action begins in.' },
  { name: 'GITHUB_API_URL', doc: 'The REST API; GitHub Enterprise Server has its own.' },
  { name: 'GITHUB_SERVER_URL', doc: "The forge's web pages, for links to the run." },
  { name: 'GITHUB_REPOSITORY', doc: 'The repository, as owner/name.' },
  { name: 'GITHUB_EVENT_NAME', doc: 'What started the run, such as pull_request.' },
  { name: 'GITHUB_EVENT_PATH', doc: "The file with the event's description." },
  { name: 'GITHUB_SHA', doc: 'The commit that the run is for.' },
  { name: 'GITHUB_REF', doc: 'The branch, tag or pull request that the run is for.' },
  { name: 'GITHUB_WORKFLOW', doc: "The workflow's name; the comment is kept for each." },
  { name: 'GITHUB_JOB', doc: "The job's id in the workflow." },
  { name: 'GITHUB_RUN_ID', doc: 'The number of the run, unique in the repository.' },
  { name: 'GITHUB_RUN_ATTEMPT', doc: 'Which attempt of the run this is, from 1.' },
  { name: 'GITHUB_ACTOR', doc: 'Who started the run.' },
  { name: 'GITHUB_OUTPUT', doc: "The file that takes the step's outputs." },
  { name: 'GITHUB_STATE', doc: "The file that takes the step's saved state." },
  { name: 'GITHUB_STEP_SUMMARY', doc: "The file that takes the step's summary." },
  { name: 'RUNNER_DEBUG', doc: '1 where debug logging is on: errors then show their stack.' },
  {
    name: 'ACTIONS_RUNTIME_TOKEN',
    doc: 'Opens the artifact and cache services; without it there are none.',
  },
  { name: 'ACTIONS_RESULTS_URL', doc: 'The service for artifacts and the second cache protocol.' },
  { name: 'ACTIONS_CACHE_URL', doc: 'The service for the first cache protocol.' },
  { name: 'ACTIONS_CACHE_SERVICE_V2', doc: 'Set where the cache speaks its second protocol.' },
  { name: 'ImageOS', doc: "The runner's image, for the environment of a training." },
  { name: 'ImageVersion', doc: "The version of the runner's image." },
  {
    name: 'https_proxy, http_proxy, no_proxy',
    doc: 'Proxies for everything that is fetched (Node 24.14 or newer).',
  },
  { name: 'NO_COLOR', doc: 'Set to anything: the terminal shows no colours.' },
  {
    name: 'KUBECONFIG',
    doc: 'Where the clusters of the Kubernetes targets are described; else ~/.kube/config.',
  },
  {
    name: 'KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT',
    doc: 'The cluster that the runner itself is in, where there is no kubeconfig.',
  },
  { name: 'MODELWAY_WEBHOOK_SECRET', doc: 'Signs what the trigger `webhook` posts.' },
  { name: 'MODELWAY_AIRFLOW_TOKEN', doc: 'Signs in to Airflow; or the user name and password.' },
  { name: 'MODELWAY_AIRFLOW_USERNAME', doc: 'Signs in to Airflow.' },
  { name: 'MODELWAY_AIRFLOW_PASSWORD', doc: 'Signs in to Airflow.' },
  { name: 'MODELWAY_KAFKA_USERNAME', doc: 'Signs in to Kafka by SASL.' },
  { name: 'MODELWAY_KAFKA_PASSWORD', doc: 'Signs in to Kafka by SASL.' },
  {
    name: 'MODELWAY_PUSHGATEWAY_TOKEN',
    doc: 'Signs in to the Pushgateway; or the user name and password.',
  },
  { name: 'MODELWAY_PUSHGATEWAY_USERNAME', doc: 'Signs in to the Pushgateway.' },
  { name: 'MODELWAY_PUSHGATEWAY_PASSWORD', doc: 'Signs in to the Pushgateway.' },
  {
    name: 'MODELWAY_PROMETHEUS_TOKEN',
    doc: 'Signs in to Prometheus; or the user name and password.',
  },
  { name: 'MODELWAY_PROMETHEUS_USERNAME', doc: 'Signs in to Prometheus.' },
  { name: 'MODELWAY_PROMETHEUS_PASSWORD', doc: 'Signs in to Prometheus.' },
  {
    name: 'MODELWAY_PROMETHEUS_HEADERS',
    doc: 'Further headers for Prometheus, such as a tenant: `key=value`, comma between.',
  },
  {
    name: 'MODELWAY_GITOPS_TOKEN',
    doc: "Writes to the repository of target `gitops`, where the job's own token may not.",
  },
  { name: 'MODELWAY_ARGOCD_TOKEN', doc: 'Signs in to Argo CD: the token of an account.' },
  {
    name: 'MODELWAY_PROBE_TOKEN',
    doc: 'Signs in to the model servers that `deploy.probe` asks, as a bearer token.',
  },
  {
    name: 'MODELWAY_AZURE_TOKEN',
    doc: 'Signs in to Azure, in place of what the Azure SDKs find: a token for its resource manager.',
  },
  { name: 'MODELWAY_AZURE_LOGS_TOKEN', doc: 'The same, for Log Analytics.' },
  { name: 'MODELWAY_AZURE_STORAGE_TOKEN', doc: 'The same, for blobs.' },
  {
    name: 'MODELWAY_AZURE_STORAGE_SAS_TOKEN',
    doc: 'A shared access signature for blobs, in place of a token.',
  },
  {
    name: 'AZURE_*',
    doc: 'How the Azure SDKs sign in: a service principal, a workload or managed identity.',
  },
  { name: 'MODELWAY_DATADOG_API_KEY', doc: 'Signs in to Datadog, with the application key.' },
  {
    name: 'MODELWAY_DATADOG_APP_KEY',
    doc: 'Signs in to Datadog; needs the scope timeseries_query.',
  },
  { name: 'MODELWAY_NEW_RELIC_API_KEY', doc: 'Signs in to New Relic: a user key.' },
  {
    name: 'MODELWAY_INFLUXDB_TOKEN',
    doc: 'Signs in to InfluxDB; or the user name and password.',
  },
  { name: 'MODELWAY_INFLUXDB_USERNAME', doc: 'Signs in to InfluxDB.' },
  { name: 'MODELWAY_INFLUXDB_PASSWORD', doc: 'Signs in to InfluxDB.' },
  {
    name: 'MODELWAY_GRAPHITE_TOKEN',
    doc: 'Signs in to Graphite; or the user name and password.',
  },
  { name: 'MODELWAY_GRAPHITE_USERNAME', doc: 'Signs in to Graphite.' },
  { name: 'MODELWAY_GRAPHITE_PASSWORD', doc: 'Signs in to Graphite.' },
  { name: 'MODELWAY_TRINO_TOKEN', doc: 'Signs in to Trino; or the user with the password.' },
  { name: 'MODELWAY_TRINO_PASSWORD', doc: 'Signs in to Trino.' },
  {
    name: 'MODELWAY_CLICKHOUSE_USER',
    doc: 'Signs in to ClickHouse, where `connection.user` is not given.',
  },
  { name: 'MODELWAY_CLICKHOUSE_PASSWORD', doc: 'Signs in to ClickHouse.' },
  {
    name: 'MODELWAY_SPARK_TOKEN',
    doc: 'Signs in to Spark Connect, and to a Thrift server of Spark over HTTP.',
  },
  {
    name: 'MODELWAY_SPARK_PASSWORD',
    doc: 'Signs `connection.user` in to a Thrift server of Spark.',
  },
  { name: 'SPARK_HOME', doc: 'The Spark installation whose `spark-sql` submits a job.' },
  { name: 'MODELWAY_DATABRICKS_TOKEN', doc: 'Signs in to Databricks SQL.' },
  {
    name: 'MODELWAY_SNOWFLAKE_TOKEN',
    doc: 'Signs in to Snowflake: a programmatic access token, an OAuth token or a key-pair JWT.',
  },
  {
    name: 'MODELWAY_SNOWFLAKE_TOKEN_TYPE',
    doc: 'What that token is, where Snowflake cannot tell.',
  },
  { name: 'MODELWAY_BIGQUERY_TOKEN', doc: 'Signs in to BigQuery: an access token.' },
  {
    name: 'GOOGLE_OAUTH_ACCESS_TOKEN',
    doc: 'An access token of Google Cloud, as other tools name it: for BigQuery and for rollouts.',
  },
  {
    name: 'MODELWAY_GOOGLE_TOKEN',
    doc: 'Signs rollouts in to Google Cloud: an access token, which ends after an hour.',
  },
  {
    name: 'GOOGLE_APPLICATION_CREDENTIALS',
    doc: 'The file that signs in to Google Cloud, as google-github-actions/auth writes it; renewed while it lasts.',
  },
  { name: 'AWS_ACCESS_KEY_ID', doc: 'Signs in to AWS: Athena, SageMaker, Lambda and CloudWatch.' },
  { name: 'AWS_SECRET_ACCESS_KEY', doc: 'Signs in to AWS.' },
  { name: 'AWS_SESSION_TOKEN', doc: 'Signs in to AWS, with keys that hold for a while.' },
  {
    name: 'AWS_REGION, AWS_DEFAULT_REGION',
    doc: 'The region of AWS, where the settings give none.',
  },
  {
    name: 'AWS_PROFILE, AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_*',
    doc: 'Read by the chain of the AWS SDK, where there are no keys (rollouts only).',
  },
  { name: 'OTEL_EXPORTER_OTLP_HEADERS', doc: 'Headers for the OpenTelemetry collector.' },
  { name: 'OTEL_EXPORTER_OTLP_METRICS_HEADERS', doc: 'The same, of metrics alone.' },
  { name: 'OTEL_RESOURCE_ATTRIBUTES', doc: 'Attributes of the resource in OpenTelemetry metrics.' },
]
