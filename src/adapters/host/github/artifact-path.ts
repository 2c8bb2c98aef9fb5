/** Names that Windows gives to devices, in any folder and with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const UNPORTABLE = /[\u0000-\u001f\u007f<>:"|?*\\]/

const LONGEST_PART = 255
const LONGEST_PATH = 1000

/** Why a path in an archive by strangers is not written anywhere; undefined where nothing speaks against it. */
export function pathProblem(path: string): string | undefined {
  if (path.length > LONGEST_PATH) return `is longer than ${LONGEST_PATH} characters`
  if (/^(?:\/|[A-Za-z]:)/.test(path)) return 'is absolute'
  if (UNPORTABLE.test(path)) return 'has a character that not every system can write'
  for (const part of path.split('/')) {
    if (part === '..') return 'leads out of the folder'
    if (part === '' || part === '.') return 'has an empty part'
    if (DEVICE.test(part)) return 'names a device of Windows'
    if (/[. ]$/.test(part)) return 'has a part that ends with a dot or a space'
    if (part.length > LONGEST_PART) return `has a part longer than ${LONGEST_PART} characters`
  }
  return undefined
}

/** Paths that some file system would take for the same file, or for a file and a folder of one name. */
export function clashOf(paths: readonly string[]): string | undefined {
  const seen = new Set<string>()
  const folders = new Set<string>()
  for (const path of paths) {
    const folded = path.normalize('NFKC').toLowerCase()
    if (seen.has(folded)) return path
    seen.add(folded)
    const parts = folded.split('/')
    for (let end = 1; end < parts.length; end++) folders.add(parts.slice(0, end).join('/'))
  }
  return paths.find((path) => folders.has(path.normalize('NFKC').toLowerCase()))
}
