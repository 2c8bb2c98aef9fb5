import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { runChecks } from '../../../src/actions/deploy-canary/probe/checks.js'
import { readExamples } from '../../../src/actions/deploy-canary/probe/examples.js'
import { createEndpoints } from '../../../src/adapters/probe/index.js'
import { ProbeSection } from '../../../src/config/deploy/probe.js'
import type { Check } from '../../../src/domain/probe/check.js'

interface Asked {
  readonly url: string
  readonly settings: object
  readonly healthPath?: string | undefined
  readonly stableUrl?: string | undefined
}

export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined)
}

/** The checks of a server by settings of deploy.probe, where the golden file is an absolute path. */
export async function probe(asked: Asked): Promise<Record<Check['name'], Check>> {
  const settings = ProbeSection.parse(asked.settings)
  const open = createEndpoints(settings, { env: {}, healthPath: asked.healthPath ?? '' })
  const endpoint = open(asked.url)
  const stable = asked.stableUrl === undefined ? undefined : open(asked.stableUrl)
  try {
    const checks = await runChecks({
      settings,
      endpoint,
      stable,
      examples: settings.golden && (await readExamples(settings.golden, settings.golden.file)),
      startTimeoutMs: 0,
      signal: AbortSignal.timeout(60_000),
      clock: () => performance.now(),
      sleep,
    })
    return Object.fromEntries(checks.map((check) => [check.name, check])) as Record<
      Check['name'],
      Check
    >
  } finally {
    endpoint.close()
    stable?.close()
  }
}
