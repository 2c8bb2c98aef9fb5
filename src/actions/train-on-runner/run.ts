import type { TrainSection } from '../../config/train.js'
import { escapeMarkdown } from '../../domain/report/escape.js'
import { trainingMarkdown } from '../../domain/report/training/markdown.js'
import { UserError } from '../../errors.js'
import type { Trainer, TrainingResult } from '../../ports/compute.js'
import type { SourceCode } from '../../ports/source-code.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { linkTo, type Recorded, statementFile } from '../../statements/record.js'
import type { TrainingPredicate } from '../../statements/schemas/training.js'
import type { Subject } from '../../statements/statement.js'
import { hashFile } from '../../tabular/hash-file.js'
import { commandEnvironment } from './command-environment.js'
import { type FingerprintInput, fingerprintPipeline } from './fingerprint.js'
import { collectOutputs, snapshotOutputs } from './outputs.js'
import { findUnchanged, keepForLater } from './reuse.js'

export interface TrainPorts {
  readonly trainer: Trainer
  readonly code: SourceCode
}

type Fingerprint = Awaited<ReturnType<typeof fingerprintPipeline>>

interface Trained {
  readonly model: readonly Subject[]
  readonly predicate: TrainingPredicate
}

/** Trains, or finds that nothing changed since an earlier training, and records what came out of what. */
export async function trainOnRunner(
  context: JobContext<TrainSection>,
  ports: TrainPorts,
): Promise<JobOutcome> {
  const { settings, workspace, record, log } = context
  const dataset = record.read('dataset')
  if (dataset === undefined)
    log.warn('There is no dataset statement: run setup-data first to have the data in the record.')
  else await requireUnchanged(context, dataset)
  const environment = {
    ...(await ports.trainer.environment(settings.run, workspace.root)),
    ...imageOf(context.env),
  }
  const input: FingerprintInput = {
    settings,
    workspace,
    dataset,
    environment,
    code: ports.code,
    written: writtenFolders(context),
  }
  const fingerprint = await fingerprintPipeline(input)
  const earlier = settings['skip-unchanged']
    ? await findUnchanged(context, fingerprint.fingerprint)
    : undefined
  if (earlier !== undefined)
    return outcome({
      context,
      dataset,
      trained: { ...earlier, predicate: { ...earlier.predicate, skipped: true } },
    })
  if (context.dryRun) return preview(settings, fingerprint.fingerprint)
  const trained = await train(context, ports, { fingerprint, environment })
  const result = outcome({ context, dataset, trained })
  await keepForLater(context, trained)
  return result
}

/** Training on other data than the record says would make every later statement a false one. */
async function requireUnchanged(
  { workspace, signal }: JobContext<TrainSection>,
  dataset: Recorded,
): Promise<void> {
  for (const { name, digest } of dataset.statement.subject) {
    const path = workspace.resolve(name, statementFile('dataset'))
    const found = await hashFile(path, signal).catch((error: unknown) => {
      if (error instanceof UserError) return undefined
      throw error
    })
    if (found?.sha256 === digest.sha256) continue
    throw new UserError({
      code: 'MW-TRAIN-008',
      where: name,
      what: `is ${found === undefined ? 'absent' : `sha256:${found.sha256}`}, but ${statementFile('dataset')} is about sha256:${digest.sha256}.`,
      fix: 'Run setup-data on the data as it is now.',
    })
  }
}

/** Folders that the other actions write: what is in them changes with every run. */
function writtenFolders({
  workspace,
  record,
  section,
}: JobContext<TrainSection>): readonly string[] {
  const named = [section('registry')['location'], section('deploy')['state-dir']]
  const folders = [
    ...named.filter((one) => typeof one === 'string'),
    'model-registry',
    '.modelway-router',
  ]
  return [workspace.relative(record.directory), ...folders.filter((one) => !one.includes(':'))]
}

/** A dry run does not train: it says that a training is due. */
function preview(settings: TrainSection, fingerprint: string): JobOutcome {
  const reason = `A training is due (fingerprint ${fingerprint}); a dry run does not train.`
  return {
    subject: [],
    predicate: {},
    inputs: [],
    outputs: { fingerprint, skipped: false, model: settings.model.join('\n') },
    reason,
    markdown: `### Training: ➖ dry run\n\n${escapeMarkdown(reason)}`,
  }
}

/** The runner's image, where the host names it. */
function imageOf(env: JobContext<TrainSection>['env']): Readonly<Record<string, string>> {
  const image = [env['ImageOS'], env['ImageVersion']].filter((part) => part !== undefined).join(' ')
  return image === '' ? {} : { image }
}

interface TrainingFacts {
  readonly fingerprint: Fingerprint
  readonly environment: Readonly<Record<string, string>>
}

async function train(
  context: JobContext<TrainSection>,
  { trainer, code }: TrainPorts,
  { fingerprint, environment }: TrainingFacts,
): Promise<Trained> {
  const { settings, workspace, log } = context
  const before = await snapshotOutputs(context)
  const result = await log.group('Training', () =>
    trainer.train({
      command: settings.run,
      cwd: workspace.root,
      env: commandEnvironment(context.env, settings.params),
      timeoutMs: settings['timeout-minutes'] * 60_000,
      signal: context.signal,
      onLine: (line) => log.info(line),
    }),
  )
  requireSuccess(result, settings)
  const { model, metrics, predictions } = await collectOutputs(context, before)
  const { gpus, peakGpuMemoryBytes, meanGpuUtilisation, peakRssBytes } = result.resources
  const predicate: TrainingPredicate = {
    fingerprint: fingerprint.fingerprint,
    fingerprintParts: fingerprint.parts,
    skipped: false,
    command: settings.run,
    parameters: settings.params,
    commit: (await code.commit(workspace.root)) ?? context.run.sha ?? null,
    metrics,
    predictions,
    environment,
    resources: {
      gpus: gpus.map((gpu) => ({ ...gpu, memoryBytes: gpu.memoryBytes ?? null })),
      peakGpuMemoryBytes: peakGpuMemoryBytes ?? null,
      meanGpuUtilisation: meanGpuUtilisation ?? null,
      peakRssBytes: peakRssBytes ?? null,
    },
    durationSeconds: Math.round(result.durationSeconds * 1000) / 1000,
    runs: [],
  }
  return { model, predicate }
}

function requireSuccess(result: TrainingResult, settings: TrainSection): void {
  if (result.timedOut) {
    throw new UserError({
      code: 'MW-TRAIN-002',
      where: 'train.run',
      what: `the command was stopped after ${settings['timeout-minutes']} minutes.`,
      fix: 'Raise train.timeout-minutes, or make the training shorter.',
    })
  }
  if (result.exitCode === 0) return
  throw new UserError({
    code: 'MW-TRAIN-003',
    where: 'train.run',
    what: `the command ended with ${result.exitCode === undefined ? 'a signal' : `exit code ${result.exitCode}`}.`,
    fix: 'Its output above says why.',
  })
}

function outcome(options: {
  readonly context: JobContext<TrainSection>
  readonly dataset: Recorded | undefined
  readonly trained: Trained
}): JobOutcome {
  const { model, predicate } = options.trained
  const seconds = predicate.durationSeconds
  return {
    subject: model,
    predicate,
    inputs: options.dataset === undefined ? [] : [linkTo(options.dataset)],
    outputs: {
      model: model.map(({ name }) => name).join('\n'),
      metrics: JSON.stringify(predicate.metrics),
      predictions: predicate.predictions?.path,
      fingerprint: predicate.fingerprint,
      skipped: predicate.skipped,
      'duration-seconds': seconds,
    },
    reason: predicate.skipped
      ? `Skipped: code, data, parameters, environment and command are as in an earlier run (${seconds} s).`
      : `Trained in ${seconds} s: ${model.length} model files.`,
    markdown: trainingMarkdown({ ...predicate, model }),
  }
}
