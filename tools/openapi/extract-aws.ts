import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ensureMoto } from '../install/moto.js'

/** The operations that the product calls, or that tests prepare AWS with. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  'sagemaker/2017-07-24': [
    'DescribeEndpoint',
    'DescribeEndpointConfig',
    'CreateEndpointConfig',
    'UpdateEndpoint',
    'UpdateEndpointWeightsAndCapacities',
    'ListTags',
  ],
  'lambda/2015-03-31': ['GetAlias', 'UpdateAlias', 'GetFunctionConfiguration'],
  'cloudwatch/2010-08-01': ['GetMetricData', 'SetAlarmState'],
}

interface Shape {
  readonly member?: { readonly shape: string }
  readonly key?: { readonly shape: string }
  readonly value?: { readonly shape: string }
  readonly members?: Readonly<Record<string, { readonly shape: string }>>
}

interface Operation {
  readonly http: unknown
  readonly input?: { readonly shape: string }
  readonly output?: { readonly shape: string }
}

interface Service {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly operations: Readonly<Record<string, Operation>>
  readonly shapes: Readonly<Record<string, Shape>>
}

/** Writes what test/fakes/aws validates by, from botocore's descriptions of the services, without documentation. */
async function extract(): Promise<void> {
  const data = join(await ensureMoto(), 'botocore', 'data')
  const services = Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operations]) => {
      const text = gunzipSync(readFileSync(join(data, name, 'service-2.json.gz'))).toString('utf8')
      return [name.split('/')[0], subset(JSON.parse(text) as Service, operations)]
    }),
  )
  const file = new URL('../../test/fakes/aws/services-subset.generated.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify(services, null, 1)}\n`)
}

function subset({ metadata, operations, shapes }: Service, names: readonly string[]) {
  const kept = new Map<string, unknown>()
  const visit = (name: string): void => {
    const shape = shapes[name]
    if (kept.has(name) || shape === undefined) return
    kept.set(name, bare(shape))
    const { member, key, value, members = {} } = shape
    for (const ref of [member, key, value, ...Object.values(members)]) if (ref) visit(ref.shape)
  }
  const chosen = names.map((name) => {
    const operation = operations[name]
    if (operation === undefined) throw new Error(`botocore describes no operation ${name}`)
    const { http, input, output } = operation
    for (const ref of [input, output]) if (ref) visit(ref.shape)
    return [name, { http, input: input?.shape, output: output?.shape }] as const
  })
  const { apiVersion, serviceId, targetPrefix, jsonVersion } = metadata
  return {
    metadata: { apiVersion, serviceId, targetPrefix, jsonVersion },
    operations: Object.fromEntries(chosen),
    shapes: Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'documentation')
      .map(([key, part]) => [key, bare(part)]),
  )
}

await extract()
