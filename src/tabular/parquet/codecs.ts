import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { CompressionCodec, Compressors, FileMetaData } from 'hyparquet'
import { unsupported } from '../column-problems.js'
import { decompressSnappy } from './snappy.js'

/** What needs no package of its own. */
const builtIn: Compressors = {
  SNAPPY: (input, length) => {
    const output = new Uint8Array(length)
    decompressSnappy(input, output)
    return output
  },
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
}
const ready = new Set<CompressionCodec>(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'])
const loaded = new Set<CompressionCodec>(['ZSTD', 'LZ4', 'LZ4_RAW'])

/** Decompressors for the codecs in the footer; those of Zstandard and LZ4 are loaded only when met. */
export async function codecsFor(metadata: FileMetaData, shownAs: string): Promise<Compressors> {
  const used = new Set<CompressionCodec>()
  for (const group of metadata.row_groups) {
    for (const column of group.columns) if (column.meta_data) used.add(column.meta_data.codec)
  }
  for (const codec of used) {
    if (!ready.has(codec) && !loaded.has(codec)) throw unsupported(shownAs, `the codec ${codec}`)
  }
  if (![...used].some((codec) => loaded.has(codec))) return builtIn
  const { compressors } = await import('hyparquet-compressors')
  return {
    ...builtIn,
    ZSTD: compressors.ZSTD,
    LZ4: compressors.LZ4,
    LZ4_RAW: compressors.LZ4_RAW,
  } as Compressors
}
