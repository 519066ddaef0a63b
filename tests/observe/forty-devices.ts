import { millis } from '@anju/contract'
import { aBusyHome, type BusyHome, type Pace } from '../harness/busy-home.ts'
import { cpuMicros, rssKiB } from '../harness/child.ts'
import { fortyDevices } from '../harness/forty-devices.ts'
import { pause, until } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const devicesMin = 40
const protocolsMin = 12
const runMs = { short: 10_000, full: 600_000 } as const satisfies Record<Scale, number>
/** As fast as the buses allow: every question is due again as soon as it has been answered. */
const fast: Pace = { pollEveryS: 1, speakEvery: millis(1_000) }
/** The normal pace is watched after everything was asked once, which is all due at the start. */
const settleMs = { short: 6_000, full: 60_000 } as const satisfies Record<Scale, number>
const watchMs = { short: 8_000, full: 180_000 } as const satisfies Record<Scale, number>
const cpuShareMax = 0.1
const rssMiBMax = 120

export const manyDevices: Observation = {
  id: 'forty-devices',
  what: 'a home of more than 40 devices of at least 12 protocols on 3 serial lines and MQTT, as fast as its buses allow: every measurement right to the last digit, none missing; and at the normal pace at most 10 % of a core and 120 MiB',
  async run(scale, say) {
    const expect = new Expectations()
    const busy = await aBusyHome(fortyDevices(), fast)
    let figures: Record<string, number | string | readonly string[]>
    try {
      const { devices, protocols, ledger } = busy
      expect.that(devices >= devicesMin, `only ${devices} devices`)
      expect.that(protocols.length >= protocolsMin, `only ${protocols.length} protocols: ${protocols.join(', ')}`)
      say(`${devices} devices, ${protocols.length} protocols: ${protocols.join(', ')}`)
      const before = cpuMicros(busy.gateway.part.pid)
      const began = performance.now()
      for (let left = runMs[scale]; left > 0; left -= 60_000) {
        await pause(Math.min(left, 60_000))
        say(`${ledger.values} values of ${ledger.points} points said`)
      }
      const share = (cpuMicros(busy.gateway.part.pid) - before) / 1_000 / (performance.now() - began)
      const { wrong, missing, missingOf, absent } = await settled(busy)
      expect.that(wrong.length === 0, `${wrong.length} values were never said: ${wrong.slice(0, 5).join('; ')}`)
      expect.that(
        missing === 0,
        `${missing} of ${ledger.values} values are missing: ${missingOf.slice(0, 8).join('; ')}`,
      )
      expect.that(absent === 0, `${absent} answers were not understood`)
      expect.that(ledger.values > devices * 5, `only ${ledger.values} values were said`)
      figures = {
        devices,
        protocols,
        points: ledger.points,
        'values said': ledger.values,
        wrong: wrong.length,
        missing,
        absent,
        'asked again': ledger.askedAgain,
        'CPU at full pace, share of a core': rounded(share),
        'RSS at full pace, MiB': rounded(rssKiB(busy.gateway.part.pid) / 1_024),
      }
    } finally {
      await busy.end()
    }
    const calm = await calmHome(scale)
    expect.that(calm.share <= cpuShareMax, `${(calm.share * 100).toFixed(1)} % of a core at the normal pace`)
    expect.that(calm.rssMiB <= rssMiBMax, `${calm.rssMiB} MiB at the normal pace`)
    return {
      figures: {
        ...figures,
        'CPU at the normal pace, share of a core': rounded(calm.share),
        'RSS at the normal pace, MiB': rounded(calm.rssMiB),
      },
      wrong: expect.wrong,
    }
  },
}

/** Everybody falls silent, and what was said last is given its time to arrive. */
async function settled(home: BusyHome) {
  const { ledger, centre } = home
  // Whoever is asked from now on says nothing, and is absent for that.
  const { absent } = ledger.compare(centre.telemetry)
  await home.hush()
  await until(
    'everything said to arrive',
    () => {
      const { wrong, missing } = ledger.compare(centre.telemetry)
      return wrong.length > 0 || missing === 0
    },
    { withinMs: 30_000, everyMs: 500 },
  ).catch(() => undefined)
  return { ...ledger.compare(centre.telemetry), absent }
}

async function calmHome(scale: Scale): Promise<{ share: number; rssMiB: number }> {
  const home = await aBusyHome(fortyDevices())
  try {
    await pause(settleMs[scale])
    const { pid } = home.gateway.part
    const before = cpuMicros(pid)
    const began = performance.now()
    await pause(watchMs[scale])
    return {
      share: (cpuMicros(pid) - before) / 1_000 / (performance.now() - began),
      rssMiB: rssKiB(pid) / 1_024,
    }
  } finally {
    await home.end()
  }
}
