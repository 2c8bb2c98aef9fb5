import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send, startVersion, type Version } from '../haproxy/versions.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

export interface Nginx {
  readonly port: number
  readonly status: string
  /** The main file of the configuration. */
  readonly configuration: string
  /** The file that is ours. */
  readonly file: string
  readonly accessLog: string
  readonly versions: readonly [Version, Version]
  /** Replaces a text in the main file, for nginx to take with the next reload. */
  edit(from: string, to: string): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

/** nginx before two versions, with a location that can send copies. */
export async function startNginx(program: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-nginx-'))
  const [port = 0, status = 0, first = 0, second = 0] = await freePorts(4)
  const versions = [
    await startVersion('model-1', first),
    await startVersion('model-2', second),
  ] as const
  const configuration = join(folder, 'nginx.conf')
  const file = join(folder, 'split.conf')
  const text = configurationOf(folder, { port, status, first, second })
  await mkdir(join(folder, 'temporary'))
  await writeFile(configuration, text)
  await writeFile(
    file,
    `split_clients "$request_id" $modelway_version { * model-1; }
split_clients "copies$request_id" $modelway_copies { * ""; }
map "" $modelway_split { default "stable=model-1 canary= weight=0 copies=0"; }
`,
  )
  const start = async () => {
    const args = ['-e', join(folder, 'early.log'), '-c', configuration, '-g', 'daemon off;']
    const child = startProgram(program, args, join(folder, 'log'))
    await until('nginx', async () => (await send(port, 1))[0]?.status === 200)
    return child
  }
  // Killed, its workers would go on: it is asked to end them.
  const stop = async (child: Awaited<ReturnType<typeof start>>) => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    await stopProgram(child)
  }
  let child = await start()
  return {
    port,
    status: `http://127.0.0.1:${status}/modelway`,
    configuration,
    file,
    accessLog: join(folder, 'access.log'),
    versions,
    edit: (from, to) => writeFile(configuration, text.replace(from, to)),
    restart: async () => {
      await stop(child)
      child = await start()
    },
    close: async () => {
      await stop(child)
      for (const version of versions) await version.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Ports {
  readonly port: number
  readonly status: number
  readonly first: number
  readonly second: number
}

function configurationOf(folder: string, { port, status, first, second }: Ports): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((what) => `  ${what}_temp_path ${join(folder, 'temporary', what)};`)
    .join('\n')
  return `worker_processes 2;
pid ${join(folder, 'pid')};
error_log ${join(folder, 'error.log')};
events {
  worker_connections 4096;
}
http {
  keepalive_min_timeout 8s;
  access_log off;
  log_format modelway '$msec $modelway_version $status $request_time';
${temporary}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  upstream model-1 {
    server 127.0.0.1:${first};
    keepalive 32;
  }
  upstream model-2 {
    server 127.0.0.1:${second};
    keepalive 32;
  }
  include split.conf;
  server {
    listen 127.0.0.1:${port};
    location / {
      mirror /_copies;
      proxy_read_timeout 1s;
      access_log ${join(folder, 'access.log')} modelway;
      proxy_pass http://$modelway_version;
    }
    location = /_copies {
      internal;
      if ($modelway_copies = "") {
        return 204;
      }
      proxy_connect_timeout 100ms;
      proxy_send_timeout 200ms;
      proxy_read_timeout 300ms;
      proxy_pass http://$modelway_copies$request_uri;
    }
  }
  server {
    listen 127.0.0.1:${status};
    location = /modelway {
      return 200 $modelway_split;
    }
  }
}
`
}
