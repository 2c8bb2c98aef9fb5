export interface AwsFailure {
  /** As AWS names it, such as `ValidationException`. */
  readonly code: string
  readonly status: number
  readonly message: string
  /**
   * `passing`: a repetition can help; `expired`: the credentials have ended; `skewed`: the clocks differ; `denied`: signed in, or
   * not, and not allowed; `refused`: the request itself.
   */
  readonly kind: 'passing' | 'expired' | 'skewed' | 'denied' | 'refused'
}

/** What the SDKs of AWS take for throttling (retry mode `standard`). */
const THROTTLED =
  /^(?:Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|BandwidthLimitExceeded|LimitExceededException|PriorRequestNotComplete|SlowDown|ProvisionedThroughputExceeded\w*|TransactionInProgress\w*|EC2ThrottledException)$/
const PASSING = new Set([408, 429, 500, 502, 503, 504])
const EXPIRED = /^(?:ExpiredToken\w*|RequestExpired|TokenRefreshRequired)$/
const SKEWED = /^(?:RequestTimeTooSkewed|RequestInTheFuture)$/
const DENIED =
  /^(?:AccessDenied\w*|UnauthorizedOperation|UnrecognizedClient\w*|InvalidClientTokenId|InvalidSignature\w*|SignatureDoesNotMatch|MissingAuthenticationToken\w*|IncompleteSignature\w*|OptInRequired|NotAuthorized\w*|InvalidAccessKeyId)$/

interface Answered {
  readonly status: number
  readonly text: string
  /** The header x-amzn-errortype. */
  readonly type: string | undefined
}

/** Undefined where the answer is none of a failure. */
export function failureOf({ status, text, type }: Answered): AwsFailure | undefined {
  if (status >= 200 && status < 300) return undefined
  const body = fieldsOf(text)
  const code = nameOf(type ?? body['__type'] ?? body['code'] ?? body['Code'] ?? '')
  const message = body['message'] ?? body['Message'] ?? body['errorMessage'] ?? ''
  return { code, status, message, kind: kindOf(code, status, message) }
}

function kindOf(code: string, status: number, message: string): AwsFailure['kind'] {
  if (THROTTLED.test(code) || PASSING.has(status)) return 'passing'
  if (EXPIRED.test(code)) return 'expired'
  if (SKEWED.test(code) || /^Signature (?:expired|not yet current)/.test(message)) return 'skewed'
  if (DENIED.test(code) || status === 401 || status === 403) return 'denied'
  return 'refused'
}

/** `aws.protocols#Name:http://…` -> `Name` */
function nameOf(type: string): string {
  return type.split(':', 1)[0]?.split('#').at(-1) ?? ''
}

export function failureText({ code, message }: AwsFailure): string {
  return [code === '' ? 'without a code' : code, message].filter((part) => part !== '').join(': ')
}

function fieldsOf(text: string): Readonly<Record<string, string>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return {}
  }
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}
