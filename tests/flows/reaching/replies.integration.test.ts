import { type AlarmId, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const kinds = async (alarm: AlarmId) =>
  (await story.log(alarm)).filter((kind) => ['accepted', 'declined', 'unclear'].includes(kind))
const codeOf = (alarm: AlarmId) => alarm.slice(-6)

/** A worker of the street is a contact of two homes, by one number, and is asked about both within twenty seconds. */
async function bothAsk() {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00', contacts: [{ name: 'worker', ways: ['sms'] }], homes: 2 })
  await story.data.sql(
    `insert into contact (id, centre, home, name, relation, phone, position, role)
     values ('of-home-2', 'east', 'home-2', 'worker', 'worker', $1, 1, 'neighbour')`,
    [story.addresses.of('worker', 'sms')],
  )
  await story.data.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     values ('way-of-home-2', 'east', 'home-2', 'contact', 'of-home-2', 'sms', $1, 1)`,
    [story.addresses.of('worker', 'sms')],
  )
  const one = await story.press()
  await story.expect('sms', 'worker', new RegExp(codeOf(one)))
  await story.passes(seconds(20))
  const other = await story.press({ gateway: 'gw-home-2' })
  const message = await story.expect('sms', 'worker', new RegExp(codeOf(other)))
  return { one, other, message }
}

test('the second home’s alarm is closed when he writes back: what he says is of the first, which still waits', async () => {
  const { one, other, message } = await bothAsk()
  await story.at('li').claims(other)
  await story.at('li').closes(other)
  await story.writesBack(message, '1')
  expect([await kinds(one), await kinds(other)]).toEqual([['accepted'], []])
  await story.passes(seconds(70))
  // That is the second home's, by its own code; the first one counts on him.
  await story.expect('sms', 'worker', new RegExp(`${codeOf(other)}.*不必`))
})

test('two homes wait: he is asked which, once; both logs say that an answer came; with the code it is certain', async () => {
  const { one, other, message } = await bothAsk()
  await story.writesBack(message, '1')
  await story.expect('sms', 'worker', new RegExp(`哪一条.*${codeOf(other)}.*${codeOf(one)}`, 's'))
  await story.writesBack(message, ' １ ')
  story.expectNothingElse()
  expect([await kinds(one), await kinds(other)]).toEqual([
    ['unclear', 'unclear'],
    ['unclear', 'unclear'],
  ])
  expect(story.told('east', one)).toContain('unclear')
  const [entry] = (await story.alarm(one)).timeline.filter(({ kind }) => kind === 'unclear')
  expect(entry?.detail).toMatchObject({ name: 'worker', answer: 'accepted', codes: [codeOf(other), codeOf(one)] })

  await story.writesBack(message, `1 ${codeOf(one).toLowerCase()}`)
  expect((await kinds(one)).at(-1)).toBe('accepted')
  await story.writesBack(message, `2，${codeOf(other)}`)
  expect((await kinds(other)).at(-1)).toBe('declined')
  expect((await kinds(one)).at(-1)).toBe('accepted')
})

test('a code with a slip in it is not guessed at; nor is a bare number when he has said already that he cannot go to the other', async () => {
  const { one, other, message } = await bothAsk()
  await story.writesBack(message, `1 ${codeOf(one).slice(0, 5)}U`)
  const which = await story.expect('sms', 'worker', /哪一条/)
  // Its link is of one alarm, and says of which.
  expect(which.says).toContain(`链接只用于回复编号 ${codeOf(other)}`)
  await story.answers(which, 'cannot')
  await story.writesBack(message, '1')
  expect([await kinds(one), await kinds(other)]).toEqual([
    ['unclear', 'accepted'],
    ['unclear', 'declined'],
  ])
})

test.for([
  ['is taken from its list', `update contact set removed_at = app_now() where id = 'of-home-2'`],
  [
    'is not to be told by its resident’s word',
    `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence, withdrawn_at)
     select 'k', 'east', 'home-2', id, 'alarm', 'contact', 'of-home-2', app_now(), 'paper', app_now() from resident limit 1`,
  ],
] as const)(
  'who %s is asked which he means without it, goes nowhere there, and is heard when he does not come',
  async ([, sql]) => {
    const { one, other, message } = await bothAsk()
    await story.data.sql(sql)
    await story.writesBack(message, '1')
    const which = await story.expect('sms', 'worker', /哪一条/)
    expect(which.says).toContain(codeOf(one))
    expect(which.says).not.toContain(codeOf(other))
    await story.writesBack(message, `1 ${codeOf(other)}`)
    expect([await kinds(one), await kinds(other)]).toEqual([['unclear'], ['unclear']])
    await story.writesBack(message, `2 ${codeOf(other)}`)
    expect(await kinds(other)).toEqual(['unclear', 'declined'])
  },
)
