import { profiles } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import { parseLineUrl } from '../../serial-line/line-url.ts'
import { planOf } from './plan.ts'
import { adviceFor } from './ports.ts'
import { isSame, nameOf } from './settings.ts'

const plan = planOf('serial:/dev/ttyUSB0', { thorough: false })
const settingsTried = plan.flatMap(({ url }) => (url.kind === 'serial' ? [url] : []))

test('every setting that a known device leaves the factory with is tried, once, the usual meter first', () => {
  const serials = profiles.flatMap(({ serial }) => (serial ? [serial] : []))
  expect(serials.length).toBeGreaterThan(20)
  for (const serial of serials) expect(settingsTried.filter((settings) => isSame(settings, serial))).toHaveLength(1)
  expect(settingsTried.slice(0, 3).map(nameOf)).toEqual(['2400 8E1', '9600 8N1', '115200 8N1'])
  expect(new Set(settingsTried.map(nameOf)).size).toBe(plan.length)
})

test('a line that is printed is one that the configuration takes, and means the same', () => {
  for (const { url, line } of plan) expect(parseLineUrl(line, 'lines[0].url')).toEqual(url)
  for (const text of [
    'tcp://10.0.0.7:4001',
    'tcp://[::1]:4001',
    'serial:/dev/ttyS1?baud=300&parity=odd&databits=7&stopbits=2',
  ])
    for (const { url, line } of planOf(text, { thorough: false })) {
      expect(line).toBe(text)
      expect(parseLineUrl(line, 'lines[0].url')).toEqual(url)
    }
})

const minutesOf = (thorough: boolean) =>
  planOf('serial:/dev/ttyUSB0', { thorough }).reduce((sum, { takes }) => sum + takes, 0) / 60_000
test('the whole of it takes minutes, and a thorough one no more than an hour and a half', () => {
  expect(minutesOf(false)).toBeLessThan(8)
  expect(minutesOf(true)).toBeLessThan(90)
})

test('a misspelt line is refused with its field', () => {
  for (const text of ['/dev/ttyUSB0', 'serial:/dev/ttyUSB0?speed=9600', 'tcp://10.0.0.7'])
    expect(() => planOf(text, { thorough: false })).toThrow(/^--line: /)
})

test('what to type next names the adapter by the name that stays, and no port that is in use', () => {
  const stable = '/dev/serial/by-id/usb-adapter'
  expect(adviceFor([{ path: '/dev/ttyUSB0', stable, heldBy: [] }])).toBe(
    `next: npm run gateway -- scan --line serial:${stable}`,
  )
  const held = { path: '/dev/ttyUSB0', stable, heldBy: ['node (process 12)'] }
  expect(adviceFor([held, { path: '/dev/ttyUSB1', heldBy: null }])).toMatch(/serial:\/dev\/ttyUSB1$/)
  expect(adviceFor([held])).toMatch(/^every port is held/)
  expect(adviceFor([])).toMatch(/^no serial port here/)
})
