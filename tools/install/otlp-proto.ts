import { ensureCached } from './cache.js'
import { command } from './command.js'
import { pipInstall } from './packages.js'

export const otlpProtoVersion = '1.45.2'

/** A folder of Python packages with OpenTelemetry's published protobuf descriptions: put it on PYTHONPATH. */
export function ensureOtlpProto(): Promise<string> {
  const fill = async (folder: string): Promise<void> => {
    await pipInstall(folder, `opentelemetry-proto==${otlpProtoVersion}`, { dependencies: true })
    await command(
      'python3',
      ['-c', 'import opentelemetry.proto.collector.metrics.v1.metrics_service_pb2'],
      {
        env: { ...process.env, PYTHONPATH: folder },
      },
    )
  }
  return ensureCached({ name: 'otlp-proto', version: otlpProtoVersion, fill })
}
