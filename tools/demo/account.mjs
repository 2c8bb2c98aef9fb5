/** What the demo says to its reader. */
const started = performance.now()

export function title(text) {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(3)
  console.log(`\n[${seconds} s] ${text}\n${'='.repeat(text.length + 8)}`)
}

export function step(text) {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(3)
  console.log(`\n[${seconds} s] ${text}`)
}

export function say(text) {
  console.log(text)
}
