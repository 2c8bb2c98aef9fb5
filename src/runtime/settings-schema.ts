import * as z from 'zod'

/** What JSON Schema says of a key. */
export interface Property {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
  readonly items?: Property
  readonly oneOf?: readonly Property[]
  readonly const?: unknown
  readonly default?: unknown
  readonly type?: string | readonly string[]
  /** What every value of a map of any keys is. */
  readonly additionalProperties?: boolean | Property
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Property[]
}

/** The JSON Schema of what users write, which is the input of the zod schema. */
export function inputSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

export function properties(schema: z.ZodType): Readonly<Record<string, Property>> {
  return propertiesOf(inputSchema(schema) as Property)
}

export function propertiesOf(property: Property | undefined): Readonly<Record<string, Property>> {
  return property?.properties ?? {}
}

/** A key's default as users would write it; undefined when there is none, or none that says anything. */
export function defaultOf(schema: z.ZodType, key: string): string | undefined {
  return defaultText(properties(schema)[key]) ?? parsedDefault(schema, key)
}

export function defaultText(property: Property | undefined): string | undefined {
  return asWritten(property?.default)
}

function asWritten(value: unknown): string | undefined {
  if (value === undefined || isEmpty(value)) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Holds nothing, or nothing but what holds nothing. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty)
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

/** The values that a key may have, where they are few and named. */
export function valuesOf(schema: z.ZodType, key: string): readonly string[] | undefined {
  const values = properties(schema)[key]?.enum
  return values === undefined || values.length < 2 ? undefined : values.map(String)
}
