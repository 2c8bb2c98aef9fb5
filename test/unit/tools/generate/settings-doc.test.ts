import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { Duration } from '../../../../src/config/duration.js'
import { defaultOf } from '../../../../src/runtime/settings-schema.js'
import {
  documentKeys,
  documentNested,
  documentVariants,
} from '../../../../tools/generate/settings-doc.js'

const Section = z.strictObject({
  needed: z.string().describe('Must be given.'),
  wait: Duration.default(90_000).describe('A time.'),
  names: z.array(z.string()).default([]).describe('None unless given.'),
  mode: z.enum(['a', 'b']).default('a').describe('One of two.'),
  inner: z
    .strictObject({ depth: z.int().default(3).describe('How deep.') })
    .optional()
    .describe('A map.'),
  list: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('x').describe('The first.'), n: z.number() }),
        z.strictObject({ kind: z.literal('y').describe('The second.') }),
      ]),
    )
    .optional()
    .describe('Items of two kinds.'),
})

describe('the keys of a section', () => {
  it('have the type, the default and whether they are required', () => {
    expect(documentKeys(Section).slice(0, 4)).toEqual([
      {
        key: 'needed',
        type: 'string',
        default: undefined,
        required: true,
        description: 'Must be given.',
      },
      { key: 'wait', type: 'string', default: '90s', required: false, description: 'A time.' },
      {
        key: 'names',
        type: 'array',
        default: undefined,
        required: false,
        description: 'None unless given.',
      },
      { key: 'mode', type: '`a`, `b`', default: 'a', required: false, description: 'One of two.' },
    ])
  })

  it('have no default that says nothing', () => {
    expect(defaultOf(Section, 'names')).toBeUndefined()
    expect(defaultOf(Section, 'inner')).toBeUndefined()
    expect(defaultOf(Section, 'absent')).toBeUndefined()
  })

  it('are found inside of maps', () => {
    expect(
      documentNested(Section, ['inner']).map(({ key, default: value }) => [key, value]),
    ).toEqual([['depth', '3']])
  })

  it('are told by the kind of an item', () => {
    const variants = documentVariants(Section, ['list'], 'kind')
    expect(variants.map(({ name, description, keys }) => [name, description, keys.length])).toEqual(
      [
        ['x', 'The first.', 1],
        ['y', 'The second.', 0],
      ],
    )
  })
})
