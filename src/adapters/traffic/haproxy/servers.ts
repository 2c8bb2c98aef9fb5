import { ExternalError, UserError } from '../../../errors.js'
import { shown } from '../ask.js'
import type { RuntimeApi } from './runtime-api.js'

/** One server of the backend, as HAProxy says that it is now. */
export interface Server {
  readonly name: string
  /** 0 to 256. */
  readonly weight: number
  /** Why it gets no request whatever its weight. */
  readonly out: string | undefined
  /** The value of the cookie that binds users to it. */
  readonly cookie: string | undefined
  readonly totals: Totals
}

/** Counted since HAProxy started; its own numbers, requests. */
export interface Totals {
  /** How often the server was chosen. */
  readonly chosen: number
  readonly answered: number
  readonly answered4xx: number
  readonly answered5xx: number
  /** No connection, after all retries. */
  readonly refused: number
  /** No whole answer: reset, timed out, or none of HTTP. */
  readonly broken: number
}

/** Rows of servers, of every proxy. */
const SERVERS = 'show stat -1 4 -1'

/** All servers of a backend. Throws UserError MW-DEPLOY-153 where HAProxy has none of that backend. */
export async function readServers(api: RuntimeApi, backend: string): Promise<readonly Server[]> {
  const rows = parseStat(await api([SERVERS]))
  const servers = rows.filter((row) => row.get('pxname') === backend).map(toServer)
  if (servers.length > 0) return servers
  const found = [...new Set(rows.map((row) => row.get('pxname')))].join(', ') || 'none'
  throw new UserError({
    code: 'MW-DEPLOY-153',
    where: 'deploy.haproxy.backend',
    what: `HAProxy has no backend ${backend} with servers. Found: ${shown(found)}.`,
    fix: 'Name the backend whose servers are the versions.',
  })
}

type Row = ReadonlyMap<string, string>

/** HAProxy writes names and numbers without quotes; what it quotes (descriptions) is not read. */
function parseStat(text: string): readonly Row[] {
  const [head, ...lines] = text.trim().split('\n')
  if (head === undefined || !head.startsWith('# pxname,svname,')) throw notUnderstood(text)
  const names = head.slice(2).split(',')
  return lines.map((line) => {
    const values = fields(line)
    return new Map(names.map((name, i) => [name, values[i] ?? '']))
  })
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, value = '']) => value)
}

function toServer(row: Row): Server {
  const count = (name: string): number => {
    const text = row.get(name) ?? ''
    if (!/^\d+$/.test(text)) throw notUnderstood(`${name} is "${text}"`)
    return Number(text)
  }
  const status = row.get('status') ?? ''
  const cookie = row.get('cookie') ?? ''
  return {
    name: row.get('svname') ?? '',
    // `weight` is 0 while a server is down; `uweight` is what was set.
    weight: count('uweight'),
    out: /^(UP|no check)/.test(status) ? undefined : shown(status),
    cookie: cookie === '' ? undefined : cookie,
    totals: {
      chosen: count('lbtot'),
      answered: count('req_tot'),
      answered4xx: count('hrsp_4xx'),
      answered5xx: count('hrsp_5xx'),
      refused: count('econ'),
      broken: count('eresp'),
    },
  }
}

function notUnderstood(text: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-152',
    service: 'HAProxy',
    what: `answers "show stat" with what is not understood: ${shown(text)}.`,
    retryable: false,
  })
}
