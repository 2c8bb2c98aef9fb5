// Learns nothing: writes 400 predictions of which a given share is right, after as long as it is told to take.
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const { accuracy } = JSON.parse(process.env.MODELWAY_PARAMS ?? '{"accuracy":0.9}')
console.log('training')
await wait(Number(process.env.TRAIN_MILLISECONDS ?? 0))
const rows = Array.from({ length: 400 }, (_, id) => {
  const label = id % 2
  const prediction = id % 20 < Math.round(20 * accuracy) ? label : 1 - label
  return [id, label, prediction, prediction === 1 ? 0.8 : 0.2].join(',')
})
mkdirSync('model', { recursive: true })
writeFileSync('model/model.json', JSON.stringify({ accuracy }))
writeFileSync('metrics.json', JSON.stringify({ accuracy }))
writeFileSync('predictions.csv', `id,label,prediction,score\n${rows.join('\n')}\n`)
