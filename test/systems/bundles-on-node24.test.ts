import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { command } from '../../tools/install/command.js'
import { ensureNode24 } from '../../tools/install/node24.js'
import { node } from '../acceptance/bundles/bundle.js'
import { describePipeline } from '../acceptance/bundles/pipeline-suite.js'
import { systemSuite } from './system-suite.js'

// @evidence Node.js 24: live (24.21.0)
await systemSuite('the bundles on the Node of the runner', ensureNode24, (folder) => {
  node.path = join(folder(), 'node')

  it('is Node 24', async () => {
    expect(await command(node.path, ['--version'])).toMatch(/^v24\./)
  })

  describePipeline()
})
