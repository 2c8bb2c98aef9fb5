import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { command } from '../../../tools/install/command.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export interface Graphite {
  readonly url: string
  /** Counts by intervals of ten seconds, from a time on; null leaves one out. */
  write(path: string, from: number, counts: readonly (number | null)[]): Promise<void>
  close(): Promise<void>
}

const SETTINGS = `
from os import environ
from os.path import join
STORAGE_DIR = environ['GRAPHITE_STORAGE']
SECRET_KEY = 'of a test'
WHISPER_DIR = join(STORAGE_DIR, 'whisper')
STANDARD_DIRS = [WHISPER_DIR]
LOG_DIR = STORAGE_DIR
INDEX_FILE = join(STORAGE_DIR, 'index')
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': join(STORAGE_DIR, 'db')}}
ALLOWED_HOSTS = ['*']
CARBONLINK_HOSTS = []
FIND_CACHE_DURATION = 0
DEFAULT_CACHE_DURATION = 0
TIME_ZONE = 'UTC'
`

const WRITE = `
import json, os, sys, whisper
path, points = json.loads(sys.argv[1])
if not os.path.exists(path):
    whisper.create(path, [(10, 8640)], xFilesFactor=0, aggregationMethod='sum')
whisper.update_many(path, points)
`

/** Graphite's web application over files of its database, which carbon would write. */
export async function startGraphite(packages: string): Promise<Graphite> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-graphite-'))
  await writeFile(join(folder, 'graphite_of_a_test.py'), SETTINGS)
  const [port = 0] = await freePorts(1)
  const env = [
    `PYTHONPATH=${packages}:${folder}`,
    `GRAPHITE_STORAGE=${folder}`,
    'DJANGO_SETTINGS_MODULE=graphite.settings',
    'GRAPHITE_SETTINGS_MODULE=graphite_of_a_test',
  ]
  const serve = ['-m', 'django', 'runserver', '--noreload', '--insecure', `127.0.0.1:${port}`]
  const args = [...env, 'python3', '-W', 'ignore', ...serve]
  const child = startProgram('env', args, join(folder, 'log'))
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    await stopProgram(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const answers = async () => (await fetch(`${url}/render?target=a&format=json`)).ok
    await until('Graphite', answers, 60_000)
  } catch (error) {
    await close()
    throw error
  }
  return {
    url,
    close,
    write: async (path, from, counts) => {
      const file = join(folder, 'whisper', `${path.replaceAll('.', '/')}.wsp`)
      await mkdir(dirname(file), { recursive: true })
      const points = counts.flatMap((count, i) =>
        count === null ? [] : [[from / 1000 + i * 10, count]],
      )
      await command('env', [...env, 'python3', '-c', WRITE, JSON.stringify([file, points])])
    },
  }
}
