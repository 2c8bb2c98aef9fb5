import { UserError } from '../../../errors.js'
import type { TrafficSetting } from '../../../ports/traffic.js'

export interface Shares extends TrafficSetting {
  readonly stable: string
  /** Empty: none. */
  readonly canary: string
}

export interface Wording {
  readonly prefix: string
  readonly key: string
}

/** What nginx says that is in force. */
const SAID = /^stable=([\w.-]+) canary=([\w.-]*) weight=([\d.]+) copies=([\d.]+)$/

/** The text of what is in force; nothing in it is special in a configuration. */
export function statusOf({ stable, canary, weight, mirror }: Shares): string {
  return `stable=${stable} canary=${canary} weight=${weight} copies=${mirror}`
}

/** undefined for what Modelway has not written. */
export function sharesOf(status: string): Shares | undefined {
  const [, stable, canary, weight, copies] = SAID.exec(status.trim()) ?? []
  if (stable === undefined || canary === undefined) return undefined
  return { stable, canary, weight: Number(weight), mirror: Number(copies) }
}

/** The file: users and copies are divided by different numbers of a request. Names fit NGINX_NAME. */
export function textOf(shares: Shares, { prefix, key }: Wording): string {
  requireParts(shares)
  const { stable, canary, weight, mirror } = shares
  const split = (seed: string, name: string, lines: readonly string[]) =>
    `split_clients "${seed}${key}" $${prefix}_${name} {\n${lines.map((line) => `    ${line};\n`).join('')}}\n`
  return [
    '# Written by Modelway, which replaces it whole.\n',
    split('', 'version', linesOf(weight, canary, stable)),
    split('copies', 'copies', linesOf(mirror, canary, '""')),
    `map "" $${prefix}_split {\n    default "${statusOf(shares)}";\n}\n`,
  ].join('')
}

function linesOf(percent: number, some: string, others: string): readonly string[] {
  if (percent === 0 || some === '') return [`* ${others}`]
  return percent === 100 ? [`* ${some}`] : [`${percent}% ${some}`, `* ${others}`]
}

/** nginx takes two digits behind the point. */
function requireParts({ weight, mirror }: TrafficSetting): void {
  const isFit = (percent: number) =>
    percent >= 0 && percent <= 100 && /^\d+(\.\d\d?)?$/.test(String(percent))
  if (isFit(weight) && isFit(mirror)) return
  throw new UserError({
    code: 'MW-DEPLOY-194',
    where: 'deploy.steps',
    what: `nginx cannot be given a weight of ${weight} % and a mirror of ${mirror} %.`,
    fix: 'Use percentages from 0 to 100 in steps of 0.01.',
  })
}
