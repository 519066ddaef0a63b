import { expect, test } from 'vitest'
import { encoderUsers, LINE_WRITERS, lineWriters } from './line-writers.ts'
import { sourceOf, sources } from './source.ts'

test('only the bus master and the scan put bytes on a line', () => {
  expect(sources().filter(({ path }) => path.startsWith('gateway/src/')).length).toBeGreaterThan(30)
  expect(lineWriters(sources())).toEqual([])
})
test('only the scan makes frames without a wire', () => {
  expect(encoderUsers(sources())).toEqual([])
})
test('who may write does write', () => {
  for (const prefix of Object.keys(LINE_WRITERS)) {
    const written = sources().filter(({ path, code }) => path.startsWith(prefix) && /\.write\(/.test(code))
    expect([prefix, written.length > 0]).toEqual([prefix, true])
  }
})

test.for([
  ['gateway/src/drivers/other.ts', 'await line.write(bytes)'],
  ['gateway/src/uplink/valve.ts', 'await this.#port.write(bytes)'],
  [
    'gateway/src/local-api/console.ts',
    "import type { Line } from '../serial-line/line.ts'\nexport const say = (line: Line) => line.write",
  ],
  [
    'gateway/src/local-api/console.ts',
    "import type { Transport } from '../serial-line/transport.ts'\nexport const say = ({ write }: Transport) => write",
  ],
] as const)('%s with %s is found', ([path, text]) => {
  expect(lineWriters([sourceOf(path, text)]).length).toBeGreaterThan(0)
})
test('a terminal is no line, and a test may write', () => {
  expect(lineWriters([sourceOf('gateway/src/cli/main.ts', 'process.stdout.write(text)')])).toEqual([])
  expect(lineWriters([sourceOf('gateway/src/a.test.ts', 'line.write(bytes)')])).toEqual([])
})
test('an encoder in a driver is found', () => {
  const text = "import { encodeRead } from '@anju/device-profiles/protocols/dlt645/encode'"
  expect(encoderUsers([sourceOf('gateway/src/drivers/meter.ts', text)])).toHaveLength(1)
  expect(encoderUsers([sourceOf('gateway/src/cli/scan.ts', text)])).toEqual([])
})
