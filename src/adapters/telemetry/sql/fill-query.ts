import { type Dialect, UnwritableError } from '../../../domain/drift/engine/dialect.js'
import { UserError } from '../../../errors.js'
import type { Stretch } from '../../../ports/signals.js'

interface Query {
  readonly query: string
  /** The engine's name of what the column of time is. */
  readonly 'time-type': string
}

/** The query of a stretch: what is in braces becomes a literal that nothing in it can end. */
export function fillQuery(
  { query, 'time-type': engineType }: Query,
  dialect: Dialect,
  stretch: Stretch,
): string {
  const column = { name: 'time', type: 'timestamp', engineType } as const
  const { from, to, versions } = stretch
  // A table holds what versions write of themselves, not what a system's own metrics call them.
  const stable = versions?.stable.name ?? versions?.stable.version ?? stretch.stable
  const canary = versions?.canary.name ?? versions?.canary.version ?? stretch.canary
  const literals: Readonly<Record<string, () => string>> = {
    from: () => dialect.timestamp(from, column),
    to: () => dialect.timestamp(to, column),
    from_ms: () => String(Math.floor(from)),
    to_ms: () => String(Math.floor(to)),
    stable: () => dialect.text(stable),
    canary: () => dialect.text(canary),
  }
  const found = new Set([...query.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))
  if (!(found.has('from') || found.has('from_ms')) || !(found.has('to') || found.has('to_ms'))) {
    throw boundless()
  }
  try {
    return query.replace(/\{(\w+)\}/g, (whole, name: string) => literals[name]?.() ?? whole)
  } catch (error) {
    if (error instanceof UnwritableError) throw unwritable(error)
    throw error
  }
}

/** Every look would count all of the table again. */
function boundless(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-321',
    where: 'deploy.signals.sql.query',
    what: 'it does not ask for a stretch of time: {from} and {to} are not both in it.',
    fix: 'Add WHERE time >= {from} AND time < {to}; or {from_ms} and {to_ms} for numbers.',
  })
}

function unwritable(cause: UnwritableError): UserError {
  return new UserError(
    {
      code: 'MW-DEPLOY-322',
      where: 'deploy.signals.sql.query',
      what: `what is to be filled in cannot be written: ${cause.message}.`,
      fix: 'Give the versions names of plain text with deploy.backends.<role>.name.',
    },
    { cause },
  )
}
