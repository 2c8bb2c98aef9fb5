// @evidence Argo CD's API: contract (its swagger.json, 3.1.9), with commits on GitHub's (OpenAPI description, @octokit/openapi 23.0.2)
import { trafficContract } from '../../../../contracts/traffic.contract.js'
import { startBench } from './bench.js'

trafficContract('gitops by commits', () => startBench())
trafficContract('gitops by pull requests', () => startBench({ deliver: 'pull-request' }))
