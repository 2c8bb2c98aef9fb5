import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createLocalTrainer } from '../../../../src/adapters/compute/local/index.js'
import { CancelledError } from '../../../../src/errors.js'
import type { TrainingRequest } from '../../../../src/ports/compute.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'

const GRACE_MS = 250

describe('training on this runner', () => {
  const folder = useTemporaryFolder()
  const trainer = createLocalTrainer(GRACE_MS)
  const lines: string[] = []
  const requestOf = (
    command: TrainingRequest['command'],
    extra: Partial<TrainingRequest> = {},
  ): TrainingRequest => {
    lines.length = 0
    return {
      command,
      cwd: folder.path,
      env: { PATH: process.env['PATH'] },
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      onLine: (line) => lines.push(line),
      ...extra,
    }
  }
  const script = (name: string, text: string) => ['node', folder.write(name, text)]

  /** Cancels as soon as the command has printed `ready`. */
  const cancelWhenReady = (command: TrainingRequest['command']) => {
    const controller = new AbortController()
    const onLine = (line: string): void => {
      lines.push(line)
      if (line === 'ready') controller.abort()
    }
    return trainer.train(requestOf(command, { signal: controller.signal, onLine }))
  }
  const pidIn = (name: string): number => Number(readFileSync(join(folder.path, name), 'utf8'))
  const isRunning = (pid: number): boolean => {
    try {
      // A zombie has ended: nobody has asked for its exit code yet.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }

  it('streams both outputs by line and gives the exit code', async () => {
    const command = script(
      'a.mjs',
      "console.log('one\\rtwo\\nthree');console.error('four');setTimeout(()=>process.exit(7),600)",
    )
    const { exitCode, timedOut, resources, durationSeconds } = await trainer.train(
      requestOf(command),
    )
    expect([exitCode, timedOut]).toEqual([7, false])
    expect([...lines].sort()).toEqual(['four', 'one', 'three', 'two'])
    expect(durationSeconds).toBeGreaterThan(0)
    expect(resources.peakRssBytes).toBeGreaterThan(1e6)
  })

  it('gives a list to no shell, and a text to one, with the environment that it is given', async () => {
    await trainer.train(requestOf(['node', '-p', 'process.argv[1]', '$HOME `x` "y"']))
    expect(lines).toEqual(['$HOME `x` "y"'])
    await trainer.train(requestOf('echo "$A-$HOME"', { env: { A: '1' } }))
    expect(lines).toEqual(['1-'])
  })

  it.each([
    ['an unknown program', ['no-such-program-at-all']],
    ['no program', ['']],
    ['a NUL byte', ['node', 'a\0b']],
    ['a folder', ['/']],
  ])('says that %s cannot be started', async (_, command) => {
    await expect(trainer.train(requestOf(command))).rejects.toThrow(/^MW-TRAIN-001: train\.run: /)
  })

  it('says that a command ended by a signal has no exit code', async () => {
    const { exitCode } = await trainer.train(requestOf('kill -9 $$'))
    expect(exitCode).toBeUndefined()
  })

  it('stops a command that takes too long', async () => {
    const command = script('a.mjs', 'setInterval(() => {}, 1000)')
    const { timedOut } = await trainer.train(requestOf(command, { timeoutMs: 150 }))
    expect(timedOut).toBe(true)
  })

  it('lets a cancelled command end by itself', async () => {
    const command = script(
      'a.mjs',
      "process.on('SIGTERM', () => { console.log('saved'); process.exit(0) }); setInterval(() => {}, 1000); console.log('ready')",
    )
    expect(await errorOf(() => cancelWhenReady(command))).toBeInstanceOf(CancelledError)
    expect(lines).toEqual(['ready', 'saved'])
  })

  it('ends a command that ignores SIGTERM by force after the grace', async () => {
    const command = script(
      'a.mjs',
      "import { writeFileSync } from 'node:fs'; process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); writeFileSync('pid', String(process.pid)); console.log('ready')",
    )
    expect(await errorOf(() => cancelWhenReady(command))).toBeInstanceOf(CancelledError)
    expect(isRunning(pidIn('pid'))).toBe(false)
  })

  it.each([
    ['holds its output open', 'inherit', ''],
    ['closed its output', 'ignore', ''],
    ['closed its output and ignores SIGTERM', 'ignore', "process.on('SIGTERM', () => {});"],
  ])('stops a grandchild that %s, too', async (_, stdio, preamble) => {
    const grandchild = folder.write(
      'grandchild.mjs',
      `${preamble} import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`,
    )
    const command = script(
      'a.mjs',
      `import { spawn } from 'node:child_process'; import { existsSync } from 'node:fs'
       spawn(process.execPath, [${JSON.stringify(grandchild)}], { stdio: ['ignore', '${stdio}', '${stdio}'] })
       const timer = setInterval(() => { if (existsSync('pid')) { clearInterval(timer); console.log('ready'); setInterval(() => {}, 1000) } }, 5)`,
    )
    expect(await errorOf(() => cancelWhenReady(command))).toBeInstanceOf(CancelledError)
    expect(isRunning(pidIn('pid'))).toBe(false)
  })

  it('does not wait for ever for what a command left in the background', async () => {
    const { exitCode } = await trainer.train(requestOf('sleep 20 & echo done'))
    expect([exitCode, lines]).toEqual([0, ['done']])
  })

  it('does not start on a signal that was already given', async () => {
    const signal = AbortSignal.abort()
    const work = () => trainer.train(requestOf('sleep 20', { signal }))
    expect(await errorOf(work)).toBeInstanceOf(CancelledError)
  })

  it('names the machine, and the interpreter of a command in its folder', async () => {
    const python = folder.write(
      'bin/python3',
      '#!/bin/sh\nif [ "$1" = --version ]; then echo Python 3.99.1; else echo b==1; echo a==2; fi\n',
    )
    const { chmodSync } = await import('node:fs')
    chmodSync(python, 0o755)
    const facts = await trainer.environment(['bin/python3', 'train.py'], folder.path)
    expect(facts).toMatchObject({
      os: process.platform,
      node: process.version,
      python: '3.99.1',
      packages: 'a==2 b==1',
    })
    expect(await trainer.environment('node train.mjs', folder.path)).not.toHaveProperty('python')
  })
})
