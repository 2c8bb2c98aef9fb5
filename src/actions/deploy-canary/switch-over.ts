import { UserError } from '../../errors.js'
import type { Backend } from '../../ports/traffic.js'
import { type Deploy, ownerOf, versionOf } from './deploy.js'
import { openToSwitch } from './open-target.js'
import type { Rollout } from './outcome.js'
import { startCanary, stopBackend, stopUnlessServing } from './servers.js'

/** The version in use, once it is known to be more than an entry in the router's state. */
async function stillThere({ context, ports }: Deploy, known: Backend): Promise<Backend> {
  const { url } = known
  if (url === undefined || (await ports.servers.answers(url, context.settings['health-path'])))
    return known
  throw new UserError({
    code: 'MW-DEPLOY-038',
    where: url,
    what: `${known.version} is the version in use, and does not answer there.`,
    fix: 'Start it again at that address; or stop the router, delete router.json in deploy.state-dir, and deploy again.',
  })
}

/** All traffic to the new version at once; the way back is `mode: rollback`. */
export async function switchOver(deploy: Deploy): Promise<Rollout> {
  const { context, ports, known, registered } = deploy
  // What users are on already is not started a second time: that server would be nobody's.
  const canary =
    known?.version === versionOf(deploy)
      ? await stillThere(deploy, known)
      : await startCanary(deploy)
  const target = await openToSwitch(deploy, canary)
  const before = (await target.observe()).state
  if (before.stable.version !== canary.version) {
    const id = `direct-${registered.label}-${context.now().toISOString()}`
    try {
      await target.prepare({ id, owner: ownerOf(context), state: null }, canary)
      await target.promote()
    } catch (error) {
      await stopUnlessServing(deploy, target, canary)
      throw error
    }
    await stopBackend(ports.servers, before.previous)
  }
  return {
    decision: 'pass',
    outcome: 'promoted',
    reason: `All traffic goes to ${canary.version}; no evidence was asked for (mode: direct).`,
    weight: 100,
    version: canary.version,
    previousVersion: before.stable.version === canary.version ? null : before.stable.version,
    url: before.url,
    target: target.kind,
    state: undefined,
  }
}
