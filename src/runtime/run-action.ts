import { dirname, join } from 'node:path'
import type * as z from 'zod'
import { blocks } from '../domain/decision.js'
import { CancelledError, ExternalError, formatProblem, UserError } from '../errors.js'
import { createWorkspace, type Workspace } from '../files/workspace.js'
import type { Comments, Host } from '../ports/host.js'
import { openRecord, type Recorded, type RecordStore, statementFile } from '../statements/record.js'
import { createStatement } from '../statements/statement.js'
import { listenForCancellation } from './cancellation.js'
import type { ActionContract } from './contract.js'
import type { Job, JobOutcome, JobReport, OutputValue } from './job.js'
import { type CommonSettings, loadSettings } from './settings.js'

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
  const { common, settings, section, mode, inputs } = loadSettings(
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
    cache: common.dryRun ? undefined : host.cache,
    deployments: common.dryRun ? undefined : host.deployments,
    env: options.env,
    distribution: options.distribution,
    saveState: (name, value) => host.io.saveState(name, value),
    forge: host.forge,
    inputs,
    configFile: common.configFile,
  })
  // A job that came to its end in spite of the signal (a canary that was taken back) is recorded.
  const recorded = common.dryRun ? undefined : writeStatement(contract, outcome, record)
  const report =
    recorded === undefined ? undefined : await writeReport(contract, options, record.directory)
  if (recorded !== undefined) await keepForLater(outcome, { host, record, workspace, contract })
  setOutputs({ contract, outcome, host, recorded, directory: record.directory, report })
  await tell({ contract, outcome, common, options, report })
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

interface Keeping {
  readonly host: Host
  readonly record: RecordStore
  readonly workspace: Workspace
  readonly contract: ActionContract
}

/** What later runs compare with. That it cannot be kept is told and decides nothing: they will say what they miss. */
async function keepForLater(
  outcome: JobOutcome | JobReport,
  { host, record, workspace, contract }: Keeping,
): Promise<void> {
  if (outcome.subject === undefined || outcome.keep === undefined) return
  const { name, files } = outcome.keep
  if (host.artifacts === undefined) {
    host.log.warn('Nothing was kept for later runs: this run has no service for artifacts.')
    return
  }
  const statement = join(record.directory, statementFile(contract.statement))
  await attempt('What later runs compare with', host, async () => {
    await host.artifacts?.upload(name, [...files, statement], workspace.root)
  })
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

interface OutputContext {
  readonly contract: ActionContract
  readonly outcome: JobOutcome | JobReport
  readonly host: Host
  readonly recorded: Recorded | undefined
  readonly directory: string
  readonly report: string | undefined
}

function setOutputs(context: OutputContext): void {
  const { contract, outcome, host, recorded, directory, report } = context
  const outputs: Record<string, OutputValue> = {
    decision: outcome.decision,
    report,
    ...outcome.outputs,
    statement:
      recorded === undefined ? undefined : join(directory, statementFile(contract.statement)),
  }
  if (!('digest' in outcome.outputs)) outputs['digest'] = recorded?.digest
  for (const [name, value] of Object.entries(outputs)) {
    if (value !== undefined) host.io.setOutput(name, asText(value))
  }
  const json = {
    schema_version: 1,
    action: contract.name,
    reason: outcome.reason,
    ...outputs,
    statement_digest: recorded?.digest,
  }
  host.io.setOutput('json', JSON.stringify(json))
}

function asText(value: Exclude<OutputValue, undefined>): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

interface TellContext {
  readonly contract: ActionContract
  readonly outcome: JobOutcome | JobReport
  readonly common: CommonSettings
  readonly options: RunOptions
  readonly report: string | undefined
}

/** Summary, annotations and comment: none of them can change what was decided. */
async function tell(context: TellContext): Promise<void> {
  const { host } = context.options
  await attempt('The annotations', host, async () =>
    host.feedback.annotate(context.outcome.annotations ?? []),
  )
  await attempt('The job summary', host, () => host.feedback.summarize(context.outcome.markdown))
  const reportUrl = await uploadReport(context)
  await comment(context, reportUrl ?? host.run.runUrl)
}

/** The report as an artifact of the run, for the link in the comment. */
async function uploadReport({
  contract,
  options,
  report,
}: TellContext): Promise<string | undefined> {
  const { artifacts, run } = options.host
  if (artifacts === undefined || report === undefined) return undefined
  const name = ['modelway', contract.name, run.job, run.runAttempt].filter(Boolean).join('-')
  let url: string | undefined
  await attempt('The report artifact', options.host, async () => {
    url = (await artifacts.upload(name, [report], dirname(report))).url
  })
  return url
}

async function comment(
  { contract, outcome, common, options }: TellContext,
  reportUrl: string | undefined,
): Promise<void> {
  const { host } = options
  const { commentOn = host.run.pullRequest } = outcome
  if (common.dryRun || common.comment === 'off' || commentOn === 'none') return
  if (common.comment === 'auto' && commentOn === undefined) return
  const comments = commentsOn(commentOn, host)
  if (comments === undefined) {
    host.log.warn('The comment was not written: this run has no token or no pull request.')
    return
  }
  await attempt('The comment', host, async () => {
    const { url } = await comments.publish({
      project: common.project ?? host.run.repository ?? 'modelway',
      workflow: host.run.workflow ?? 'modelway',
      section: contract.name,
      markdown: outcome.markdown,
      reportUrl,
    })
    if ('comment-url' in contract.outputs) host.io.setOutput('comment-url', url)
  })
}

/** The run's own pull request, or one that only the forge could name. */
function commentsOn(pullRequest: number | undefined, host: Host): Comments | undefined {
  if (pullRequest === undefined || pullRequest === host.run.pullRequest) return host.comments
  return host.forge?.commentsOn(pullRequest)
}

async function attempt(what: string, host: Host, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    host.log.warn(`${what} could not be written: ${messageOf(error)}`)
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}
