import { execFile } from 'node:child_process'
import { ExternalError, UserError } from '../../../errors.js'
import { ask, shown } from '../ask.js'
import { type Directive, filesIn, wholeOf } from './directives.js'
import { type Shares, sharesOf } from './shares.js'

export interface NginxApi {
  /** The configuration on disk, which nginx has tested. Throws UserError MW-DEPLOY-195 where it does not pass. */
  configuration(): Promise<{
    readonly directives: readonly Directive[]
    readonly files: readonly string[]
  }>
  /** Asks the running nginx to take the configuration on disk. */
  reload(): Promise<void>
  /** What is in force for connections that begin now. */
  status(): Promise<Shares>
}

export interface NginxApiOptions {
  readonly program: readonly string[]
  readonly configuration: string
  readonly status: string
  readonly prefix: string
  /** Where programs are found. */
  readonly path: string | undefined
}

const TIMEOUT_MS = 30_000
const MOST_BYTES = 64 * 1024 * 1024

export function createNginxApi(options: NginxApiOptions): NginxApi {
  return {
    configuration: async () => {
      const files = filesIn(await run(options, ['-T']))
      return { directives: wholeOf(files), files: [...files.keys()] }
    },
    reload: async () => void (await run(options, ['-s', 'reload'])),
    status: () => status(options),
  }
}

async function status({ status: address, prefix }: NginxApiOptions): Promise<Shares> {
  const url = new URL(address)
  const service = `nginx at ${url.origin}`
  const answer = await ask(url, { service, timeoutMs: 5000 })
  const shares = answer.status === 200 ? sharesOf(answer.text) : undefined
  if (shares !== undefined) return shares
  throw new UserError({
    code: 'MW-DEPLOY-196',
    where: 'deploy.nginx.status',
    what: `${url.origin}${url.pathname} answers ${answer.status} and not what divides the traffic: ${shown(answer.text)}`,
    fix: `Write a location with \`return 200 $${prefix}_split;\`, and into deploy.nginx.file first what docs/targets.md shows.`,
  })
}

/** Gives what was printed; no shell is between. */
async function run(
  { program, configuration, path }: NginxApiOptions,
  args: readonly string[],
): Promise<string> {
  const [first = '', ...words] = program
  const all = [...words, '-c', configuration, ...args]
  const limits = { timeout: TIMEOUT_MS, maxBuffer: MOST_BYTES, windowsHide: true, shell: false }
  return new Promise((resolve, reject) => {
    execFile(first, all, { ...limits, env: { PATH: path } }, (error, printed, said) => {
      if (error === null) resolve(printed)
      else reject(failed(args, error, said))
    })
  })
}

interface Failure {
  readonly code?: string | number | null | undefined
  readonly killed?: boolean | undefined
}

function failed(args: readonly string[], { code, killed }: Failure, said: string): Error {
  if (killed === true) {
    return new ExternalError({
      code: 'MW-DEPLOY-197',
      service: 'nginx',
      what: `\`nginx ${args.join(' ')}\` did not end within ${TIMEOUT_MS / 1000} s.`,
      retryable: true,
    })
  }
  const why = code === 'ENOENT' ? 'there is no such program' : `ended with ${String(code)}`
  const lines = said.split('\n').filter((line) => /\[(emerg|alert|error)\]/.test(line))
  return new UserError({
    code: 'MW-DEPLOY-195',
    where: 'deploy.nginx',
    what: `\`nginx ${args.join(' ')}\`: ${why}. ${shown(lines[0] ?? said)}`,
    fix: 'Let `nginx -T` pass for the account that runs Modelway; where it needs more rights, write them into deploy.nginx.program, such as [sudo, -n, nginx].',
  })
}
