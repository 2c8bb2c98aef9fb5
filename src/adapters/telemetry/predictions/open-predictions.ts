import type { PredictionSignals } from '../../../config/deploy/predictions.js'
import { UserError } from '../../../errors.js'
import type { Workspace } from '../../../files/workspace.js'
import type { LogReaders } from '../../../ports/log-readers.js'
import type { Signals } from '../../../ports/signals.js'
import { createRedaction, secretsIn } from '../../../secrets.js'
import type { AnswersWanted } from '../open-answers.js'
import { latencyBounds, noTimes } from './bounds.js'
import type { ObjectStore } from './objects/object-store.js'
import type { StoreContext } from './objects/store-request.js'
import { payloadReader } from './payload.js'
import { createPredictionSignals } from './prediction-signals.js'
import { recordReader } from './record.js'
import type { LogSource } from './source.js'

export interface PredictionsContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly workspace: Pick<Workspace, 'glob' | 'relative'>
  readonly readers: LogReaders
  readonly wanted: AnswersWanted
}

const FIRST_DELAY_MS = 500

/** A log of single predictions, in files, in a store or in a topic. */
export async function openPredictions(
  settings: PredictionSignals,
  context: PredictionsContext,
): Promise<Signals> {
  const { columns, payload } = settings
  const { output, overs } = context.wanted
  const numbersAreTexts = settings.format === 'csv' || looksLikeCsv(settings)
  const reading = { ...settings, output, numbersAreTexts }
  const isTimed = columns.latency !== undefined || payload === 'cloud-events'
  if (overs.length > 0 && !isTimed) throw noTimes('deploy.signals.predictions.columns')
  return createPredictionSignals({
    source: await openSource(settings, context),
    readLine: payload === 'cloud-events' ? payloadReader(reading) : recordReader(reading),
    match: settings.match,
    lagMs: settings.lag,
    skewMs: settings['clock-skew'],
    bounds: isTimed ? latencyBounds(overs) : [],
    needsTimes: overs.length > 0,
    countsRejected: columns.status !== undefined,
    comparison: context.wanted,
  })
}

function looksLikeCsv({ files = [], format }: PredictionSignals): boolean {
  return format === undefined && files.some((name) => /\.[ct]sv\b/i.test(name))
}

async function openSource(
  settings: PredictionSignals,
  context: PredictionsContext,
): Promise<LogSource> {
  const { files, objects, kafka, format } = settings
  const { readers, signal, env, workspace } = context
  if (kafka !== undefined) {
    const { createKafkaSource } = await import('./kafka/kafka-source.js')
    return createKafkaSource({ place: kafka, env, signal })
  }
  const reading = { format, readers, columns: columnsOf(settings), signal }
  if (objects !== undefined) {
    const { createObjectsSource } = await import('./objects/objects-source.js')
    const store = await openStore(settings, context)
    return createObjectsSource({ ...reading, store, ordered: objects.ordered, now: Date.now })
  }
  const { createFilesSource } = await import('./files/files-source.js')
  return createFilesSource({
    ...reading,
    list: () => filesBy(files ?? [], workspace),
    shownAs: workspace.relative,
  })
}

async function openStore(
  { objects, 'timeout-seconds': timeout }: PredictionSignals,
  { env, signal }: PredictionsContext,
): Promise<ObjectStore> {
  if (objects === undefined) throw new RangeError('no store is named')
  const context: StoreContext = {
    signal,
    timeoutMs: timeout * 1000,
    firstDelayMs: FIRST_DELAY_MS,
    hide: createRedaction(secretsIn(env)),
  }
  switch (objects.store) {
    case 's3':
      return (await import('./objects/s3.js')).openS3(objects, env, context)
    case 'gcs':
      return (await import('./objects/gcs.js')).openGcs(objects, env, context)
    case 'azure':
      return (await import('./objects/azure.js')).openAzureBlobs(objects, env, context)
  }
}

/** The files by now: a log may begin only with the first request. */
async function filesBy(
  patterns: readonly string[],
  workspace: Pick<Workspace, 'glob'>,
): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const pattern of patterns) {
    const paths = await workspace.glob([pattern], 'deploy.signals.predictions.files').catch(noneYet)
    for (const path of paths) found.add(path)
  }
  return [...found]
}

function noneYet(error: unknown): readonly string[] {
  if (error instanceof UserError && error.problems[0]?.code === 'MW-PATH-003') return []
  throw error
}

/** The columns of KServe's own rows. */
const STORED_BY_KSERVE = [
  'bytes',
  'reqType',
  'id',
  'sourceUri',
  'inferenceService',
  'namespace',
  'component',
  'endpoint',
  'metadata',
  'annotations',
]
const USUAL = ['time', 'version', 'id', 'prediction', 'status', 'mirrored']

/** What is read of tables: columns by their names, and those that paths begin with. */
function columnsOf({ columns, payload }: PredictionSignals): readonly string[] {
  const named = Object.values(columns).flatMap((path) =>
    path === undefined ? [] : [path, path.split('.', 1)[0] ?? path],
  )
  return [...new Set([...named, ...USUAL, ...(payload === 'cloud-events' ? STORED_BY_KSERVE : [])])]
}
