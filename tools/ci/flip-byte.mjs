import { readFileSync, writeFileSync } from 'node:fs'

/** Changes one byte in the middle of a file. */
const [file] = process.argv.slice(2)
const bytes = readFileSync(file)
const at = Math.floor(bytes.length / 2)
bytes[at] = (bytes[at] ?? 0) ^ 1
writeFileSync(file, bytes)
