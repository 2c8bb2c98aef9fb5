import { afterEach, describe, expect, it } from '@jest/globals'
import { createAirflowSender } from '../../../../src/adapters/events/airflow.js'
import type { ExternalError } from '../../../../src/errors.js'
import {
  type AirflowFake,
  type AirflowOptions,
  startAirflow,
} from '../../../fakes/airflow/start-airflow.js'
import { context, EVENT, failure, NEVER } from './arrange.js'

let airflow: AirflowFake
afterEach(async () => {
  await airflow.close()
  expect(airflow.violations).toEqual([])
})

const ACCOUNT = { MODELWAY_AIRFLOW_USERNAME: 'ml', MODELWAY_AIRFLOW_PASSWORD: 'pä:ss' }

async function start(version: 2 | 3, more: Partial<AirflowOptions> = {}): Promise<void> {
  airflow = await startAirflow({
    version,
    username: 'ml',
    password: 'pä:ss',
    token: 'tok',
    ...more,
  })
}

function sender(env: Readonly<Record<string, string>> = ACCOUNT, dag = 'retrain') {
  const trigger = { kind: 'airflow', on: ['fail'], url: `${airflow.url}/`, dag } as const
  const conf = { model: 'census', modelway: 'overwritten' }
  return createAirflowSender({ ...trigger, conf }, context(env), { firstDelayMs: 1 })
}

async function refusal(env = ACCOUNT, dag?: string): Promise<ExternalError> {
  return (await failure(() => sender(env, dag).send(EVENT, NEVER))) as ExternalError
}

// @evidence Airflow 3, REST API v2: contract (the OpenAPI description in apache-airflow-core 3.1.0)
// @evidence Airflow 2, REST API v1: contract (the OpenAPI description in apache-airflow 2.11.0)
describe.each([2, 3] as const)('a DAG run of Airflow %i', (version) => {
  const page =
    version === 3 ? `/dags/retrain/runs/${EVENT.key}` : `/dags/retrain/grid?dag_run_id=${EVENT.key}`

  it('has the key as its id, and conf with what happened', async () => {
    await start(version)
    expect(await sender().send(EVENT, NEVER)).toEqual({ url: `${airflow.url}${page}` })
    expect(airflow.runs).toMatchObject([
      {
        dag: 'retrain',
        id: EVENT.key,
        conf: { model: 'census', modelway: { decision: 'fail', drifted: ['naïve|<b>', 'a\nb'] } },
      },
    ])
  })

  it('is there already when it is asked for again, which is as good', async () => {
    await start(version)
    await sender().send(EVENT, NEVER)
    expect(await sender().send(EVENT, NEVER)).toEqual({ url: `${airflow.url}${page}` })
    expect(airflow.runs).toHaveLength(1)
  })

  it('is not taken for there where another run has its date', async () => {
    await start(version)
    airflow.refuseDate()
    expect((await refusal()).details).toMatchObject({ code: 'MW-DRIFT-511', status: 409 })
  })

  it('is made once by two at the same time', async () => {
    await start(version)
    await Promise.all([sender().send(EVENT, NEVER), sender().send(EVENT, NEVER)])
    expect(airflow.runs).toHaveLength(1)
  })

  it('is made with a token', async () => {
    await start(version)
    await sender({ MODELWAY_AIRFLOW_TOKEN: 'tok' }).send(EVENT, NEVER)
    expect(airflow.runs).toHaveLength(1)
    expect(airflow.requests).not.toContain('POST /auth/token')
  })

  it('is refused to a wrong password', async () => {
    await start(version)
    const { details, message } = await refusal({ ...ACCOUNT, MODELWAY_AIRFLOW_PASSWORD: 'wr0ng' })
    expect(details).toMatchObject({ code: 'MW-DRIFT-505', status: 401, retryable: false })
    expect(message).not.toContain('wr0ng')
  })

  it('is refused for a DAG that is not there', async () => {
    await start(version)
    const { details, message } = await refusal(ACCOUNT, 'näïve dag/../x')
    expect(details).toMatchObject({ code: 'MW-DRIFT-505', status: 404 })
    expect(message).toContain('not found')
  })

  it('is asked for again after 503, and given up in the end', async () => {
    await start(version)
    airflow.failNext('/dagRuns', 503, 2)
    await sender().send(EVENT, NEVER)
    expect(airflow.runs).toHaveLength(1)
    airflow.failNext('/dagRuns', 503, 9)
    expect((await refusal()).details).toMatchObject({ status: 503, retryable: true })
  })

  it('is asked for with no token that HTTP cannot write, and shows none', async () => {
    await start(version)
    const given = { MODELWAY_AIRFLOW_TOKEN: 'air\nSECRET2' }
    const error = await failure(async () => sender(given))
    expect(error.message).toMatch(/^MW-DRIFT-658: MODELWAY_AIRFLOW_TOKEN: /)
    expect(error.message).not.toMatch(/SECRET2/)
    expect(airflow.requests).toEqual([])
  })

  it('is not asked for without something to sign in with', async () => {
    await start(version)
    const error = await failure(async () => sender({}))
    expect(error.message).toMatch(/^MW-DRIFT-503/)
    const half = await failure(async () => sender({ MODELWAY_AIRFLOW_USERNAME: 'ml' }))
    expect(half.message).toMatch(/^MW-DRIFT-508: .*MODELWAY_AIRFLOW_PASSWORD is not/)
    expect(airflow.requests).toEqual([])
  })
})

describe('a DAG run', () => {
  it('hides password and token', async () => {
    await start(3)
    const trigger = { kind: 'airflow', on: ['fail'], url: airflow.url, dag: 'x', conf: {} } as const
    const given = context(ACCOUNT)
    createAirflowSender(trigger, given)
    expect(given.masked).toEqual(['pä:ss'])
  })

  it('is not asked for with a token that is none', async () => {
    await start(3)
    airflow.failNext('/auth/token', 201)
    expect((await refusal()).details).toMatchObject({ code: 'MW-DRIFT-510', status: 201 })
  })
})
