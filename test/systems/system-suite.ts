import { describe, it } from '@jest/globals'

/**
 * A suite that needs things which must first be installed; `prepared()` gives them within hooks and tests. Where they
 * cannot be had it fails in CI. Elsewhere its tests are skipped and counted, with a line that says why, so that a machine
 * without Python or Go can still run the rest.
 */
export async function systemSuite<T>(
  name: string,
  prepare: () => Promise<T>,
  suite: (prepared: () => T) => void,
): Promise<void> {
  const outcome = await attempt(prepare)
  if ('prepared' in outcome) {
    describe(name, () => suite(() => outcome.prepared))
    return
  }
  if (isContinuousIntegration()) {
    it(`${name}: can be prepared`, () => {
      throw new Error(`${name} cannot run: ${outcome.reason}`)
    })
    return
  }
  process.stderr.write(`\nSKIPPED: ${name}, since it cannot run here: ${outcome.reason}\n`)
  describe.skip(name, () =>
    suite(() => {
      throw new Error(outcome.reason)
    }),
  )
}

async function attempt<T>(work: () => Promise<T>): Promise<{ prepared: T } | { reason: string }> {
  try {
    return { prepared: await work() }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

function isContinuousIntegration(): boolean {
  return !['', '0', 'false', undefined].includes(process.env['CI'])
}
