import { open } from 'node:fs/promises'

const EXTENSION = /\.(csv|tsv|parquet|pq)(\.gz)?$/i
const PARQUET_MAGIC = 'PAR1'

/** Whether a file is one that readTable reads: by its extension, or by the first bytes of Parquet. */
export async function isTabular(path: string): Promise<boolean> {
  if (EXTENSION.test(path)) return true
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(PARQUET_MAGIC.length),
      0,
      PARQUET_MAGIC.length,
      0,
    )
    return buffer.subarray(0, bytesRead).toString('latin1') === PARQUET_MAGIC
  } finally {
    await file.close()
  }
}
