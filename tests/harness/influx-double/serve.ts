import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { anInfluxDouble } from '../influx-double.ts'
import { failure } from './store.ts'

/**
 * The double as a process, so that it can be killed: `serve.ts PORT JOURNAL`. What it says it has is on its disk. It obeys
 * `full` (its disk is; as 2.7.12 it goes on refusing until it is started again, whatever room there is) and `count`.
 */
const [port, journal = ''] = process.argv.slice(2)
/** No line of ours begins with it. */
const mark = '\u0000'
const written = existsSync(journal) ? readFileSync(journal, 'utf8') : ''
// What follows the last mark was being written when it died: nobody was told that it is there.
const known = written.slice(0, written.lastIndexOf(mark) + 1)
writeFileSync(journal, known)
const file = openSync(journal, 'a')
const double = await anInfluxDouble({
  port: Number(port),
  onStored(lines) {
    writeSync(file, lines + mark)
    fsyncSync(file)
  },
})
for (const lines of known.split(mark).slice(0, -1)) double.remembers(lines)

const noSpace = () =>
  failure(
    500,
    'internal error',
    'unexpected error writing points to database: not attempting to open shard 2; opening shard previously failed with: error loading series file for database "double": write engine/data/double/_series/00/0000.initializing: no space left on device',
  )
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'full') double.always = noSpace
  if (line === 'count') console.log(`points ${double.points}`)
})
process.once('SIGTERM', () => {
  closeSync(file)
  process.exit(0)
})
console.log('listening')
