import { describe, expect, it } from '@jest/globals'
import {
  type ComparedAnswer,
  createPairs,
} from '../../../../src/domain/rollout/compared-answers.js'

const answer = (more: Partial<ComparedAnswer> = {}): ComparedAnswer => ({
  id: 'r1',
  prediction: 'a',
  isError: false,
  isRejected: false,
  latencyMs: 10,
  mirrored: false,
  ...more,
})
const copy = (more: Partial<ComparedAnswer> = {}) => answer({ mirrored: true, ...more })

function paired(stable: Partial<ComparedAnswer>, canary: Partial<ComparedAnswer>, slowMs?: number) {
  const pairs = createPairs({ tolerance: 0.01, slowMs })
  expect(pairs.add('stable', answer(stable))).toEqual([])
  return pairs.add('canary', copy(canary))
}

describe('the answers of both versions to one request', () => {
  it.each([
    ['agree where they are alike', {}, {}, ['agree']],
    ['disagree where they are not', {}, { prediction: 'b' }, ['disagree']],
    [
      'agree within the tolerance of the larger',
      { prediction: '100' },
      { prediction: '101' },
      ['agree'],
    ],
    ['disagree beyond it', { prediction: '100' }, { prediction: '102' }, ['disagree']],
    ['take no blank for a number', { prediction: '0' }, { prediction: ' ' }, ['disagree']],
    [
      'disagree where one version alone rejects it',
      {},
      { isRejected: true, prediction: undefined },
      ['disagree'],
    ],
    [
      'say nothing where neither predicts',
      { prediction: undefined },
      { prediction: undefined },
      [],
    ],
    ['are the canary’s error', {}, { isError: true }, ['canaryOnlyErrors']],
    ['are an error of stable', { isError: true }, {}, ['stableOnlyErrors']],
    ['say nothing where both fail', { isError: true }, { isError: true }, []],
  ])('%s', (_name, stable, canary, outcomes) => {
    expect(paired(stable, canary)).toEqual(outcomes)
  })

  it.each([
    [
      'the canary alone is slow',
      { latencyMs: 200 },
      { latencyMs: 200.1 },
      ['agree', 'canaryOnlySlow'],
    ],
    ['stable alone is slow', { latencyMs: 201 }, { latencyMs: 1 }, ['agree', 'stableOnlySlow']],
    ['both are', { latencyMs: 300 }, { latencyMs: 201 }, ['agree']],
    ['a time is not known', { latencyMs: undefined }, { latencyMs: 300 }, ['agree']],
    ['one fails', {}, { latencyMs: 300, isError: true }, ['canaryOnlyErrors']],
  ])('are compared by their times: %s', (_name, stable, canary, outcomes) => {
    expect(paired(stable, canary, 200)).toEqual(outcomes)
  })

  it('find each other in either order, and once', () => {
    const pairs = createPairs({ tolerance: 0 })
    expect(pairs.add('canary', copy())).toEqual([])
    expect(pairs.add('canary', copy({ prediction: 'b' }))).toEqual([])
    expect(pairs.add('stable', answer())).toEqual(['disagree'])
    expect(pairs.add('stable', answer())).toEqual([])
  })

  it('are no pair without an id, without word of copies, or where both went to users', () => {
    const pairs = createPairs({ tolerance: 0 })
    for (const more of [{ id: undefined }, { mirrored: undefined }, {}]) {
      expect(pairs.add('stable', answer(more))).toEqual([])
      expect(pairs.add('canary', answer(more))).toEqual([])
    }
  })
})
