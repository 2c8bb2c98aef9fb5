import { UserError } from '../../../errors.js'

/** What the file says: how many of the requests go below, and who stands where. */
export interface Shares {
  /** Percent. */
  readonly below: number
  readonly names: { readonly below: string; readonly above: string } | undefined
}

/** Eight hexadecimal digits, which a random UUID begins with. */
const ALL = 2 ** 32
const TEXT = /^(g|[0-9a-f]{8}) below=(\S*) above=(\S*)$/

/**
 * The text that a request's UUID is compared with, as texts are: a blank comes before every digit, so what stands behind it
 * decides nothing. Throws UserError MW-DEPLOY-184 for what is no share.
 */
export function textOf({ below, names }: Required<Shares>): string {
  if (!(below >= 0 && below <= 100)) {
    throw new UserError({
      code: 'MW-DEPLOY-184',
      where: 'deploy.steps',
      what: `${below} % is no share of requests.`,
      fix: 'Use percentages from 0 to 100.',
    })
  }
  const first = Math.round((below / 100) * ALL)
  const bound = first === ALL ? 'g' : first.toString(16).padStart(8, '0')
  return `${bound} below=${written(names?.below)} above=${written(names?.above)}`
}

/** Names with nothing in them that could end them. */
function written(name = ''): string {
  return encodeURIComponent(name)
}

/** Nothing is below where there is no text. Throws UserError MW-DEPLOY-182 for what Modelway has not written. */
export function sharesOf(text: string, file: string): Shares {
  if (text === '') return { below: 0, names: undefined }
  const [, bound, below, above] = TEXT.exec(text) ?? []
  if (bound === undefined || below === undefined || above === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-182',
      where: 'deploy.caddy.file',
      what: `${file} holds something else than what is written here.`,
      fix: 'Give Modelway a file of its own, or remove this one: without it all requests go the way of those above.',
    })
  }
  const share = bound === 'g' ? 100 : (100 * Number.parseInt(bound, 16)) / ALL
  return {
    // Finer than a request in a hundred million no share is told.
    below: Number(share.toFixed(6)),
    names: { below: decodeURIComponent(below), above: decodeURIComponent(above) },
  }
}
