import * as z from 'zod'

interface Property {
  readonly description?: string
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
  return (inputSchema(schema).properties ?? {}) as Readonly<Record<string, Property>>
}

/** A key's default as users would write it; undefined when there is none, or none that says anything. */
export function defaultOf(schema: z.ZodType, key: string): string | undefined {
  const value = properties(schema)[key]?.default
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
    return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
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
  const required = new Set(inputSchema(schema).required ?? [])
  return Object.entries(properties(schema)).map(([key, property]) => ({
    key,
    type: typeOf(property),
    default: defaultOf(schema, key),
    required: required.has(key),
    description: property.description ?? '',
  }))
}

function typeOf(property: Property): string {
  if (property.enum !== undefined)
    return property.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (property.anyOf !== undefined) return [...new Set(property.anyOf.map(typeOf))].join(' or ')
  return property.type ?? 'any'
}
