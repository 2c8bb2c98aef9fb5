import { createArtifacts } from '../../adapters/host/github/artifacts.js'
import { createForge } from '../../adapters/host/github/forge.js'
import { createGitHubHost } from '../../adapters/host/github/index.js'
import { env } from '../../runtime/env.js'
import { runMain } from '../../runtime/main.js'
import { action } from './action.js'

await runMain(action, {
  host: createGitHubHost(env, { artifacts: createArtifacts, forge: createForge }),
  distribution: new URL('..', import.meta.url),
})
