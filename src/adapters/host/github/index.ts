import type { Host } from '../../../ports/host.js'
import type { Environment } from '../environment.js'
import { createArtifacts } from './artifacts.js'
import { createCache } from './cache.js'
import type { Pauses } from './retry.js'
import { createGitHubStep } from './step.js'

/**
 * A step of GitHub Actions, github.com or Enterprise Server. `env` is the process's environment;
 * the token is the input `github-token`. Octokit, artifacts and cache are loaded at first use.
 */
export function createGitHubHost(env: Environment, pauses: Partial<Pauses> = {}): Host {
  return createGitHubStep(env, { artifacts: createArtifacts, cache: createCache }, pauses)
}
