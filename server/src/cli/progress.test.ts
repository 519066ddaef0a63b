import { instant, millis } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { barOf, lineOf, type Progress, ProgressLine } from './progress.ts'

const at = (done: number, rows: number, what = 'copying'): Progress => ({
  what,
  done,
  total: 200,
  rows,
  unit: 'samples',
})

test.for([
  [0, 200, '[........................]'],
  [99, 200, '[###########.............]'],
  [200, 200, '[########################]'],
  [300, 200, '[########################]'],
  [0, 0, '[########################]'],
] as const)('%i of %i is drawn as %s', ([done, total, bar]) => {
  expect(barOf({ done, total })).toBe(bar)
})

test.for([
  [0, 0, 0, 'copying: 0 %, 0 samples (0/s)'],
  [50, 1_234_567, 10_000, 'copying: 25 %, 1,234,567 samples (123,457/s), 30 s left'],
  [10, 9_000, 60_000, 'copying: 5 %, 9,000 samples (150/s), 19 min left'],
  [1, 9_000, 600_000, 'copying: 0 %, 9,000 samples (15/s), 34 h left'],
  [200, 9_000, 1_000, 'copying: 100 %, 9,000 samples (9,000/s)'],
] as const)('%i series and %i samples after %i ms', ([done, rows, after, line]) => {
  expect(lineOf(at(done, rows), at(0, 0), millis(after))).toBe(line)
})

test('what an earlier run did is in the bar, and neither in the rate nor in what remains', () => {
  expect(lineOf(at(150, 1_500_000), at(100, 1_000_000), millis(50_000))).toBe(
    'copying: 75 %, 1,500,000 samples (10,000/s), 50 s left',
  )
})

function aLine(isTTY: boolean, columns = 200) {
  const clock = new VirtualClock(instant(0))
  const written: string[] = []
  const screen = { isTTY, columns, write: (text: string) => written.push(text) }
  return { clock, written, line: new ProgressLine(screen, clock) }
}

test('on a terminal it draws over itself, never beyond its edge, and makes room for what is said', async () => {
  const { clock, written, line } = aLine(true, 50)
  for (const done of [0, 1, 2, 3]) {
    line.show(at(done, done * 100))
    await clock.pass(millis(150))
  }
  expect(written).toHaveLength(1)
  expect(written[0]).toMatch(/^\r\[\.+\] copying: 1 %, 2.*…/)
  expect(written[0]?.endsWith('\x1b[K')).toBe(true)
  expect(written[0]?.length).toBe(50 - 1 + '\r\x1b[K'.length)
  line.clear()
  expect(written.at(-1)).toBe('\r\x1b[K')
})

test('elsewhere it says a line every few seconds, and draws nothing', async () => {
  const { clock, written, line } = aLine(false)
  for (let second = 0; second <= 12; second++) {
    line.show(at(second, second * 100))
    await clock.pass(millis(1_000))
  }
  line.clear()
  expect(written).toEqual([
    'copying: 2 %, 500 samples (100/s), 4 min left\n',
    'copying: 5 %, 1,000 samples (100/s), 4 min left\n',
  ])
})
