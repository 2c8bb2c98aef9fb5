import { execFile } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod'
import { UserError } from '../../../../errors.js'
import { jsonOf } from '../../json-text.js'
import type { ExecPlugin } from './kubeconfig.js'

const Credential = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.iso.datetime({ offset: true }).optional(),
  }),
})

export interface ExecCredential {
  readonly token: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
  /** Milliseconds since 1970; undefined: until it is refused. */
  readonly expires: number | undefined
}

export interface RunPlugin {
  readonly plugin: ExecPlugin
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const LIMIT_MS = 60_000

/** Asks the program that the kubeconfig names for a credential; its arguments are a list, and no shell is between. */
export async function runExecPlugin({ plugin, folder, env }: RunPlugin): Promise<ExecCredential> {
  if (plugin.interactiveMode === 'Always') {
    throw failed(plugin, 'it wants to ask a person, and there is none.')
  }
  const isRelative = /[/\\]/.test(plugin.command) && !/^([/\\]|[A-Za-z]:)/.test(plugin.command)
  const program = isRelative ? join(folder, plugin.command) : plugin.command
  const given = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]))
  const info = {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false },
  }
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(
      program,
      [...(plugin.args ?? [])],
      {
        env: { ...env, ...given, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        timeout: LIMIT_MS,
        maxBuffer: 1024 * 1024,
        windowsHide: true,
        shell: false,
      },
      (error, stdout) => {
        // What it printed stays unsaid: it may hold the credential.
        if (error === null) resolve(stdout)
        else reject(failed(plugin, reasonOf(error)))
      },
    )
  })
  return credentialOf(plugin, printed)
}

function reasonOf(error: Error & { code?: unknown; killed?: unknown }): string {
  if (error.code === 'ENOENT') return 'there is no such program.'
  if (error.killed === true) return `it did not end within ${LIMIT_MS / 1000} s.`
  return `it ended with ${String(error.code)}.`
}

function credentialOf(plugin: ExecPlugin, printed: string): ExecCredential {
  const parsed = Credential.safeParse(jsonOf(printed))
  const status = parsed.data?.status
  if (status === undefined || (status.token ?? status.clientCertificateData) === undefined) {
    throw failed(plugin, 'it printed no ExecCredential with a token or a certificate.')
  }
  const { expirationTimestamp: until } = status
  return {
    token: status.token,
    certificate: status.clientCertificateData,
    key: status.clientKeyData,
    expires: until === undefined ? undefined : Date.parse(until),
  }
}

function failed(plugin: ExecPlugin, why: string): UserError {
  const hint = plugin.installHint?.trim().slice(0, 300)
  return new UserError({
    code: 'MW-DEPLOY-102',
    where: `the kubeconfig's exec plugin ${plugin.command}`,
    what: why,
    fix: hint === undefined || hint === '' ? 'Run it by hand to see what it misses.' : hint,
  })
}
