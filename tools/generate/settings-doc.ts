import type * as z from 'zod'
import {
  defaultOf,
  defaultText,
  inputSchema,
  type Property,
  propertiesOf,
} from '../../src/runtime/settings-schema.js'

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

/** The keys of what lies at a path in a section: of a map, of each item of a list, or (`*`) of each value of a map. */
export function documentNested(schema: z.ZodType, path: readonly string[]): readonly KeyDoc[] {
  return documentProperties(propertyAt(schema, path))
}

function propertyAt(schema: z.ZodType, path: readonly string[]): Property | undefined {
  let property: Property | undefined = inputSchema(schema) as Property
  for (const key of path) {
    const inside: Property | undefined =
      key === '*' ? additionalOf(property) : propertiesOf(property)[key]
    property = inside?.items ?? inside
  }
  return property
}

/** What every value of a map of any keys is. */
function additionalOf(property: Property | undefined): Property | undefined {
  const additional = property?.additionalProperties
  return typeof additional === 'object' ? additional : undefined
}

export interface Variant {
  readonly name: string
  readonly description: string
  readonly keys: readonly KeyDoc[]
}

/** The kinds of what lies at a path, told apart by the key `by`. */
export function documentVariants(
  schema: z.ZodType,
  path: readonly string[],
  by: string,
): readonly Variant[] {
  const property = propertyAt(schema, path)
  return (property?.oneOf ?? property?.anyOf ?? []).map((variant) => {
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
  return typeof property.type === 'string' ? property.type : (property.type?.join(' or ') ?? 'any')
}
