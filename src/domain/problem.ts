/**
 * One thing that is wrong and that a user can mend: a stable code, where it is, what it is, and how to mend it. The
 * domain returns problems and never throws them; src/errors.ts throws them for all others.
 */
export interface Problem {
  /** Stable code such as `MW-GATE-012`; documented in docs/errors.md. */
  readonly code: string
  /** File, line, column, rule or input name. */
  readonly where?: string | undefined
  readonly what: string
  /** What the user can do about it: a full sentence. */
  readonly fix?: string | undefined
}

/** A value, or everything that keeps it from being one. */
export type Checked<T> =
  | { readonly value: T; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly Problem[] }
