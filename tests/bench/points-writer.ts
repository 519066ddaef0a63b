import { Agent, request } from 'node:http'
import { systemClock } from '@anju/contract/system-clock'
import { ColumnBuffer } from '../../server/src/telemetry/columns.ts'
import { influxStore } from '../../server/src/telemetry/influx-store.ts'
import type { TelemetryBatch } from '../../server/src/telemetry/store.ts'

/** Writes the same points as lines to a port: by the product's store, or with as little as can be done. */
const port = Number(process.argv[2])
const how = process.argv[3]
const homes = 200
const messages = 1_000
const samples = 10
const writes = 60

const batch = aBatch()
const store = influxStore({ url: `http://127.0.0.1:${port}`, token: 't', org: 'o', bucket: 'b' }, systemClock)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function aBatch(): TelemetryBatch {
  const columns = new ColumnBuffer([])
  const start = Date.now()
  const scopes = Array.from({ length: homes }, (_, home) => ({
    centre: 'centre-1',
    home: `home-${home}`,
    series: new Map<string, number>(),
  }))
  for (let message = 0; message < messages; message++) {
    const scope = scopes[message % homes]
    if (!scope) throw new Error('no home')
    columns.add(scope, {
      id: '01J0000000000000000000000A',
      boot: 1,
      seq: 1,
      pendingFrom: 1,
      sentAt: '2026-03-01T08:00:00.000Z',
      series: [
        {
          p: 'meter/active-power',
          u: 'W',
          t0: start + message * 60_000,
          dt: Array.from({ length: samples }, (_, i) => i * 1_000),
          v: Array.from({ length: samples }, (_, i) => 60.4 + ((message * samples + i) % 700)),
        },
      ],
    })
  }
  return columns
}

function post(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method: 'POST', path: '/api/v2/write', agent }, (answer) => {
      answer.resume()
      answer.once('end', resolve)
    })
    call.once('error', reject)
    call.end(lines)
  })
}

/** What the product's lines say, with nothing refused, nothing asked and nothing remembered. */
function rawLines({ rows, at, value, series, seriesOf }: TelemetryBatch): string {
  let lines = ''
  for (let row = 0; row < rows; row++)
    lines += `sample,centre=centre-1,home=${series[seriesOf[row] as number]?.home},placement=meter,point=active-power watts=${value[row]} ${at[row]}\n`
  return lines
}

async function pointsPerSecond(): Promise<number> {
  const start = performance.now()
  for (let n = 0; n < writes; n++) {
    if (how === 'raw') await post(rawLines(batch))
    else if ((await store.write(batch)).size > 0) throw new Error('points were refused')
  }
  return (writes * batch.rows) / ((performance.now() - start) / 1_000)
}

process.on('message', () => {
  void pointsPerSecond().then((points) => process.send?.({ points }))
})
process.once('disconnect', () => process.exit(0))
