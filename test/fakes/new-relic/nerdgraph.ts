/** One event of an account. */
export interface Event {
  readonly at: number
  readonly type: string
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

export interface Account {
  readonly id: number
  readonly events: readonly Event[]
  /** Metrics are counted by longer intervals than this, whatever was asked for. */
  readonly snapMs: number
}

interface Wanted {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

const OPERATION =
  /^query\(\$account: Int!((?:, \$q\d+: Nrql!)+)\) \{ actor \{ account\(id: \$account\) \{ (.*) \} \} \}$/
const FIELD =
  /(q\d+): nrql\(query: \$(q\d+), timeout: (\d+)\) \{ results metadata \{ timeWindow \{ begin end \} \} \}/g

/** NerdGraph, as far as it is asked here: one account, aliased `nrql` fields whose queries are variables. */
export function answerNerdGraph(text: string, account: Account): object {
  const { query, variables } = JSON.parse(text) as Wanted
  const [, parameters = '', body = ''] = OPERATION.exec(query) ?? []
  const fields = [...body.matchAll(FIELD)]
  const declared = [...parameters.matchAll(/\$(q\d+)/g)].map(([, name]) => name)
  if (fields.length === 0 || fields.map(([whole]) => whole).join(' ') !== body) {
    return { errors: [{ message: 'Syntax error in the document.' }] }
  }
  if (declared.join() !== fields.map(([, alias]) => alias).join()) {
    return { errors: [{ message: 'A variable is not used, or not declared.' }] }
  }
  if (variables['account'] !== account.id) return { data: { actor: { account: null } } }
  const answers: Record<string, unknown> = {}
  const errors: object[] = []
  for (const [, alias = '', variable = ''] of fields) {
    const answer = answerNrql(String(variables[variable]), account)
    answers[alias] = typeof answer === 'string' ? null : answer
    if (typeof answer === 'string') {
      const path = ['actor', 'account', alias]
      errors.push({ message: answer, path, extensions: { errorClass: 'INVALID_INPUT' } })
    }
  }
  return {
    data: { actor: { account: answers } },
    ...(errors.length === 0 ? {} : { errors }),
  }
}

const NRQL =
  /^SELECT (count\(\*\)|sum\((\w+)\)) FROM (\w+)(?: WHERE (.+?))?\s+SINCE (\d+) UNTIL (\d+)$/s
const CONDITION = /^(\w+) (=|>=|<=) (?:'([^'\\]*)'|([\d.]+|true|false))$/

function answerNrql(text: string, { events, snapMs }: Account): object | string {
  const [, select, field, type, where, since, until] = NRQL.exec(text) ?? []
  if (select === undefined) return `NRQL Syntax Error: Error at line 1: unexpected ${text}`
  const conditions = (where ?? '').split(' AND ').filter((part) => part !== '')
  const parsed = conditions.map((part) => CONDITION.exec(part.trim()))
  if (parsed.includes(null)) return `NRQL Syntax Error: unexpected ${where}`
  const step = type === 'Metric' ? snapMs : 1
  const begin = Math.floor(Number(since) / step) * step
  const end = Math.floor(Number(until) / step) * step
  const found = events.filter(
    (event) =>
      event.type === type &&
      event.at >= begin &&
      event.at < end &&
      parsed.every((condition) => holds(event, condition ?? [])),
  )
  const sum = found.reduce(
    (total, { attributes }) => total + Number(attributes[field ?? ''] ?? 0),
    0,
  )
  const result =
    field === undefined
      ? { count: found.length }
      : { [`sum.${field}`]: found.length === 0 ? null : sum }
  return { results: [result], metadata: { timeWindow: { begin, end } } }
}

function holds(
  { attributes }: Event,
  [, key = '', operator, quoted, plain = '']: readonly (string | undefined)[],
): boolean {
  const value = attributes[key]
  if (quoted !== undefined) return value === quoted
  if (operator === '=') return String(value) === plain
  return operator === '>=' ? Number(value) >= Number(plain) : Number(value) <= Number(plain)
}
