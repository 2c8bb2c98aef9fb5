import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SUMMARY_LIMIT } from '../../../../../src/adapters/host/github/summary.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

let under: GitHubUnderTest
beforeEach(async () => {
  under = await startGitHubHost()
})
afterEach(() => under.close())

function file(): string {
  return join(under.folder, 'GITHUB_STEP_SUMMARY')
}

async function size(): Promise<number> {
  return (await stat(file())).size
}

describe('the summary of a step on GitHub', () => {
  it('stays under 1 MiB of bytes over all calls, cut at a whole line with a note', async () => {
    const rows = '| 漢字 | 😀 |\n'.repeat(25_000)
    for (let i = 0; i < 4; i++) await under.host.feedback.summarize(`# Part ${i}\n\n${rows}`)
    expect(await size()).toBeLessThanOrEqual(SUMMARY_LIMIT)
    expect(await size()).toBeGreaterThan(SUMMARY_LIMIT / 2)
    const text = await under.summary()
    expect(text).toContain('*Cut: the summary of a step holds 1 MiB.')
    expect(text).not.toContain('\uFFFD')
    const lines = new Set(text.split('\n').filter((line) => line.startsWith('|')))
    expect(lines).toEqual(new Set(['| 漢字 | 😀 |']))
  })

  it('counts what others have written to the file', async () => {
    await writeFile(file(), 'x'.repeat(SUMMARY_LIMIT - 500))
    await under.host.feedback.summarize('y'.repeat(400))
    expect(await size()).toBeLessThanOrEqual(SUMMARY_LIMIT)
    expect(await under.summary()).toContain('*Cut:')
  })

  it('keeps its order and its limit when calls overlap', async () => {
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(400_000))
    await Promise.all(parts.map((part) => under.host.feedback.summarize(part)))
    expect(await size()).toBeLessThanOrEqual(SUMMARY_LIMIT)
    expect(await under.summary()).toMatch(/^a+\nb+\n\*Cut/)
  })

  it('that cannot be written is a warning, not an error', async () => {
    await rm(file())
    await under.host.feedback.summarize('# Lost')
    await expect(under.host.feedback.summarize('# Lost too')).resolves.toBeUndefined()
    expect(under.raw()).toContain('::warning::The job summary could not be written')
  })

  it('is nothing where the runner offers no file', async () => {
    await under.another({ GITHUB_STEP_SUMMARY: '' }).feedback.summarize('# Nowhere')
    expect(await size()).toBe(0)
  })
})
