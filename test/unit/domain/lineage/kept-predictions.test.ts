import { describe, expect, it } from '@jest/globals'
import {
  keptPredictionsName,
  keptPredictionsNames,
} from '../../../../src/domain/lineage/kept-predictions.js'

describe('the predictions that a version keeps', () => {
  it.each([
    ['predictions.csv', 'evaluation/predictions.csv'],
    ['out/p.CSV.GZ', 'evaluation/predictions.csv.gz'],
    ['p.jsonl', 'evaluation/predictions.jsonl'],
    ['p.pq', 'evaluation/predictions.pq'],
    ['p.arrow', 'evaluation/predictions.arrow'],
    ['out/p.Feather', 'evaluation/predictions.feather'],
    ['predictions', 'evaluation/predictions'],
    ['p.gz', 'evaluation/predictions'],
  ])('%s is kept as %s, where the next gate looks', (path, name) => {
    expect(keptPredictionsName(path)).toBe(name)
    expect(keptPredictionsNames).toContain(name)
  })
})
