import type { QualityCheck } from './check.js'

/** What a rule of a data contract asks for and what was found, as people read it: `at least 0, observed -3`. */
export function breachWords({ id, column, expected, observed }: QualityCheck): string {
  const rule = id.slice(id.lastIndexOf('.') + 1)
  if (rule === 'nulls') return `at most ${share(expected)} missing, observed ${share(observed)}`
  const rows = column === null ? ' rows' : ''
  const asked = `${LIMITS[rule] ?? ''}${rounded(expected)}${rows}`
  return `${asked}, observed ${rounded(observed)}`
}

const LIMITS: Readonly<Record<string, string>> = {
  min: 'at least ',
  max: 'at most ',
  type: 'type ',
  in: 'one of ',
  matches: 'matching ',
}

function rounded(value: string | number): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value)
  return String(Number(value.toPrecision(6)))
}

/** Three digits: a share of one in a million is none of zero. */
function share(value: string | number): string {
  return typeof value === 'string' ? value : `${Number((value * 100).toPrecision(3))}%`
}
