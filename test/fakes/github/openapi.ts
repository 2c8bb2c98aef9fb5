import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

/** Checks requests and answers against GitHub's own description of its REST API. */

type Schema = Readonly<Record<string, unknown>>
interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Schema
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<
    Record<string, { readonly content?: Content } | { readonly $ref: string }>
  >
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>

/** One documented operation that fits a request, with the variables of its path. */
export interface Match {
  readonly id: string
  readonly method: string
  readonly template: string
  readonly variables: Readonly<Record<string, string>>
}

const file = new URL('./openapi-subset.generated.json', import.meta.url)
const description: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
} = JSON.parse(readFileSync(file, 'utf8'), nullInEnumerations)

/** OpenAPI 3.0 lets GitHub say `nullable` beside an enumeration without null in it, or without a type; JSON Schema does not. */
function nullInEnumerations(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value
  if (typeof value.nullable !== 'boolean') return value
  if ('enum' in value && Array.isArray(value.enum)) return { ...value, enum: [...value.enum, null] }
  if ('type' in value) return value
  const { nullable, ...schema } = value
  return nullable ? { anyOf: [schema, { type: 'null' }] } : schema
}

/** GitHub answers these on every route, whether the route's description says so or not. */
const anywhere = new Set([401, 403, 404, 410, 422, 429, 500, 502, 503, 504])

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateSchema: false })
formats.default(ajv)
// GitHub sends '' for a link that is not set, though its own description calls the field a URI.
ajv.addFormat('uri', (value: string) => value === '' || URL.canParse(value))
ajv.addSchema({ $id: 'github', ...description })
const queryAjv = new Ajv({ strict: false, coerceTypes: true, validateSchema: false })
formats.default(queryAjv)

const compiled = new Map<string, ValidateFunction>()

function validator(pointer: readonly string[]): ValidateFunction {
  const path = pointer.map((key) =>
    encodeURIComponent(key.replace(/~/g, '~0').replace(/\//g, '~1')),
  )
  const $ref = `github#/${path.join('/')}`
  const known = compiled.get($ref) ?? ajv.compile({ $ref })
  compiled.set($ref, known)
  return known
}

function resolve<T>(value: T | { readonly $ref: string }): { value: T; path: readonly string[] } {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return { value, path: [] }
  const path = value.$ref.slice(2).split('/')
  let found: unknown = description
  for (const key of path) found = (found as Record<string, unknown>)[key]
  return { value: found as T, path }
}

/** The names of all documented operations, such as `issues/create-comment`. */
export function operationIds(): readonly string[] {
  return Object.values(description.paths).flatMap((methods) =>
    Object.values(methods).map((operation) => operation.operationId),
  )
}

/** The documented operation of a request, or undefined. `path` is without the query, still percent-encoded. */
export function matchOperation(method: string, path: string): Match | undefined {
  const parts = path.split('/')
  for (const [template, methods] of Object.entries(description.paths)) {
    const operation = methods[method.toLowerCase()]
    if (operation === undefined) continue
    const variables = matchTemplate(template.split('/'), parts)
    if (variables !== undefined) {
      return { id: operation.operationId, method: method.toLowerCase(), template, variables }
    }
  }
  return undefined
}

function matchTemplate(
  template: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  if (template.length !== parts.length) return undefined
  const variables: Record<string, string> = {}
  for (const [index, expected] of template.entries()) {
    const part = parts[index] ?? ''
    if (expected.startsWith('{')) variables[expected.slice(1, -1)] = decodeURIComponent(part)
    else if (expected !== part) return undefined
  }
  return variables
}

function operationOf(match: Match): Operation {
  const operation = description.paths[match.template]?.[match.method]
  if (operation === undefined) throw new Error(`no operation ${match.id}`)
  return operation
}

/** What is wrong with a request's variables, query and body; empty where nothing is. */
export function requestProblems(
  match: Match,
  request: { readonly query: URLSearchParams; readonly body: unknown },
): readonly string[] {
  return [...parameterProblems(match, request.query), ...bodyProblems(match, request.body)]
}

function parameterProblems(match: Match, query: URLSearchParams): readonly string[] {
  const problems: string[] = []
  const parameters = (operationOf(match).parameters ?? []).map((entry) => resolve(entry).value)
  const check = (where: 'path' | 'query', name: string, value: string): void => {
    const parameter = parameters.find((entry) => entry.in === where && entry.name === name)
    if (parameter === undefined) problems.push(`${where} parameter "${name}" is not documented`)
    else if (!queryAjv.validate({ properties: { value: parameter.schema } }, { value }))
      problems.push(`${where} parameter "${name}": ${queryAjv.errorsText()}`)
  }
  for (const [name, value] of Object.entries(match.variables)) check('path', name, value)
  for (const [name, value] of query) check('query', name, value)
  return problems
}

function bodyProblems(match: Match, body: unknown): readonly string[] {
  const { requestBody } = operationOf(match)
  if (requestBody === undefined)
    return body === undefined ? [] : ['a body where none is documented']
  if (body === undefined) return requestBody.required === true ? ['the body is missing'] : []
  const pointer = ['paths', match.template, match.method, 'requestBody', 'content']
  const validate = validator([...pointer, 'application/json', 'schema'])
  const problems = validate(body) ? [] : (validate.errors ?? []).map(describe)
  return [...problems, ...unknownNames(requestBody.content['application/json']?.schema, body)]
}

/** GitHub takes no notice of names that it does not know; for us they are a slip of the pen. */
function unknownNames(schema: Schema | undefined, body: unknown): readonly string[] {
  const known = schema?.['properties']
  if (typeof known !== 'object' || known === null || typeof body !== 'object' || body === null)
    return []
  if (schema?.['additionalProperties'] === true) return []
  return Object.keys(body)
    .filter((name) => !(name in known))
    .map((name) => `body: property "${name}" is not documented`)
}

function describe(error: { instancePath: string; message?: string | undefined; params: unknown }) {
  return `body${error.instancePath}: ${error.message ?? 'invalid'} ${JSON.stringify(error.params)}`
}

/** What is wrong with an answer of ours: a status or a body that GitHub does not document. */
export function responseProblems(match: Match, status: number, body: unknown): readonly string[] {
  const documented = operationOf(match).responses[String(status)]
  if (documented === undefined) {
    return anywhere.has(status) ? errorProblems(body) : [`status ${status} is not documented`]
  }
  const { value, path } = resolve(documented)
  const media = value.content?.['application/json']
  if (media === undefined && status >= 400) return errorProblems(body)
  if (media === undefined) return body === undefined ? [] : [`status ${status} has no body`]
  const base =
    path.length > 0 ? path : ['paths', match.template, match.method, 'responses', String(status)]
  const validate = validator([...base, 'content', 'application/json', 'schema'])
  return validate(body) ? [] : (validate.errors ?? []).map(describe)
}

function errorProblems(body: unknown): readonly string[] {
  const validate = validator(['components', 'schemas', 'basic-error'])
  return validate(body) ? [] : (validate.errors ?? []).map(describe)
}
