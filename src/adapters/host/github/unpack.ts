import { pipeline } from 'node:stream/promises'
import type { Entry, ZipFile } from 'yauzl'
import { UserError } from '../../../errors.js'
import type { DownloadLimits } from '../../../ports/forge.js'
import { clashOf, pathProblem } from './artifact-path.js'

/** Takes the chunks of one file, in order. */
export type Sink = (path: string) => (chunks: AsyncIterable<Buffer>) => Promise<void>

export interface Unpack {
  /** The zip's file. */
  readonly zip: string
  /** For messages. */
  readonly shownAs: string
  readonly limits: DownloadLimits
  readonly sink: Sink
}

/**
 * Unpacks a zip by strangers. All names are checked before any file is written; what is unpacked is counted as it comes, so
 * that a zip that lies about its sizes stops at the limit. Links, encrypted files and two names for one file are refused.
 */
export async function unpack(options: Unpack): Promise<void> {
  // Of a CommonJS package only the default is there in every bundle.
  const { default: yauzl } = await import('yauzl')
  const { shownAs } = options
  let zip: ZipFile
  try {
    zip = await yauzl.openPromise(options.zip, {
      ...{ lazyEntries: true, autoClose: false },
      ...{ validateEntrySizes: true, strictFileNames: true },
    })
  } catch (error) {
    throw malformed(shownAs, reasonOf(error), error)
  }
  try {
    await unpackFiles(zip, await readEntries(zip, options), options)
  } catch (error) {
    if (error instanceof UserError) throw error
    throw malformed(shownAs, reasonOf(error), error)
  } finally {
    zip.close()
  }
}

/** The files to take; folders have no content of their own. */
async function readEntries(zip: ZipFile, { limits, shownAs }: Unpack): Promise<readonly Entry[]> {
  if (zip.entryCount > limits.files) {
    throw overLimit(shownAs, `has ${zip.entryCount} files; at most ${limits.files} are read`)
  }
  const files: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    const path = entry.fileName.replace(/\/$/, '')
    const problem = pathProblem(path) ?? kindProblem(entry)
    if (problem !== undefined)
      throw malformed(shownAs, `the path ${JSON.stringify(path)} ${problem}`)
    if (!entry.fileName.endsWith('/')) files.push(entry)
  }
  const clash = clashOf(files.map(({ fileName }) => fileName))
  if (clash !== undefined) {
    throw malformed(shownAs, `the path ${JSON.stringify(clash)} is there twice`)
  }
  const { take = () => true } = limits
  return files.filter(({ fileName }) => take(fileName))
}

const TYPE = 0o170000
const FILE = 0o100000
const FOLDER = 0o040000

/** Zips made on Unix say what kind of file an entry is, in the upper half of its attributes. */
function kindProblem(entry: Entry): string | undefined {
  const type = (entry.externalFileAttributes >>> 16) & TYPE
  if (type !== 0 && type !== FILE && type !== FOLDER) return 'is a link or a special file'
  if (!entry.canDecodeFileData()) return 'is encrypted or packed by an unknown method'
  return undefined
}

async function unpackFiles(
  zip: ZipFile,
  entries: readonly Entry[],
  { limits, shownAs, sink }: Unpack,
): Promise<void> {
  const tooMuch = (): UserError =>
    overLimit(shownAs, `holds more than ${limits.unpacked} bytes unpacked`)
  const declared = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (declared > limits.unpacked) throw tooMuch()
  let left = limits.unpacked
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      left -= chunk.length
      if (left < 0) throw tooMuch()
      yield chunk
    }
  }
  for (const entry of entries) {
    await pipeline(await zip.openReadStreamPromise(entry), counted, sink(entry.fileName))
  }
}

export function overLimit(shownAs: string, what: string): UserError {
  return new UserError({
    code: 'MW-HOST-011',
    where: `artifact ${shownAs}`,
    what: `it ${what}.`,
    fix: 'Upload only what is needed, under that limit.',
  })
}

export function malformed(shownAs: string, why: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-HOST-012',
      where: `artifact ${shownAs}`,
      what: `it is not a zip that can be unpacked safely: ${why}.`,
      fix: 'Upload plain files by actions/upload-artifact.',
    },
    { cause },
  )
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.slice(0, 200)
}
