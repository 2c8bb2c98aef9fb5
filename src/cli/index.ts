import { env } from '../runtime/env.js'
import { createProgram } from './program.js'

const program = createProgram({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env,
  distribution: new URL('..', import.meta.url),
})
process.exitCode = await program.run(process.argv.slice(2))
