import { type Instant, minutes, parseInstant, plus, reading, seconds, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { Dlt645ReadExchange } from '@anju/device-profiles/protocols/dlt645/exchange'
import { dlt645Scanner } from '@anju/device-profiles/protocols/dlt645/framing'
import { MR60FDA2_DATA_BYTES_MAX, tinyFrameScanner } from '@anju/device-profiles/protocols/tinyframe/framing'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import { Household } from '../resident/household.ts'
import { answerTo, type MeterValues, valuesAt } from './dlt645-meter/meter.ts'
import { RequestScanner } from './dlt645-meter/wire.ts'
import { FallRadar } from './fall-radar/radar.ts'
import { SosButton } from './sos-button/button.ts'

// The simulated devices were written without our decoders; here the two meet.
const address = '000000000161'
const now = parseInstant('2026-03-09T12:00:00.000Z')

/** Asks as the gateway's bus master does and hears what the simulated meter says. */
function ask(di: string, values: MeterValues, at: Instant) {
  const exchange = new Dlt645ReadExchange({ dialect: '2007', address, di })
  const [request] = new RequestScanner().push(exchange.request)
  const answer = request && answerTo(request, address, values, at, 'Asia/Shanghai')
  return dlt645Scanner()
    .push(answer ?? new Uint8Array())
    .map((scanned) => (scanned.is === 'frame' ? exchange.hear(scanned.frame) : scanned))
}

test('everything the meter profile polls is answered, and decodes to what the meter measures', () => {
  const profile = profileById('dlt645/single-phase')
  if (profile?.driver !== 'dlt645-2007') throw new Error('the profile speaks another protocol')
  const household = new Household(82, 'Asia/Shanghai')
  expect(profile.polls?.length).toBeGreaterThan(4)
  for (let at = now; at < plus(now, minutes(24 * 60)); at = plus(at, minutes(97))) {
    const values = valuesAt(household, at, 3_412.07 * 3.6e9)
    const read: Record<string, unknown> = {}
    for (const { ask: di } of profile.polls ?? []) {
      const [heard] = ask(di, values, at)
      if (heard?.is !== 'answer') throw new Error(`${di}: ${JSON.stringify(heard)}`)
      Object.assign(read, profile.decode(heard.message, {}).readings)
    }
    expect(read).toEqual({
      voltage: reading(Number(values.volts.toFixed(1))),
      current: reading(Number(values.amperes.toFixed(3))),
      'active-power': reading(values.watts),
      'active-energy': reading(3_412.07),
      frequency: reading(Number(values.hertz.toFixed(2))),
      'power-factor': reading(Number(values.powerFactor.toFixed(3))),
    })
  }
})

test('what the meter does not have, our bus master hears as not supported', () => {
  const values = valuesAt(new Household(82, 'Asia/Shanghai'), now, 0)
  expect(ask('06000001', values, now)).toMatchObject([{ is: 'refused', why: 'not-supported' }])
})

test('what the radar says is presence and falls to its profile', async () => {
  const profile = profileById('seeed/mr60fda2')
  if (profile?.driver !== 'tinyframe') throw new Error('the profile speaks another protocol')
  const clock = new VirtualClock(now)
  const scanner = tinyFrameScanner(MR60FDA2_DATA_BYTES_MAX)
  let read: Record<string, unknown> = {}
  const radar = new FallRadar({
    clock,
    present: () => false,
    say(bytes) {
      for (const scanned of scanner.push(bytes))
        if (scanned.is === 'frame') read = { ...read, ...profile.decode(scanned.frame, {}).readings }
    },
  })
  radar.start()
  await clock.pass(seconds(1))
  expect(read).toEqual({ presence: reading(0), fall: reading(0) })
  radar.setFallen(true)
  expect(read).toEqual({ presence: reading(1), fall: reading(1) })
  radar.stop()
  expect(scanner.noiseBytes).toBe(0)
})

test('a press is one event to the button profile, and what follows it is none', () => {
  const profile = profileById('tuya/ts0215a-sos')
  if (profile?.driver !== 'mqtt') throw new Error('the profile speaks another protocol')
  const button = new SosButton({ friendlyName: 'bathroom button', random: seededRandom(1) })
  const heard = [...button.press(), button.checkIn()].map(({ topic, payload }) =>
    profile.decode({ topic, payload: Buffer.from(payload) }, {}),
  )
  expect(heard.map(({ events }) => events)).toEqual([['sos-pressed'], [], []])
  for (const { readings } of heard) expect(readings).toMatchObject({ battery: reading(80) })
})
