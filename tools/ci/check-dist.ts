import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** dist/ must be, byte for byte, what the source builds: here, and in a folder of another name. */
const root = process.cwd()
/** The runner downloads all of it for each ref. */
const MOST_BYTES_GZIPPED = 8 * 1024 * 1024

function digests(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    found.set(
      path.slice(folder.length + 1),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    )
  }
  return found
}

function differences(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...a.keys(), ...b.keys()])
  return [...names].filter((name) => a.get(name) !== b.get(name)).sort()
}

function buildElsewhere(scratch: string): ReadonlyMap<string, string> {
  const folder = join(scratch, 'another name')
  for (const name of ['src', 'tools', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true })
  }
  // A copy, not a link: the bundler must not see where it really is.
  cpSync(join(root, 'node_modules'), join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  execFileSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'tools/build.ts', join(scratch, 'elsewhere')],
    { cwd: folder, stdio: 'ignore' },
  )
  return digests(join(scratch, 'elsewhere'))
}

const scratch = mkdtempSync(join(tmpdir(), 'modelway-dist-'))
try {
  execFileSync('npx', ['tsx', 'tools/build.ts', join(scratch, 'here')], { stdio: 'ignore' })
  const committed = digests(join(root, 'dist'))
  const here = differences(committed, digests(join(scratch, 'here')))
  const elsewhere = differences(committed, buildElsewhere(scratch))
  const size = [...committed.keys()].reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(root, 'dist', name))).length,
    0,
  )
  console.log(`${committed.size} files, ${(size / 1024 / 1024).toFixed(2)} MiB gzipped`)
  if (here.length > 0)
    console.error(`dist/ is stale: run \`npm run build\` and commit.\n${here.join('\n')}`)
  if (elsewhere.length > 0)
    console.error(`In another folder the build differs:\n${elsewhere.join('\n')}`)
  if (size > MOST_BYTES_GZIPPED) console.error('dist/ is larger than 8 MiB gzipped.')
  process.exitCode = here.length + elsewhere.length > 0 || size > MOST_BYTES_GZIPPED ? 1 : 0
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
