import { describe, expect, it } from '@jest/globals'
import { GitopsTarget, isBranch, isRepositoryPath } from '../../../../src/config/deploy/gitops.js'

const good = {
  manifests: [{ file: 'apps/route.yaml', 'http-route': 'churn' }],
  sync: { flux: { kustomization: 'apps' } },
}

describe('the section deploy.gitops', () => {
  it.each(['main', 'release/1.2', 'user@x', 'a_b-c.d', 'naïve'.replace('ï', 'i')])(
    'takes branch %j',
    (name) => {
      expect(isBranch(name)).toBe(true)
    },
  )

  it.each([
    ...['', '-x', '--force', '.x', '/x', 'a..b', 'a//b', 'a/.b', 'a/', 'a.', 'a.lock', 'a.lock/b'],
    ...['a b', 'a~1', 'a^', 'a:b', 'a?b', 'a*', 'a[b', 'a\\b', 'a@{1}', 'a\nb', 'refs/heads/x'],
    ...['heads/x', 'x'.repeat(201), 'a\u0000'],
  ])('refuses branch %j', (name) => {
    expect(isBranch(name)).toBe(false)
    expect(GitopsTarget.safeParse({ ...good, branch: name }).success).toBe(false)
  })

  it.each([
    ...['', '/etc/passwd', '../x', 'a/../b', './a', 'a//b', 'a/', '.git/config', 'a/.GIT/x'],
    ...['a\\b', 'a\nb', 'C:x', 'a\u0000b', 'x'.repeat(1025)],
  ])('refuses file %j', (file) => {
    expect(isRepositoryPath(file)).toBe(false)
    const manifests = [{ file, 'http-route': 'churn' }]
    expect(GitopsTarget.safeParse({ ...good, manifests }).success).toBe(false)
  })

  it.each(['acme', 'acme/..', 'acme/x/y', '-a/b', 'a b/c', 'acme/x?y', '../x'])(
    'refuses repository %j',
    (repository) => {
      expect(GitopsTarget.safeParse({ ...good, repository }).success).toBe(false)
    },
  )

  it('wants to know what a value is, and one way to find it', () => {
    const parse = (manifest: object) =>
      GitopsTarget.safeParse({ ...good, manifests: [{ file: 'x', ...manifest }] }).success
    expect(parse({ path: 'a.b', holds: 'latest' })).toBe(true)
    expect(parse({ path: 'a.b' })).toBe(false)
    expect(parse({ path: 'a..b', holds: 'latest' })).toBe(false)
    expect(parse({ path: 'a', image: 'b', holds: 'latest' })).toBe(false)
    expect(parse({})).toBe(false)
  })

  it('wants one system that applies, reached safely', () => {
    const parse = (sync: object) => GitopsTarget.safeParse({ ...good, sync }).success
    expect(parse({})).toBe(false)
    expect(
      parse({ flux: { kustomization: 'a' }, 'argo-cd-application': { application: 'a' } }),
    ).toBe(false)
    expect(parse({ 'argo-cd': { url: 'http://argo.example.com', application: 'a' } })).toBe(false)
    expect(parse({ 'argo-cd': { url: 'https://argo.example.com/argo', application: 'a' } })).toBe(
      true,
    )
  })
})
