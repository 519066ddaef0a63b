import { expect, test } from 'vitest'
import type { Decoded } from '../profile.ts'
import { loadProfile } from './load.ts'

const door = {
  id: 'acme/door-1',
  name: 'Door contact D1',
  driver: 'mqtt',
  topic: 'acme/NAME/state',
  payload: 'json',
  models: ['D1'],
  supervision: { reportEveryS: 3_600, lostAfterS: 14_400 },
  measures: {
    contact: { quantity: 'contact', name: 'Contact', value: "door = 'closed'" },
    battery: { quantity: 'battery-level', name: 'Battery level', value: 'cell.percent' },
  },
  events: {
    'battery-low': { from: 'below', of: 'battery', raiseAt: 15, clearAt: 25 },
    'sos-pressed': { from: 'edge', when: "key = 'sos'" },
  },
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: ['Mark to mark, at most 20 mm apart.'],
  examples: [
    { when: 'closed', payload: { door: 'closed', cell: { percent: 80 } }, reads: { contact: 1, battery: 80 } },
    {
      when: 'nothing is known of the cell',
      payload: { door: 'open', cell: { percent: null } },
      reads: { contact: 0, battery: { absent: 'not-reported' } },
    },
    {
      when: 'its key was pressed',
      payload: { door: 'open', key: 'sos' },
      reads: { contact: 0 },
      events: ['sos-pressed'],
    },
    { when: 'cut off', payload: '{"door":"cl', fails: 'payload-malformed' },
  ],
}
const meter = {
  id: 'acme/meter-1',
  name: 'Electricity meter M1',
  driver: 'modbus-rtu',
  models: ['M1'],
  serial: { baud: 9_600, parity: 'none', stopBits: 1 },
  function: 3,
  blocks: [{ from: 16, count: 2, everyS: 30 }],
  registers: [{ at: 16, point: 'voltage', quantity: 'electric-potential', format: 'u16', exponent: -1 }],
  walkTest: { do: 'Read it once.', proves: 'voltage' },
  wiring: ['A to A, B to B.'],
  examples: [
    { when: '230.1 V', from: 16, words: '08FD 0000', reads: { voltage: 230.1 } },
    { when: 'registers it does not have', from: 99, words: '0000', fails: 'frame-unknown' },
  ],
}
const textOf = (value: unknown): string => JSON.stringify(value, undefined, 2)
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

test('a payload is read by the expressions of its file', async () => {
  const loaded = await loadProfile(textOf(door))
  expect(loaded).toMatchObject({
    is: 'profile',
    profile: { id: 'acme/door-1', supervision: { lostAfter: 14_400_000 } },
  })
  const profile = loaded.is === 'profile' && loaded.profile.driver === 'mqtt' ? loaded.profile : undefined
  const payload = new TextEncoder().encode('{"door":"closed","key":"sos"}')
  const decoded: Decoded | undefined = await profile?.decode({ topic: 'acme/hall/state', payload })
  expect(decoded).toEqual({ readings: { contact: { is: 'value', value: 1 } }, events: ['sos-pressed'] })
})

test('a register map is polled like one of ours', async () => {
  expect(await loadProfile(textOf(meter))).toMatchObject({
    is: 'profile',
    profile: {
      driver: 'modbus-rtu',
      polls: [{ name: '0010', ask: { function: 3, from: 16, count: 2 }, every: 30_000 }],
    },
  })
})

test('comments and trailing commas are allowed', async () => {
  const text = textOf(door).replace('"id"', '// the one in the hall\n  "id"').replace(/\n\}$/, ',\n}')
  expect(await loadProfile(text)).toMatchObject({ is: 'profile' })
})

/** A change of a good file, the part of the text whose line must be named, and why. */
const refusals: readonly (readonly [
  what: string,
  file: object,
  change: (text: string) => string,
  at: string,
  why: string,
])[] = [
  ['a comma is missing', door, (text) => text.replace('"D1"', '"D1" "D2"'), '"D1"', 'not JSON: comma expected'],
  [
    'a driver nobody knows',
    door,
    (text) => text.replace('"mqtt"', '"zigbee"'),
    '"driver"',
    'driver: a file may only be for',
  ],
  ['a misspelt field', door, (text) => text.replace('"wiring"', '"wirring"'), '"wirring"', 'wirring: is not a field'],
  [
    'a quantity nobody knows',
    door,
    (text) => text.replace('"battery-level"', '"battery"'),
    '"battery"',
    'measures.battery.quantity',
  ],
  [
    'an expression that is none',
    door,
    (text) => text.replace('cell.percent', 'cell.('),
    'cell.(',
    'measures.battery.value: ',
  ],
  [
    'a regular expression',
    door,
    (text) => text.replace("door = 'closed'", '$contains(door, /^(a+)+$/)'),
    '$contains',
    'measures.contact.value: a regular expression may run for ever',
  ],
  [
    'an event nobody knows',
    door,
    (text) => text.replaceAll('sos-pressed', 'help'),
    '"help"',
    'events.help: is no event',
  ],
  [
    'a battery nobody is told of',
    door,
    (text) => text.replace('"battery-low"', '"cannot-tell"'),
    '"events"',
    'nobody is told when it is low',
  ],
  [
    'no example is refused',
    door,
    (text) => text.replace('"fails": "payload-malformed"', '"reads": {}'),
    '"examples"',
    'none is refused',
  ],
  [
    'an example that the profile contradicts',
    door,
    (text) => text.replace('"battery": 80', '"battery": 81'),
    '"closed",\n      "payload"',
    'example "closed": expected battery 81, the profile says 80',
  ],
  [
    'an example of a value that the gateway would not believe',
    door,
    (text) => text.replaceAll('80', '800'),
    '"closed",\n      "payload"',
    'example "closed": expected battery 800, the profile says absent(implausible)',
  ],
  [
    'an example that is read though it should be refused',
    door,
    (text) => text.replace('"{\\"door\\":\\"cl"', '{ "door": "open" }'),
    '"cut off"',
    'example "cut off": expected payload-malformed, the profile says contact 0',
  ],
  [
    'true for a switch',
    door,
    (text) => text.replace('"contact": 1', '"contact": true'),
    '"contact": true',
    'examples.0.reads.contact: must be a number (a switch is 0 or 1)',
  ],
  [
    'a life device lost after days',
    door,
    (text) => text.replace('14400', '172800'),
    '"supervision"',
    'is more than 24 hours',
  ],
  [
    'an exponent out of range',
    meter,
    (text) => text.replace('"exponent": -1', '"exponent": -40'),
    '-40',
    'registers.0.exponent',
  ],
  [
    'a format nobody knows',
    meter,
    (text) => text.replace('"u16"', '"u64"'),
    '"u64"',
    'registers.0.format: must be one of u16, i16, u32, i32, u32-low-word-first',
  ],
  [
    'a register as its sheet prints it',
    meter,
    (text) => text.replace('"from": 16', '"from": "0x10"'),
    '0x10',
    'blocks.0.from: must be integer, and 0x10 is 16',
  ],
  [
    'a register that no block asks for',
    meter,
    (text) => text.replace('"at": 16', '"at": 18'),
    '"at"',
    'registers.0: no block asks for it',
  ],
  [
    'a number of which a block asks only half',
    meter,
    (text) => text.replace('"at": 16', '"at": 17').replace('"u16"', '"u32"'),
    '"at"',
    'registers.0: no block asks for both words of it (17 and 18)',
  ],
  [
    'a point of two registers',
    { ...meter, registers: [...meter.registers, { ...meter.registers[0], at: 17 }] },
    (text) => `${text} `,
    '"at": 17',
    'registers.1: another register is voltage already',
  ],
  [
    'what stands for nothing, in too many digits',
    meter,
    (text) => text.replace('"u16"', '"u16", "none": "FFFFFFFF"'),
    '"at"',
    'registers.0: none: u16 has 4 hex digits',
  ],
  ['a point twice cut', meter, (text) => text.replace('08FD 0000', '08F'), '08F"', 'examples.0.words'],
]
test.for(refusals)('%s: refused with its line', async ([, file, change, part, why]) => {
  const text = change(textOf(file))
  expect(text).not.toBe(textOf(file))
  const loaded = await loadProfile(text)
  const problems = loaded.is === 'refused' ? loaded.problems : []
  expect(problems.map((problem) => problem.why).join('\n')).toContain(why)
  const [found] = problems.filter((problem) => problem.why.includes(why))
  expect(Math.abs((found?.line ?? 0) - lineOf(text, part))).toBeLessThanOrEqual(1)
})

test('a meter that fills in FFFF for what it does not have reads as absent, and not as 655 A', async () => {
  const registers = [
    { ...meter.registers[0], point: 'current', quantity: 'electric-current', exponent: -2, none: 'FFFF' },
  ]
  const [read, ...others] = meter.examples
  const text = textOf({
    ...meter,
    registers,
    walkTest: { do: 'Switch a kettle on.', proves: 'current' },
    examples: [{ ...read, words: 'FFFF', reads: { current: { absent: 'not-supported' } } }, ...others],
  })
  expect(await loadProfile(text)).toMatchObject({ is: 'profile' })
})

test('a signed number whose low word comes first is read from a file', async () => {
  const registers = [
    { at: 16, point: 'active-power', quantity: 'active-power', format: 'i32-low-word-first', exponent: -1 },
  ]
  const [read, ...others] = meter.examples
  const text = textOf({
    ...meter,
    registers,
    walkTest: { do: 'Switch a kettle on.', proves: 'active-power' },
    examples: [
      { ...read, words: 'CFC7 FFFF', reads: { 'active-power': -1234.5 } },
      { when: 'above a word', from: 16, words: '0001 0001', reads: { 'active-power': 6553.7 } },
      ...others,
    ],
  })
  expect(await loadProfile(text)).toMatchObject({ is: 'profile' })
})

test('an expression that loops is ended, and the file is refused by its own example', async () => {
  const loops = textOf(door).replace('cell.percent', '($f := function($n) { $f($n + 1) }; $f(0))')
  const loaded = await loadProfile(loops)
  expect(loaded.is === 'refused' && loaded.problems[0]?.why).toMatch(/expected battery 80.*invalid/)
})

test('a press passes though what stands beside it cannot be read; a message of which nothing can be read is refused', async () => {
  const loaded = await loadProfile(
    textOf(door).replace('cell.percent', 'cell.percent = null ? null : cell.percent + 0'),
  )
  const profile = loaded.is === 'profile' && loaded.profile.driver === 'mqtt' ? loaded.profile : undefined
  const says = (text: string) =>
    Promise.resolve(profile?.decode({ topic: 'acme/hall/state', payload: new TextEncoder().encode(text) }))
  expect(await says('{"key":"sos","cell":{"percent":"low"}}')).toEqual({
    readings: { battery: { is: 'absent', why: 'invalid' } },
    events: ['sos-pressed'],
  })
  await expect(says('{"cell":{"percent":"low"}}')).rejects.toMatchObject({ code: 'payload-malformed' })
})

test('a file with more measures than a device has is refused: each may take its time, and everybody waits', async () => {
  const more = Object.fromEntries(
    Array.from({ length: 64 }, (_, i) => [`t-${i}`, { quantity: 'temperature', name: 'Temperature', value: 't' }]),
  )
  const loaded = await loadProfile(textOf({ ...door, measures: { ...door.measures, ...more } }))
  expect(loaded.is === 'refused' && loaded.problems[0]?.why).toContain('measures')
})

test('an empty file, a list and a very long one are refused', async () => {
  for (const text of ['', '[]', '"x"', `{"id":"${'x'.repeat(300_000)}"}`])
    expect(await loadProfile(text)).toMatchObject({ is: 'refused' })
})
