import { type ArmCounters, NO_MIRROR } from '../../../domain/rollout/observation.js'
import { UserError } from '../../../errors.js'
import type { QueryResult } from '../../../ports/engine.js'
import type { Gained } from '../../../ports/signals.js'
import type { RoleOf } from '../predictions/versions.js'

/** A result of one row for each version; undefined where the columns are not those of one. */
export function countsByVersion(result: QueryResult, roleOf: RoleOf): Gained | undefined {
  const names = result.columns.map((name) => name.toLowerCase())
  if (!names.includes('requests')) return undefined
  const version = names.indexOf('version')
  if (version < 0) throw noVersion(result.columns)
  const overs = oversOf(names)
  const isRejectedKnown = names.includes('rejected')
  const arms = {
    stable: emptyArm(overs, isRejectedKnown),
    canary: emptyArm(overs, isRejectedKnown),
  }
  for (const row of result.rows) {
    const role = roleOf(String(row[version] ?? ''))
    if (role === undefined) continue
    const of = (name: string) => countIn(name, row[names.indexOf(name)])
    const [requests, errors, rejected] = [of('requests'), of('errors'), of('rejected')]
    if (errors + rejected > requests) {
      throw notCounts(`${errors} errors and ${rejected} rejected of ${requests} requests`)
    }
    add(arms[role], { requests, errors, rejected, slower: overs.map(({ name }) => of(name)) })
  }
  return {
    counters: { ...arms, mirror: NO_MIRROR },
    latencyBounds: overs.map(({ bound }) => bound),
    samples: [],
    warnings: [],
  }
}

interface Over {
  readonly name: string
  /** Milliseconds. */
  readonly bound: number
}

/** Columns such as `over_200`: requests that took longer than 200 ms. */
function oversOf(names: readonly string[]): readonly Over[] {
  return names
    .flatMap((name): Over[] => {
      const bound = /^over_(\d+(?:_\d+)?)$/.exec(name)?.[1]
      return bound === undefined ? [] : [{ name, bound: Number(bound.replace('_', '.')) }]
    })
    .sort((a, b) => a.bound - b.bound)
}

interface Arm extends ArmCounters {
  assigned: number
  requests: number
  errors: number
  rejected?: number
  readonly latency: number[]
}

function emptyArm({ length }: readonly Over[], isRejectedKnown: boolean): Arm {
  const latency = new Array<number>(length + 1).fill(0)
  const arm = { assigned: 0, requests: 0, errors: 0, unreachable: 0, latency }
  return isRejectedKnown ? { ...arm, rejected: 0 } : arm
}

interface VersionRow {
  readonly requests: number
  readonly errors: number
  readonly rejected: number
  readonly slower: readonly number[]
}

/** Rows of one version are summed: a query may give them by something else too. */
function add(arm: Arm, { requests, errors, rejected, slower }: VersionRow): void {
  arm.assigned += requests
  arm.requests += requests
  arm.errors += errors
  if (arm.rejected !== undefined) arm.rejected += rejected
  let above = requests
  for (const [i, count] of [...slower, 0].entries()) {
    if (count > above) throw notCounts(`${count} slow requests of ${above}`)
    arm.latency[i] = (arm.latency[i] ?? 0) + above - count
    above = count
  }
}

function countIn(name: string, value: unknown): number {
  if (value === undefined || value === null || value === '') return 0
  const count = Number(value)
  if (Number.isSafeInteger(count) && count >= 0) return count
  throw notCounts(`${JSON.stringify(String(value).slice(0, 40))} in column ${name}`)
}

function noVersion(columns: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-323',
    where: 'deploy.signals.sql.query',
    what: `its result has requests and no column version. Found: ${columns.join(', ')}.`,
    fix: 'Select the version as `version`, and group by it.',
  })
}

function notCounts(what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-324',
    where: 'deploy.signals.sql.query',
    what: `its result holds what are no counts: ${what}.`,
    fix: 'Select whole numbers: `requests`, of those `errors`, and `over_<milliseconds>`, each a part of the one before.',
  })
}
