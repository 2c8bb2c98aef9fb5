import { pathToFileURL } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { compareDataSets } from '../../../src/comparison/compare-data-sets.js'
import type { FileSource } from '../../../src/comparison/open-files.js'
import type { ComparisonRequest } from '../../../src/comparison/request.js'
import type { Task } from '../../../src/comparison/threads/messages.js'
import { type Crew, soloCrew, threadCrew } from '../../../src/comparison/threads/pool.js'
import { DriftSection } from '../../../src/config/drift.js'
import { CancelledError, UserError } from '../../../src/errors.js'
import type { DataSetOptions } from '../../../src/tabular/data-set/data-set-options.js'
import { copyFixture } from '../actions/drift-check/arrange.js'
import { csv, spread } from '../actions/drift-check/drift-context.js'
import { errorOf, useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()
const HOUR = 3_600_000

/** The worker as one file, as dist/comparison/index.js will be. */
async function bundleWorker(): Promise<URL> {
  const outfile = `${folder.path}/worker.mjs`
  await build({
    entryPoints: ['src/comparison/threads/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'error',
  })
  return pathToFileURL(outfile)
}

async function withBoth<T>(
  work: (crew: Crew) => Promise<T>,
): Promise<{ readonly solo: T; readonly threads: T }> {
  const { signal } = new AbortController()
  const crew = threadCrew(await bundleWorker(), { threads: 2, signal })
  try {
    return { solo: await work(soloCrew(signal)), threads: await work(crew) }
  } finally {
    await crew.close()
  }
}

async function opened(crew: Crew, options: readonly DataSetOptions[]): Promise<FileSource[]> {
  const answers = await crew.run(options.map((one) => ({ kind: 'open', options: one }) as const))
  return answers as FileSource[]
}

const policy = DriftSection.parse({
  reference: 'a',
  current: 'b',
  thresholds: { psi: 0.1, 'jensen-shannon': 0.1 },
})

function options(name: string, more: Partial<DataSetOptions> = {}): DataSetOptions {
  const path = `${folder.path}/${name}`
  return { root: folder.path, paths: [path], where: 'drift.current', ...more }
}

async function compared(
  crew: Crew,
  sides: readonly [DataSetOptions, DataSetOptions],
  more: Partial<ComparisonRequest> = {},
) {
  const [reference, current] = await opened(crew, sides)
  if (reference === undefined || current === undefined) throw new TypeError('both were asked for')
  const request = { policy, reference, current, windows: undefined, season: undefined, ...more }
  const names = reference.facts.columns.map(({ name }) => name)
  return compareDataSets(crew, request, names)
}

/** With a time, a category and two numbers a row. */
function table(rows: number, shift: number): string {
  return csv('ts,c,x,y', rows, (i) => {
    const at = new Date(i * (HOUR / 10)).toISOString()
    return `${at},${'abcd'[i % (3 + shift)]},${spread(i) + shift},${i % 7 === 0 ? '' : spread(i * 3)}`
  })
}

describe('threads', () => {
  it('compare text files as this thread does, whole and in windows and seasons', async () => {
    folder.write('a.csv', table(4_000, 0))
    folder.write('b.csv', table(3_000, 1))
    const time = { column: 'ts' }
    const sides = [options('a.csv', { time }), options('b.csv', { time })] as const
    const whole = await withBoth((crew) => compared(crew, sides))
    expect(whole.threads).toEqual(whole.solo)
    expect(whole.solo[0]?.map(({ plan }) => plan.name)).toEqual(['ts', 'c', 'x', 'y'])
    const windows = [0, 1, 2].map((day) => ({ start: day * 24 * HOUR, end: (day + 1) * 24 * HOUR }))
    const cut = await withBoth((crew) => compared(crew, sides, { windows, season: 'weekday' }))
    expect(cut.threads).toEqual(cut.solo)
    expect(cut.solo.map((columns) => columns[2]?.measured?.rows.current)).toEqual([240, 240, 240])
  })

  it('compare Parquet, with filters and a sample, as this thread does', async () => {
    copyFixture(folder.path, 'groups.parquet', 'a.parquet')
    copyFixture(folder.path, 'groups.feather', 'b.feather')
    const sample = { rows: 200, seed: 5 }
    const { solo, threads } = await withBoth((crew) =>
      compared(crew, [options('a.parquet', { sample }), options('b.feather', { sample })]),
    )
    expect(threads).toEqual(solo)
    expect(solo[0]?.length).toBeGreaterThan(2)
    expect(solo[0]?.[0]?.measured?.rows).toEqual({ reference: 200, current: 200 })
  })

  it('say the same of a file that cannot be read', async () => {
    folder.write('a.csv', 'x,x\n1,2\n')
    const { solo, threads } = await withBoth((crew) =>
      errorOf(() => opened(crew, [options('a.csv')])),
    )
    expect(threads).toBeInstanceOf(UserError)
    expect((threads as UserError).problems).toEqual((solo as UserError).problems)
    expect(threads.message).toMatch(/^MW-DATA-005: a\.csv/)
  })

  it('say that a file changed after it was opened, as this thread does', async () => {
    for (const name of ['a.parquet', 'b.parquet']) copyFixture(folder.path, 'groups.parquet', name)
    const { solo, threads } = await withBoth(async (crew) => {
      const [reference, current] = await opened(crew, [options('a.parquet'), options('b.parquet')])
      folder.write('b.parquet', `changed ${Math.PI}`)
      const request = { policy, reference, current, windows: undefined, season: undefined }
      const error = await errorOf(() => compareDataSets(crew, request as ComparisonRequest, ['id']))
      copyFixture(folder.path, 'groups.parquet', 'b.parquet')
      return error
    })
    expect(threads.message).toMatch(/^MW-DATA-302: b\.parquet/)
    expect(solo.message).toBe(threads.message)
  })

  it('stop when they are cancelled in the middle of a comparison', async () => {
    folder.write('a.csv', table(60_000, 0))
    const controller = new AbortController()
    const crew = threadCrew(await bundleWorker(), { threads: 2, signal: controller.signal })
    const tasks: Task[] = Array.from({ length: 20 }, () => ({
      kind: 'open',
      options: options('a.csv'),
    }))
    const running = errorOf(() => crew.run(tasks))
    setTimeout(() => controller.abort(), 200)
    expect(await running).toBeInstanceOf(CancelledError)
    await crew.close()
  })
})
