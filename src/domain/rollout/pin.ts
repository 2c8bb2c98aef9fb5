/** What a person's word is bound to: it counts for these and nothing else. */
export interface Pins {
  /** The commit that is deployed, whole. */
  readonly commit: string | undefined
  /** `sha256:…` of the model. */
  readonly digest: string | undefined
  /** The rollout's id, where one is under way. */
  readonly rollout?: string | undefined
}

/**
 * Characters of a SHA that a person must give: 48 bits. Seven, which git shows, are met by chance or by trying in
 * minutes.
 */
export const SHORTEST_PIN = 12

const HEX = /^(sha256:)?([0-9a-f]{12,64})$/

/** Whether a pin names what is deployed: the beginning of the commit or of the model's digest, or the rollout's id. */
export function pinFits(pin: string, { commit, digest, rollout }: Pins): boolean {
  if (rollout !== undefined && pin === rollout) return true
  const [, prefix, hex] = HEX.exec(pin) ?? []
  if (hex === undefined) return false
  if (digest?.startsWith(`sha256:${hex}`) === true) return true
  return prefix === undefined && commit?.startsWith(hex) === true
}

/** The pin to show to people: of the commit, else of the model. */
export function shortPin({ commit, digest, rollout }: Pins): string {
  const hex = commit ?? digest?.replace(/^sha256:/, '')
  return hex?.slice(0, SHORTEST_PIN) ?? rollout ?? ''
}
