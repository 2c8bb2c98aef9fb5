import * as z from 'zod'
import type { DeepReadonly } from '../deep-readonly.js'

const Sides = z.object({ reference: z.number(), current: z.number() })
const Length = z.object({
  mean: Sides,
  statistic: z.number(),
  pValue: z.number(),
  wassersteinNormalised: z.number().nullable(),
})
const Ngrams = z.array(Sides.extend({ ngram: z.string() }))

/** What a drift statement says of a column of free text. */
export const TextEvidenceSchema = z.object({
  rows: Sides,
  distinctTexts: z.number(),
  distance: z.object({ name: z.literal('text-domain-auc'), value: z.number().nullable() }),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  statistic: z.number().nullable(),
  pValue: z.number().nullable(),
  ngrams: z.object({ reference: Ngrams, current: Ngrams }),
  lengths: z.object({ characters: Length, words: Length }).nullable(),
  vocabulary: z
    .object({
      unseenShare: Sides,
      pValue: z.number(),
      newWords: z.array(z.object({ word: z.string(), share: z.number() })),
    })
    .nullable(),
  scripts: z
    .object({
      shares: z.array(Sides.extend({ script: z.string() })),
      pValue: z.number(),
      distance: z.number(),
    })
    .nullable(),
  traits: z.array(Sides.extend({ trait: z.string(), pValue: z.number() })),
  reasons: z.array(z.string()),
})
export type TextEvidenceSchema = DeepReadonly<z.output<typeof TextEvidenceSchema>>
