import type { Deploy } from './deploy.js'
import type { Rollout } from './outcome.js'

/** The registry says what is in production: it follows the traffic, not the plan. */
export async function settleRegistry(deploy: Deploy, rollout: Rollout): Promise<void> {
  const { version } = deploy.registered
  if (rollout.outcome === 'promoted') await putInProduction(deploy, version.version)
  else if (deploy.context.settings.mode === 'rollback') await settleRollback(deploy, rollout)
}

function putInProduction({ registered }: Deploy, version: string): Promise<unknown> {
  const to = { aliases: ['champion'], stage: 'production' } as const
  return registered.registry.point(registered.version.name, version, to)
}

/** After a rollback the earlier version is the champion again. A failure here is no reason to roll back once more. */
async function settleRollback(deploy: Deploy, { previousVersion }: Rollout): Promise<void> {
  const { registered, context } = deploy
  const { name } = registered.version
  const serving = previousVersion ?? ''
  const version = serving.startsWith(`${name}-`) ? serving.slice(name.length + 1) : ''
  try {
    const found = version === '' ? undefined : await registered.registry.find(name, { version })
    if (found !== undefined) await putInProduction(deploy, version)
    else
      context.log.warn(`${serving} is no version of ${name} in the registry: its champion stays.`)
  } catch (error) {
    context.log.warn(`The registry does not know of the rollback to ${serving}: ${String(error)}`)
  }
}
