import { readFileSync } from 'node:fs'

/** Checks requests and answers against Google's own discovery documents. */

export type Api = 'run.v2' | 'aiplatform.v1' | 'monitoring.v3'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly readOnly?: boolean
  readonly required?: boolean
  readonly repeated?: boolean
  readonly location?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
}

interface Method {
  readonly id: string
  readonly httpMethod: string
  readonly path: string
  readonly parameters: Readonly<Record<string, Schema>>
  readonly request?: { readonly $ref: string }
  readonly response: { readonly $ref: string }
}

interface Document {
  readonly parameters: Readonly<Record<string, Schema>>
  readonly methods: readonly Method[]
  readonly schemas: Readonly<Record<string, Schema>>
}

const file = new URL('./discovery-subset.generated.json', import.meta.url)
const documents = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<Api, Document>>

export interface Match {
  readonly id: string
  /** The variable of the path: projects/…. */
  readonly name: string
}

/** The method of a request; undefined where Google has none. */
export function matchMethod(api: Api, method: string, path: string): Match | undefined {
  for (const { id, httpMethod, path: template, parameters } of documents[api].methods) {
    if (httpMethod !== method) continue
    const [before = '', variable = '', after = ''] = template.split(/\{\+(\w+)\}/)
    if (!path.startsWith(`/${before}`) || !path.endsWith(after)) continue
    const name = path.slice(before.length + 1, path.length - after.length)
    if (new RegExp(parameters[variable]?.pattern ?? '^$').test(name)) return { id, name }
  }
  return undefined
}

/** What is wrong with a request's query and body. */
export function requestProblems(
  api: Api,
  id: string,
  { query, body }: { readonly query: URLSearchParams; readonly body: unknown },
): readonly string[] {
  const document = documents[api]
  const method = document.methods.find((one) => one.id === id)
  if (method === undefined) return [`no method ${id}`]
  const known = { ...document.parameters, ...method.parameters }
  const problems = [...query].flatMap(([key, value]) => {
    const schema = known[key]
    return schema?.location === 'query' ? parameterProblems(key, value, schema) : [`query ${key}`]
  })
  const isWanted = method.request !== undefined
  if (isWanted !== (body !== undefined)) return [...problems, isWanted ? 'no body' : 'a body']
  if (method.request === undefined) return problems
  return [...problems, ...valueProblems(document, method.request, { value: body, at: 'body' })]
}

/** What is wrong with an answer. */
export function answerProblems(api: Api, id: string, value: unknown): readonly string[] {
  const document = documents[api]
  const response = document.methods.find((one) => one.id === id)?.response
  if (response === undefined) return [`no method ${id}`]
  return valueProblems(document, response, { value, at: 'answer' })
}

function parameterProblems(key: string, value: string, schema: Schema): readonly string[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`query ${key}=${value}`]
  if (schema.type === 'integer' && !/^-?\d+$/.test(value)) return [`query ${key}=${value}`]
  if (schema.format === 'google-datetime' && Number.isNaN(Date.parse(value)))
    return [`query ${key}`]
  return []
}

interface Place {
  readonly value: unknown
  readonly at: string
}

function valueProblems(document: Document, schema: Schema, place: Place): readonly string[] {
  const { value, at } = place
  if (schema.$ref !== undefined) {
    const target = document.schemas[schema.$ref]
    return target === undefined
      ? [`${at}: no ${schema.$ref}`]
      : valueProblems(document, target, place)
  }
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${at} is no array`]
    return value.flatMap((item, i) =>
      valueProblems(document, schema.items ?? {}, { value: item, at: `${at}[${i}]` }),
    )
  }
  if (schema.type === 'object') return objectProblems(document, schema, place)
  return scalarProblems(schema, place)
}

function objectProblems(
  document: Document,
  schema: Schema,
  { value, at }: Place,
): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${at} is no object`]
  return Object.entries(value).flatMap(([key, item]) => {
    const own = schema.properties?.[key] ?? schema.additionalProperties
    if (own === undefined) return [`${at}.${key} is unknown`]
    if (own.readOnly === true && at.startsWith('body')) return [`${at}.${key} is read-only`]
    return valueProblems(document, own, { value: item, at: `${at}.${key}` })
  })
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  any: () => true,
}

function scalarProblems(schema: Schema, { value, at }: Place): readonly string[] {
  if (KINDS[schema.type ?? 'any']?.(value) !== true) return [`${at} is no ${schema.type}`]
  if (schema.format === 'int64' && !/^-?\d+$/.test(String(value))) return [`${at} is no int64`]
  if (schema.enum !== undefined && !schema.enum.includes(String(value))) {
    return [`${at} is ${String(value)}`]
  }
  return []
}
