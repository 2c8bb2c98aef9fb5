import { ensureCached } from './cache.js'
import { command } from './command.js'

const version = '1.1.10'
/** Published without wheels. */
const SOURCES = ['graphite-web', 'whisper', 'django-tagging', 'txAMQP', 'cairocffi']
const PACKAGES = [`graphite-web==${version}`, `whisper==${version}`, 'Django==3.0.14']

/** A folder of Python packages with Graphite's web application and its database: put it on PYTHONPATH. */
export function ensureGraphite(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    const quiet = ['--quiet', '--disable-pip-version-check']
    const built = SOURCES.flatMap((name) => ['--no-binary', name])
    const flags = [...quiet, '--only-binary', ':all:', ...built, '--target', folder]
    // Without GRAPHITE_NO_PREFIX the application goes to /opt/graphite.
    const env = { ...process.env, GRAPHITE_NO_PREFIX: 'True' }
    await command('python3', ['-m', 'pip', 'install', ...flags, ...PACKAGES], { env })
    await command('python3', ['-c', 'import django, whisper'], {
      env: { ...process.env, PYTHONPATH: folder },
    })
  }
  return ensureCached({ name: 'graphite', version, fill })
}
