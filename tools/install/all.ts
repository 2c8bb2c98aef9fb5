import { ensureAct } from './act.js'
import { ensureActionlint } from './actionlint.js'
import { ensureArgoRollouts } from './argo-rollouts.js'
import { ensureAzurite } from './azurite.js'
import { ensureCaddy } from './caddy.js'
import { ensureChdb, ensureClickHouse } from './clickhouse.js'
import { ensureDuckdb } from './duckdb.js'
import { ensureEnvoy } from './envoy.js'
import { ensureFlagger } from './flagger.js'
import { ensureFlux } from './flux.js'
import { ensureGraphite } from './graphite.js'
import { ensureHaproxy } from './haproxy.js'
import { ensureInfluxdb } from './influxdb.js'
import { ensureKafka } from './kafka.js'
import { ensureKubernetes } from './kubernetes.js'
import { ensureLanguageservice } from './languageservice.js'
import { ensureMlflow } from './mlflow.js'
import { ensureModelServers } from './model-servers.js'
import { ensureMoto } from './moto.js'
import { ensureNginx } from './nginx.js'
import { ensureNode24 } from './node24.js'
import { ensureOtlpProto } from './otlp-proto.js'
import { ensurePrometheus } from './prometheus.js'
import { ensureSpark } from './spark.js'
import { ensureTraefik } from './traefik.js'
import { ensureTrino } from './trino.js'
import { ensureZizmor } from './zizmor.js'

const tools = {
  act: ensureAct,
  'node 24': ensureNode24,
  actionlint: ensureActionlint,
  zizmor: ensureZizmor,
  azurite: ensureAzurite,
  languageservice: ensureLanguageservice,
  mlflow: ensureMlflow,
  moto: ensureMoto,
  'model servers': ensureModelServers,
  kafka: ensureKafka,
  prometheus: ensurePrometheus,
  'otlp proto': ensureOtlpProto,
  clickhouse: ensureClickHouse,
  chdb: ensureChdb,
  spark: ensureSpark,
  duckdb: ensureDuckdb,
  trino: ensureTrino,
  kubernetes: ensureKubernetes,
  'argo rollouts': ensureArgoRollouts,
  flagger: ensureFlagger,
  flux: ensureFlux,
  traefik: ensureTraefik,
  haproxy: ensureHaproxy,
  envoy: ensureEnvoy,
  influxdb: ensureInfluxdb,
  graphite: ensureGraphite,
  caddy: ensureCaddy,
  nginx: ensureNginx,
}

/** Installs what the system tests and the lint of workflows need, and says where each thing is. */
async function installAll(): Promise<boolean> {
  let complete = true
  for (const [name, ensure] of Object.entries(tools)) {
    try {
      console.log(`${name}: ${await ensure()}`)
    } catch (error) {
      complete = false
      console.error(`${name}: not installed. ${error instanceof Error ? error.message : error}`)
    }
  }
  return complete
}

if (!(await installAll())) process.exitCode = 1
