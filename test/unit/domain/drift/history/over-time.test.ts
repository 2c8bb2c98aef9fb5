import { describe, expect, it } from '@jest/globals'
import { entryOf } from '../../../../../src/domain/drift/history/entry.js'
import { historyOf } from '../../../../../src/domain/drift/history/over-time.js'
import { DriftHistory } from '../../../../../src/statements/schemas/drift/history.js'
import { bodyOf, columnOf, day, window } from './bodies.js'

const body = bodyOf(
  { gone: 'drifted' },
  {
    columns: [
      columnOf('calm', 'stable', 0.01),
      columnOf('near', 'stable', 0.09),
      columnOf('far', 'drifted', 0.4),
      columnOf('new', 'unconfirmed', 0.3),
    ],
  },
)
const entries = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    entryOf(window(i, i === 0 ? bodyOf({ far: 'stable' }) : body), { at: day(i), state: 'judged' }),
  )

describe('drift over time', () => {
  it('shows columns by how they are now, each window with their distances', () => {
    const history = historyOf(entries(3), body)
    expect(history?.columns).toEqual([
      { name: 'far', distance: 'wasserstein', threshold: 0.1 },
      { name: 'new', distance: 'wasserstein', threshold: 0.1 },
      { name: 'near', distance: 'wasserstein', threshold: 0.1 },
      { name: 'calm', distance: 'wasserstein', threshold: 0.1 },
    ])
    expect(history?.windows.map(({ distances }) => distances)).toEqual([
      [null, null, null, null],
      [0.4, 0.3, 0.09, 0.01],
      [0.4, 0.3, 0.09, 0.01],
    ])
    expect(history?.windows[1]).toMatchObject({
      columns: 5,
      drifted: 2,
      unconfirmed: 1,
      rows: 50,
      decision: 'fail',
      driftedShare: 0.4,
    })
    expect(DriftHistory.parse(history)).toEqual(history)
  })

  it('tells of each column that ever drifted in which windows it did, most often first', () => {
    const history = historyOf(entries(3), body)
    expect(history?.courses).toEqual([
      { name: 'gone', statuses: [null, 'drifted', 'drifted'] },
      { name: 'far', statuses: ['stable', 'drifted', 'drifted'] },
      { name: 'new', statuses: [null, 'unconfirmed', 'unconfirmed'] },
    ])
  })

  it('names a column that drifted once and is calm or gone now, twenty at most', () => {
    const before = bodyOf(
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, 'drifted'] as const)),
    )
    const once = entryOf(window(0, before), { at: day(0), state: 'judged' })
    const history = historyOf([once, ...entries(3).slice(1)], body)
    expect(history?.courses).toHaveLength(20)
    expect(history?.courses?.[3]).toEqual({ name: 'c0', statuses: ['drifted', null, null] })
  })

  it('one window is no course', () => {
    expect(historyOf(entries(1), body)).toBeUndefined()
    expect(historyOf([], body)).toBeUndefined()
  })

  it('holds a hundred windows and ten columns at most', () => {
    const wide = bodyOf(
      {},
      { columns: Array.from({ length: 30 }, (_, i) => columnOf(`c${i}`, 'stable', i)) },
    )
    const history = historyOf(entries(120), wide)
    expect(history?.windows).toHaveLength(100)
    expect(history?.columns.map(({ name }) => name)).toEqual(
      [29, 28, 27, 26, 25, 24, 23, 22, 21, 20].map((i) => `c${i}`),
    )
  })
})
