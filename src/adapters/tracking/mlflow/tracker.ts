import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { ExternalError } from '../../../errors.js'
import { temporaryBeside } from '../../../files/atomic.js'
import type { TrackedFile, TrackedRun, Tracker } from '../../../ports/tracker.js'
import type { TrackerContext } from '../index.js'
import { createMlflowClient, isConnectionLost, type MlflowClient } from './client.js'

const API = '/api/2.0/mlflow'

/** The parts of MLflow's answers that are read (REST API 2.0). JSON cannot hold NaN: MLflow sends such metrics as text. */
const RunAnswer = z.object({
  run: z.object({
    info: z.object({
      run_id: z.string(),
      experiment_id: z.string(),
      start_time: z.coerce.number().optional(),
      artifact_uri: z.string().optional(),
    }),
    data: z
      .object({
        metrics: z
          .array(z.object({ key: z.string(), value: z.union([z.number(), z.string()]) }))
          .optional(),
      })
      .optional(),
  }),
})
type Run = z.output<typeof RunAnswer>['run']

const FilesAnswer = z.object({
  files: z
    .array(
      z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.coerce.number().optional() }),
    )
    .optional(),
  next_page_token: z.string().optional(),
})

/** Reads runs and artifacts of an MLflow tracking server. */
export function createMlflowTracker(context: TrackerContext, firstDelay?: number): Tracker {
  const client = createMlflowClient(context, firstDelay)
  return {
    run: async (id) => {
      const run = await findRun(client, id)
      return run && describeRun(client, run)
    },
    files: (id, folder) => listFiles(client, id, folder),
    download: (id, path, target) => download(client, { id, path, target }),
  }
}

async function findRun(client: MlflowClient, id: string): Promise<Run | undefined> {
  const request = { path: `${API}/runs/get`, query: { run_id: id } }
  return (await client.get(request, (response) => parse(client, response, RunAnswer)))?.run
}

function describeRun(client: MlflowClient, { info, data }: Run): TrackedRun {
  const metrics: Record<string, number> = {}
  for (const { key, value } of data?.metrics ?? []) {
    if (typeof value === 'number' && Number.isFinite(value)) metrics[key] = value
  }
  const { run_id: id, experiment_id: experiment, start_time: started } = info
  return {
    id,
    url: `${client.server}/#/experiments/${encodeURIComponent(experiment)}/runs/${encodeURIComponent(id)}`,
    startedAt: started === undefined ? undefined : new Date(started),
    metrics,
  }
}

async function listFiles(
  client: MlflowClient,
  id: string,
  folder: string,
): Promise<readonly TrackedFile[]> {
  const found: TrackedFile[] = []
  let page: string | undefined
  do {
    const query = {
      run_id: id,
      ...(folder === '' ? {} : { path: folder }),
      ...(page === undefined ? {} : { page_token: page }),
    }
    const request = { path: `${API}/artifacts/list`, query }
    const answer = await client.get(request, (response) => parse(client, response, FilesAnswer))
    if (answer === undefined) return found
    for (const { path, is_dir: isFolder, file_size: size } of answer.files ?? []) {
      if (!isFolder) found.push({ path, size })
    }
    page = answer.next_page_token || undefined
  } while (page !== undefined)
  return found
}

interface Download {
  readonly id: string
  readonly path: string
  readonly target: string
}

async function download(client: MlflowClient, { id, path, target }: Download): Promise<void> {
  const request = { path: '/get-artifact', query: { run_uuid: id, path } }
  const done = await client.get(request, async ({ body }) => {
    await writeWhole(target, body)
    return true
  })
  if (done !== undefined) return
  throw new ExternalError({
    code: 'MW-TRACK-006',
    service: `MLflow at ${client.server}`,
    status: 404,
    what: `run ${id} has no artifact ${JSON.stringify(path)}.`,
    retryable: false,
  })
}

async function writeWhole(target: string, body: Response['body']): Promise<void> {
  const temporary = temporaryBeside(target)
  try {
    await pipeline(
      body === null ? [] : Readable.fromWeb(body),
      createWriteStream(temporary, { flags: 'wx' }),
    )
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function parse<T>(
  client: MlflowClient,
  response: Response,
  schema: z.ZodType<T>,
): Promise<T> {
  try {
    return schema.parse(await response.json())
  } catch (error) {
    // The connection's failure, and not the answer's.
    if (isConnectionLost(error)) throw error
    throw new ExternalError(
      {
        code: 'MW-TRACK-007',
        service: `MLflow at ${client.server}`,
        what: 'the answer is not one of MLflow 2.0: check that MLFLOW_TRACKING_URI names a tracking server.',
        retryable: false,
      },
      { cause: error },
    )
  }
}
