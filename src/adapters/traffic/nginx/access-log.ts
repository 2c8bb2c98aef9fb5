import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { UserError } from '../../../errors.js'
import { errorWords } from '../../../files/errno.js'
import { isRejected } from '../counted/by-code.js'
import type { Totals } from '../counted/totals.js'

/** Totals by version since the first look. */
export interface AccessLog {
  /** undefined where lines may have been lost: the log is another file, or shorter, than at the last look. */
  look(versions: readonly string[]): Promise<ReadonlyMap<string, Totals> | undefined>
}

interface Count {
  requests: number
  errors: number
  rejected: number
  unanswered: number
  /** By bucket, the last one without a bound. */
  readonly times: number[]
}

/** Where the next line begins. */
interface Place {
  readonly file: string
  readonly offset: number
}

/** `$msec $<prefix>_version $status $request_time` */
const LINE = /^\d+\.\d{3} ([\w.-]+) (\d{3}) (\d+\.\d{3})$/
/** What nginx itself answers where the version does not. */
const UNANSWERED = new Set(['502', '504'])

/** An access log that grows; what was in it before the first look is passed over, and memory does not grow with it. */
export function createAccessLog(path: string, bounds: readonly number[]): AccessLog {
  const counts = new Map<string, Count>()
  let next: Place | undefined
  return {
    look: async (versions) => {
      const { file, size } = await sizeOf(path)
      const isSame = next !== undefined && next.file === file && next.offset <= size
      const isFirst = next === undefined
      if (next === undefined || !isSame) next = { file, offset: size }
      else next = { file, offset: await readOn(path, { file, offset: next.offset }, size) }
      if (!isSame && !isFirst) return undefined
      return new Map(versions.map((version) => [version, totalsOf(counts.get(version), bounds)]))
    },
  }

  async function readOn(from: string, { offset }: Place, size: number): Promise<number> {
    if (offset >= size) return offset
    const lines = createInterface({
      input: createReadStream(from, { start: offset, end: size - 1, encoding: 'latin1' }),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    let read = offset
    for await (const line of lines) {
      // The last one may not be whole yet.
      if (read + line.length + 1 > size) break
      read += line.length + 1
      add(line)
    }
    return read
  }

  function add(line: string): void {
    const [, version, status = '', seconds = ''] = LINE.exec(line) ?? []
    if (version === undefined) throw notUnderstood(path, line)
    const count = counts.get(version) ?? nothing(bounds)
    counts.set(version, count)
    count.requests += 1
    if (status.startsWith('5')) count.errors += 1
    if (isRejected(status)) count.rejected += 1
    if (UNANSWERED.has(status)) count.unanswered += 1
    const bucket = bounds.findIndex((bound) => Number(seconds) * 1000 <= bound)
    const at = bucket < 0 ? bounds.length : bucket
    count.times[at] = (count.times[at] ?? 0) + 1
  }
}

function nothing(bounds: readonly number[]): Count {
  const times = new Array(bounds.length + 1).fill(0)
  return { requests: 0, errors: 0, rejected: 0, unanswered: 0, times }
}

function totalsOf(count: Count = nothing([]), bounds: readonly number[]): Totals {
  let sum = 0
  const upTo = [...bounds, 0].map((_bound, i) => {
    sum += count.times[i] ?? 0
    return sum
  })
  const { requests, errors, rejected, unanswered } = count
  return { requests, errors, rejected, unanswered, bounds, upTo }
}

async function sizeOf(path: string): Promise<{ readonly file: string; readonly size: number }> {
  try {
    const { dev, ino, size } = await stat(path)
    return { file: `${dev} ${ino}`, size }
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-DEPLOY-185',
        where: 'deploy.nginx.access-log',
        what: `${path} cannot be read: ${errorWords(error) ?? String(error)}.`,
        fix: 'Let nginx write it, and the account that runs Modelway read it.',
      },
      { cause: error },
    )
  }
}

function notUnderstood(path: string, line: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-186',
    where: 'deploy.nginx.access-log',
    what: `${path} has a line that is none of its format: ${JSON.stringify(line.slice(0, 200))}.`,
    fix: "Write `log_format modelway '$msec $modelway_version $status $request_time';`, and let only the location of users write this log in it, without `buffer`.",
  })
}
