/**
 * One thing that a user can mend, found by the domain: the shape of `Problem` in src/errors.ts, so that the
 * caller can raise it as it is. The domain returns problems and never throws them.
 */
export interface Problem {
  /** Stable code such as `MW-GATE-012`. */
  readonly code: string
  /** File, column, rule or input name. */
  readonly where?: string | undefined
  readonly what: string
  /** What the user can do about it: a full sentence. */
  readonly fix?: string | undefined
}

/** A value, or everything that keeps it from being one. */
export type Checked<T> =
  | { readonly value: T; readonly problems?: undefined }
  | { readonly value?: undefined; readonly problems: readonly Problem[] }
