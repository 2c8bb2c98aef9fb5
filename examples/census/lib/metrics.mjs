/** How good the scores are against the labels: the flat object that metrics.json holds. */
export function measure(labels, scores) {
  const rows = labels.length
  let right = 0
  let loss = 0
  let brier = 0
  for (let row = 0; row < rows; row++) {
    const score = scores[row]
    if ((score >= 0.5 ? 1 : 0) === labels[row]) right++
    loss -= Math.log(Math.max(labels[row] === 1 ? score : 1 - score, 1e-15))
    brier += (score - labels[row]) ** 2
  }
  return {
    accuracy: right / rows,
    auc: areaUnderRoc(labels, scores),
    'log-loss': loss / rows,
    brier: brier / rows,
    rows,
  }
}

/** The share of (positive, negative) pairs in the right order, a tie counting half (Mann–Whitney). */
function areaUnderRoc(labels, scores) {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => scores[a] - scores[b])
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && scores[order[end]] === scores[order[start]]) end++
    const rank = (start + 1 + end) / 2
    for (let i = start; i < end; i++) {
      positives += labels[order[i]]
      rankSum += labels[order[i]] * rank
    }
    start = end
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (order.length - positives))
}
