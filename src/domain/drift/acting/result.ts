/** What a statement says of one trigger. */
export interface TriggerResult {
  readonly kind: string
  readonly fired: boolean
  /** True where it had to fire and something went wrong: `reason` says what. */
  readonly failed?: boolean | undefined
  /** In words, without a dot. */
  readonly reason: string
  /** Where it goes, for people; of an address only the host. */
  readonly target: string
  /** The idempotency key that receivers get. */
  readonly key: string
  /** When it fired, ISO 8601. */
  readonly at?: string | undefined
  readonly url?: string | undefined
}
