import type { CentreId, PersonId, SessionId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAtConsoles } from './at-consoles.ts'
import type { Watching } from './hub.ts'
import { startWatched } from './watched.ts'

const log = { error: () => undefined }
const at = (person: string, centre = 'east', session = `seat-of-${person}`): Watching => ({
  centre: centre as CentreId,
  person: person as PersonId,
  session: session as SessionId,
})

let centre: AlarmCentre
beforeEach(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql('delete from console_presence')
  await centre.store.sql(
    `insert into person (id, centre, username, name, role, password)
     select name, case name when 'wu' then 'west' else 'east' end, name, name, 'operator', 'x' from unnest(array['li', 'chen', 'wu']) as name`,
  )
})
afterEach(() => centre.close())

/** A server writes down who listens to it, once. */
async function writes(server: string, ...watching: Watching[]): Promise<void> {
  const watched = startWatched({
    database: centre.database,
    server,
    clock: systemClock,
    log,
    watching: () => watching,
  })
  watched.write()
  await watched.stop()
}
const presences = () =>
  centre.store.sql<{ server: string; centre: string }>('select server, centre from console_presence order by 1')
const there = async () =>
  (await createAtConsoles(centre.database).list(centre.person('li'))).map(({ personId }) => personId)

test('each server writes down whose queue is looked at, and takes nothing back: what is not renewed grows old', async () => {
  await writes('one', at('li'))
  await writes('two', at('wu', 'west'))
  expect(await presences()).toEqual([
    { server: 'one', centre: 'east' },
    { server: 'two', centre: 'west' },
  ])
  await centre.store.passes(2 * 3_600_000)
  await writes('one')
  expect(await presences()).toEqual([])
})

test('who is at a console is known on every server, once, at however many; who has gone is not there any more', async () => {
  await writes('one', at('li'), at('li', 'east', 'another'))
  await writes('two', at('chen'), at('wu', 'west'))
  expect(await there()).toEqual(['chen', 'li'])
  await writes('one', at('li', 'east', 'another'))
  await writes('two')
  expect(await there()).toEqual(['li'])
})

test('where they say that they sit stands beside who is there', async () => {
  const consoles = createAtConsoles(centre.database)
  await centre.store.sql(
    `insert into seat (id, centre, name) values ('one', 'east', 'Desk 1'), ('theirs', 'west', 'Elsewhere')`,
  )
  const li = centre.person('li')
  await centre.store.sql(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at) values ($1, 'east', 'li', 'x', now(), '9999-01-01')`,
    [li.session],
  )
  await writes('here', at('li', 'east', li.session), at('chen'))
  const author = { actor: li, key: undefined, note: () => Promise.resolve() }
  const seats = async () => (await consoles.list(li)).map((one) => [one.personId, one.seats])
  expect(await seats()).toEqual([
    ['chen', []],
    ['li', []],
  ])
  expect(await consoles.sit(author, 'one')).toEqual({ id: 'one', name: 'Desk 1' })
  expect((await seats())[1]).toEqual(['li', [{ id: 'one', name: 'Desk 1' }]])
  await expect(consoles.sit(author, 'theirs')).rejects.toMatchObject({ code: 'seat-unknown' })
  expect(await consoles.sit(author, null)).toBeNull()
  expect((await seats())[1]).toEqual(['li', []])
  const program = { ...author, actor: centre.person('chen') }
  await expect(consoles.sit(program, 'one')).rejects.toMatchObject({ code: 'forbidden' })
})

test('a server that died takes along who was at its consoles, and leaves no rows; whose account is locked is not there', async () => {
  await writes('one', at('li'), at('chen'))
  await centre.store.sql(`update person set locked_at = app_now() where id = 'chen'`)
  expect(await there()).toEqual(['li'])
  await centre.store.passes(21_000)
  expect(await there()).toEqual([])
  await centre.store.passes(2 * 3_600_000)
  await writes('two')
  await writes('two')
  expect(await centre.store.sql('select * from console_person')).toEqual([])
})
