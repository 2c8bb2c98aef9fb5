import type { Environment } from '../environment.js'

/** GitHub Enterprise Server, by the rule of @actions/artifact: neither github.com nor *.ghe.com. */
export function isEnterpriseServer(env: Environment): boolean {
  const address = env['GITHUB_SERVER_URL']?.trim() || 'https://github.com'
  if (!URL.canParse(address)) return false
  const host = new URL(address).hostname.toLowerCase()
  return host !== 'github.com' && !host.endsWith('.ghe.com') && !host.endsWith('.localhost')
}
