/** The parts of a drift check's section that draw large figures: loaded only where there are some. */
export { performance } from './drift-performance.js'
export { overTime } from './drift-time.js'
