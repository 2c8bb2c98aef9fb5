import * as z from 'zod'

interface Property {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
  readonly items?: Property
  readonly oneOf?: readonly Property[]
  readonly const?: unknown
  readonly default?: unknown
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Property[]
}

/** The JSON Schema of what users write, which is the input of the zod schema. */
export function inputSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

function properties(schema: z.ZodType): Readonly<Record<string, Property>> {
  return propertiesOf(inputSchema(schema) as Property)
}

function propertiesOf(property: Property | undefined): Readonly<Record<string, Property>> {
  return property?.properties ?? {}
}

/** A key's default as users would write it; undefined when there is none, or none that says anything. */
export function defaultOf(schema: z.ZodType, key: string): string | undefined {
  return defaultText(properties(schema)[key]) ?? parsedDefault(schema, key)
}

function defaultText(property: Property | undefined): string | undefined {
  return asWritten(property?.default)
}

function asWritten(value: unknown): string | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Where what users write becomes something else (a time is read as milliseconds), JSON Schema has no default. */
function parsedDefault(schema: z.ZodType, key: string): string | undefined {
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return undefined
  const value: unknown = z.safeParse(schema.shape[key], undefined).data
  const isTime = properties(schema)[key]?.type === 'string' && typeof value === 'number'
  return isTime ? timeText(value) : asWritten(value)
}

function timeText(milliseconds: number): string {
  const units = [
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1000, 's'],
  ] as const
  const [size, unit] = units.find(([size]) => milliseconds % size === 0) ?? [1, 'ms']
  return `${milliseconds / size}${unit}`
}

export interface KeyDoc {
  readonly key: string
  readonly type: string
  readonly default: string | undefined
  readonly required: boolean
  readonly description: string
}

/** The keys of a section, for the tables of the documentation. */
export function documentKeys(schema: z.ZodType): readonly KeyDoc[] {
  const keys = documentProperties(inputSchema(schema) as Property)
  return keys.map((doc) => ({ ...doc, default: defaultOf(schema, doc.key) }))
}

/** The keys of what lies at a path in a section: of a map, or of each item of a list. */
export function documentNested(schema: z.ZodType, path: readonly string[]): readonly KeyDoc[] {
  let property: Property | undefined = inputSchema(schema) as Property
  for (const key of path) {
    const inside: Property | undefined = propertiesOf(property)[key]
    property = inside?.items ?? inside
  }
  return documentProperties(property)
}

export interface Variant {
  readonly name: string
  readonly description: string
  readonly keys: readonly KeyDoc[]
}

/** The kinds of item that a list of a section takes, told apart by the key `by`. */
export function documentVariants(schema: z.ZodType, key: string, by: string): readonly Variant[] {
  const items = properties(schema)[key]?.items
  return (items?.oneOf ?? items?.anyOf ?? []).map((variant) => {
    const mark = propertiesOf(variant)[by]
    return {
      name: String(mark?.const ?? ''),
      description: mark?.description ?? '',
      keys: documentProperties(variant).filter((one) => one.key !== by),
    }
  })
}

function documentProperties(property: Property | undefined): readonly KeyDoc[] {
  const required = new Set(property?.required ?? [])
  return Object.entries(propertiesOf(property)).map(([key, value]) => ({
    key,
    type: typeOf(value),
    default: defaultText(value),
    required: required.has(key),
    description: value.description ?? '',
  }))
}

function typeOf(property: Property): string {
  if (property.const !== undefined) return `\`${String(property.const)}\``
  if (property.enum !== undefined)
    return property.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (property.anyOf !== undefined) return [...new Set(property.anyOf.map(typeOf))].join(' or ')
  return property.type ?? 'any'
}

/** The values that a key may have, where they are few and named. */
export function valuesOf(schema: z.ZodType, key: string): readonly string[] | undefined {
  const values = properties(schema)[key]?.enum
  return values === undefined || values.length < 2 ? undefined : values.map(String)
}
