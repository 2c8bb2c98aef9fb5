import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send, startVersion, type Version } from '../haproxy/versions.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export interface Caddy {
  readonly port: number
  readonly admin: string
  /** The file that is ours. */
  readonly file: string
  readonly versions: readonly [Version, Version]
  restart(): Promise<void>
  close(): Promise<void>
}

/** Caddy before two versions, each behind a server of Caddy that counts for it. */
export async function startCaddy(program: string): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-caddy-'))
  const [port = 0, admin = 0, first = 0, second = 0] = await freePorts(4)
  const versions = [
    await startVersion('model-1', first),
    await startVersion('model-2', second),
  ] as const
  const file = join(folder, 'split')
  const configuration = join(folder, 'Caddyfile')
  const socket = (name: string) => `unix/${join(folder, `${name}.sock`)}`
  await writeFile(
    configuration,
    `{
  admin 127.0.0.1:${admin}
  persist_config off
  storage file_system ${join(folder, 'storage')}
  metrics
  servers ${socket('one')} {
    name model-1
  }
  servers ${socket('two')} {
    name model-2
  }
}
http://127.0.0.1:${port} {
  vars split {file.${file}}
  @below expression \`{http.request.uuid} < {http.vars.split}\`
  handle @below {
    reverse_proxy ${socket('two')}
  }
  handle {
    reverse_proxy ${socket('one')}
  }
}
http:// {
  bind ${socket('one')}
  ${proxy(first)}
}
http:// {
  bind ${socket('two')}
  ${proxy(second)}
}
`,
  )
  const start = async () => {
    const args = ['run', '--config', configuration, '--adapter', 'caddyfile']
    const child = startProgram(program, args, join(folder, 'log'))
    await until('Caddy', async () => (await send(port, 1))[0]?.status === 200)
    return child
  }
  let child = await start()
  return {
    port,
    admin: `http://127.0.0.1:${admin}`,
    file,
    versions,
    restart: async () => {
      await stopProgram(child)
      child = await start()
    },
    close: async () => {
      await stopProgram(child)
      for (const version of versions) await version.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function proxy(port: number): string {
  return `reverse_proxy 127.0.0.1:${port} {
    transport http {
      response_header_timeout 1s
    }
  }`
}
