import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile, type Plugin } from 'esbuild'
import { actionNames } from './action-names.js'

/**
 * Bundles every entry into dist/<name>/. Each entry has its own folder with its own chunks, so that "dist/X
 * changed" means "X needs a release"; what is imported dynamically is a chunk of its own, read only when used.
 * What is large, and loaded by several actions seldom and late, is in dist/shared/ once.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** What stands in dist/shared/, by its name there. */
const SHARED: Readonly<Record<string, string>> = {
  artifact: '@actions/artifact',
  aws: 'src/clouds/packages/aws.ts',
  azure: 'src/clouds/packages/azure.ts',
  cache: '@actions/cache',
  charts: 'src/report/charts.ts',
  compressors: 'hyparquet-compressors',
  google: 'src/clouds/packages/google.ts',
  kafka: 'kafkajs',
}

interface Bundle {
  readonly name: string
  readonly entries: Readonly<Record<string, string>>
}

function bundles(): readonly Bundle[] {
  const actions = actionNames().map((name) => {
    const post = `src/actions/${name}/post.ts`
    return {
      name,
      entries: {
        index: `src/actions/${name}/main.ts`,
        ...(existsSync(join(root, post)) ? { post } : {}),
      },
    }
  })
  return [
    ...actions,
    { name: 'cli', entries: { index: 'src/cli/index.ts' } },
    { name: 'shared', entries: SHARED },
    { name: 'comparison', entries: { index: 'src/comparison/threads/worker.ts' } },
    { name: 'router', entries: { index: 'src/adapters/traffic/embedded/router-process.ts' } },
  ]
}

/** Packages written as CommonJS ask for Node's own modules by require, which ESM does not have. */
const BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

/**
 * @actions/core carries an HTTP client (0.8 MB) for one thing, tokens of OpenID Connect, which no action asks for.
 * Without it a start takes a third less CPU.
 */
const withoutOidc: Plugin = {
  name: 'without-oidc',
  setup: (setup) => {
    setup.onResolve({ filter: /oidc-utils/ }, () => ({ path: 'oidc-utils', namespace: 'absent' }))
    setup.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents:
        'export class OidcClient { static getIDToken() { throw new Error("no OpenID Connect in this build") } }',
    }))
  },
}

/** Points imports of what is shared to its one copy, which lies beside the folder of each bundle. */
const sharedOnce: Plugin = {
  name: 'shared-once',
  setup: (setup) => {
    setup.onResolve(
      { filter: /^@actions\/|^hyparquet-compressors$|^kafkajs$|\/(charts|packages\/\w+)\.js$/ },
      ({ path, resolveDir }) => {
        const source = relative(root, resolve(resolveDir, path))
          .replaceAll(sep, '/')
          .replace(/\.js$/, '.ts')
        const name = Object.keys(SHARED).find(
          (each) => SHARED[each] === (path.startsWith('.') ? source : path),
        )
        return name === undefined ? undefined : { path: `../shared/${name}.js`, external: true }
      },
    )
  },
}

async function bundle({ name, entries }: Bundle, out: string): Promise<Metafile> {
  const outdir = join(out, name)
  await rm(outdir, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    conditions: ['import', 'node'],
    // Beside the entries: what is shared then has the same relative path from each of them.
    chunkNames: '[name]-[hash]',
    banner: { js: BANNER },
    // Names stay, so that stack traces can be read; only space and syntax shrink.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: name === 'shared' ? [withoutOidc] : [withoutOidc, sharedOnce],
    metafile: true,
    logLevel: 'warning',
  })
  await writeFile(join(outdir, 'licenses.txt'), await licences(metafile))
  return metafile
}

/** The licence texts of all packages in a bundle. */
async function licences(metafile: Metafile): Promise<string> {
  const folders = new Set<string>()
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    if (found !== undefined) folders.add(found)
  }
  const sections: string[] = []
  for (const folder of [...folders].sort()) sections.push(await licence(join(root, folder)))
  return sections.join(`\n${'-'.repeat(80)}\n\n`)
}

async function licence(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  )
  for (const file of [
    'LICENSE',
    'LICENSE.md',
    'LICENSE.txt',
    'LICENCE',
    'license',
    'LICENSE-MIT',
    'license.md',
    'LICENSE.MIT',
  ]) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
    if (text !== undefined)
      return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`
  }
  return `${name} ${version} (${license})\n\nThe package carries no licence text beyond the name of its licence.\n`
}

const out = resolve(process.argv[2] ?? join(root, 'dist'))
for (const one of bundles()) {
  const metafile = await bundle(one, out)
  const bytes = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(`${one.name.padEnd(16)} ${Math.round(bytes / 1024)} KiB`)
}
