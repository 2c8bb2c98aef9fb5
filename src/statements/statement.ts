import * as z from 'zod'

/** The six kinds of statement, in the order in which a model meets them. */
export const statementKinds = [
  'dataset',
  'training',
  'verdict',
  'model',
  'rollout',
  'drift',
] as const
export type StatementKind = (typeof statementKinds)[number]

/** The action that writes each kind, for messages. */
export const writers: Readonly<Record<StatementKind, string>> = {
  dataset: 'setup-data',
  training: 'train-on-runner',
  verdict: 'evaluate-gate',
  model: 'register-model',
  rollout: 'deploy-canary',
  drift: 'drift-check',
}

const IN_TOTO_STATEMENT = 'https://in-toto.io/Statement/v1'
const PREDICATE_BASE = 'https://modelway.dev'

/** `https://modelway.dev/training/v1`: names the shape of a predicate; bump the version on a breaking change. */
export function predicateType(kind: StatementKind): string {
  return `${PREDICATE_BASE}/${kind}/v1`
}

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')

/** A file or model that a statement is about. Names are paths relative to the working directory, with `/`. */
export const Subject = z.strictObject({
  name: z.string().min(1),
  digest: z.strictObject({ sha256: Sha256 }),
})
export type Subject = z.output<typeof Subject>

/** A statement that this one was built on: the link of the chain. */
export const InputLink = z.strictObject({
  predicateType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
})
export type InputLink = z.output<typeof InputLink>

/** An in-toto Statement v1 around one of our predicates (https://github.com/in-toto/attestation). */
export interface Statement<P = unknown> {
  readonly _type: typeof IN_TOTO_STATEMENT
  readonly subject: readonly Subject[]
  readonly predicateType: string
  readonly predicate: P & { readonly inputs: readonly InputLink[] }
}

const Envelope = z.strictObject({
  _type: z.literal(IN_TOTO_STATEMENT),
  subject: z.array(Subject).min(1),
  predicateType: z.string(),
  predicate: z.looseObject({ inputs: z.array(InputLink) }),
})

/** Checks the parts that all statements share; the predicate's own shape is checked by its reader. */
export function parseEnvelope(value: unknown): Statement {
  return Envelope.parse(value)
}

/** Builds a statement. */
export function createStatement<P extends object>(options: {
  readonly kind: StatementKind
  readonly subject: readonly Subject[]
  readonly predicate: P
  readonly inputs: readonly InputLink[]
}): Statement<P> {
  return {
    _type: IN_TOTO_STATEMENT,
    subject: options.subject.map((subject) => ({ ...subject, name: unicode(subject.name) })),
    predicateType: predicateType(options.kind),
    predicate: { ...wellFormed(options.predicate), inputs: options.inputs },
  }
}

function wellFormed<T>(value: T): T
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return unicode(value)
  if (Array.isArray(value)) return value.map((item) => wellFormed(item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(
    ([key, item]) => [unicode(key), wellFormed(item)] as const,
  )
  return Object.fromEntries(entries)
}

/** Half a surrogate pair is no Unicode and has no canonical form: it becomes U+FFFD, as in every UTF-8 encoder. */
function unicode(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
}
