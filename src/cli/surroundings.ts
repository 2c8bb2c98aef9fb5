import type { Readable, Writable } from 'node:stream'

/** What the CLI has around it; the tests give their own. */
export interface Surroundings {
  readonly stdin: Readable
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
  /** The folder of all bundles. */
  readonly distribution: URL
}
