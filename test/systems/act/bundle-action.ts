import { cp, mkdir, readdir } from 'node:fs/promises'
import { join, parse } from 'node:path'
import { fileURLToPath } from 'node:url'
import { command } from '../../../tools/install/command.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The packages are ES modules but some of what they need still calls `require`. */
const banner = "import{createRequire as _c}from'module';const require=_c(import.meta.url);"

/** Makes an action that can be run out of a folder with an action.yml and TypeScript files, each its own entry. */
export async function bundleAction(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  await cp(join(source, 'action.yml'), join(target, 'action.yml'))
  const entries = (await readdir(source)).filter((file) => file.endsWith('.ts'))
  // The program and not the library: esbuild's library refuses the separate realm that jest runs tests in.
  await command(join(root, 'node_modules', '.bin', 'esbuild'), [
    ...entries.map((file) => `${parse(file).name}=${join(source, file)}`),
    `--outdir=${target}`,
    '--out-extension:.js=.mjs',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node20',
    '--log-level=error',
    `--banner:js=${banner}`,
  ])
}
