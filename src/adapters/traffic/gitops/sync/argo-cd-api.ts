import { ExternalError, UserError } from '../../../../errors.js'
import { createRedaction, excerptOf, headerValue, secretsIn } from '../../../../secrets.js'
import { jsonOf } from '../../json-text.js'
import { isJson, type Json, textAt } from '../../kubernetes/json.js'
import { lookAt } from './argo-cd-state.js'
import type { Sync } from './sync.js'

export interface ArgoCdOf {
  readonly url: string
  readonly application: string
  readonly namespace?: string | undefined
  readonly project?: string | undefined
}

export interface ArgoCdTools {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly sleep: (milliseconds: number) => Promise<void>
}

const VARIABLE = 'MODELWAY_ARGOCD_TOKEN'
const TIMEOUT_MS = 20_000
const MOST_BYTES = 16 * 1024 * 1024
const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500
const PASSING = new Set([408, 429, 500, 502, 503, 504])

/** Argo CD by its REST API (`GET /api/v1/applications/{name}`), with an account's token that may get the Application. */
export function createArgoCdSync(of: ArgoCdOf, { env, sleep }: ArgoCdTools): Sync {
  const token = env[VARIABLE]?.trim() ?? ''
  if (token === '') throw noToken()
  const title = `Argo CD at ${new URL(of.url).host}`
  const asked: Asked = {
    title,
    subject: `Application ${of.application}`,
    headers: {
      accept: 'application/json',
      authorization: headerValue(`Bearer ${token}`, VARIABLE),
    },
    hide: createRedaction(secretsIn(env)),
  }
  const get = async (refresh: boolean) => {
    const url = addressOf(of, refresh)
    for (let attempt = 1; ; attempt++) {
      const answer = await once(url, asked)
      if (!(answer instanceof ExternalError)) return answer
      if (!answer.details.retryable || attempt >= ATTEMPTS) throw answer
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
    }
  }
  return {
    title: `${asked.subject} of ${title}`,
    nudge: async () => void (await get(true)),
    look: async () => lookAt(await get(false)),
  }
}

function addressOf(
  { url: base, application, namespace, project }: ArgoCdOf,
  refresh: boolean,
): URL {
  const path = `api/v1/applications/${encodeURIComponent(application)}`
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`)
  if (namespace !== undefined) url.searchParams.set('appNamespace', namespace)
  if (project !== undefined) url.searchParams.set('project', project)
  if (refresh) url.searchParams.set('refresh', 'normal')
  return url
}

interface Asked {
  readonly title: string
  readonly subject: string
  readonly headers: Readonly<Record<string, string>>
  readonly hide: (text: string) => string
}

async function once(url: URL, asked: Asked): Promise<Json | ExternalError> {
  const { title, headers, hide } = asked
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, { headers, signal, redirect: 'manual' })
    const text = await limited(response)
    const body = jsonOf(text)
    if (response.ok && isJson(body)) return body
    return refusal(asked, response.status, hide(textAt(body, 'message') ?? excerptOf(text, hide)))
  } catch (error) {
    if (error instanceof UserError) throw error
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    const why = excerptOf(String(cause), hide)
    return failure(title, `it cannot be reached: ${why}`, { retryable: true })
  }
}

async function limited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('the answer does not end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

interface How {
  readonly retryable: boolean
  readonly status?: number
}

function failure(service: string, what: string, { retryable, status }: How): ExternalError {
  return new ExternalError({ code: 'MW-DEPLOY-421', service, what, status, retryable })
}

/** Argo CD answers 403 for an Application that is not there, too, so that nobody learns of it. */
function refusal({ title, subject }: Asked, status: number, said: string): ExternalError {
  if (status === 401) {
    throw new UserError({
      code: 'MW-DEPLOY-422',
      where: title,
      what: 'the token is not valid, or has ended.',
      fix: `Make one for an account (argocd account generate-token), and pass it as ${VARIABLE}.`,
    })
  }
  if (status === 403 || status === 404) {
    throw new UserError({
      code: 'MW-DEPLOY-423',
      where: title,
      what: `${subject} is not there, or the account may not see it (${said}).`,
      fix: 'See its name, namespace and project, and allow: p, <account>, applications, get, <project>/<application>, allow.',
    })
  }
  if (status >= 300 && status < 400) {
    return failure(title, 'it sends elsewhere: name the address that answers itself.', {
      ...{ retryable: false, status },
    })
  }
  return failure(title, said === '' ? 'the answer is no JSON.' : said, {
    ...{ retryable: PASSING.has(status), status },
  })
}

function noToken(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-424',
    where: VARIABLE,
    what: 'Argo CD is asked by its API, and there is no token for it.',
    fix: 'Pass the token of an account in the environment.',
  })
}
