import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { repositoryRoot } from '../../harness/root.ts'

/** A water meter's day as it was read: ms since midnight, and the register in litres. Gaps and steps back are part of it. */
export type DayShape = readonly (readonly [since: number, litres: number])[]

const daysMax = 2_000
const readingsMin = 12

/** Days of real homes, where their readings lie beside the project; none elsewhere. They are read, and kept nowhere. */
export function realWaterDays(): DayShape[] {
  const path = join(repositoryRoot, '../shared/data/daiad-water/readings.csv.gz')
  if (!existsSync(path)) return []
  const days = new Map<string, [since: number, litres: number][]>()
  const lines = gunzipSync(readFileSync(path)).toString().split('\n')
  for (const line of lines.slice(1)) {
    const [home = '', time = '', litres = ''] = line.split(',')
    const [date = '', clock = ''] = time.split(' ')
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
    if (litres === '') continue
    const key = `${home} ${date}`
    const readings = days.get(key) ?? []
    readings.push([((hours * 60 + minutes) * 60 + seconds) * 1_000, Number(litres)])
    days.set(key, readings)
  }
  const whole = [...days.values()].filter((readings) => readings.length >= readingsMin)
  const every = Math.max(1, Math.floor(whole.length / daysMax))
  return whole.filter((_, index) => index % every === 0)
}
