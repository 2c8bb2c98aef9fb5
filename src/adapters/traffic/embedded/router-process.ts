import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { UserError } from '../../../errors.js'
import { type RouterConfig, RouterConfigSchema } from './protocol.js'
import { startRouter } from './router.js'

/**
 * The router's own process: `node index.js --config <file>`. Its log has one JSON object a line; the one with
 * `problems` is what the adapter shows to the user. Exit code 0 after a drain, 2 when it cannot start.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  const router = await startRouter(readConfig(values.config))
  log({ event: 'started', url: router.url, pid: process.pid })
  const drain = (signal: string) => {
    log({ event: 'draining', signal })
    void router.drain()
  }
  // Kept connections to the versions would hold the process for a moment more; nothing is left to do on them.
  void router.drained.then(() => process.exit(0))
  process.on('SIGTERM', drain)
  process.on('SIGINT', drain)
}

function readConfig(path: string | undefined): RouterConfig {
  if (path === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-002',
      where: '--config',
      what: 'no configuration file named',
    })
  }
  const parsed = RouterConfigSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (parsed.success) return parsed.data
  const what = z.prettifyError(parsed.error)
  throw new UserError({ code: 'MW-DEPLOY-002', where: path, what })
}

function log(entry: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
}

main().catch((error: unknown) => {
  const problems = error instanceof UserError ? error.problems : undefined
  log({ event: 'failed', problems, error: String(error) })
  process.exitCode = 2
})
