import { describePipeline } from './pipeline-suite.js'

describePipeline()
