import { createArtifacts } from '../../adapters/host/github/artifacts.js'
import { createGitHubHost } from '../../adapters/host/github/index.js'
import { env } from '../../runtime/env.js'
import { runMain } from '../../runtime/main.js'
import { action } from './action.js'

await runMain(action, {
  host: createGitHubHost(env, { artifacts: createArtifacts }),
  distribution: new URL('..', import.meta.url),
})
