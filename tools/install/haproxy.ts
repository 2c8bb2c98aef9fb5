import { chmod, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { apt } from './apt.js'
import { ensureCached } from './cache.js'
import { command } from './command.js'

/** With the libraries that a machine may lack; the others are part of every Debian. */
const PACKAGES = ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'] as const

/** Finds its libraries beside itself, wherever the folder is moved to. */
const LAUNCHER = `#!/bin/sh
root="$(dirname "$0")/root"
for folder in "$root"/usr/lib/*-linux-gnu; do
  LD_LIBRARY_PATH="$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$root/usr/sbin/haproxy" "$@"
`

/** The program `haproxy` from the package of the distribution (2.6.12 in Debian 12), unpacked without being installed. */
export async function ensureHaproxy(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await apt('apt-get', ['download', '-q', ...PACKAGES], folder)
    const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'))
    for (const archive of archives) {
      await command('dpkg', ['-x', join(folder, archive), join(folder, 'root')])
      await rm(join(folder, archive))
    }
    const launcher = join(folder, 'haproxy')
    await writeFile(launcher, LAUNCHER)
    await chmod(launcher, 0o755)
    await command(launcher, ['-v'])
  }
  return join(
    await ensureCached({ name: 'haproxy', version: await candidateVersion(), fill }),
    'haproxy',
  )
}

async function candidateVersion(): Promise<string> {
  const policy = await apt('apt-cache', ['policy', 'haproxy'])
  const version = /Candidate: ([\w.+~:-]+)/.exec(policy)?.[1]
  if (version === undefined || version === '(none)') {
    throw new Error('The distribution has no package haproxy.')
  }
  return version.replace(/[^\w.-]/g, '_')
}
