import type * as z from 'zod'
import { blocks } from '../domain/decision.js'
import { CancelledError, ExternalError, formatProblem, UserError } from '../errors.js'
import { createWorkspace } from '../files/workspace.js'
import type { Host } from '../ports/host.js'
import { openRecord, type Recorded } from '../statements/record.js'
import { createStatement } from '../statements/statement.js'
import { messageOf } from './attempt.js'
import { listenForCancellation } from './cancellation.js'
import type { ActionContract } from './contract.js'
import type { Job, JobOutcome, JobReport } from './job.js'
import { keepForLater } from './keep.js'
import { setOutputs } from './outputs.js'
import { placeProblems } from './place-problems.js'
import { loadSettings } from './settings.js'
import { tell } from './tell.js'

/** An action: what users see of it, and what it does. */
export interface Action<S extends z.ZodObject = z.ZodObject> {
  readonly contract: ActionContract<S>
  readonly job: Job<z.output<S>>
  /** Other jobs of the same action, by the value of the setting `mode`. */
  readonly modes?: Readonly<Record<string, ActionMode>> | undefined
}

/** A job that needs other settings than the action's own: made by `actionMode`. */
export interface ActionMode {
  readonly settings: z.ZodObject
  readonly job: Job<never>
}

/** A mode whose job gets what its own schema gives. */
export function actionMode<S extends z.ZodObject>(settings: S, job: Job<z.output<S>>): ActionMode {
  return { settings, job: job as Job<never> }
}

export interface RunOptions {
  /** The folder of all bundles, where an action finds the programs that it starts. */
  readonly distribution: URL
  readonly host: Host
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Makes the HTML report from all statements of the record; its failure is a warning. */
  readonly writeReport?: (directory: string) => Promise<string>
  readonly debug: boolean
}

/**
 * Runs an action on a host and gives the exit code of CONTRACTS: 0 pass or warn, 1 the decision blocks,
 * 2 the user's mistake, 3 an outside system failed, 130 cancelled. Any other error is our bug: 70.
 */
export async function runAction<S extends z.ZodObject>(
  action: Action<S>,
  options: RunOptions,
): Promise<number> {
  const cancellation = listenForCancellation()
  try {
    return await run(action, options, cancellation.signal)
  } catch (error) {
    return fail(cancellation.signal.aborted ? asCancelled(error) : error, options)
  } finally {
    cancellation.stop()
  }
}

function asCancelled(error: unknown): unknown {
  // A mistake of the user's stays one, whenever it is found.
  return error instanceof UserError ? error : new CancelledError('Cancelled.', { cause: error })
}

async function run<S extends z.ZodObject>(
  action: Action<S>,
  options: RunOptions,
  signal: AbortSignal,
): Promise<number> {
  const { host } = options
  const { contract } = action
  maskSecrets(contract, host)
  const { common, settings, section, mode, inputs, origin } = loadSettings(
    contract,
    (name) => host.io.readInput(name),
    { cwd: options.cwd, modes: schemasOf(action) },
  )
  const workspace = createWorkspace(common.workingDirectory)
  const record = openRecord(workspace.resolve(common.statements, 'input statements'))
  const outcome = await jobOf(
    action,
    mode,
  )({
    settings,
    section,
    project: common.project ?? host.run.repository ?? 'modelway',
    workspace,
    record,
    run: host.run,
    log: host.log,
    signal,
    now: options.now,
    dryRun: common.dryRun,
    comment: common.comment,
    cache: common.dryRun ? undefined : host.cache,
    deployments: common.dryRun ? undefined : host.deployments,
    env: options.env,
    distribution: options.distribution,
    saveState: (name, value) => host.io.saveState(name, value),
    mask: (secret) => host.io.mask(secret),
    forge: host.forge,
    inputs,
    configFile: common.configFile,
  }).catch((error: unknown) => {
    throw placeProblems(error, origin)
  })
  if (common.dryRun && outcome.subject !== undefined)
    host.log.info('Dry run: no statement and no report were written.')
  // A job that came to its end in spite of the signal (a canary that was taken back) is recorded.
  const recorded = common.dryRun ? undefined : writeStatement(contract, outcome, record)
  const report =
    recorded === undefined ? undefined : await writeReport(contract, options, record.directory)
  if (recorded !== undefined) await keepForLater(outcome, { host, record, workspace, contract })
  setOutputs({ contract, outcome, host, recorded, directory: record.directory, report })
  await tell({ contract, outcome, common, host, report })
  if (signal.aborted) throw new CancelledError(`Cancelled. ${outcome.reason}`)
  return conclude(outcome, host)
}

function schemasOf({ modes = {} }: Action): Readonly<Record<string, z.ZodObject>> {
  return Object.fromEntries(Object.entries(modes).map(([name, mode]) => [name, mode.settings]))
}

/** A mode's job gets what its schema gave: loadSettings read the settings by the schema of that very mode. */
function jobOf<S extends z.ZodObject>(
  action: Action<S>,
  mode: string | undefined,
): Job<z.output<S>> {
  const chosen = mode === undefined ? undefined : action.modes?.[mode]
  return (chosen?.job as Job<z.output<S>> | undefined) ?? action.job
}

function maskSecrets(contract: ActionContract, host: Host): void {
  const secrets = Object.entries(contract.inputs).filter(([, spec]) => spec.secret === true)
  for (const name of ['github-token', ...secrets.map(([name]) => name)]) {
    const value = host.io.readInput(name)
    if (value !== undefined && value.trim() !== '') host.io.mask(value.trim())
  }
}

function writeStatement(
  contract: ActionContract,
  outcome: JobOutcome | JobReport,
  record: ReturnType<typeof openRecord>,
): Recorded | undefined {
  if (outcome.subject === undefined) return undefined
  const { subject, predicate, inputs } = outcome
  return record.write(
    contract.statement,
    createStatement({ kind: contract.statement, subject, predicate, inputs }),
  )
}

async function writeReport(
  contract: ActionContract,
  options: RunOptions,
  directory: string,
): Promise<string | undefined> {
  if (!('report' in contract.outputs) || options.writeReport === undefined) return undefined
  try {
    return await options.writeReport(directory)
  } catch (error) {
    options.host.log.warn(`The HTML report could not be written: ${messageOf(error)}`)
    return undefined
  }
}

function conclude(outcome: JobOutcome | JobReport, host: Host): number {
  const blocked =
    outcome.decision !== undefined && blocks(outcome.decision, outcome.failOn ?? 'inconclusive')
  if (blocked) host.log.error(outcome.reason)
  else host.log.info(outcome.reason)
  return blocked ? 1 : 0
}

function fail(error: unknown, { host, debug }: RunOptions): number {
  if (error instanceof UserError) {
    for (const problem of error.problems) host.log.error(formatProblem(problem))
    return 2
  }
  if (error instanceof ExternalError || error instanceof CancelledError) {
    host.log.error(error.message)
    if (debug) host.log.debug(stackOf(error))
    return error instanceof CancelledError ? 130 : 3
  }
  host.log.error(`MW-BUG-001: this is a bug in Modelway, please report it. ${stackOf(error)}`)
  return 70
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
