import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ensureCached } from './cache.js'
import { npmInstall } from './packages.js'

export const languageserviceVersion = '0.3.61'

const bundle = 'languageservice.mjs'

const entry = `
export { LogLevel, registerLogger, setLogLevel, validate } from '@actions/languageservice'
export { TextDocument } from 'vscode-languageserver-textdocument'
`

/** An ES module with GitHub's own checker of workflows, the one behind its editor extension. */
export async function ensureLanguageservice(): Promise<string> {
  const folder = await ensureCached({
    name: 'languageservice',
    version: languageserviceVersion,
    fill,
  })
  return join(folder, bundle)
}

/** Bundled, because the packages import JSON without the attribute that Node asks for. */
async function fill(folder: string): Promise<void> {
  await npmInstall(folder, {
    '@actions/languageservice': languageserviceVersion,
    '@actions/workflow-parser': languageserviceVersion,
    'vscode-languageserver-textdocument': '1.0.16',
  })
  await writeFile(join(folder, 'entry.mjs'), entry)
  await build({
    entryPoints: [join(folder, 'entry.mjs')],
    outfile: join(folder, bundle),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import{createRequire as _c}from'module';const require=_c(import.meta.url);" },
  })
}
