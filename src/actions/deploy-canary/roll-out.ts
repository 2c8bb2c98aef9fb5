import type { DeploySection } from '../../config/deploy.js'
import { startRollout, weightOf } from '../../domain/rollout/machine.js'
import type { Label } from '../../domain/rollout/quality.js'
import type { RolloutEvent, RolloutState } from '../../domain/rollout/state.js'
import type { Backend, TrafficTarget } from '../../ports/traffic.js'
import { readTable } from '../../tabular/read-table.js'
import { openConversation } from './conversation.js'
import { type Deploy, ownerOf, versionOf } from './deploy.js'
import { labelsOf, slicesWith } from './labels.js'
import type { Rollout } from './outcome.js'
import { toPolicy } from './policy.js'
import { otherRollout, resumption } from './resume.js'
import { runRollout } from './rollout-loop.js'
import { startCanary, stopBackend, stopUnlessServing } from './servers.js'
import { whatIsOver } from './what-is-over.js'

const DRAIN_MS = 500
const MOST_REMARKS = 50

type Labels = ReadonlyMap<string, Label>

/** A canary or a shadow: finds what an earlier run left, and drives the rollout to its end. */
export async function rollOut(deploy: Deploy, target: TrafficTarget): Promise<Rollout> {
  const { context, ports } = deploy
  const readLabels = labelReader(context.settings, deploy)
  const found = await settleEarlier(deploy, target)
  const { state: before } = await target.observe()
  const over = found === undefined ? await whatIsOver(deploy, before, target.kind) : undefined
  if (over !== undefined) return over
  // Before a server is started: one whose labels cannot be read would be nobody's.
  const state = found?.state ?? (await begin(deploy, target, readLabels))
  const canary = found?.canary ?? (await startCanary(deploy))
  const previousVersion = before.stable.version
  const talk = await openConversation(deploy, {
    state,
    previousVersion,
    approvals: deploy.approvals,
  })
  try {
    const end = await context.log.group(`Rollout of ${canary.version}`, () =>
      runRollout({
        target,
        state,
        owner: ownerOf(context),
        deployment: deploy.deployment.id,
        self: ports.self,
        canary,
        intervalMs: context.settings.interval,
        now: context.now,
        sleep: ports.sleep,
        signal: context.signal,
        readLabels,
        detach: context.settings.detach,
        outside: talk.outside,
        warn: onceEach(context.log),
        onStep: (state, event) => {
          report({ ...deploy, url: before.url }, state, event)
          talk.step(state, event)
        },
      }),
    )
    await talk.settled()
    if (end.outcome !== null)
      await stopLoser(deploy, end.outcome === 'promoted' ? before.previous : canary)
    return toRollout(end, {
      version: canary.version,
      previousVersion,
      url: before.url,
      target: target.kind,
      talk,
    })
  } catch (error) {
    await stopUnlessServing(deploy, target, canary)
    throw error
  }
}

/** The same remark at every look is one remark. */
function onceEach(log: Deploy['context']['log']): (text: string) => void {
  const said = new Set<string>()
  return (text) => {
    if (said.has(text) || said.size >= MOST_REMARKS) return
    said.add(text)
    log.warn(text)
  }
}

/** Requests under way at the server get the time to end. */
async function stopLoser({ context, ports }: Deploy, backend: Backend | undefined): Promise<void> {
  await ports.sleep(DRAIN_MS, context.signal)
  await stopBackend(ports.servers, backend)
}

async function begin(
  { context, registered }: Deploy,
  { capabilities }: TrafficTarget,
  readLabels: (() => Promise<Labels>) | undefined,
): Promise<RolloutState> {
  const slices = slicesOf(context.settings, await readLabels?.())
  const at = context.now().toISOString()
  const policy = toPolicy(context.settings, slices, capabilities)
  return startRollout({ id: `${registered.label}-${at}`, policy, at })
}

interface Earlier {
  readonly state: RolloutState
  readonly canary: NonNullable<Awaited<ReturnType<TrafficTarget['observe']>>['state']['canary']>
}

/** What an earlier run left unfinished: gone on with, or taken back first, or refused. */
async function settleEarlier(deploy: Deploy, target: TrafficTarget): Promise<Earlier | undefined> {
  const { context, ports } = deploy
  const { state: found } = await target.observe()
  const version = versionOf(deploy)
  const at = context.now().toISOString()
  const answer = resumption({
    found,
    resume: context.settings.resume,
    version,
    at,
    maxUnattendedMs: context.settings['max-unattended'],
    by: context.run.actor,
    isGone: ({ host, pid }) => host === ports.self.host && !ports.isAlive(pid),
  })
  if (answer.kind === 'continue' && found.canary !== undefined) {
    // The statement of this run is about the registered model: it cannot speak for another rollout.
    if (found.canary.version !== version) throw otherRollout(found.canary.version, version)
    context.log.info(
      `Going on with rollout ${answer.state.id}, which an earlier run left unfinished.`,
    )
    return { state: answer.state, canary: found.canary }
  }
  if (answer.kind === 'fresh' && answer.undoFirst) {
    context.log.warn(
      `Rollout ${found.rollout?.id ?? ''} was left unfinished: it is rolled back first.`,
    )
    await target.rollback({ reason: 'interrupted', to: 'stable' })
    await stopBackend(ports.servers, found.canary)
  }
  return undefined
}

/** Reads the labels of the quality metric, again only when the file has changed. */
function labelReader(
  settings: DeploySection,
  { context }: Deploy,
): (() => Promise<Labels>) | undefined {
  const quality = settings.analysis.find((metric) => metric.metric === 'quality')
  if (quality === undefined) return undefined
  const { labels: file, id, label, groups } = quality
  const path = context.workspace.resolve(file, 'deploy.analysis')
  let kept: { readonly stamp: string; readonly labels: Labels } | undefined
  return async () => {
    const stamp = await fileStamp(path)
    if (kept?.stamp === stamp) return kept.labels
    const table = await readTable(path, { shownAs: file, columns: [id, label, ...groups] })
    kept = { stamp, labels: labelsOf(table, { id, label, groups }, file) }
    return kept.labels
  }
}

async function fileStamp(path: string): Promise<string> {
  const { stat } = await import('node:fs/promises')
  const info = await stat(path).catch(() => undefined)
  return info === undefined ? 'absent' : `${info.size} ${info.mtimeMs}`
}

function slicesOf(settings: DeploySection, labels: Labels | undefined): readonly string[] {
  const quality = settings.analysis.find((metric) => metric.metric === 'quality')
  if (quality === undefined || labels === undefined || quality.groups.length === 0) return []
  return slicesWith(labels, quality['min-slice'])
}

/** One line a look, and the forge's record at each new weight. */
function report(
  { context, deployment, url }: Pick<Deploy, 'context' | 'deployment'> & { readonly url: string },
  state: RolloutState,
  event: RolloutEvent,
): void {
  if (event.kind === 'traffic-set') {
    context.log.info(`weight ${weightOf(state)}%`)
    void deployment.update('in_progress', `weight ${weightOf(state)}%`, url)
  }
  if (event.kind !== 'observed') return
  const { canary, stable } = event.interval
  const reasons = state.reasons.map(({ text }) => text).join(' ')
  context.log.info(
    `  ${stable.requests} requests to stable, ${canary.requests} to the canary. ${reasons}`,
  )
}

function toRollout(
  end: RolloutState,
  facts: Pick<Rollout, 'version' | 'previousVersion' | 'url' | 'target' | 'talk'>,
): Rollout {
  const reason = end.reasons.map(({ text }) => text).join(' ')
  if (end.outcome === null) {
    const weight = weightOf(end)
    const left = `Left at ${weight} % for the next run (mode: continue). ${reason}`
    return { ...facts, decision: 'inconclusive', outcome: 'held', reason: left, weight, state: end }
  }
  return {
    ...facts,
    decision: end.decision ?? 'inconclusive',
    outcome: end.outcome,
    reason,
    weight: end.outcome === 'promoted' ? 100 : 0,
    state: end,
  }
}
