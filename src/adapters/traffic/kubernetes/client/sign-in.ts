import { readFile } from 'node:fs/promises'
import { UserError } from '../../../../errors.js'
import { type ExecCredential, runExecPlugin } from './exec-plugin.js'
import type { KubeAccess } from './kubeconfig.js'

/** What a request carries to say who asks. */
export interface Identity {
  readonly token: string | undefined
  readonly certificate: string | undefined
  readonly key: string | undefined
}

export interface SignIn {
  /** `isRefused`: the last one was, so that a kept one is not used again. */
  identity(isRefused: boolean): Promise<Identity>
}

/** Before a credential ends another is asked for. */
const EARLY_MS = 30_000

/** Files are read for each request (a pod's token changes hourly); a plugin's credential is kept until shortly before it ends. */
export function createSignIn(
  access: KubeAccess,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): SignIn {
  const { user, folder } = access
  let kept: ExecCredential | undefined
  const ofPlugin = async (isRefused: boolean): Promise<ExecCredential | undefined> => {
    const plugin = user.exec
    if (plugin === undefined) return undefined
    const isOver = kept?.expires !== undefined && kept.expires - EARLY_MS <= now()
    if (kept === undefined || isRefused || isOver) {
      kept = await runExecPlugin({ plugin, folder, env })
    }
    return kept
  }
  return {
    identity: async (isRefused) => {
      const given = await ofPlugin(isRefused)
      const token =
        user.tokenFile === undefined ? user.token : (await content(user.tokenFile)).trim()
      return {
        token: given?.token ?? token,
        certificate:
          given?.certificate ??
          (await pem(user['client-certificate-data'], user['client-certificate'])),
        key: given?.key ?? (await pem(user['client-key-data'], user['client-key'])),
      }
    },
  }
}

/** Data goes before a file, as for kubectl. */
export async function pem(
  data: string | undefined,
  file: string | undefined,
): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
  return file === undefined ? undefined : content(file)
}

async function content(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-DEPLOY-101',
        where: path,
        what: 'the kubeconfig names this file, and it cannot be read.',
        fix: 'See that it is there and may be read.',
      },
      { cause: error },
    )
  }
}
