import type { Alarm, AlarmCommandAnswer, Problem } from '@anju/contract/api'
import type { Api } from '../harness/api.ts'
import { aCluster, type Cluster } from '../harness/cluster.ts'
import { aMessageAccount } from '../harness/providers/message-account.ts'
import { aServer } from '../harness/server.ts'
import { aHandGateway } from '../harness/uplink.ts'
import { pause, until } from '../harness/wait.ts'
import { Expectations, type Observation } from './observation.ts'

/** The short form stops the process for seconds and has the database's clock go on by a minute meanwhile: leases are judged by that. */
const scales = { short: { stoppedMs: 3_000, clockMs: 70_000 }, full: { stoppedMs: 90_000, clockMs: 0 } } as const

/**
 * One server is stopped (SIGSTOP) while a provider has a message of its and an alarm is held through it. Another server goes on.
 * When the first one wakes up, everything it still has in its hands is late: the provider's answer, a note of who held the alarm.
 */
export const pausedServer: Observation = {
  id: 'C-31',
  what: 'a server stands still for longer than its leases, a message and an alarm in its hands: what it writes when it wakes changes nothing',
  async run(scale, say) {
    const { stoppedMs, clockMs } = scales[scale]
    const expect = new Expectations()
    const cluster = await aCluster()
    const account = await aMessageAccount()
    const { twilio, env } = account
    const first = await aServer({ cluster, env })
    const others: { end(): Promise<void> }[] = []
    try {
      const gateway = await aHandGateway(await aReachableHome(cluster, await first.logIn('installer')))
      const li = await first.logIn('operator')
      // One alarm that nobody holds, its message at the provider and unanswered; another one held through this server.
      twilio.next('silent')
      const asked = twilio.arrived()
      await gateway.event({ placement: 'bathroom-sos' })
      await asked
      await gateway.event({ placement: 'bed-sos' })
      const [waiting, id] = await until('both alarms', async () => placed(await li.alarms()), { withinMs: 5_000 })
      const claim = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`, {})
      const lease = claim.body.lease?.token
      await gateway.close()

      process.kill(first.part.pid, 'SIGSTOP')
      const stoppedAt = performance.now()
      say('the first server stands still')
      const second = await aServer({ cluster, env })
      others.push(second)
      const chen = await second.logIn('operator2')
      if (clockMs > 0) await cluster.query(`insert into clock_offset (by) values ($1 * interval '1 ms')`, [clockMs])
      const patience = { withinMs: stoppedMs + 20_000, everyMs: 100 }
      await until('the alarm to be anybody’s again', async () => (await chen.alarm(id)).handling === 'new', patience)
      const taken = await chen.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`, {})
      const renewing = renew(chen, id, taken.body.lease?.token)
      const sent = async () => (await messageOf(cluster, waiting))?.state === 'sent'
      await until('the message to be sent by the other server', sent, patience)
      await pause(Math.max(0, stoppedAt + stoppedMs - performance.now()))
      const before = await standing(cluster, id, waiting)

      // Sent by a console that still believes it holds the alarm: it is the first thing the process reads when it wakes up.
      const lateNote = li
        .call<Problem>('POST', `/alarms/${id}/note`, { lease, text: 'too late' })
        .catch(() => undefined)
      await pause(500)
      process.kill(first.part.pid, 'SIGCONT')
      say('it wakes up')
      const note = await lateNote
      // Longer than it waits for a provider: until then its own try goes on.
      await pause(15_000)
      const after = await standing(cluster, id, waiting)
      renewing.abort()
      expect.that(note?.status === 409, `the late note was answered ${note?.status} ${note?.body.code}`)
      expect.that(after.person === 'operator2', `the alarm is held by ${after.person}`)
      expect.that(after.fence === before.fence, `the alarm's fence went from ${before.fence} to ${after.fence}`)
      expect.that(after.notes === 0, 'the late note stands in the log')
      expect.that(
        JSON.stringify(after.message) === JSON.stringify(before.message),
        `the message was ${JSON.stringify(before.message)} and became ${JSON.stringify(after.message)}`,
      )
      const times = account.timesLeft().get(after.message?.id ?? 'none') ?? 0
      expect.that(times === 1, `the message left ${times} times while its first server stood still and after`)
      expect.that((await first.readiness()) === 200, 'the server that woke up does not work')
      const figures = {
        'stopped for ms': stoppedMs,
        'clock moved on by ms': clockMs,
        'late note': `${note?.status} ${note?.body.code}`,
        'message state': after.message?.state ?? 'none',
        'message tries': after.message?.tries ?? 0,
        'message left, times': times,
        'alarm held by': after.person,
      }
      return { figures, wrong: expect.wrong }
    } finally {
      process.kill(first.part.pid, 'SIGCONT')
      for (const server of [...others, first]) await server.end()
      await account.close()
      cluster.destroy()
    }
  },
}

/** A home with somebody to be asked. */
async function aReachableHome(cluster: Cluster, installer: Api) {
  const gateway = await installer.registerGateway('TEST-PAUSED')
  await cluster.query(
    `insert into contact (id, centre, home, name, relation, phone, position)
     select 'daughter', centre, home, 'Daughter', 'daughter', '+8613900000001', 1 from gateway where id = $1`,
    [gateway.id],
  )
  await cluster.query(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'daughter-sms', centre, home, 'contact', id, 'sms', phone, 1 from contact where id = 'daughter'`,
  )
  return gateway
}

/** As a living console does. */
function renew(who: Api, alarm: string, lease: string | undefined): AbortController {
  const stopped = new AbortController()
  void (async () => {
    while (!stopped.signal.aborted) {
      await who.call('POST', `/alarms/${alarm}/renew`, { lease }).catch(() => undefined)
      await pause(5_000)
    }
  })()
  return stopped
}

/** The one that waits, and the one that is to be held. */
function placed(alarms: readonly Alarm[]): readonly [string, string] | undefined {
  const at = (placement: string) => alarms.find((alarm) => alarm.placement === placement)?.id
  const [waiting, held] = [at('bathroom-sos'), at('bed-sos')]
  return waiting && held ? [waiting, held] : undefined
}

interface Message {
  readonly id: string
  readonly state: string
  readonly tries: number
  readonly fence: string
}

interface Standing {
  readonly person: string
  readonly fence: string
  readonly notes: number
  readonly message: Message | undefined
}
async function standing(cluster: Cluster, held: string, waiting: string): Promise<Standing> {
  const [alarm] = await cluster.query<{ person: string; fence: string; notes: number }>(
    `select username as person, fence,
       (select count(*)::integer from timeline where timeline.alarm = alarm.id and kind = 'noted') as notes
     from alarm left join person on person.id = alarm.person where alarm.id = $1`,
    [held],
  )
  const { person = 'nobody', fence = '', notes = 0 } = alarm ?? {}
  return { person, fence, notes, message: await messageOf(cluster, waiting) }
}

async function messageOf(cluster: Cluster, alarm: string): Promise<Message | undefined> {
  const [message] = await cluster.query<Message & Record<string, unknown>>(
    `select id, state, tries, fence from notification
     where alarm = $1 and channel = 'sms' and purpose = 'alarm' and recipient = 'daughter' and round = 0`,
    [alarm],
  )
  return message
}
