import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { CancelledError } from '../../src/errors.js'
import type { DataRequest, DataSource } from '../../src/ports/data-source.js'
import { errorOf, useTemporaryFolder } from '../unit/temporary-folder.js'

/** A source under test that has one file, `data/train.csv` in its own terms, with this content. */
export interface SourceUnderTest {
  readonly source: DataSource
  /** What the user writes for the file, and for one that does not exist. */
  readonly name: string
  readonly absent: string
  close(): Promise<void>
}

export const CONTENT = 'id,naïve\n1,"a\nb"\n'

/** What every data source must do. `make` gets the folder of the workspace. */
export function dataSourceContract(
  name: string,
  make: (folder: string) => Promise<SourceUnderTest>,
): void {
  describe(`${name} keeps the contract of a data source`, () => {
    const folder = useTemporaryFolder()
    const requestOf = (source: string, extra: Partial<DataRequest> = {}): DataRequest => ({
      source,
      revision: undefined,
      target: `${folder.path}/data`,
      signal: new AbortController().signal,
      ...extra,
    })

    async function using<T>(work: (under: SourceUnderTest) => Promise<T>): Promise<T> {
      const under = await make(folder.path)
      try {
        return await work(under)
      } finally {
        await under.close()
      }
    }

    it('delivers the bytes, as an absolute path inside the workspace', () =>
      using(async ({ source, name }) => {
        const { files } = await source.fetch(requestOf(name))
        expect(files).toHaveLength(1)
        expect(files[0]?.startsWith(`${folder.path}/`)).toBe(true)
        expect(readFileSync(files[0] ?? '', 'utf8')).toBe(CONTENT)
      }))

    it('delivers the same again when it is asked again', () =>
      using(async ({ source, name }) => {
        const first = await source.fetch(requestOf(name))
        const second = await source.fetch(requestOf(name))
        expect(second).toMatchObject({ files: first.files, revision: first.revision })
      }))

    it('says that there is no such file, and leaves none', () =>
      using(async ({ source, absent }) => {
        const before = folder.list()
        const error = await errorOf(() => source.fetch(requestOf(absent)))
        expect(error.message).toMatch(/^MW-(PATH|DATA)-\d{3}: /)
        expect(folder.list()).toEqual(before)
      }))

    it('delivers nothing and leaves nothing when it is cancelled before it begins', () =>
      using(async ({ source, name }) => {
        const before = folder.list()
        const signal = AbortSignal.abort()
        const outcome = await source.fetch(requestOf(name, { signal })).catch((error) => error)
        // A source that transfers nothing may answer at once.
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CancelledError)
        expect(folder.list()).toEqual(before)
      }))
  })
}
