import { ExternalError } from '../../../errors.js'

interface PageAnswer<T> {
  readonly data: readonly T[]
  readonly headers: { readonly link?: string | undefined }
}

export const PER_PAGE = 100

/** All pages of a list, until `enough` of an item is true, which then is left out with all after it. */
export async function readPages<T>(
  page: (number: number) => Promise<PageAnswer<T>>,
  enough: (item: T) => boolean = () => false,
): Promise<readonly T[]> {
  const all: T[] = []
  for (let number = 1; ; number++) {
    const { data, headers } = await page(number)
    for (const item of data) {
      if (enough(item)) return all
      all.push(item)
    }
    if (data.length === 0 || !/rel="?next"?/.test(headers.link ?? '')) return all
  }
}

/** What the work gives, or undefined where GitHub says that there is no such thing. */
export async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ExternalError && error.details.status === 404) return undefined
    throw error
  }
}
