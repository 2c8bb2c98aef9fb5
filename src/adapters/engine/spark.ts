import type { QueryEngine } from '../../ports/engine.js'
import type { EngineSettings } from './engine-settings.js'
import { createSparkConnect } from './spark-connect.js'
import { createSparkSubmit } from './spark-submit.js'
import { createSparkThrift } from './spark-thrift.js'

/** Spark, reached the way that `connection.via` says. */
export function createSpark(settings: EngineSettings): QueryEngine {
  const { via } = settings.connection
  if (via === 'thrift') return createSparkThrift(settings)
  return via === 'submit' ? createSparkSubmit(settings) : createSparkConnect(settings)
}
