import { describe, it } from '@jest/globals'

/**
 * A suite that needs things which must first be installed. Where that fails, it fails in CI; elsewhere it is skipped with
 * a line that says so, so that a machine without Python or Go can still run the rest.
 */
export async function systemSuite<T>(
  name: string,
  prepare: () => Promise<T>,
  suite: (prepared: T) => void,
): Promise<void> {
  const outcome = await attempt(prepare)
  if ('prepared' in outcome) {
    describe(name, () => suite(outcome.prepared))
    return
  }
  const reason = outcome.error instanceof Error ? outcome.error.message : String(outcome.error)
  if (isContinuousIntegration()) {
    it(`${name}: can be prepared`, () => {
      throw new Error(`${name} cannot run: ${reason}`)
    })
    return
  }
  process.stderr.write(`\nSKIPPED 1 system suite, "${name}", since it cannot run here: ${reason}\n`)
  it.skip(`${name}: ${reason.split('\n')[0]}`, () => undefined)
}

async function attempt<T>(work: () => Promise<T>): Promise<{ prepared: T } | { error: unknown }> {
  try {
    return { prepared: await work() }
  } catch (error) {
    return { error }
  }
}

function isContinuousIntegration(): boolean {
  return !['', '0', 'false', undefined].includes(process.env['CI'])
}
