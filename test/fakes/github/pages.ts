/** GitHub's way of cutting a list into pages. */

export interface Page {
  readonly items: readonly unknown[]
  readonly link: string | undefined
}

const standard = 30
const most = 100

function positive(value: string | null, fallback: number): number {
  const number = Number(value ?? fallback)
  return Number.isInteger(number) && number > 0 ? number : fallback
}

/** One page of a list, with the header that names its neighbours; a page past the end is empty. */
export function pageOf(list: readonly unknown[], url: URL): Page {
  const size = Math.min(positive(url.searchParams.get('per_page'), standard), most)
  const number = positive(url.searchParams.get('page'), 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const neighbours: [string, number][] = []
  if (number > 1) neighbours.push(['prev', Math.min(number - 1, last)], ['first', 1])
  if (number < last) neighbours.push(['next', number + 1], ['last', last])
  const links = neighbours.map(([relation, page]) => {
    const target = new URL(url)
    target.searchParams.set('page', String(page))
    return `<${target.href}>; rel="${relation}"`
  })
  return {
    items: list.slice((number - 1) * size, number * size),
    link: links.length > 0 ? links.join(', ') : undefined,
  }
}
