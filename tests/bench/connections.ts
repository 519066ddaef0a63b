import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rssKiB, startPart } from '../harness/child.ts'
import { freePort } from '../harness/ports.ts'
import type { RawCredentials } from '../harness/raw-mqtt.ts'
import { aServer } from '../harness/server.ts'
import { pause, until } from '../harness/wait.ts'
import { type BenchDefinition, median } from './figures.ts'
import { aLoad, manyGateways } from './load.ts'

const idle = 3_000
const rounds = 3
const tlsGateKiB = 90

export const connections: BenchDefinition = {
  name: 'connections',
  what: `resident memory of the server for an idle connection, of ${idle} (reference: a bare net server that greets and keeps)`,
  unit: 'KiB/connection',
  better: 'lower',
  judged: 'value',
  gate: 26,
  goal: 6,
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'anju-bench-tls-'))
    const tlsPort = await freePort()
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const made = spawnSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'].concat([
        '-subj',
        '/CN=127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ]),
      { encoding: 'utf8' },
    )
    if (made.status !== 0) throw new Error(`openssl could not make a certificate: ${made.stderr}`)
    const values: number[] = []
    const references: number[] = []
    const tls: number[] = []
    const server = await aServer({
      env: {
        ANJU_TLS_CERT: cert,
        ANJU_TLS_KEY: key,
        ANJU_MQTT_TLS_PORT: String(tlsPort),
        ANJU_TELEMETRY_STORE: 'null',
      },
    })
    try {
      const gateways = await manyGateways(server, idle)
      // A fresh process for each figure: room that registering or an earlier round has left in its heap would hide the need.
      const fresh = async (target: { port: number; tls?: boolean }) => {
        await server.stop()
        await server.start()
        return growth(server.part.pid, target, gateways)
      }
      for (let round = 1; round <= rounds; round++) {
        references.push(await bareServer())
        values.push(await fresh({ port: server.mqttPort }))
        tls.push(await fresh({ port: tlsPort, tls: true }))
        const [bare, plain, secure] = [references, values, tls].map((list) => list.at(-1)?.toFixed(1))
        say(`round ${round}: bare ${bare}, plain ${plain}, TLS ${secure} KiB`)
      }
    } finally {
      await server.end()
      rmSync(folder, { recursive: true, force: true })
    }
    const tlsKiB = median(tls)
    return {
      values,
      references,
      more: { 'TLS KiB/connection': Number(tlsKiB.toFixed(1)), [`TLS at most ${tlsGateKiB}`]: tlsKiB <= tlsGateKiB },
    }
  },
}

/** What a process grows by, per connection, once its memory stands still. */
async function growth(
  pid: number,
  target: { port: number; tls?: boolean },
  gateways: readonly RawCredentials[],
): Promise<number> {
  const load = aLoad()
  try {
    // A thousand first: code compiled, pools filled and a young heap grown once are not the next connection’s cost.
    const warm = 1_000
    await load.order({ do: 'connect', target, gateways: gateways.slice(0, warm), listening: true })
    const before = await steadyRss(pid)
    await load.order({ do: 'connect', target, gateways: gateways.slice(warm), listening: true })
    const after = await steadyRss(pid)
    return (after - before) / (gateways.length - warm)
  } finally {
    load.end()
  }
}

/** Memory after collections have done what they do: the same within 1 % twice, a second apart. */
async function steadyRss(pid: number): Promise<number> {
  let last = 0
  return until(
    'memory to stand still',
    async () => {
      const now = rssKiB(pid)
      const still = Math.abs(now - last) < 0.01 * now
      last = now
      if (!still) await pause(500)
      return still && now
    },
    { withinMs: 15_000, everyMs: 500 },
  )
}

async function bareServer(): Promise<number> {
  const port = await freePort()
  const bare = startPart('bare server', 'tests/bench/bare-server.ts', { args: [String(port)] })
  try {
    await until('the bare server', () => bare.log().includes('listening'), { withinMs: 10_000 })
    const some = Array.from({ length: idle }, (_, index) => ({ clientId: `bare-${index}` }))
    return await growth(bare.pid, { port }, some)
  } finally {
    await bare.kill()
  }
}
