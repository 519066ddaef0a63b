import { instant, millis, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { crc16Modbus } from '@anju/device-profiles/crc'
import { protocols } from '@anju/device-profiles/protocols'
import { wires } from '@anju/device-profiles/wires'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OnLine, passUntil, ScannedLine } from '../../../../tests/harness/scanned-line.ts'
import { planOf } from './plan.ts'
import { searches } from './questions.ts'
import { scanLine } from './scan-line.ts'

/* Whatever hangs on a line and whatever it answers, a scan says nothing but reads. */

/** The reads of each protocol, as they stand on the wire. */
const KNOWN_READS = [
  /^FEFEFEFE68[0-9A-F]{12}68(?:1104[0-9A-F]{8}|1205[0-9A-F]{10}|1300|0[12]02[0-9A-F]{4})[0-9A-F]{2}16$/,
  /^FEFEFE68[0-9A-F]{16}0[13]03[0-9A-F]{6}[0-9A-F]{2}16$/,
  /^[0-9A-F]{2}0[34][0-9A-F]{12}$/,
  /^10(?:40|5B|7B)[0-9A-F]{4}16$/,
  /^2F3F210D0A$/,
  /^06303[0-6]300D0A$/,
]

/** What is wrong with it; nothing when it is one of the known reads, and no protocol's reader finds a command in it. */
function faultsOf(hex: string): readonly string[] {
  const bytes = Buffer.from(hex, 'hex')
  const isKnown = KNOWN_READS.some((read) => read.test(hex))
  const commands = protocols.flatMap(({ name, read }) =>
    read({ bytes, topic: '' }).flatMap((told) =>
      told.is === 'told' && told.frame['neverSentByGateway'] ? [`${hex} is a command of ${name}`] : [],
    ),
  )
  return isKnown ? commands : [`${hex} is no known read`, ...commands]
}

async function writtenTo(devices: readonly OnLine[], url: string, thorough: boolean): Promise<readonly string[]> {
  const clock = new VirtualClock(instant(0))
  const port = new ScannedLine(clock, devices)
  const stopping = new AbortController()
  const scan = scanLine(
    planOf(url, { thorough }),
    { all: true, print: () => undefined, say: () => undefined },
    { open: port.open, clock, random: seededRandom(1), signal: stopping.signal },
  )
  await passUntil(clock, scan)
  return port.written
}

test('on an empty line everything that can be asked is a read', async () => {
  const written = new Set(await writtenTo([], 'serial:/dev/ttyUSB0', true))
  expect(written.size).toBeGreaterThan(700)
  expect([...written].flatMap(faultsOf)).toEqual([])
})

test('every protocol in which devices are asked is asked', async () => {
  const polled = Object.entries(wires).flatMap(([name, wire]) => (wire.is === 'polled' ? [name] : []))
  expect(Object.keys(searches).toSorted()).toEqual(polled.toSorted())
  const asked = planOf('serial:/dev/ttyUSB0', { thorough: false }).flatMap(({ asking }) => asking)
  expect([...new Set(asked.map(({ name }) => name))].toSorted()).toEqual(polled.toSorted())
  const questions = planOf('tcp://10.0.0.7:4001', { thorough: false })[0]?.asking ?? []
  expect(questions.map(({ name }) => name).toSorted()).toEqual(polled.toSorted())
})

const byte = fc.nat({ max: 255 })
const sum = (bytes: readonly number[]) => bytes.reduce((total, one) => (total + one) & 0xff, 0)
const crc = (bytes: readonly number[]) => {
  const check = crc16Modbus(Uint8Array.from(bytes))
  return [...bytes, check & 0xff, check >> 8]
}
const bytesOf = (maxLength: number) => fc.array(byte, { maxLength })
const text = (value: string) => [...Buffer.from(value, 'latin1')]

/** Whole frames with a right check, whatever stands in them: answers, commands, and what no device would say. */
const frame = fc.oneof(
  fc.tuple(bytesOf(12), byte, fc.array(byte, { minLength: 6, maxLength: 6 })).map(([data, control, address]) => {
    const body = [0x68, ...address, 0x68, control, data.length, ...data]
    return [...body, sum(body), 0x16]
  }),
  fc
    .tuple(bytesOf(12), fc.constantFrom(0x81, 0x83, 0xc1, 0x91, 0x93, 0xb1, 0x84), byte)
    .map(([data, control, type]) => {
      const body = [0x68, type, 0x01, 0, 0, 0x05, 0x08, 0, 0, control, data.length, ...data]
      return [...body, sum(body), 0x16]
    }),
  fc.tuple(fc.integer({ min: 1, max: 17 }), byte, bytesOf(8)).map(([unit, code, data]) => crc([unit, code, ...data])),
  fc.tuple(fc.integer({ min: 1, max: 17 }), byte).map(([unit, value]) => crc([unit, 3, 2, 0, value])),
  fc.tuple(byte, byte, byte, bytesOf(20)).map(([control, address, ci, data]) => {
    const body = [control, address, ci, ...data]
    return [0x68, body.length, body.length, 0x68, ...body, sum(body), 0x16]
  }),
  fc.constant([0xe5]),
  fc.constantFrom('/ABC5name\r\n', '/ABCname\r\n', '\u00060501\r\n', '\u0001P0\u0002(1)\u0003', '/?!\r\n').map(text),
)
const answer = fc.oneof(
  frame,
  fc.tuple(frame, frame).map(([one, two]) => [...one, ...two]),
  bytesOf(40),
  fc.constant([]),
)

test('whatever answers, and whatever it answers, only reads are sent', async () => {
  let written = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.constantFrom(
        'serial:/dev/x?baud=2400&parity=even',
        'serial:/dev/x?baud=300&parity=even&databits=7',
        'tcp://h:1',
      ),
      async (answers, echoes, url) => {
        let asked = 0
        const set = url.includes('databits') ? '300 7E1' : '2400 8E1'
        const device = {
          answer(heard: Uint8Array) {
            const next = answers[asked++ % answers.length] ?? []
            return { bytes: Uint8Array.from(echoes ? [...heard, ...next] : next), points: [] }
          },
        }
        const said = await writtenTo([{ set, device, reaction: millis(20) }], url, false)
        written += said.length
        expect(said.flatMap(faultsOf)).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
  expect(written).toBeGreaterThan(1_000)
})

test('a command would be noticed', () => {
  expect(faultsOf('010600010003980B')).toHaveLength(2)
  expect(faultsOf('2F3F210D0A2F3F210D0A')).toHaveLength(1)
  expect(faultsOf('68610100000000681404333333331616').length).toBeGreaterThan(1)
})
