import type { DeploySection } from '../../config/deploy.js'
import { code } from '../../domain/report/escape.js'
import { paragraphs } from '../../domain/report/fragments.js'
import { ExternalError } from '../../errors.js'
import type { Forge, ReportedIssue, RollingIssueName } from '../../ports/forge.js'
import type { Log, RunFacts } from '../../ports/host.js'

/** Where people and a rollout speak to each other: a pull request, or the environment's one issue. */
export interface Thread {
  readonly kind: 'pull-request' | 'issue'
  readonly number: number
  /** Closes an issue; a pull request is left as it is. */
  close(comment: string): Promise<void>
}

export interface ThreadPlace {
  readonly forge: Pick<Forge, 'pulls' | 'issues'>
  readonly run: Pick<RunFacts, 'pullRequest'>
  readonly project: string
  readonly environment: string
  /** The commit that is deployed. */
  readonly commit: string | undefined
}

/** The label that a rollout's issue is found by. */
const LABEL = 'modelway-rollout'

/** The pull request of the run, else the one that the commit came from; undefined where there is none. */
export async function pullRequestThread({
  forge,
  run,
  commit,
}: ThreadPlace): Promise<Thread | undefined> {
  const number = run.pullRequest ?? (await newestOf(forge, commit))
  return number === undefined
    ? undefined
    : { kind: 'pull-request', number, close: async () => undefined }
}

async function newestOf(
  forge: Pick<Forge, 'pulls'>,
  commit: string | undefined,
): Promise<number | undefined> {
  if (commit === undefined) return undefined
  const numbers = (await forge.pulls.ofCommit(commit)).map(({ number }) => number)
  return numbers.length === 0 ? undefined : Math.max(...numbers)
}

/** Where a rollout is shown; undefined where that is nowhere. What cannot be found out is a warning, and shown nowhere. */
export async function liveThread(
  on: DeploySection['live']['on'],
  place: ThreadPlace,
  log: Pick<Log, 'warn'>,
): Promise<Thread | undefined> {
  if (on === 'off') return undefined
  try {
    return on === 'issue' ? await issueThread(place) : await pullRequestThread(place)
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    log.warn(`The rollout is not shown while it goes on: ${error.message}`)
    return undefined
  }
}

/** The one issue of a project's rollouts to an environment: opened, or opened again. */
export async function issueThread(place: ThreadPlace): Promise<Thread> {
  const { forge, project, environment } = place
  const name: RollingIssueName = {
    project,
    workflow: `rollout to ${environment}`,
    labels: [LABEL],
  }
  const { number }: ReportedIssue = await forge.issues.report({
    ...name,
    title: `Rollout of ${project} to ${environment}`,
    assignees: [],
    body: paragraphs([
      `Rollouts of ${code(project)} to ${code(environment)} are shown and asked about here; the newest comments count.`,
      'This issue is opened when a rollout needs it and closed when it has ended.',
    ]),
    about: [environment],
    comment: 'A rollout begins.',
  })
  return {
    kind: 'issue',
    number,
    close: async (comment) => void (await forge.issues.resolve(name, comment)),
  }
}
