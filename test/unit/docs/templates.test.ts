import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

function template(name: string): {
  readonly on: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>
} {
  const url = new URL(`../../../action-templates/modelway-gate-${name}.yml`, import.meta.url)
  return parse(readFileSync(url, 'utf8'))
}

describe('the template for commands', () => {
  const steps = template('command').jobs['gate']?.steps ?? []

  it('unpacks what code of the pull request made outside of the checkout, and takes named files of it', () => {
    const downloads = steps.filter(({ uses }) => uses?.startsWith('actions/download-artifact@'))
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions.
    expect(downloads.map((step) => step.with?.['path'])).toEqual(['${{ runner.temp }}/train'])
    const [taken] = steps.flatMap(({ run }) => (run === undefined ? [] : [run]))
    expect(taken).toMatch(/^for name in \.modelway model metrics\.json predictions\.csv; do$/m)
    expect(taken?.indexOf('rm -rf')).toBeLessThan(taken?.indexOf('mv ') ?? 0)
  })

  it('judges by the rules of the base branch', () => {
    const gate = steps.find(({ uses }) => uses?.includes('/evaluate-gate@'))
    expect(gate?.with).toEqual({ 'policy-ref': 'base' })
  })
})

describe('the template for pull requests', () => {
  it('judges again what was moved to another base branch, and no pull request to another', () => {
    expect(template('pull-request').on['pull_request']).toEqual({
      branches: ['$default-branch'],
      types: ['opened', 'synchronize', 'reopened', 'edited'],
    })
  })
})
