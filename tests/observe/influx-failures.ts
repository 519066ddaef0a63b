import { gatewayId } from '@anju/contract'
import { aBadLine } from '../harness/bad-line.ts'
import { aCluster } from '../harness/cluster.ts'
import { whyNoInflux } from '../harness/influx.ts'
import { measuringHomes } from '../harness/measuring-homes.ts'
import { aMosquitto } from '../harness/mosquitto.ts'
import { pressingHomes } from '../harness/pressing-homes.ts'
import { aServer } from '../harness/server.ts'
import { pause } from '../harness/wait.ts'
import { aFailingDouble, aFailingInflux } from './failing-influx.ts'
import { FAILURES, type Scene, telemetryIs } from './influx-failures/failures.ts'
import { Phases } from './influx-failures/phases.ts'
import { COLLECTING, MemoryWatch } from './memory.ts'
import { Expectations, type Observation, type Scale } from './observation.ts'
import { settleSamples } from './sample-ledger.ts'

const scales = {
  short: {
    homes: 10,
    pressesPerS: 10,
    warmUpMs: 2_000,
    quietMs: 2_000,
    failingMs: 4_000,
    kills: 2,
    sendAgainAfterMs: 3_000,
  },
  full: {
    homes: 40,
    pressesPerS: 5,
    warmUpMs: 20_000,
    quietMs: 20_000,
    failingMs: 25_000,
    kills: 5,
    sendAgainAfterMs: 20_000,
  },
} as const satisfies Record<Scale, object>
/** Each home's pace: a message of ten samples a second, with as much beside it that a server of today does not understand. */
const padBytes = 20_000
const settledWithinMs = 60_000

/** Everything that can happen to an InfluxDB, while homes measure and somebody presses. */
export const influxFailures: Observation = {
  id: 'C-10',
  what: 'InfluxDB stopped, filled up, made 5 s slow, its answers lost, killed mid-write: presses unchanged, telemetry complete afterwards, no duplicate point, memory of the server flat',
  async run(scale, say) {
    const size = scales[scale]
    const expect = new Expectations()
    const ends: (() => unknown)[] = []
    try {
      const influx = await (scale === 'full' && !whyNoInflux() ? aFailingInflux() : aFailingDouble())
      ends.push(() => influx.end())
      say(`the store is ${influx.name}`)
      const line = await aBadLine(influx.port)
      ends.push(() => line.end())
      const cluster = await aCluster()
      ends.push(() => cluster.destroy())
      const broker = await aMosquitto()
      ends.push(() => broker.end())
      const brokerUrl = `mqtt://127.0.0.1:${broker.port}`
      const { token, org, bucket } = influx.address
      const server = await aServer({
        cluster,
        env: {
          ...COLLECTING,
          ANJU_MQTT_URL: brokerUrl,
          INFLUX_URL: `http://127.0.0.1:${line.port}`,
          INFLUX_TOKEN: token,
          INFLUX_ORG: org,
          INFLUX_BUCKET: bucket,
        },
      })
      ends.push(() => server.end())
      const installer = await server.logIn('installer')
      await cluster.query(`insert into console_presence select 'operators', id, '9999-01-01' from centre`)
      const gateways: string[] = []
      for (let n = 0; n < size.homes; n++) gateways.push((await installer.registerGateway(`INFLUX-${n}`)).id)
      const presses = await pressingHomes(brokerUrl, gateways)
      ends.push(() => presses.close())
      const since = Math.floor(Date.now() / 1_000) * 1_000
      const homes = await measuringHomes({
        brokerUrl,
        gateways: gateways.map(gatewayId),
        messagesPerS: size.homes,
        sendAgainAfterMs: size.sendAgainAfterMs,
        since,
      })
      ends.push(() => homes.close())
      homes.pads(padBytes)
      const memory = new MemoryWatch(server.part.pid)
      ends.push(() => memory.stop())
      const over = new AbortController()
      const pressing = press(() => presses.press(), size.pressesPerS, over.signal)
      ends.push(() => over.abort())

      const scene: Scene = { influx, line, server, homes, kills: size.kills, say }
      const phases = new Phases({ server, presses, homes, memory, warm: scale === 'full', expect, say })
      // The first seconds of a server are not what it is like.
      await pause(size.warmUpMs)
      await phases.quiet(size.quietMs)
      for (const failure of FAILURES) {
        await phases.failing(failure, scene, size.failingMs)
        await phases.quiet(size.quietMs)
      }
      homes.stopMeasuring()
      over.abort()
      await pressing
      await homes.caughtUp(settledWithinMs)
      await presses.settled(settledWithinMs)
      expect.that(await telemetryIs(server, 'ok'), 'telemetry is not ok at the end')

      say('counting')
      const { sent, missing, wrong, unexplained } = await settleSamples(
        await server.logIn(),
        installer,
        homes.made,
        since,
      )
      for (const [what, which] of Object.entries({ missing, wrong, unexplained, refused: homes.figures.refused }))
        expect.that(which.length === 0, `${which.length} samples ${what}: ${which.slice(0, 3).join(', ')}`)
      const points = await influx.points()
      expect.that(points === sent, `the store holds ${points} points of ${sent} samples`)
      const { messages, sentAgain, heldBack } = homes.figures
      expect.that(sentAgain > 0, 'no home ever sent a message again: nothing could be doubled')
      return {
        figures: {
          store: influx.name,
          homes: size.homes,
          ...phases.figures(),
          'messages measured': messages,
          'sent again by the homes': sentAgain,
          'answers lost on the way': line.lost,
          'receipts that said to come back later': heldBack,
          samples: sent,
          'points in the store': points,
          'missing, wrong or unexplained': missing.length + wrong.length + unexplained.length,
        },
        wrong: expect.wrong,
      }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
}

async function press(once: () => void, perS: number, over: AbortSignal): Promise<void> {
  const began = performance.now()
  for (let n = 1; !over.aborted; n++) {
    once()
    await pause(Math.max(0, began + (n * 1_000) / perS - performance.now()))
  }
}
