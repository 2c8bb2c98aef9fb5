/** Under which name a run keeps what later changes are compared with, as an artifact. */
export function keptBaselineName(project: string): string {
  const safe = project.replace(/[^\w.-]+/g, '-').slice(0, 100)
  return `modelway-baseline-${safe}`
}
