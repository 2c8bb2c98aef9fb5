import { fileURLToPath } from 'node:url'
import { lintWorkflows } from './lint-workflows/lint.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { findings, seen } = await lintWorkflows(root)

for (const { tool, path, line, column, message } of findings) {
  console.error(`${path}:${line}:${column}: ${tool}: ${message}`)
}
for (const [tool, files] of Object.entries(seen)) {
  console.log(`${tool}: ${files} files`)
  if (files > 0) continue
  console.error(`${tool} saw no file at all.`)
  process.exitCode = 1
}
if (findings.length > 0) {
  console.error(`${findings.length} findings.`)
  process.exitCode = 1
}
