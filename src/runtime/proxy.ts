import * as http from 'node:http'

const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY']

/**
 * Lets everything that is fetched go by the proxies that the environment names. Node can be told so from 24.14 on,
 * which GitHub's runners have; before, fetch knows no proxies, and that is worth a word.
 */
export function useProxies(
  env: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): void {
  if (!VARIABLES.some((name) => Boolean(env[name]))) return
  const set: unknown = Reflect.get(http, 'setGlobalProxyFromEnv')
  // What runs on this machine, such as the router with its token, is never asked for by way of a proxy.
  const direct = [env['no_proxy'] ?? env['NO_PROXY'], 'localhost', '127.0.0.1', '::1']
  const no_proxy = direct.filter(Boolean).join(',')
  if (typeof set === 'function') set({ ...env, no_proxy, NO_PROXY: no_proxy })
  else
    warn(
      `A proxy is set, but Node ${process.version} cannot use one for fetch: it takes 24.14 or newer.`,
    )
}
