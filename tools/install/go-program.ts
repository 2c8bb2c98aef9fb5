import { command } from './command.js'

export interface GoProgram {
  /** A folder with a go.mod and a go.sum that pin all that is in the program. */
  readonly within: string
  /** The path of its package. */
  readonly source: string
  readonly ldflags?: string | undefined
  /** Where the program is put. */
  readonly program: string
}

/** Builds a program without C, and without anything that go.mod and go.sum do not name. */
export async function buildProgram(
  go: string,
  { within, source, ldflags = '-s -w', program }: GoProgram,
): Promise<void> {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ldflags]
  await command(go, ['build', ...flags, '-o', program, source], {
    cwd: within,
    env: { ...process.env, GOFLAGS: '', CGO_ENABLED: '0' },
  })
}

/** Where the files of a module lie, fetched unless they are there; `module` is `path@version`, `within` any folder. */
export async function moduleFolder(go: string, module: string, within: string): Promise<string> {
  const printed = await command(go, ['mod', 'download', '-json', module], { cwd: within })
  return (JSON.parse(printed) as { Dir: string }).Dir
}
