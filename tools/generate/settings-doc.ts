import type * as z from 'zod'
import {
  defaultOf,
  defaultText,
  inputSchema,
  type Property,
  properties,
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
