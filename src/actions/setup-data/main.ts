import { createCache } from '../../adapters/host/github/cache.js'
import { createGitHubStep } from '../../adapters/host/github/step.js'
import { env } from '../../runtime/env.js'
import { runMain } from '../../runtime/main.js'
import { action } from './action.js'

await runMain(action, {
  host: createGitHubStep(env, { cache: createCache }),
  distribution: new URL('..', import.meta.url),
})
