/** Turns SIGINT and SIGTERM into an AbortSignal, so that a job can stop what it started and leave nothing half-done. */
export function listenForCancellation(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const cancel = (): void => controller.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, cancel)
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) process.off(signal, cancel)
    },
  }
}
