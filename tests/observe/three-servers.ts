import { aCluster, type Cluster } from '../harness/cluster.ts'
import { aMosquitto } from '../harness/mosquitto.ts'
import { type PressingHomes, pressingHomes } from '../harness/pressing-homes.ts'
import { aMessageAccount } from '../harness/providers/message-account.ts'
import { aServer, type RunningServer } from '../harness/server.ts'
import { pause, slowness } from '../harness/wait.ts'
import { Expectations, type Observation, type Scale } from './observation.ts'
import { accounts, messages, Overdue, steps } from './three-servers/judged.ts'
import { Operators } from './three-servers/operators.ts'

const scales = {
  // Beside other things on a small machine, where a process that starts takes a core from all others.
  short: { pressesPerS: 10, lengthMs: 36_000, killEveryMs: 10_000, gateways: 20, lateMaxMs: 1_000 * slowness },
  full: { pressesPerS: 50, lengthMs: 600_000, killEveryMs: 10_000, gateways: 1_000, lateMaxMs: 1_000 },
} as const

/**
 * Three servers on one database and one broker; one of them is killed every ten seconds, while homes press and operators work.
 * Of every ten alarms four are taken and closed, one is taken and dropped (its lease runs out), five are left to the escalation
 * until it has gone through all of its steps; then whoever it reached takes and closes them. In one home of
 * five there is a daughter, who is sent a message at once; nobody else has a number here.
 */
export const threeServers: Observation = {
  id: 'C-32',
  what: 'three servers, one killed every 10 s under 50 alarms/s: no alarm lost, doubled, or left past its deadline',
  async run(scale: Scale, say) {
    // `lateMaxMs`: a deadline may be met so much later than it says.
    const { pressesPerS, lengthMs, killEveryMs, gateways, lateMaxMs } = scales[scale]
    const expect = new Expectations()
    const cluster = await aCluster()
    const broker = await aMosquitto()
    const url = `mqtt://127.0.0.1:${broker.port}`
    const account = await aMessageAccount()
    const servers: RunningServer[] = []
    let homes: PressingHomes | undefined
    try {
      for (let n = 0; n < 3; n++) servers.push(await aServer({ cluster, env: { ...account.env, ANJU_MQTT_URL: url } }))
      const installer = await (servers[0] as RunningServer).logIn('installer')
      await cluster.query(`insert into console_presence select 'operators', id, '9999-01-01' from centre`)
      const ids: string[] = []
      for (let n = 0; n < gateways; n++) ids.push((await installer.registerGateway(`THREE-${n}`)).id)
      await daughters(
        cluster,
        ids.filter((_, n) => n % 5 === 0),
      )
      homes = await pressingHomes(url, ids)
      const operators = new Operators(servers, cluster)
      const overdue = new Overdue(cluster)
      const stopped = new AbortController()
      const working = Promise.all([
        operators.work(stopped.signal),
        overdue.watch(stopped.signal),
        press(homes, pressesPerS, stopped.signal),
      ])
      const kills = await killing(servers, lengthMs, killEveryMs, say)
      stopped.abort()
      await working
      const unsettled = await homes.settled(60_000)
      expect.that(unsettled === 0, `${unsettled} presses had no receipt a minute after the last`)
      const figures = {
        kills,
        presses: homes.presses.length,
        claims: operators.claims,
        ...(await accounts(cluster, homes, expect)),
        ...(await steps(cluster, lateMaxMs, expect)),
        ...(await messages(cluster, account, expect)),
        ...overdue.figures(lateMaxMs, expect),
      }
      return { figures, wrong: expect.wrong }
    } finally {
      await homes?.close()
      for (const server of servers) await server.end()
      await broker.end()
      await account.close()
      cluster.destroy()
    }
  },
}

async function daughters(cluster: Cluster, gateways: readonly string[]): Promise<void> {
  await cluster.query('delete from way')
  await cluster.query(
    `insert into contact (id, centre, home, name, relation, phone, position)
     select 'daughter-of-' || home, centre, home, 'Daughter', 'daughter', '+8613900000001', 1 from gateway where id = any ($1)`,
    [gateways],
  )
  await cluster.query(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'way-' || id, centre, home, 'contact', id, 'sms', phone, 1 from contact where relation = 'daughter' and id like 'daughter-of-%'`,
  )
}

async function press(homes: PressingHomes, perS: number, stopped: AbortSignal): Promise<void> {
  const began = performance.now()
  for (let n = 0; !stopped.aborted; n++) {
    homes.press()
    await pause(Math.max(0, began + ((n + 1) * 1_000) / perS - performance.now()))
  }
}

async function killing(
  servers: readonly RunningServer[],
  lengthMs: number,
  everyMs: number,
  say: (line: string) => void,
): Promise<number> {
  const began = performance.now()
  let kills = 0
  for (let next = everyMs; next <= lengthMs; next += everyMs) {
    await pause(Math.max(0, began + next - performance.now()))
    const victim = servers[kills % servers.length] as RunningServer
    await victim.kill()
    kills++
    await pause(2_000)
    await victim.start()
    if (kills % 6 === 0) say(`${kills} kills`)
  }
  return kills
}
