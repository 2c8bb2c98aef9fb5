import { setTimeout as wait } from 'node:timers/promises'
import type { Forge } from '../../../ports/forge.js'
import type { Artifacts, Cache, Host, Log, RunFacts } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import { createMasks } from '../masks.js'
import { createAnnotate, createAnnotationBudget } from './annotations.js'
import { createClient } from './client.js'
import { createComments } from './comments.js'
import { createDeployments } from './deployments.js'
import { readRunFacts } from './facts.js'
import type { ForgeOptions } from './forge.js'
import { createIo, readInput } from './io.js'
import { createLog } from './log.js'
import type { Pauses } from './retry.js'
import { createSummarize } from './summary.js'

const REAL_PAUSES: Pauses = {
  sleep: async (milliseconds) => {
    await wait(milliseconds)
  },
  random: Math.random,
  now: Date.now,
}

/** What only some actions use, and what adds 0.6 MB or more (gzipped) to a bundle. */
export interface Services {
  readonly artifacts?: ((env: Environment, run: RunFacts) => Artifacts | undefined) | undefined
  readonly cache?: ((env: Environment, log: Log) => Cache | undefined) | undefined
  readonly forge?: ((options: ForgeOptions) => Forge) | undefined
}

/**
 * A step of GitHub Actions, github.com or Enterprise Server. `env` is the process's environment; the token is the
 * input `github-token`. Octokit and the services are loaded at first use, and only the given services are bundled.
 */
export function createGitHubHost(
  env: Environment,
  services: Services,
  pauses: Partial<Pauses> = {},
): Host {
  const masks = createMasks()
  const budget = createAnnotationBudget()
  const clean = masks.forLog
  const log = createLog(budget, clean)
  const run = readRunFacts(env, (message) => log.debug(message))
  const token = readInput(env, 'github-token')
  if (token !== undefined) masks.add(token)
  const given = { ...REAL_PAUSES, ...pauses }
  const client =
    token === undefined ? undefined : createClient({ env, token, run, log, pauses: given })
  const hide = masks.forPage
  const { pullRequest } = run
  return {
    kind: 'github',
    run,
    log,
    io: createIo(env, masks),
    feedback: {
      summarize: createSummarize({ file: env['GITHUB_STEP_SUMMARY'] || undefined, log, hide }),
      annotate: createAnnotate(budget, clean),
    },
    comments:
      client === undefined || pullRequest === undefined
        ? undefined
        : createComments({ client, pullRequest, hide, pauses: given }),
    artifacts: services.artifacts?.(env, run),
    cache: services.cache?.(env, log),
    deployments:
      client === undefined ? undefined : createDeployments({ client, logUrl: run.runUrl, hide }),
    forge: client === undefined ? undefined : services.forge?.({ client, hide, pauses: given }),
  }
}
