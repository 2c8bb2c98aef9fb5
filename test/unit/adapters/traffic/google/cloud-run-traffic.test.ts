import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type Entry,
  entriesFor,
  followsLatest,
  Service,
  sharesText,
  wantedShares,
} from '../../../../../src/adapters/traffic/google/cloud-run-traffic.js'

const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'
const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION'
const names = ['api-1', 'api-2', 'api-3']

const entry = fc.record(
  {
    revision: fc.option(fc.constantFrom(...names), { nil: undefined }),
    percent: fc.nat(100),
    tag: fc.option(fc.constantFrom('blue', 'green', 'next'), { nil: undefined }),
  },
  { requiredKeys: [] },
)

const service = fc.array(entry, { maxLength: 6 }).map((entries) =>
  Service.parse({
    etag: '1',
    latestReadyRevision: 'projects/p/locations/l/services/s/revisions/api-3',
    traffic: entries.map(({ revision, percent, tag }) => ({
      type: revision === undefined ? LATEST : REVISION,
      ...(revision === undefined ? {} : { revision }),
      ...(percent === undefined ? {} : { percent }),
      ...(tag === undefined ? {} : { tag }),
    })),
  }),
)

describe('the traffic that is written for shares', () => {
  it('gives these shares and no others, by name, whatever was there', () => {
    fc.assert(
      fc.property(service, fc.nat(100), (before, weight) => {
        const shares = new Map([
          ['api-1', 100 - weight],
          ['api-2', weight],
        ])
        const after = { ...before, traffic: [...entriesFor(before, shares)] }
        const some = new Map([...shares].filter(([, percent]) => percent > 0))
        expect(sharesText(wantedShares(after))).toBe(sharesText(some))
        expect(followsLatest(after)).toBe(false)
      }),
      { seed: 11 },
    )
  })

  it('keeps each tag at the revision that it was at', () => {
    fc.assert(
      fc.property(service, (before) => {
        const after = entriesFor(before, new Map([['api-1', 100]]))
        const tags = (entries: readonly Entry[]) =>
          entries.flatMap(({ tag, revision }) => (tag === undefined ? [] : [[tag, revision]]))
        expect(tags(after)).toEqual(tags(before.traffic))
      }),
      { seed: 12 },
    )
  })

  it('names what an empty list means', () => {
    const empty = Service.parse({ etag: '1', latestReadyRevision: 'a/b/api-3' })
    expect(followsLatest(empty)).toBe(true)
    expect([...wantedShares(empty)]).toEqual([['api-3', 100]])
  })
})
