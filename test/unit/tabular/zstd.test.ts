import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { findColumn } from '../../../src/domain/table/column.js'
import { UserError } from '../../../src/errors.js'
import { compressionOf } from '../../../src/tabular/decompress.js'
import { readSchema, readTable } from '../../../src/tabular/read-table.js'
import { decompressZstdChunks } from '../../../src/tabular/zstd-chunks.js'
import { decompressZstdFrames } from '../../../src/tabular/zstd-frames.js'

// Made by test/reference/tabular/make-data-set.py with pyarrow 26.0.1.
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/tabular/data-set/${name}`, import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-zstd-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function unpacked(bytes: Uint8Array, size: number): Promise<string> {
  async function* chunks() {
    // One buffer for all chunks, as files are read.
    const buffer = Buffer.alloc(size)
    for (let at = 0; at < bytes.length; at += size) {
      const length = Math.min(size, bytes.length - at)
      buffer.set(bytes.subarray(at, at + length))
      yield buffer.subarray(0, length)
    }
  }
  const parts: Buffer[] = []
  for await (const chunk of decompressZstdChunks(chunks())) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts).toString()
}

describe('text packed by Zstandard', () => {
  it.each(['scores.csv.zst', 'frames.csv.zst'])('is read from %s', async (name) => {
    const table = await readTable(fixture(name))
    expect(table.rows).toBe(4000)
    const ids = findColumn(table, 'id')
    expect(ids?.kind === 'numeric' && [ids.values[0], ids.values[3999]]).toEqual([0, 3999])
    expect(findColumn(table, 'score')?.type).toBe('number')
    const places = findColumn(table, 'place')
    const known = places?.kind === 'categorical' ? [...places.categories] : []
    expect(known.sort()).toEqual(['a', 'b', 'ü'])
  })

  it('is JSON Lines too', async () => {
    const table = await readTable(fixture('objects.jsonl.zst'))
    expect(table.rows).toBe(50)
    expect((await readSchema(fixture('objects.jsonl.zst'))).columns).toEqual([
      { name: 'id', type: 'integer' },
      { name: 'place', type: 'string' },
    ])
  })

  it('is known by its first bytes whatever its name', async () => {
    const path = join(folder, 'plain.csv')
    await writeFile(path, readFileSync(fixture('scores.csv.zst')))
    expect((await readTable(path)).rows).toBe(4000)
    expect(compressionOf(Buffer.from('id,x'))).toBe('none')
    expect(compressionOf(Buffer.alloc(0))).toBe('none')
  })

  it('that ends too early or is damaged is an error, never fewer rows', async () => {
    const whole = readFileSync(fixture('scores.csv.zst'))
    for (const length of [5, 9, 17, 18, 100, 5000, whole.length - 4, whole.length - 1]) {
      const path = join(folder, `cut-${length}.csv.zst`)
      await writeFile(path, whole.subarray(0, length))
      const error = await readTable(path, { shownAs: 'cut.csv.zst' }).catch(
        (cause: unknown) => cause,
      )
      expect(error).toBeInstanceOf(UserError)
      expect((error as UserError).message).toMatch(/^MW-DATA-013: cut\.csv\.zst: the zstd file /)
    }
    const path = join(folder, 'more.csv.zst')
    await writeFile(
      path,
      Buffer.concat([whole, Buffer.from('and then something else that is no frame')]),
    )
    await expect(readTable(path, { shownAs: 'more.csv.zst' })).rejects.toThrow(
      'MW-DATA-013: more.csv.zst: the zstd file is damaged.',
    )
  })
})

describe('the frames of a file', () => {
  async function* chunksOf(bytes: Uint8Array, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }

  it.each([1, 5, 4096, 1 << 20])(
    'are found by their blocks in chunks of %d bytes, and others skipped',
    async (size) => {
      const bytes = readFileSync(fixture('frames.csv.zst'))
      const frames: Buffer[] = []
      let count = 0
      const keep = () => {
        count++
        return new PassThrough()
      }
      for await (const chunk of decompressZstdFrames(chunksOf(bytes, size), keep))
        frames.push(chunk)
      expect(count).toBe(3)
      // Twelve bytes are skipped twice.
      expect(Buffer.concat(frames)).toHaveLength(bytes.length - 24)
      expect(await unpacked(Buffer.concat(frames), 1 << 20)).toBe(await unpacked(bytes, 1 << 20))
    },
  )

  it('are not read on, and the file is closed, when nobody wants more', async () => {
    let isClosed = false
    async function* chunks() {
      try {
        yield* chunksOf(readFileSync(fixture('frames.csv.zst')), 512)
      } finally {
        isClosed = true
      }
    }
    for await (const chunk of decompressZstdFrames(chunks(), () => new PassThrough())) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect(isClosed).toBe(true)
  })

  it('end before the file does nowhere', async () => {
    const bytes = readFileSync(fixture('objects.jsonl.zst'))
    for (let length = 1; length < bytes.length; length++) {
      const frames = decompressZstdFrames(
        chunksOf(bytes.subarray(0, length), 64),
        () => new PassThrough(),
      )
      await expect(
        (async () => {
          for await (const chunk of frames) expect(chunk.length).toBeGreaterThan(0)
        })(),
      ).rejects.toThrow('ZSTD_CUT')
    }
  })
})

describe('the way without the decompressor of Node.js', () => {
  it.each([1, 7, 1000, 1 << 20])('gives the same text from chunks of %d bytes', async (size) => {
    const text = await unpacked(readFileSync(fixture('frames.csv.zst')), size)
    expect(text).toBe(await unpacked(readFileSync(fixture('scores.csv.zst')), 1 << 20))
    expect(text.split('\n')).toHaveLength(4002)
  })

  it('never takes a beginning for the whole', async () => {
    const whole = readFileSync(fixture('objects.jsonl.zst'))
    for (let length = 1; length < whole.length; length++) {
      await expect(unpacked(whole.subarray(0, length), 64)).rejects.toThrow(/ZSTD_/)
    }
  })
})
