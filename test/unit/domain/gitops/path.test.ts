import { describe, expect, it } from '@jest/globals'
import { parsePath } from '../../../../src/domain/gitops/path.js'

describe('a path into a manifest', () => {
  it('goes by keys, places in lists, and items with a field', () => {
    expect(parsePath('spec.containers[name=web].ports[0].name')).toEqual([
      { key: 'spec' },
      { key: 'containers' },
      { where: 'name', is: 'web' },
      { key: 'ports' },
      { index: 0 },
      { key: 'name' },
    ])
    expect(parsePath('[2].x')).toEqual([{ index: 2 }, { key: 'x' }])
  })

  it('quotes keys with dots, slashes and quotes', () => {
    expect(parsePath('metadata.annotations["a.b/c\\"d"]')).toEqual([
      { key: 'metadata' },
      { key: 'annotations' },
      { key: 'a.b/c"d' },
    ])
  })

  it.each(['', '.', 'a.', 'a..b', 'a[', 'a[]', 'a[*]', 'a b', 'a["x]', '.a', 'a]b', 'a[-1]'])(
    'is none for %j',
    (text) => {
      expect(parsePath(text)).toBeUndefined()
    },
  )
})
