import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

/** Servers of models, each in a folder of Python packages of its own: put it on PYTHONPATH. */
const servers = {
  mlserver: { version: '1.7.1', besides: ['mlserver-sklearn==1.7.1', 'scikit-learn==1.9.1'] },
  kserve: { version: '0.21.0', besides: [] },
  bentoml: { version: '1.4.39', besides: [] },
  fastapi: { version: '0.165.0', besides: ['uvicorn==0.54.0', 'flask==3.1.3'] },
} as const

type ModelServerName = keyof typeof servers

/** The packages of one server; compiled, since they take half a minute to start otherwise. */
export function ensureModelServer(name: ModelServerName): Promise<string> {
  const { version, besides } = servers[name]
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, [`${name}==${version}`, ...besides], { dependencies: true })
    await command('python3', ['-m', 'compileall', '-q', '-j', '2', folder])
  }
  return ensureCached({ name, version, fill })
}

/** All of them, one after the other; says where the last is. */
export async function ensureModelServers(): Promise<string> {
  let place = ''
  for (const name of Object.keys(servers) as ModelServerName[])
    place = await ensureModelServer(name)
  return place
}
