import type { AlarmCommandAnswer, Problem } from '@anju/contract/api'
import { percentile } from '../bench/figures.ts'
import { aServer } from '../harness/server.ts'
import { aHandGateway } from '../harness/uplink.ts'
import { until } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const rounds = { short: 60, full: 1_000 } as const satisfies Record<Scale, number>
const apartMsMax = 5

export const doubleClaim: Observation = {
  id: 'A-08',
  what: 'two sessions claim one alarm within 5 ms: exactly one owner each time, the other is told whose it is',
  async run(scale, say) {
    const expect = new Expectations()
    const server = await aServer()
    try {
      const gateway = await aHandGateway(await (await server.logIn('installer')).registerGateway('TEST-CLAIMS'))
      const sessions = [await server.logIn('operator'), await server.logIn('operator2')] as const
      // Some spare ones: where the machine held up one of the two claims, the alarm does not count as claimed at once.
      const count = Math.ceil(rounds[scale] * 1.1)
      for (let index = 0; index < count; index++) await gateway.event({ placement: `claim-${index}` })
      const alarms = await until(
        'all alarms',
        async () => {
          const open = (await sessions[0].alarms()).filter(({ placement }) => placement.startsWith('claim-'))
          return open.length >= count ? open : undefined
        },
        { withinMs: 60_000, everyMs: 500 },
      )
      let owners = 0
      let bothOrNone = 0
      let wrongName = 0
      const wins = [0, 0]
      const apart: number[] = []
      const names = ['', '']
      for (const [turn, { id }] of alarms.entries()) {
        // The one who asks first alternates, so that neither always wins by order alone.
        const order = turn % 2 === 0 ? [0, 1] : [1, 0]
        const sentAt: number[] = []
        const answers = await Promise.all(
          order.map((who) => {
            sentAt.push(performance.now())
            return sessions[who === 0 ? 0 : 1]
              .call<AlarmCommandAnswer & Problem>('POST', `/alarms/${id}/claim`, {})
              .then((answer) => ({ who, ...answer }))
          }),
        )
        apart.push((sentAt[1] ?? 0) - (sentAt[0] ?? 0))
        const won = answers.filter(({ status }) => status === 200)
        const lost = answers.filter(({ status }) => status === 409)
        const winner = won[0]
        const loser = lost[0]
        if (won.length !== 1 || lost.length !== 1 || !winner || !loser) {
          bothOrNone += 1
          if (bothOrNone <= 3)
            say(`alarm ${id}: ${answers.map(({ status, body }) => `${status} ${body.code}`).join(', ')}`)
          continue
        }
        owners += 1
        wins[winner.who] = (wins[winner.who] ?? 0) + 1
        names[winner.who] = winner.body.alarm.owner?.name ?? ''
        if (loser.body.code !== 'claimed-by-other' || loser.body.owner?.name !== winner.body.alarm.owner?.name)
          wrongName += 1
      }
      expect.that(bothOrNone === 0, `${bothOrNone} alarms had not exactly one winner and one told loser`)
      expect.that(wrongName === 0, `${wrongName} losers were not told the owner's name`)
      const atOnce = apart.filter((ms) => ms <= apartMsMax).length
      expect.that(atOnce >= rounds[scale], `only ${atOnce} alarms were claimed twice within ${apartMsMax} ms`)
      await gateway.close()
      return {
        figures: {
          alarms: alarms.length,
          [`claimed twice within ${apartMsMax} ms`]: atOnce,
          'exactly one owner': owners,
          'losers told the name': owners - wrongName,
          'won by the first account': wins[0] ?? 0,
          'won by the second account': wins[1] ?? 0,
          owners: names.filter(Boolean),
          'claims apart ms p50': rounded(percentile(apart, 0.5)),
          'claims apart ms max': rounded(Math.max(...apart)),
        },
        wrong: expect.wrong,
      }
    } finally {
      await server.end()
    }
  },
}
