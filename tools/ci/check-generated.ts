import { execFileSync } from 'node:child_process'

/** Generates everything again; nothing may change. */
const changes = (): string => execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' })
const before = changes()
execFileSync('npm', ['run', '--silent', 'generate'], { stdio: 'inherit' })
const after = changes()
if (after !== before) {
  console.error(`Generated files are stale: run \`npm run generate\` and commit.\n${after}`)
  process.exitCode = 1
}
