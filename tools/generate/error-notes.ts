interface ErrorNote {
  readonly what?: string
  readonly fix?: string
}

/** What a code means and how to mend it, where no one literal in the source says it. */
export const errorNotes: Readonly<Record<string, ErrorNote>> = {
  'MW-BUG-001': {
    what: 'Something failed that Modelway did not expect; the message holds the stack.',
    fix: 'Report it with the message. The exit code is 70.',
  },
  'MW-CONFIG-001': { fix: 'Write modelway.yml, or name it with the input `config`.' },
  'MW-CONFIG-002': { fix: 'Mend the YAML at the line and column that the message names.' },
  'MW-CONFIG-003': { fix: 'Begin the file with sections such as `data:` and `gate:`.' },
  'MW-CONFIG-004': {
    what: '`project` is not a name of 1 to 100 characters, or a section is not a map.',
    fix: 'Write the keys of the section below it, indented.',
  },
  'MW-CONFIG-005': { fix: 'Correct the key: the message names the nearest one that is known.' },
  'MW-CONFIG-006': {
    what: 'A key that the action needs is not set.',
    fix: 'Set it in modelway.yml, or give the input of the same name.',
  },
  'MW-CONFIG-007': {
    what: 'A value is of the wrong type, outside its range, or not one of the known ones.',
    fix: 'See docs/configuration.md for what the key takes.',
  },
  'MW-CONFIG-008': {
    what: 'The configuration file is there, but cannot be read.',
    fix: 'Check that it is a file that the runner may read.',
  },
  'MW-CONFIG-009': {
    what: 'The mode is one that only the workflow may choose: files of a change could switch its own gate off.',
    fix: 'Set it with `with:` in the workflow that needs it.',
  },
  'MW-DATA-119': {
    what: 'The data contract cannot be written to the file that `--out` names.',
    fix: 'Name a file in a folder that exists and that you may write to.',
  },
  'MW-DRIFT-909': {
    what: 'The profile cannot be written to the file that `--out` names.',
    fix: 'Name a file in a folder that exists and that you may write to.',
  },
  'MW-DATA-001': { what: 'The file does not exist, is a folder, or may not be read.' },
  'MW-DATA-004': { what: 'The file is empty, or has no header.' },
  'MW-DATA-019': {
    what: 'Files that are read as one data set have different columns or types; all differences are listed.',
  },
  'MW-DATA-105': {
    fix: 'Check the URL, and that the server is up: the status is in the message.',
  },
  'MW-DATA-106': { fix: 'Run the job again; check the network between runner and server.' },
  'MW-DATA-111': { fix: 'Check `data.contract`, and that the file is YAML.' },
  'MW-DATA-112': {
    what: 'A rule of the data contract is not valid: an unknown key, a wrong value, or a regular expression that is none.',
    fix: 'Mend the rule that the message names.',
  },
  'MW-DEPLOY-008': { fix: 'The router process is gone: run the action again, which starts it.' },
  'MW-DEPLOY-009': { fix: 'See the log of the router in `deploy.state-dir`.' },
  'MW-DEPLOY-010': { fix: 'Run the action again, which finds and finishes the rollout.' },
  'MW-DATA-028': {
    fix: 'Look at the line: a quote that is never closed, or a file that is no table; leave such texts out.',
  },
  'MW-DEPLOY-215': {
    fix: 'See in its events why it went on by itself, and start again; a gate of Flagger (confirm-traffic-increase) keeps it.',
  },
  'MW-DEPLOY-271': {
    fix: 'Mend what its message names; users are where they were.',
  },
  'MW-DEPLOY-272': {
    fix: 'Check the network between runner and service, and its address.',
  },
  'MW-DEPLOY-273': {
    fix: 'Check that the address is that of the service, and proxies in between.',
  },
  'MW-DEPLOY-274': {
    fix: 'Mend what its message names; users are where they were.',
  },
  'MW-DEPLOY-277': {
    fix: 'Wait until the endpoint has done what it is at, see its state in the studio, and run the action again.',
  },
  'MW-DEPLOY-283': {
    fix: 'See the state of the endpoint, and run the action again, which finds and finishes the rollout.',
  },
  'MW-DEPLOY-284': {
    fix: 'See the message of Azure, and run the action again, which finds and finishes the rollout.',
  },
  'MW-DEPLOY-288': {
    fix: 'Check the address of the service, and proxies in between.',
  },
  'MW-DEPLOY-292': {
    fix: 'Check the network between runner and service; an interval that cannot be read is dropped, five in a row end the rollout.',
  },
  'MW-DEPLOY-294': {
    fix: 'Give a token in the environment, or sign in before (azure/login), and run the action again.',
  },
  'MW-DEPLOY-295': {
    fix: 'Run the action again, which finds and finishes the rollout.',
  },
  'MW-DEPLOY-310': {
    fix: 'Name the column of the version, and the versions as the log has them.',
  },
  'MW-DEPLOY-315': {
    fix: 'Check the endpoint, the bucket and what the keys may do.',
  },
  'MW-DEPLOY-316': {
    fix: 'Check the endpoint, and the network between runner and store.',
  },
  'MW-DEPLOY-317': {
    fix: 'Set the endpoint to that of the store.',
  },
  'MW-DEPLOY-320': {
    fix: 'See whether the file is whole; what was read before it counts.',
  },
  'MW-DEPLOY-329': {
    fix: 'Name the column of the time, or leave the metric latency out.',
  },
  'MW-DEPLOY-325': {
    what: 'Kafka refuses, or does not answer, while its log of predictions is read.',
    fix: 'Check brokers, topic and sign-in (MODELWAY_KAFKA_USERNAME, MODELWAY_KAFKA_PASSWORD).',
  },
  'MW-DEPLOY-345': {
    what: 'The model server cannot be reached by the probe, or does not answer in time.',
    fix: 'See its log; check `deploy.probe.url`, `protocol` and `timeout`.',
  },
  'MW-DEPLOY-346': {
    what: 'The model server refuses what the probe asks; its words are in the message.',
    fix: 'Check `model`, `inputs`, `body` and `golden` of deploy.probe, and MODELWAY_PROBE_TOKEN.',
  },
  'MW-DEPLOY-347': {
    what: 'What the model server answers is not of the protocol: no JSON, NaN, a redirect, too much, or no predictions.',
    fix: 'Check `protocol`, `path` and `answer` of deploy.probe, and what the server is.',
  },
  'MW-DEPLOY-052': {
    fix: 'It is tried again; where it stays so, look at what else sends traffic there, and set the weights by hand.',
  },
  'MW-DEPLOY-109': {
    fix: "Check the address in the kubeconfig and the API server's health, and run the action again.",
  },
  'MW-DEPLOY-112': {
    fix: 'See the status of the object that the message names; a longer `timeout` of the target waits longer.',
  },
  'MW-DEPLOY-113': { fix: 'See the events of the object: its controller says why.' },
  'MW-DEPLOY-151': {
    fix: 'Check the address of the runtime API, its level (`level admin`) and who may open the socket.',
  },
  'MW-DEPLOY-152': { fix: 'Check that the address is that of the runtime API of HAProxy.' },
  'MW-DEPLOY-158': { fix: 'See the log of HAProxy; the message holds its answer.' },
  'MW-DEPLOY-159': {
    fix: 'See who else sets weights, or why HAProxy began anew, and run the action again.',
  },
  'MW-DEPLOY-202': {
    what: 'A Rollout of a kind that cannot be driven: without steps of a canary, or with its template elsewhere (workloadRef).',
  },
  'MW-DEPLOY-214': {
    what: 'Flagger is not ready for a new version: its Canary is not initialised, or is in the middle of another one.',
  },
  'MW-DEPLOY-456': {
    fix: 'See that devices can download the artifact: its address, its permissions, and that it is uploaded already.',
  },
  'MW-DEPLOY-463': {
    fix: 'It is tried again; keep the manifest on a branch that nobody else pushes to all the time.',
  },
  'MW-DEPLOY-457': { what: 'Copies of requests are asked for, and nobody would send them.' },
  'MW-DEPLOY-225': {
    what: 'AWS cannot be reached, or is busy or away after four attempts.',
    fix: 'Check the network between runner and AWS, and `endpoint`; run the action again, which finds and finishes the rollout.',
  },
  'MW-DEPLOY-226': {
    what: 'What answers is not AWS, or answers with what is not understood.',
    fix: 'Check `endpoint`, and proxies in between.',
  },
  'MW-DEPLOY-238': {
    fix: 'Make the endpoint anew; SageMaker lets a failed one only be deleted.',
  },
  'MW-DEPLOY-239': {
    fix: 'Look at the endpoint in the console, or give it more `timeout`; the next run finds and finishes the rollout.',
  },
  'MW-DEPLOY-240': {
    fix: 'Mend what the message of SageMaker names (the logs of the variant say more); users are where they were.',
  },
  'MW-DEPLOY-243': { fix: 'See who else changes the alias, and run the action again.' },
  'MW-DEPLOY-250': { fix: 'Check the network between runner and Google Cloud, and `endpoint`.' },
  'MW-DEPLOY-255': { fix: 'Run the action again, which finds and finishes the rollout.' },
  'MW-DEPLOY-257': { fix: 'Check `endpoint`, and proxies in between.' },
  'MW-DEPLOY-260': {
    fix: 'Mend what the message of Google Cloud names; see the logs of the version.',
  },
  'MW-DEPLOY-261': {
    fix: 'Look at the service or endpoint in the console, or give it more `timeout`.',
  },
  'MW-DEPLOY-263': { fix: 'See who else changes it, and run the action again.' },
  'MW-DEPLOY-264': { fix: 'Run the action again, which finds and finishes the rollout.' },
  'MW-DEPLOY-265': { fix: 'Mend what the message of Cloud Run names; users are where they were.' },
  'MW-DEPLOY-415': { fix: 'Start the rollout again when others push less to that branch.' },
  'MW-DEPLOY-417': {
    fix: 'Merge it sooner, or give it longer with `deploy.gitops.review-timeout`.',
  },
  'MW-DEPLOY-418': { fix: 'See what Argo CD or Flux says of the commit; the rollout goes back.' },
  'MW-DEPLOY-419': {
    fix: 'See that the branch is synchronised by itself, and how long that takes (`deploy.gitops.timeout`).',
  },
  'MW-DEPLOY-420': {
    what: 'The Kustomization is suspended, does not wait for what it applies, or applies no branch.',
    fix: 'Resume it, set `spec.wait: true`, or name one whose source is a GitRepository.',
  },
  'MW-DEPLOY-421': {
    what: 'Argo CD does not answer, or with an error.',
    fix: 'Check `deploy.gitops.sync.argo-cd.url`, and that the runner reaches it (NODE_EXTRA_CA_CERTS for an authority of your own).',
  },
  'MW-DEPLOY-160': {
    fix: 'Make the file writable; until then a reload brings the weights of the configuration back.',
  },
  'MW-DEPLOY-162': { fix: 'Check the address of the admin API, and that the runner reaches it.' },
  'MW-DEPLOY-163': {
    fix: 'Check that the address is that of the admin API of the proxy, and its log.',
  },
  'MW-DEPLOY-168': {
    fix: "Take the keys out of the layers above the admin layer in Envoy's runtime.",
  },
  'MW-DEPLOY-173': {
    fix: "See Traefik's log: whether it watches the folder of the file, and takes what is in it.",
  },
  'MW-DEPLOY-174': { fix: 'See what the metrics of the proxy say, or set deploy.signals.' },
  'MW-DEPLOY-187': {
    fix: "See nginx's error log, and that deploy.nginx.status is answered by the same nginx.",
  },
  'MW-DEPLOY-197': { fix: 'Run the command by hand: it may ask for a password.' },
  'MW-DRIFT-774': { fix: 'Run spark-sql by hand with the same master to see what it misses.' },
  'MW-DEPLOY-100': {
    what: 'The kubeconfig cannot be read, or names no cluster, context or way to sign in that can be used.',
    fix: 'Correct it, or set KUBECONFIG or `kubeconfig` and `context` of the target.',
  },
  'MW-DEPLOY-102': {
    what: "The kubeconfig's exec plugin, which signs in, failed or gave no credential.",
    fix: 'Run the plugin by hand to see what it misses.',
  },
  'MW-DEPLOY-021': { fix: 'Do as the message says, now: it is the one state that needs a person.' },
  'MW-GATE-004': {
    what: 'Two rules contradict each other: no model can pass both.',
    fix: 'Mend one of the two that the message names.',
  },
  'MW-GATE-009': {
    what: 'A bound lies outside of what the metric can be, or `margin` or `by` is negative.',
    fix: 'Write shares as shares (0.8, not 80), and how much worse or better as a number from 0.',
  },
  'MW-GATE-105': {
    what: 'The predictions, or a model file that is here, are not those that the training wrote.',
  },
  'MW-HOST-001': {
    what: 'GitHub refuses the token for this call (status 403).',
    fix: 'Add the permission that the message names to the job. A pull request from a fork has a read-only token: see docs/github.md.',
  },
  'MW-HOST-002': { what: "GitHub's rate limit is reached.", fix: 'Run the job again later.' },
  'MW-HOST-003': {
    what: 'GitHub does not answer, or answers 5xx, after retries.',
    fix: 'Run the job again; see https://www.githubstatus.com.',
  },
  'MW-HOST-004': {
    what: 'GitHub refuses a request for another reason, which is in the message.',
    fix: 'Do as the message says.',
  },
  'MW-HOST-005': {
    what: 'The token is not valid (status 401).',
    fix: 'Pass one with the input github-token.',
  },
  'MW-HOST-006': { fix: 'Let one job write a section of the comment at a time.' },
  'MW-HOST-007': {
    fix: 'Give each job of a matrix its own artifact name, or run the job again.',
  },
  'MW-INPUT-001': {
    what: 'The text of an input is not a number, not `true` or `false`, not valid YAML, or not one of the known values.',
    fix: 'Correct the input that the message names.',
  },
  'MW-REGISTRY-005': { fix: 'Run the job again, once the other run has ended.' },
  'MW-REGISTRY-007': { fix: 'Run the job again.' },
  'MW-REGISTRY-008': {
    what: 'A git command failed; its output is in the message.',
    fix: 'Check that the checkout keeps credentials and the job has `contents: write`.',
  },
  'MW-TRAIN-006': { what: 'The metrics file is not a JSON object of numbers by name.' },
  'MW-STATS-133': {
    what: 'The numbers give no result: too few of them, or none that vary.',
    fix: 'The message says which; give more numbers.',
  },
  'MW-TRACK-003': { fix: 'Check MLFLOW_TRACKING_URI, and that the runner may reach the server.' },
  'MW-TRACK-004': {
    what: 'The tracking server refuses the sign-in (status 401 or 403).',
    fix: 'Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, from secrets.',
  },
  'MW-TRACK-005': {
    what: 'The tracking server refuses the call; its reason is in the message.',
    fix: 'Check the id of the run; run the job again where the server was busy.',
  },
  'MW-TRACK-006': {
    fix: 'Log the file as an artifact of the run, under the name of gate.predictions.',
  },
  'MW-TRACK-007': { fix: 'Check MLFLOW_TRACKING_URI: a proxy or another service answered.' },
  'MW-DATA-302': {
    what: 'A file of a data set was changed, replaced, cut or removed while it was read.',
  },
  'MW-HOST-030': {
    what: 'GitHub refused to start a workflow or to send a repository_dispatch; the message says why.',
    fix: 'Give the job the permission that the message names, and check the repository and the file name of the workflow.',
  },
  'MW-HOST-031': {
    what: 'GitHub refused to keep the record of what fired.',
    fix: 'Give the job contents: write, or name a file with drift.guard.record.',
  },
  'MW-DRIFT-767': {
    what: 'DuckDB is not installed where this job runs, or does not load there.',
  },
  'MW-DRIFT-305': { fix: 'Take a metric that fits the task and the columns that are named.' },
  'MW-DRIFT-505': {
    what: 'The receiver refused the event, is too busy, or failed; what it said is in the message.',
    fix: 'Mend what the receiver names; the trigger is tried again at the next run.',
  },
  'MW-DRIFT-506': {
    fix: 'Check the address, and that the runner reaches it; the trigger is tried again at the next run.',
  },
  'MW-DRIFT-507': { fix: 'Check the topic, the brokers and the rights of the user.' },
  'MW-DRIFT-510': {
    fix: 'Check that the address is that of Airflow, and the user name and password.',
  },
  'MW-DRIFT-511': {
    fix: 'Look at the DAG in Airflow: it may be paused or have a run of that time.',
  },
  'MW-DRIFT-513': { fix: 'Give jobs of one project one concurrency group.' },
  'MW-DRIFT-650': { fix: 'Check the address, and that the runner reaches it.' },
  'MW-DRIFT-651': { fix: 'Run again later.' },
  'MW-DRIFT-652': { fix: 'Check the token, or the user name and password, in the environment.' },
  'MW-DRIFT-653': { fix: 'Name the address that answers itself.' },
  'MW-DRIFT-654': { fix: 'Ask for a longer step, a shorter range, or an aggregate.' },
  'MW-DRIFT-655': { fix: 'Name a file below the working directory that this job may write.' },
  'MW-DRIFT-656': { fix: 'Mend what the Pushgateway names.' },
  'MW-DRIFT-657': { fix: 'Mend what the collector names.' },
  'MW-DRIFT-661': { fix: 'Mend the query that the message names; try it in Prometheus first.' },
  'MW-DRIFT-711': { fix: 'Run the check again, or name a view or snapshot that stays as it is.' },
  'MW-DRIFT-712': {
    fix: 'Check that the address is that of the engine, and report the message if it is.',
  },
  'MW-DRIFT-720': { fix: 'Name the address of the coordinator in connection.url.' },
  'MW-DRIFT-754': { fix: 'Check connection.url, and that the runner reaches it.' },
  'MW-DRIFT-755': { fix: 'Run again later.' },
  'MW-DRIFT-756': {
    fix: 'Check the secrets in the environment, and that the user may read the tables.',
  },
  'MW-DRIFT-757': { fix: 'Name the address that answers itself in connection.url.' },
  'MW-DRIFT-758': { fix: 'Leave out columns of very many categories with columns.ignore.' },
  'MW-DRIFT-759': { fix: 'Run again; look at the log of the engine if it comes back.' },
  'MW-DRIFT-760': { fix: 'Mend what the engine names; the query is in its history.' },
  'MW-DRIFT-761': { fix: "Raise the engine's own limit, or ask for a smaller window." },
  'MW-DRIFT-762': { fix: 'Run again; report the message if it comes back.' },
  'MW-DRIFT-763': {
    fix: 'Check that the address is that of the engine, and report the message if it is.',
  },
  'MW-DRIFT-764': { fix: 'Raise connection.timeout-minutes, or ask for a smaller window.' },
  'MW-DRIFT-770': { fix: 'Raise connection.maximum-bytes, or choose rows by a partition column.' },
  'MW-DRIFT-801': {
    what: 'A line of the history file is not JSON.',
    fix: 'Remove the line that the message names, or name a new file.',
  },
  'MW-DRIFT-802': {
    what: 'A line of the history file was written by a newer release.',
    fix: 'Update Modelway, or name a new file.',
  },
  'MW-DRIFT-803': {
    what: 'A line of the history file is no result of a window.',
    fix: 'Remove the line that the message names, or name a new file.',
  },
}
