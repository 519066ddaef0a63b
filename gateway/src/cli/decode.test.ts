import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decode } from './decode.ts'
import { profiles } from './profiles.ts'

async function said(...argv: string[]) {
  const lines: Record<string, unknown>[] = []
  const exit = await decode(argv, (line) => lines.push(JSON.parse(line) as Record<string, unknown>))
  return { exit, lines }
}

describe('decode with a profile', () => {
  test('a meter’s power is told in watts', async () => {
    const hex = 'FE FE FE FE 68 61 01 00 00 00 00 68 91 07 33 33 36 35 45 58 33 6B 16'
    const { exit, lines } = await said('--profile', 'dlt645/single-phase', '--hex', hex)
    expect(lines).toEqual([
      { frame: { address: '000000000161', control: '91', direction: 'response', di: '02030000', moreFollows: false } },
      { point: 'active-power', quantity: 'active-power', value: 251.2, unit: 'W' },
    ])
    expect(exit).toBe(0)
  })

  test('a nibble that is no digit is absent, and no frame is refused for it', async () => {
    const hex = '68 18 06 36 04 00 91 68 91 08 33 33 34 33 33 33 41 33 F9 16'
    const { exit, lines } = await said('--profile', 'dlt645/single-phase', '--hex', hex)
    expect(lines[1]).toEqual({ point: 'active-energy', absent: 'invalid' })
    expect(exit).toBe(0)
  })

  test('what no home can have is absent', async () => {
    const json = '{"action":"emergency","battery":255}'
    const { lines } = await said('--profile', 'tuya/ts0215a-sos', '--json', json)
    expect(lines.slice(1)).toEqual([
      { point: 'battery', absent: 'implausible' },
      { event: 'sos-pressed', class: 'life' },
    ])
  })

  test('a fall raises its event', async () => {
    const { lines } = await said('--profile', 'seeed/mr60fda2', '--hex', '01 00 00 00 01 0E 02 F3 01 FE')
    expect(lines.slice(1)).toEqual([
      { point: 'fall', quantity: 'fall', value: 1, unit: '/' },
      { event: 'fall-detected', class: 'life' },
    ])
  })

  test('the same press as text, by its topic', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'anju-decode-'))
    await writeFile(join(dir, 'payload'), 'emergency')
    const topic = 'zigbee2mqtt/bathroom button/action'
    const { lines } = await said('--profile', 'tuya/ts0215a-sos', '--text-file', join(dir, 'payload'), '--topic', topic)
    await rm(dir, { recursive: true })
    expect(lines.at(-1)).toEqual({ event: 'sos-pressed', class: 'life' })
  })

  test('action null is nothing', async () => {
    const { exit, lines } = await said('--profile', 'tuya/ts0215a-sos', '--json', '{"action":null}')
    expect(lines).toEqual([{ frame: { topic: 'zigbee2mqtt/device' } }])
    expect(exit).toBe(0)
  })
})

describe('decode with a protocol', () => {
  test('frames of two meters in one buffer are told apart', async () => {
    const hex =
      '68 20 11 12 21 06 36 68 81 05 63 E9 33 33 33 DB 16 68 20 11 06 00 41 56 68 81 06 43 C3 3C 33 33 33 00 16'
    const { lines } = await said('--protocol', 'dlt645-1997', '--hex', hex)
    expect(lines.map((line) => Object.keys(line)[0])).toEqual(['frame', 'point', 'frame', 'point'])
    expect(lines[3]).toEqual({ point: 'active-energy', quantity: 'active-energy-import', value: 0.09, unit: 'kWh' })
  })

  test('noise that begins like a frame does not spoil the frame behind it', async () => {
    const { exit, lines } = await said('--protocol', 'tinyframe-radar', '--hex', '01 01 01 00 00 00 01 0E 02 F3 00 FF')
    expect(lines.map((line) => Object.keys(line)[0])).toEqual(['skipped', 'frame', 'point'])
    expect(exit).toBe(0)
  })

  test('a broken frame beside a good one is refused', async () => {
    const good = '68 61 01 00 00 00 00 68 91 07 33 33 36 35 45 58 33 6B 16'
    const { exit, lines } = await said('--protocol', 'dlt645-2007', '--hex', `${good} ${good.replace('6B', '6C')}`)
    expect(lines.map((line) => Object.keys(line)[0])).toEqual(['frame', 'point', 'refused'])
    expect(exit).toBe(1)
  })

  test('a write overheard on the bus is named, and never a reading', async () => {
    const hex = '68 61 01 00 00 00 00 68 1C 00 4E 16'
    const { lines } = await said('--protocol', 'dlt645-2007', '--hex', hex)
    expect(lines).toEqual([
      {
        frame: {
          address: '000000000161',
          control: '1C',
          direction: 'request',
          command: 'relay_control',
          neverSentByGateway: true,
        },
      },
    ])
  })

  test.for([
    ['--protocol dlt645-2007 --hex 68610100000000689108333334335933333300', 1, 'frame-malformed'],
    ['--protocol dlt645-2007 --hex 686101000000006891083333343359333333FF16', 1, 'frame-checksum'],
    ['--protocol dlt645-2007 --hex 0102', 1, 'frame-unknown'],
    ['--protocol dlt645-2007 --hex 01G2', 1, 'frame-malformed'],
    ['--protocol tinyframe-radar --hex 01000000010E02F401FE', 1, 'frame-checksum'],
    ['--profile seeed/mr60fda2 --hex 01000000040A14E40000803F40', 1, 'frame-unknown'],
    ['--protocol zigbee2mqtt --json {"action"', 1, 'payload-malformed'],
    ['--profile tuya/ts0215a-sos --json [] --topic zigbee2mqtt/x', 1, 'payload-malformed'],
    ['--protocol sms --hex 00', 2, 'request-malformed'],
    ['--profile acme/none --hex 00', 2, 'request-malformed'],
    ['--profile seeed/mr60fda2 --protocol zigbee2mqtt --hex 00', 2, 'request-malformed'],
    ['--protocol dlt645-2007', 2, 'request-malformed'],
    ['--protocol dlt645-2007 --hex 00 --json {}', 2, 'request-malformed'],
    ['--protocol dlt645-2007 --text-file /nonexistent/frame', 2, 'request-malformed'],
    ['--colour red', 2, 'request-malformed'],
    ['', 2, 'request-malformed'],
  ] as const)('%s → exit %i, %s', async ([line, exit, refused]) => {
    const answer = await said(...line.split(' ').filter((word) => word !== ''))
    expect(answer.exit).toBe(exit)
    expect(answer.lines.at(-1)).toMatchObject({ refused, why: expect.stringMatching(/./) as string })
  })
})

test('profiles: one line each, with points and units', async () => {
  const lines: string[] = []
  expect(await profiles([], (line) => lines.push(line))).toBe(0)
  const told = lines.map((line) => JSON.parse(line) as { id: string; points: { point: string; unit: string }[] })
  expect(told.map(({ id }) => id)).toContain('seeed/mr60fda2')
  const meter = told.find(({ id }) => id === 'dlt645/single-phase')
  expect(meter?.points.find(({ point }) => point === 'active-power')?.unit).toBe('W')
  expect(await profiles(['extra'], (line) => lines.push(line))).toBe(2)
})

test('what announces itself is put into files of its own, and a file that is there is left as it is', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'anju-discovery-'))
  try {
    const announced = join(dir, 'announced.txt')
    const config = { state_topic: 'stove/smoke', device_class: 'smoke' }
    await writeFile(announced, `homeassistant/binary_sensor/stove/smoke/config ${JSON.stringify(config)}\n`)
    const into = async () => {
      const lines: string[] = []
      const exit = await profiles(['--discovery', announced, '--into', join(dir, 'own')], (line) => lines.push(line))
      return { exit, lines }
    }
    const file = join(dir, 'own', 'stove-smoke.json')
    expect(await into()).toEqual({ exit: 0, lines: [`${file}: discovered/stove-smoke`] })
    const checked: string[] = []
    expect(await profiles(['--check', file], (line) => checked.push(line))).toBe(0)
    expect(await said('--profile', file, '--text', 'ON')).toMatchObject({
      lines: [{}, { point: 'smoke', value: 1 }, { event: 'smoke', class: 'hazard' }],
    })
    await writeFile(file, 'mended by hand')
    expect((await into()).lines[0]).toContain('not written')
    expect(await readFile(file, 'utf8')).toBe('mended by hand')
  } finally {
    await rm(dir, { recursive: true })
  }
})

const sensor = {
  id: 'acme/water-1',
  name: 'Leak sensor W1',
  driver: 'mqtt',
  topic: 'acme/NAME',
  payload: 'json',
  models: ['W1'],
  supervision: { reportEveryS: 3_600, lostAfterS: 14_400 },
  measures: { leak: { quantity: 'water-leak', name: 'Water', value: 'wet' } },
  events: { 'water-leak': { from: 'level', of: 'leak' } },
  walkTest: { do: 'Lay it on a wet cloth.', proves: 'water-leak' },
  wiring: ['Flat on the floor.'],
  examples: [
    { when: 'wet', payload: { wet: true }, reads: { leak: 1 } },
    { when: 'no JSON', payload: 'wet', fails: 'payload-malformed' },
  ],
}

const withFile = async (text: string, run: (file: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), 'anju-profile-'))
  try {
    const file = join(folder, 'w1.json')
    await writeFile(file, text)
    await run(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('an installer’s own profile', () => {
  test('is refused when the gateway would not take it: the id is one of ours', () =>
    withFile(JSON.stringify({ ...sensor, id: 'aqara/sjcgq11lm' }), async (file) => {
      const lines: string[] = []
      expect(await profiles(['--check', file], (line) => lines.push(line))).toBe(1)
      expect(lines).toEqual([`${file}:1: id: aqara/sjcgq11lm is a profile that comes with the gateway`])
    }))

  test('is checked, and reads what its device says', () =>
    withFile(JSON.stringify(sensor), async (file) => {
      const lines: string[] = []
      expect(await profiles(['--check', file], (line) => lines.push(line))).toBe(0)
      expect(lines).toEqual(['ok acme/water-1: 2 examples hold'])
      const told = await said('--profile', file, '--json', '{"wet":true}', '--topic', 'acme/kitchen')
      expect(told).toMatchObject({
        exit: 0,
        lines: [{}, { point: 'leak', value: 1 }, { event: 'water-leak', class: 'hazard' }],
      })
      expect(await said('--profile', file, '--json', 'wet')).toMatchObject({
        exit: 1,
        lines: [{ refused: 'payload-malformed' }],
      })
    }))

  test('that is wrong is refused with file, line and reason', () =>
    withFile(JSON.stringify({ ...sensor, name: '' }, undefined, 1), async (file) => {
      const lines: string[] = []
      expect(await profiles(['--check', file], (line) => lines.push(line))).toBe(1)
      expect(lines.join('\n')).toMatch(/w1\.json:3: name: /)
      expect(await said('--profile', file, '--json', '{}')).toMatchObject({
        exit: 2,
        lines: [{ refused: 'request-malformed' }],
      })
    }))
})

test('help names every protocol and every argument', async () => {
  const lines: string[] = []
  expect(await decode(['--help'], (line) => lines.push(line))).toBe(0)
  for (const word of ['--option', '--f-port', 'dlt645-2007', 'zigbee2mqtt']) expect(lines.join('')).toContain(word)
})
