import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { GpuUsage, TrainingResources } from '../../../ports/compute.js'

const MEBIBYTE = 1024 * 1024
const run = promisify(execFile)

export interface GpuWatch {
  /** Ends the watch and gives what it saw. May be called twice. */
  stop(): Omit<TrainingResources, 'peakRssBytes'>
}

/** The GPUs of this machine by nvidia-smi; none where there is no such program. */
export async function listGpus(): Promise<readonly GpuUsage[]> {
  try {
    const fields = '--query-gpu=name,memory.total,driver_version'
    const { stdout } = await run('nvidia-smi', [fields, '--format=csv,noheader,nounits'], {
      timeout: 10_000,
    })
    return stdout.trim().split('\n').filter(Boolean).map(parseGpu)
  } catch {
    // No GPU, no driver, or no permission: all of them mean that there is nothing to measure.
    return []
  }
}

function parseGpu(line: string): GpuUsage {
  const [name = '', memory = '', driver = ''] = line.split(',').map((field) => field.trim())
  const memoryBytes = /^\d+$/.test(memory) ? Number(memory) * MEBIBYTE : undefined
  return { name, memoryBytes, driver }
}

/** Samples memory and utilisation once a second until it is stopped. */
export async function watchGpus(): Promise<GpuWatch> {
  const gpus = await listGpus()
  if (gpus.length === 0) {
    return { stop: () => ({ gpus, peakGpuMemoryBytes: undefined, meanGpuUtilisation: undefined }) }
  }
  const seen = { peakMebibytes: 0, utilisation: 0, samples: 0 }
  const fields = '--query-gpu=memory.used,utilization.gpu'
  const child = spawn('nvidia-smi', [fields, '--format=csv,noheader,nounits', '-l', '1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.on('error', () => undefined)
  createInterface({ input: child.stdout }).on('line', (line) => note(line, seen))
  return {
    stop: () => {
      child.kill()
      return {
        gpus,
        peakGpuMemoryBytes: seen.samples === 0 ? undefined : seen.peakMebibytes * MEBIBYTE,
        meanGpuUtilisation: seen.samples === 0 ? undefined : seen.utilisation / seen.samples / 100,
      }
    },
  }
}

function note(
  line: string,
  seen: { peakMebibytes: number; utilisation: number; samples: number },
): void {
  const [memory = Number.NaN, utilisation = Number.NaN] = line.split(',').map(Number)
  if (!Number.isFinite(memory) || !Number.isFinite(utilisation)) return
  seen.peakMebibytes = Math.max(seen.peakMebibytes, memory)
  seen.utilisation += utilisation
  seen.samples++
}
