import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { globSync } from 'tinyglobby'
import { parse } from 'yaml'
import { DataContract } from '../../../src/config/data-contract.js'
import { loadContracts } from '../../../tools/generate/contracts.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = globSync(['*.md', 'docs/**/*.md', 'actions/*/README.md'], { cwd: root }).sort()
const contracts = await loadContracts(root)

function text(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** What stands between the fences of a language. */
function blocks(page: string, language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')
  return [...text(page).matchAll(fence)].map(([, content = '']) => content)
}

/** The heading's anchor as GitHub makes it. */
function anchors(page: string): readonly string[] {
  return [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function brokenLinks(page: string): readonly string[] {
  const prose = text(page).replace(/^```[\s\S]*?^```$/gm, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? join(root, page) : resolve(root, dirname(page), path)
    if (!existsSync(target)) return true
    const isPage = anchor !== undefined && target.endsWith('.md')
    return isPage && !anchors(target.slice(root.length)).includes(anchor)
  })
}

describe('the documentation', () => {
  it('is all seen by these tests', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/verdicts.md']))
    expect(pages.filter((page) => page.startsWith('actions/'))).toHaveLength(contracts.length)
  })

  it.each(pages)('%s links to what is there', (page) => {
    expect(brokenLinks(page)).toEqual([])
  })

  it.each(pages)('%s has only regions that are filled', (page) => {
    expect(text(page)).not.toMatch(/<!-- begin [\w-]+ \(generated\) -->\n<!-- end/)
  })

  it.each(pages)('%s shows configuration that is valid', (page) => {
    for (const block of blocks(page, 'yaml')) {
      const shown: unknown = parse(block)
      if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) continue
      for (const { section, settings } of contracts) {
        const part: unknown = Reflect.get(shown, section)
        if (typeof part !== 'object' || part === null) continue
        const issues = settings.safeParse(part).error?.issues ?? []
        // Recipes show some keys of a section: what is required may be absent, what is there must be right.
        const wrong = issues.filter(
          ({ path: [key] }) => key === undefined || Object.hasOwn(part, key),
        )
        expect({ page, section, wrong }).toEqual({ page, section, wrong: [] })
      }
      if ('columns' in shown) expect(DataContract.safeParse(shown).error).toBeUndefined()
    }
  })

  it.each(pages)('%s gives actions only inputs that they have', (page) => {
    for (const block of blocks(page, 'yaml')) {
      for (const { name, inputs } of usesIn(parse(block))) {
        const contract = contracts.find((one) => one.name === name)
        const known = Object.keys(contract?.inputs ?? {})
        expect([...known, 'comment', 'dry-run', 'config']).toEqual(
          expect.arrayContaining([...inputs]),
        )
      }
    }
  })
})

/** The steps of a workflow, or of a part of one, that use our actions. */
function usesIn(value: unknown): readonly { name: string; inputs: readonly string[] }[] {
  if (typeof value !== 'object' || value === null) return []
  const uses: unknown = Reflect.get(value, 'uses')
  const name = typeof uses === 'string' ? /\/actions\/([a-z-]+)@/.exec(uses)?.[1] : undefined
  const given: unknown = Reflect.get(value, 'with')
  const inputs = typeof given === 'object' && given !== null ? Object.keys(given) : []
  const inside = Object.values(value).flatMap(usesIn)
  return name === undefined || uses === undefined ? inside : [{ name, inputs }, ...inside]
}
