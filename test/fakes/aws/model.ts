import { readFileSync } from 'node:fs'

/** Checks requests and answers by botocore's descriptions of the services. */

interface Ref {
  readonly shape: string
  readonly location?: string
  readonly locationName?: string
}

interface Shape {
  readonly type: string
  readonly required?: readonly string[]
  readonly members?: Readonly<Record<string, Ref>>
  readonly member?: Ref
  readonly key?: Ref
  readonly value?: Ref
  readonly enum?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
}

interface Service {
  readonly operations: Readonly<
    Record<string, { readonly input?: string; readonly output?: string }>
  >
  readonly shapes: Readonly<Record<string, Shape>>
}

const file = new URL('./services-subset.generated.json', import.meta.url)
const services = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Service>>

export type ServiceName = 'sagemaker' | 'lambda' | 'cloudwatch'

/** What is wrong with the input or the output of an operation; empty where nothing is. */
export function wrongs(
  service: ServiceName,
  operation: string,
  side: 'input' | 'output',
  value: unknown,
): string[] {
  const described = services[service]
  const sides = described?.operations[operation]
  if (described === undefined || sides === undefined) return [`${operation} is not described`]
  const name = sides[side]
  if (name === undefined)
    return JSON.stringify(value) === '{}' ? [] : [`${operation} has no ${side}`]
  return [...check(described, name, value, operation)]
}

function* check(service: Service, name: string, value: unknown, path: string): Generator<string> {
  const shape = service.shapes[name]
  if (shape === undefined) {
    yield `${path}: shape ${name} is not described`
    return
  }
  switch (shape.type) {
    case 'structure':
      yield* checkStructure(service, shape, value, path)
      break
    case 'list':
      yield* checkList(service, shape, value, path)
      break
    case 'map':
      yield* checkMap(service, shape, value, path)
      break
    default:
      yield* checkScalar(shape, value, path)
  }
}

function* checkStructure(
  service: Service,
  { members = {}, required = [] }: Shape,
  value: unknown,
  path: string,
): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield `${path}: is no structure`
    return
  }
  for (const name of required) if (!Object.hasOwn(value, name)) yield `${path}.${name}: is missing`
  for (const [key, part] of Object.entries(value)) {
    const ref = members[key]
    if (ref === undefined) yield `${path}.${key}: is not known`
    else yield* check(service, ref.shape, part, `${path}.${key}`)
  }
}

function* checkList(
  service: Service,
  shape: Shape,
  value: unknown,
  path: string,
): Generator<string> {
  if (!Array.isArray(value)) {
    yield `${path}: is no list`
    return
  }
  yield* checkRange(shape, value.length, path)
  for (const [i, part] of value.entries()) {
    if (shape.member) yield* check(service, shape.member.shape, part, `${path}[${i}]`)
  }
}

function* checkMap(
  service: Service,
  shape: Shape,
  value: unknown,
  path: string,
): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield `${path}: is no map`
    return
  }
  for (const [key, part] of Object.entries(value)) {
    if (shape.key) yield* check(service, shape.key.shape, key, `${path} key`)
    if (shape.value) yield* check(service, shape.value.shape, part, `${path}.${key}`)
  }
}

function* checkScalar(shape: Shape, value: unknown, path: string): Generator<string> {
  if (shape.type === 'string') {
    if (typeof value !== 'string') yield `${path}: is no string`
    else yield* checkString(shape, value, path)
  } else if (shape.type === 'boolean') {
    if (typeof value !== 'boolean') yield `${path}: is no boolean`
  } else if (typeof value !== 'number' || !Number.isFinite(value)) {
    yield `${path}: is no number`
  } else {
    const isWhole = shape.type === 'integer' || shape.type === 'long'
    if (isWhole && !Number.isInteger(value)) yield `${path}: is no whole number`
    yield* checkRange(shape, value, path)
  }
}

function* checkString(shape: Shape, value: string, path: string): Generator<string> {
  yield* checkRange(shape, value.length, path)
  if (shape.enum && !shape.enum.includes(value)) yield `${path}: "${value}" is none of its values`
  if (shape.pattern === undefined) return
  if (!new RegExp(`^(?:${shape.pattern})$`, 'u').test(value)) {
    yield `${path}: "${value}" does not match ${shape.pattern}`
  }
}

function* checkRange({ min, max }: Shape, value: number, path: string): Generator<string> {
  if (min !== undefined && value < min) yield `${path}: is less than ${min}`
  if (max !== undefined && value > max) yield `${path}: is more than ${max}`
}
