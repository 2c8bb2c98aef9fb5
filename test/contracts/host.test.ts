import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTerminalHost } from '../../src/adapters/host/terminal/index.js'
import { startGitHubHost } from './github-host.js'
import { type HostUnderTest, hostContract } from './host.contract.js'

hostContract('github', (inputs) => startGitHubHost({ inputs }))

hostContract('terminal', async (inputs): Promise<HostUnderTest> => {
  const cwd = await mkdtemp(join(tmpdir(), 'modelway-terminal-'))
  let printed = ''
  const sink = {
    write(text: string) {
      printed += text
    },
  }
  const host = createTerminalHost({
    inputs,
    stdout: sink,
    stderr: sink,
    cwd,
    colour: false,
    json: false,
    summaryFile: 'out/summary.md',
    commentFile: 'out/comment.md',
  })
  return {
    host,
    printed: () => printed,
    outputs: async () => host.outputs,
    summary: () => readFile(join(cwd, 'out/summary.md'), 'utf8'),
    comment: () => readFile(join(cwd, 'out/comment.md'), 'utf8'),
    post: async () => host,
    close: () => rm(cwd, { recursive: true }),
  }
})
