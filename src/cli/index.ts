import { readFileSync } from 'node:fs'
import { env } from '../runtime/env.js'
import { createProgram } from './program.js'

/** package.json lies beside the folder of all bundles, in a clone as in an installed package. */
const manifest = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(manifest, 'utf8'))

const program = createProgram({
  version,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env,
  distribution: new URL('..', import.meta.url),
})
process.exitCode = await program.run(process.argv.slice(2))
