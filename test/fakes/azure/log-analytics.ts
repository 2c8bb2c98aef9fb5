/** A row of the traffic log of online endpoints. */
export interface TrafficRow {
  readonly TimeGenerated: number
  readonly EndpointName: string
  readonly DeploymentName: string
  readonly ResponseCode: number
  readonly TotalDurationMs: number
}

const CONDITION =
  /^(TimeGenerated|EndpointName|DeploymentName|ResponseCode|TotalDurationMs) (==|>=|<=|<) (?:datetime\(([^)]+)\)|"((?:[^"\\]|\\.)*)"|(\d+))$/

/** The part of KQL that counts rows by conditions: a table, `where` with `and`, `count`. Throws on anything else. */
export function countRows(query: string, rows: readonly TrafficRow[]): number {
  const [table, ...steps] = query.split('|').map((step) => step.trim())
  if (table !== 'AmlOnlineEndpointTrafficLog') throw new SyntaxError(`no table ${table}`)
  if (steps.pop() !== 'count') throw new SyntaxError('does not end with count')
  let left = rows
  for (const step of steps) {
    if (!step.startsWith('where ')) throw new SyntaxError(`cannot ${step}`)
    const conditions = step.slice('where '.length).split(' and ').map(condition)
    left = left.filter((row) => conditions.every((holds) => holds(row)))
  }
  return left.length
}

function condition(text: string): (row: TrafficRow) => boolean {
  const [, column, operator, time, quoted, number] = CONDITION.exec(text.trim()) ?? []
  if (column === undefined) throw new SyntaxError(`cannot read ${text}`)
  const wanted =
    time !== undefined ? Date.parse(time) : (quoted?.replace(/\\(.)/g, '$1') ?? Number(number))
  return (row) => {
    const value = row[column as keyof TrafficRow]
    if (operator === '==') return value === wanted
    if (operator === '>=') return value >= wanted
    return operator === '<=' ? value <= wanted : value < wanted
  }
}
