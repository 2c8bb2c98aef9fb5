/** The code of an error of Node's (`ENOENT`, `EADDRINUSE`, …). By its shape: it may come from another realm. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Whether an error of Node's has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = errorCode(error)
  return code !== undefined && codes.includes(code)
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it is not permitted',
  EPERM: 'it is not permitted',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file and no folder',
  EEXIST: 'a part of its path is a file and no folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
}

/** What went wrong with a file, in words and without its path; undefined of what is no matter of the file. */
export function errorWords(error: unknown): string | undefined {
  return WORDS[errorCode(error) ?? '']
}
