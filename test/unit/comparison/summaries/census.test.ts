import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { compareDataSets } from '../../../../src/comparison/compare-data-sets.js'
import { openFiles } from '../../../../src/comparison/open-files.js'
import { openSource, type SourceFacts } from '../../../../src/comparison/source.js'
import { profileSource } from '../../../../src/comparison/summaries/profile-source.js'
import { summariseSource } from '../../../../src/comparison/summaries/summarise-source.js'
import { soloCrew } from '../../../../src/comparison/threads/pool.js'
import { decideColumns } from '../../../../src/domain/drift/decide.js'
import { summariesOfProfile } from '../../../../src/domain/drift/profile/profile.js'
import { sampleOf } from '../../../../src/domain/drift/samples.js'
import { DEFAULT_DRIFT_POLICY } from '../../domain/drift/tables.js'

const data = fileURLToPath(new URL('../../../../examples/census/data/', import.meta.url))
const fixtures = fileURLToPath(new URL('../../../fixtures/tabular/data-set/', import.meta.url))

const open = (root: string, ...names: readonly string[]) =>
  openFiles({ root, paths: names.map((name) => join(root, name)), where: 'drift.reference' })

const crew = soloCrew(new AbortController().signal)
const sketched = { memory: 1e9, seed: 1, threads: 2 }

async function judged(reference: SourceFacts, current: SourceFacts, columns: readonly string[]) {
  const policy = DEFAULT_DRIFT_POLICY
  const request = { policy, reference, current, windows: undefined, season: undefined }
  const [compared = []] = await compareDataSets(crew, request, columns)
  return decideColumns(policy, compared, { rows: { reference: 0, current: 0 }, findings: [] })
}

describe('the census of one year against the next', () => {
  it('is judged the same by files, by a profile of the reference, and by summaries of both', async () => {
    const [before, now] = [await open(data, '2015.parquet'), await open(data, '2017.csv.gz')]
    const columns = before.facts.columns.map(({ name }) => name)
    const options = { ...sketched, columns }
    const profile = await profileSource(crew, before, { ...options, minCount: 1, isWhole: true })
    const stood = { kind: 'samples', samples: summariesOfProfile(profile) } as const
    const summaries = [
      await summariseSource(crew, before, options),
      await summariseSource(crew, now, options),
    ] as const
    const exact = await judged(before, now, columns)
    expect(exact.columns.length).toBeGreaterThan(5)
    expect(profile.omitted).toEqual([])
    for (const other of [await judged(stood, now, columns), await judged(...summaries, columns)]) {
      expect({ ...other, columns: [] }).toEqual({ ...exact, columns: [] })
      for (const [i, column] of other.columns.entries()) {
        const usual = exact.columns[i]
        // Nothing here has more than 10,000 distinct values: all is exact.
        expect(column).toEqual(usual)
      }
    }
  })
})

describe('files of Parquet that are summarised', () => {
  it('give what whole columns give, row group by row group', async () => {
    const source = await open(fixtures, 'groups.parquet')
    const columns = source.facts.columns.map(({ name }) => name)
    const { samples } = await summariseSource(crew, source, { ...sketched, columns })
    const [held, made] = [openSource(source), openSource({ kind: 'samples', samples })]
    expect(columns.length).toBeGreaterThan(2)
    for (const name of columns) {
      const column = await held.column(name)
      const exact = column && sampleOf(column)
      expect(made.sample(name)).toMatchObject(exact ?? { name: 'absent' })
    }
  })

  it('write integers as text where some are beyond what a double holds', async () => {
    const source = await open(fixtures, 'ids-small.parquet', 'ids-large.parquet')
    const columns = source.facts.columns.map(({ name }) => name)
    const { samples } = await summariseSource(crew, source, { ...sketched, columns })
    const [held, made] = [openSource(source), openSource({ kind: 'samples', samples })]
    for (const name of columns) {
      const column = await held.column(name)
      const exact = column && sampleOf(column)
      expect(made.sample(name)).toMatchObject(exact ?? { name: 'absent' })
    }
    expect(samples.some(({ type }) => type === 'string')).toBe(true)
  })
})
