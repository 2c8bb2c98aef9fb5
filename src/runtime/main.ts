import type * as z from 'zod'
import type { Host } from '../ports/host.js'
import { env } from './env.js'
import { useProxies } from './proxy.js'
import { type Action, runAction } from './run-action.js'

/** Runs an action as the whole process: the exit code is its result. */
export async function runMain<S extends z.ZodObject>(
  action: Action<S>,
  { host, distribution }: { readonly host: Host; readonly distribution: URL },
): Promise<void> {
  useProxies(env, (line) => host.log.warn(line))
  process.exitCode = await runAction(action, {
    host,
    distribution,
    cwd: env['GITHUB_WORKSPACE'] ?? process.cwd(),
    env,
    now: () => new Date(),
    writeReport: async (directory) =>
      (await import('../report/write-report.js')).writeReport(directory),
    debug: env['RUNNER_DEBUG'] === '1',
  })
}
