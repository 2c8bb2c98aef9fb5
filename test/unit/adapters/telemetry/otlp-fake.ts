/**
 * The messages of OTLP 1.9 that a request with gauges is made of, as their JSON must be: names in camel case, 64-bit
 * numbers as decimal text, no field twice of a oneof, nothing unknown. Written from the published descriptions;
 * test/systems/prometheus/otlp.test.ts holds requests against those descriptions themselves.
 */
type Rule = (value: unknown, path: string) => string[]

const text: Rule = (value, path) => (typeof value === 'string' ? [] : [`${path} is no string`])
const double: Rule = (value, path) => (typeof value === 'number' ? [] : [`${path} is no double`])
const fixed64: Rule = (value, path) =>
  typeof value === 'string' && /^\d+$/.test(value) && BigInt(value) < 2n ** 64n
    ? []
    : [`${path} is no 64-bit number as text`]

function message(fields: Readonly<Record<string, Rule>>, oneofs: readonly string[][] = []): Rule {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [`${path} is no message`]
    const clashes = oneofs
      .filter((names) => names.filter((name) => name in value).length > 1)
      .map((names) => `${path} has more than one of ${names.join(', ')}`)
    const found = Object.entries(value).flatMap(([name, field]) => {
      const rule = Object.hasOwn(fields, name) ? fields[name] : undefined
      return rule?.(field, `${path}.${name}`) ?? [`${path}.${name} is unknown`]
    })
    return [...clashes, ...found]
  }
}

function repeated(rule: Rule): Rule {
  return (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item, i) => rule(item, `${path}[${i}]`))
      : [`${path} is no list`]
}

const keyValue = message({ key: text, value: message({ stringValue: text, doubleValue: double }) })
const dataPoint = message(
  {
    attributes: repeated(keyValue),
    startTimeUnixNano: fixed64,
    timeUnixNano: fixed64,
    asDouble: double,
    asInt: fixed64,
  },
  [['asDouble', 'asInt']],
)
const metric = message(
  {
    name: text,
    description: text,
    unit: text,
    gauge: message({ dataPoints: repeated(dataPoint) }),
    sum: text,
  },
  [['gauge', 'sum']],
)
const request = message({
  resourceMetrics: repeated(
    message({
      resource: message({ attributes: repeated(keyValue) }),
      scopeMetrics: repeated(
        message({
          scope: message({ name: text, version: text }),
          metrics: repeated(metric),
          schemaUrl: text,
        }),
      ),
      schemaUrl: text,
    }),
  ),
})

/** What of a request is not as the messages are. */
export function otlpViolations(value: unknown): string[] {
  return request(value, 'request')
}
