/** The code of a system's error (`ENOENT`, `EADDRINUSE`, …), wherever the error object was made. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
