import { execFileSync } from 'node:child_process'
import { getInput } from '@actions/core'

/** The workspace is a repository with that one commit afterwards. */
const source = process.env['CHECKOUT_SOURCE'] ?? ''
const git = (...args: readonly string[]) => execFileSync('git', args, { stdio: 'inherit' })
git('init', '--quiet')
git('fetch', '--quiet', '--depth', '1', source, getInput('ref') || 'HEAD')
git('checkout', '--quiet', '--force', 'FETCH_HEAD')
