import { logMeanExp } from './log-mean-exp.js'

/** Requests that both versions answered, where just one of them was wrong. */
export interface DiscordantPairs {
  readonly canaryOnly: number
  readonly stableOnly: number
}

export interface SignEProcess {
  /** Takes the discordant pairs of the next interval; returns the e-value so far. */
  update(pairs: DiscordantPairs): number
  logEValue(): number
  /** The pairs so far: all that it needs to go on. */
  readonly state: DiscordantPairs
}

export interface SignEProcessOptions {
  /**
   * `canary-worse` (default): H0 says that a discordant pair is at most as often the canary's fault as `share`.
   * `canary-not-worse`: H0 says at least as often.
   */
  readonly direction?: 'canary-worse' | 'canary-not-worse' | undefined
  /** The canary's share of the discordant pairs under H0; 1/2 is McNemar's hypothesis. */
  readonly share?: number | undefined
  /** What `state` gave, to go on after an interruption. */
  readonly state?: DiscordantPairs | undefined
}

const STEPS = 19

/**
 * Sequential McNemar test on discordant pairs, for requests that both versions answered (mirrored traffic): the
 * mean over p in {.525, .55, …, .975} of (p/q)^canaryOnly ((1-p)/(1-q))^stableOnly with q = 1/2 unless told
 * (McNemar 1947; as an e-process: Gruenwald, de Heide and Koolen 2024, arXiv:1906.07801). Concordant pairs say
 * nothing and are not asked for. No discordant pair -> 1.
 */
export function createSignEProcess(options: SignEProcessOptions = {}): SignEProcess {
  const share = options.share ?? 0.5
  if (!(share > 0 && share < 1)) throw new RangeError(`share must lie inside (0, 1): ${share}`)
  const worse = (options.direction ?? 'canary-worse') === 'canary-worse'
  const alternatives = Array.from({ length: STEPS }, (_, k) => {
    const part = (k + 1) / (STEPS + 1)
    return worse ? share + (1 - share) * part : share * (1 - part)
  })
  let { canaryOnly, stableOnly } = options.state ?? { canaryOnly: 0, stableOnly: 0 }
  assertPairs({ canaryOnly, stableOnly })
  const logEValue = () =>
    logMeanExp(
      alternatives.map(
        (p) => canaryOnly * Math.log(p / share) + stableOnly * Math.log((1 - p) / (1 - share)),
      ),
    )
  return {
    update(pairs) {
      assertPairs(pairs)
      canaryOnly += pairs.canaryOnly
      stableOnly += pairs.stableOnly
      return Math.exp(logEValue())
    },
    logEValue,
    get state() {
      return { canaryOnly, stableOnly }
    },
  }
}

function assertPairs({ canaryOnly, stableOnly }: DiscordantPairs): void {
  const whole = Number.isSafeInteger(canaryOnly) && Number.isSafeInteger(stableOnly)
  if (whole && canaryOnly >= 0 && stableOnly >= 0) return
  throw new RangeError(`impossible pairs: ${canaryOnly} and ${stableOnly}`)
}
